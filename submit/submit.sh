#!/usr/bin/env bash
# Submits the job to Spark:
#
#   submit/submit.sh [SPARK-SUBMIT OPTIONS] COMMAND [ARGUMENTS]
#
#   submit/submit.sh --master "local[4]" finetune conf/quickstart.conf
#   submit/submit.sh --master yarn --deploy-mode cluster --num-executors 8 --files my.conf finetune my.conf
#
# Options before the command go to spark-submit as they stand: --master, --deploy-mode, --conf, --properties-file,
# --files and all others. Environment:
#
#   SPARK_HOME      the Spark to use; without it, the Spark jars that Maven brought for the build, and those for YARN,
#                   Kubernetes and S3 where the options, the properties file or the recipe name them
#   WITH            jars to add where that does not show: yarn, kubernetes, s3a, dl4j, cuda, or several of them
#   SPARK_PEFT_JAR  the application jar; by default the one of this checkout, which is built if there is none
#   OFF_HEAP        memory outside the Java heap for each driver and executor, in MiB (default 2048)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case "${1:-}" in
  "" | -h | --help)
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac

# Splits the arguments at the command, the first word that is neither an option nor an option's value.
options=()
conf=()
properties=""
driver_memory=""
executor_memory=""
deploy_mode=""
master=""
jars=""
while [ $# -gt 0 ]; do
  case "$1" in
    --conf=* | --master=* | --deploy-mode=* | --properties-file=* | --driver-memory=* | --executor-memory=* | --jars=*)
      set -- "${1%%=*}" "${1#*=}" "${@:2}"
      continue
      ;;
    --supervise | --verbose | -v) options+=("$1"); shift; continue ;;
    -*) [ $# -gt 1 ] || fail "Invalid option $1: it has no value" ;;
    *) break ;;
  esac
  case "$1" in
    --conf | -c) conf+=("$2") ;;
    --properties-file) properties="$2" ;;
    --driver-memory) driver_memory="$2" ;;
    --executor-memory) executor_memory="$2" ;;
    --deploy-mode) deploy_mode="$2" ;;
    --master) master="$2" ;;
    --jars) jars="$2" ;;
  esac
  options+=("$1" "$2")
  shift 2
done
[ $# -gt 0 ] || fail "Missing command; submit/submit.sh --help shows how"

[ -z "$properties" ] || [ -f "$properties" ] || fail "Cannot read properties file $properties: there is no such file" 3

# What spark-submit reads where no file is named.
defaults="${SPARK_CONF_DIR:-${SPARK_HOME:-}/conf}/spark-defaults.conf"
[ -n "$properties" ] || [ ! -f "$defaults" ] || properties="$defaults"

# The value of a Spark setting from --conf, else from the properties file, else the default.
setting() {
  local key="$1" value="$2" line
  if [ -n "$properties" ]; then
    line="$(grep -E "^[[:space:]]*${key//./\\.}[[:space:]=:]" "$properties" | tail -n 1 || true)"
    [ -z "$line" ] || value="$(sed -E 's/^[[:space:]]*[^[:space:]=:]+[[:space:]]*[=:]?[[:space:]]*//; s/[[:space:]]+$//' <<<"$line")"
  fi
  for line in ${conf[@]+"${conf[@]}"}; do
    [ "${line%%=*}" != "$key" ] || value="${line#*=}"
  done
  echo "$value"
}

# The size that an option or setting gives, 2g, 512m or 1024k, as MiB.
mebibytes() {
  [[ "${2,,}" =~ ^([0-9]+)([kmgt]?)b?$ ]] || fail "Invalid $1: $2 (a size: 512m, 4g)"
  case "${BASH_REMATCH[2]}" in
    t) echo $((BASH_REMATCH[1] * 1024 * 1024)) ;;
    g) echo $((BASH_REMATCH[1] * 1024)) ;;
    k) echo $((BASH_REMATCH[1] / 1024)) ;;
    *) echo "${BASH_REMATCH[1]}" ;;
  esac
}

