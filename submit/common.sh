# What the scripts beside this one share. Sourced, not run.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
jar="${SPARK_PEFT_JAR:-$root/spark-job/target/spark-peft.jar}"
dl4j_jar="${SPARK_PEFT_DL4J_JAR:-$root/dl4j/target/spark-peft-dl4j.jar}"
cuda_jar="${SPARK_PEFT_CUDA_JAR:-$root/cuda/target/spark-peft-cuda.jar}"

# Ends with a sentence, and an exit code: 2, what was asked for is wrong, unless another is given.
fail() {
  echo "$1" >&2
  exit "${2:-2}"
}

# Whether a source is newer than the jar.
is_stale() {
  [ -n "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main -newer "$1" -type f -print -quit)" ]
}

# Builds the application jar if there is none, or a source is newer than it.
build_if_stale() {
  if [ ! -f "$jar" ] || is_stale "$jar"; then
    build
  fi
}

build() {
  command -v mvn >/dev/null || fail "Cannot build $jar: Maven (mvn) is not installed"
  echo "building $jar ..." >&2
  (cd "$root" && mvn -B -q -DskipTests -Dspotless.check.skip=true -pl spark-job -am package >&2) || fail "Cannot build $jar: see above"
}

# The jar that finetune needs for DL4J networks: built if there is none, or a source is newer than this checkout's.
provide_dl4j() {
  if [ -z "${SPARK_PEFT_JAR:-}" ] && [ -f "$root/spark-job/target/spark-classpath.txt" ] &&
    [ "$(scala_version "$root/spark-job/target/spark-classpath.txt")" = 2.13 ]; then
    fail "Cannot use DL4J networks on Spark 4: dl4j-spark is there for Scala 2.12 only; build for Spark 3.5 (mvn package)"
  fi
  provide_beside "$dl4j_jar" "${SPARK_PEFT_DL4J_JAR:-}" dl4j dl4j
}

# The jar of the backend cuda: built if there is none, or a source is newer than this checkout's.
provide_cuda() {
  provide_beside "$cuda_jar" "${SPARK_PEFT_CUDA_JAR:-}" cuda cuda-backend
}

# A jar that goes beside the application's: provide_beside JAR "JAR AS THE USER NAMED IT" MODULE PROFILE
provide_beside() {
  if [ ! -f "$1" ]; then
    build_beside "$1" "$3" "$4"
  elif [ -z "$2" ] && is_stale "$1"; then
    echo "a source is newer than $1" >&2
    build_beside "$1" "$3" "$4"
  fi
}

# Builds such a jar, and what it needs of this checkout with it.
build_beside() {
  command -v mvn >/dev/null || fail "Cannot build $1: Maven (mvn) is not installed"
  echo "building $1 ..." >&2
  (cd "$root" && mvn -B -q "-P$3" -DskipTests -Dspotless.check.skip=true -pl "$2" -am package >&2) ||
    fail "Cannot build $1: see above"
}

# Makes a Spark home of the jars that Maven brought for the build, and of those that submit/jars/pom.xml names for the
# profiles given: yarn, kubernetes, s3a. Every set of profiles has its own home.
make_spark_home() {
  local target="$root/spark-job/target" profile list lists file
  # Two commands at once must not make it together.
  if command -v flock >/dev/null && [ -d "$target" ]; then
    exec 9>"$target/spark-home.lock"
    flock 9
  fi
  lists=("$target/spark-classpath.txt")
  [ -f "${lists[0]}" ] || build
  local home="$target/spark"
  for profile in "$@"; do
    lists+=("$target/spark-$profile.txt")
    [ "${lists[-1]}" -nt "${lists[0]}" ] && [ "${lists[-1]}" -nt "$root/submit/jars/pom.xml" ] || resolve_jars "$profile" "${lists[-1]}"
    home+="-$profile"
  done
  if [ ! -f "$home/RELEASE" ] || [ -n "$(find "${lists[@]}" -newer "$home/RELEASE" -print -quit)" ]; then
    rm -rf "$home"
    mkdir -p "$home/jars"
    # Spark's own jars come first: what they hold in one version is not linked in another.
    for list in "${lists[@]}"; do cat "$list"; echo; done | tr ':' '\n' | grep . | while IFS= read -r file; do
      [ -e "$home/jars/$(basename "$file")" ] || ln -s "$file" "$home/jars/"
    done
    touch "$home/RELEASE"
  fi
  exec 9>&-
  export SPARK_HOME="$home" SPARK_SCALA_VERSION="$(scala_version "${lists[0]}")"
}

# 2.12 or 2.13, of the Scala library in a class path.
scala_version() {
  grep -oE 'scala-library-[0-9]+\.[0-9]+' "$1" | head -n 1 | cut -d- -f3
}

# Writes the paths of a profile's jars to a file.
resolve_jars() {
  command -v mvn >/dev/null || fail "Cannot fetch the jars for $1: Maven (mvn) is not installed"
  echo "fetching the jars for $1 ..." >&2
  local profiles="$1"
  [ "$(scala_version "$root/spark-job/target/spark-classpath.txt")" = 2.12 ] || profiles+=",spark-4"
  (cd "$root" && mvn -B -q -f submit/jars/pom.xml -P "$profiles" dependency:build-classpath "-Dmdep.outputFile=$2" >&2) ||
    fail "Cannot fetch the jars for $1: see above"
}

java_command() {
  if [ -n "${JAVA_HOME:-}" ]; then
    echo "$JAVA_HOME/bin/java"
  else
    command -v java || fail "Cannot start: there is no Java 17 (set JAVA_HOME)"
  fi
}
