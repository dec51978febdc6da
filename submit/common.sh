# What the scripts beside this one share. Sourced, not run.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
jar="${SPARK_PEFT_JAR:-$root/spark-job/target/spark-peft.jar}"

fail() {
  echo "$1" >&2
  exit 2
}

# Builds the application jar if there is none, or a source is newer than it.
build_if_stale() {
  if [ -f "$jar" ] && [ -z "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main -newer "$jar" -type f -print -quit)" ]; then
    return
  fi
  build
}

build() {
  command -v mvn >/dev/null || fail "Cannot build $jar: Maven (mvn) is not installed"
  echo "building $jar ..." >&2
  (cd "$root" && mvn -B -q -DskipTests -Dspotless.check.skip=true -pl spark-job -am package) || fail "Cannot build $jar: see above"
}

# Makes a Spark home of the jars that Maven brought for the build, which is enough for local and standalone masters.
make_spark_home() {
  local list="$root/spark-job/target/spark-classpath.txt"
  [ -f "$list" ] || build
  local home="$root/spark-job/target/spark"
  if [ ! -f "$home/RELEASE" ] || [ "$list" -nt "$home/RELEASE" ]; then
    rm -rf "$home"
    mkdir -p "$home/jars"
    # xargs reads the last line too, which has no line break.
    tr ':' '\n' <"$list" | xargs -I{} ln -s {} "$home/jars/"
    touch "$home/RELEASE"
  fi
  export SPARK_HOME="$home" SPARK_SCALA_VERSION="$(scala_version "$list")"
}

# 2.12 or 2.13, of the Scala library in a class path.
scala_version() {
  grep -oE 'scala-library-[0-9]+\.[0-9]+' "$1" | head -n 1 | cut -d- -f3
}

java_command() {
  if [ -n "${JAVA_HOME:-}" ]; then
    echo "$JAVA_HOME/bin/java"
  else
    command -v java || fail "Cannot start: there is no Java 17 (set JAVA_HOME)"
  fi
}