[ -n "$master" ] || master="$(setting spark.master "")"
[ -n "$deploy_mode" ] || deploy_mode="$(setting spark.submit.deployMode client)"
[ -n "$driver_memory" ] || driver_memory="$(setting spark.driver.memory 1g)"
[ -n "$executor_memory" ] || executor_memory="$(setting spark.executor.memory 1g)"
case "$master" in
  "" | local | local\[* | local-cluster\[* | spark://* | yarn | k8s://* | mesos://*) ;;
  *) fail "Invalid --master: $master (local[*], spark://HOST:7077, yarn or k8s://https://HOST:6443)" ;;
esac
if [ "$master" = yarn ] && [ -z "${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-}" ] && [ ! -f "$(dirname "$defaults")/spark-env.sh" ]; then
  fail "Cannot submit to YARN: neither HADOOP_CONF_DIR nor YARN_CONF_DIR names the directory of its configuration"
fi
off_heap="$(mebibytes OFF_HEAP "${OFF_HEAP:-2048}")"
driver_heap="$(mebibytes --driver-memory "$driver_memory")"
executor_heap="$(mebibytes --executor-memory "$executor_memory")"
# Room for threads, class data and the libraries themselves, beside heap and tensors.
room=1024
threads="$(setting spark.task.cpus 1)"

opens="--add-modules=jdk.incubator.vector"
# Until the compiler has met a vector kernel its vectors are objects: let it meet them ten times sooner.
opens+=" -XX:CompileCommand=quiet -XX:CompileCommand=CompileThresholdScaling,io.sparkpeft.compute.cpu.vector*::*,0.1"
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  opens+=" --add-opens=java.base/$package=ALL-UNNAMED"
done
opens+=" --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED -Djdk.reflect.useDirectMethodHandle=false"

# The options of a process whose heap has that many MiB.
java_options() {
  echo "$opens -Dorg.bytedeco.javacpp.maxbytes=${off_heap}m -Dorg.bytedeco.javacpp.maxphysicalbytes=$(($1 + off_heap + room))m"
}

driver_options="$(java_options "$driver_heap")"
executor_options="$(java_options "$executor_heap")"
if [ "$deploy_mode" = client ]; then
  driver_options+=" -Dlog4j2.configurationFile=file:$root/conf/log4j2.properties"
fi

# Whether the cluster gives the process a container of limited size.
in_container() {
  case "$master" in yarn | k8s://*) [ "$1" = executor ] || [ "$deploy_mode" = cluster ] ;; *) false ;; esac
}

# Default options come before the user's own extraJavaOptions, which so are kept.
added=(--conf "spark.driver.defaultJavaOptions=$driver_options" --conf "spark.executor.defaultJavaOptions=$executor_options")
for process in driver executor; do
  overhead="$(setting spark.$process.memoryOverhead "")"
  if [ -z "$overhead" ]; then
    added+=(--conf "spark.$process.memoryOverhead=$((off_heap + room))m")
  elif in_container $process && ! [[ "$(setting spark.$process.extraJavaOptions "")" == *org.bytedeco.javacpp.maxbytes=* ]]; then
    # In cluster mode the job itself could only say so in a container's log.
    [ "$(mebibytes spark.$process.memoryOverhead "$overhead")" -ge "$off_heap" ] ||
      fail "Invalid spark.$process.memoryOverhead: $overhead is less than the $off_heap MiB of tensors outside the heap (OFF_HEAP); give it $((off_heap + room))m"
  fi
done
# What rounds bring to the driver follows from the recipe, and the driver's heap bounds it.
[ -n "$(setting spark.driver.maxResultSize "")" ] || added+=(--conf spark.driver.maxResultSize=0)
# One thread a task: more spin against each other, and tasks already use every core.
for variable in OMP_NUM_THREADS OPENBLAS_NUM_THREADS; do
  export "$variable=$threads"
  added+=(
    --conf "spark.executorEnv.$variable=$threads"
    --conf "spark.yarn.appMasterEnv.$variable=$threads"
    --conf "spark.kubernetes.driverEnv.$variable=$threads")
done
export OMP_WAIT_POLICY=passive
added+=(--conf spark.executorEnv.OMP_WAIT_POLICY=passive)

# DL4J's jars, where the model is a DL4J network: a zip.
is_network() {
  case " ${WITH:-} " in *" dl4j "*) return 0 ;; esac
  local word
  for word in "$@"; do
    case "$word" in --network | model.path=*.zip) return 0 ;; esac
    [ ! -f "$word" ] || ! grep -q -I -E '^[^#]*path[[:space:]]*[=:].*\.zip' "$word" || return 0
  done
  return 1
}
if is_network "$@"; then
  provide_dl4j
  jars="${jars:+$jars,}$dl4j_jar"
  options+=(--jars "$jars")
fi

# The jar of the backend cuda, where an option or the recipe names it.
is_cuda() {
  case " ${WITH:-} " in *" cuda "*) return 0 ;; esac
  local word before=""
  for word in "$@"; do
    case "$before $word" in "--backend cuda" | *" --backend=cuda" | *" model.backend=cuda" | *" --set=model.backend=cuda" | *"model.backend-outside-rounds=cuda") return 0 ;; esac
    [ ! -f "$word" ] || ! grep -q -I -E '^[^#]*backend(-outside-rounds)?[[:space:]]*[=:][[:space:]]*"?cuda' "$word" || return 0
    before="$word"
  done
  return 1
}
if is_cuda "$@"; then
  provide_cuda
  jars="${jars:+$jars,}$cuda_jar"
  options+=(--jars "$jars")
fi

# Runs spark-submit. In cluster mode it does not end with the job's exit code, on YARN with 1 for all and on Kubernetes
# with 0 even for failures; but its log tells the code.
run() {
  case "$deploy_mode:$master" in
    cluster:yarn | cluster:k8s://*) ;;
    *) exec "$@" ;;
  esac
  local status=0 code child shown
  log="$(mktemp)"
  trap 'rm -f "$log"' EXIT
  "$@" 2>"$log" &
  child=$!
  trap 'kill "$child"' TERM INT
  tail -n +1 -f -s 0.2 --pid="$child" "$log" >&2 &
  shown=$!
  wait "$child" || status=$?
  wait "$shown" || true
  code="$(grep -oE '(exited with +exitCode|exit code): [0-9]+' "$log" | tail -n 1 | grep -oE '[0-9]+$' || true)"
  exit "${code:-$status}"
}

# A jar named by a URI is where the cluster finds it.
case "$jar" in *:/*) ;; *) [ -f "$jar" ] || build ;; esac
submission=(--class io.sparkpeft.cli.Main "${added[@]}" ${options[@]+"${options[@]}"} "$jar" "$@")
if [ -x "${SPARK_HOME:-}/bin/spark-submit" ]; then
  run "$SPARK_HOME/bin/spark-submit" "${submission[@]}"
fi

# The jars that Spark's own are not enough without: as the master says, or whoever names S3 in words or files.
profiles=()
needs() {
  case " ${WITH:-} " in *" $1 "*) return 0 ;; esac
  case "$1:$master" in yarn:yarn* | kubernetes:k8s*) return 0 ;; esac
  [ "$1" = s3a ] || return 1
  local word
  for word in ${options[@]+"${options[@]}"} "$@"; do
    case "$word" in *s3a:* | *fs.s3a.*) return 0 ;; esac
    [ ! -f "$word" ] || ! grep -q -I -E 's3a:|fs\.s3a\.' "$word" || return 0
  done
  return 1
}
for profile in yarn kubernetes s3a; do
  ! needs "$profile" "$@" || profiles+=("$profile")
done
make_spark_home ${profiles[@]+"${profiles[@]}"}
java="$(java_command)"
# As bin/spark-class does: the launcher prints the command to run, its words separated by zero bytes.
command=()
while IFS= read -r -d '' word; do
  command+=("$word")
done < <("$java" -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "${submission[@]}")
# The launcher prints an empty line first.
while [ ${#command[@]} -gt 0 ] && [[ -z "${command[0]//[$'\n\r']/}" ]]; do
  command=("${command[@]:1}")
done
[ ${#command[@]} -gt 0 ] || fail "Cannot start Spark: its launcher gave no command"
command[0]="${command[0]#[$'\n\r']}"
run "${command[@]}"
