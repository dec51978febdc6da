#!/usr/bin/env bash
# A round of DL4J's ParameterAveragingTrainingMaster, with Adam on a network of as many weights as the model; with a
# DENSITY, of MaskedAveragingTrainingMaster on the same network and data:
#
#   submit/benchmark/dl4j_round.sh [--master MASTER] [--pretrained] WEIGHTS WORKERS STEPS ROUNDS [DENSITY]
#
# prints one line of JSON; dl4j_compare.sh runs both in turn. On local-cluster[...] executors have processes of their own,
# so that what is measured of this process is the driver's. With --pretrained the network was trained on other data
# before. Builds the module dl4j first, unless DL4J_IS_BUILT says that it was.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
cd "$root"

master="local[2]"
if [ "${1:-}" = --master ]; then
  master="$2"
  shift 2
fi
start=()
if [ "${1:-}" = --pretrained ]; then
  start=(--pretrained)
  shift
fi
if [ $# -ne 4 ] && [ $# -ne 5 ]; then
  fail "Usage: submit/benchmark/dl4j_round.sh [--master MASTER] [--pretrained] WEIGHTS WORKERS STEPS ROUNDS [DENSITY]"
fi

[ -n "${DL4J_IS_BUILT:-}" ] || mvn -B -q -Pdl4j -pl dl4j -am compile dependency:build-classpath -Dmdep.outputFile=target/dl4j-classpath.txt >&2
libraries="$(tr ':' '\n' <dl4j/target/dl4j-classpath.txt | grep -v '/target/' | paste -sd:)"
classes="$(printf "$root/%s/target/classes:" dl4j spark-job datasets shared-model)"
opens=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
export OMP_NUM_THREADS=1
separate=()
if [[ "$master" = local-cluster* ]]; then
  make_spark_home
  separate=("-Dspark.executor.extraClassPath=$classes$libraries" "-Dspark.executor.extraJavaOptions=${opens[*]}"
    -Dspark.executor.memory=2g -Dspark.driver.host=localhost -Dspark.driver.bindAddress=127.0.0.1)
fi
exec "$(java_command)" -Xmx3g "${opens[@]}" "-Dlog4j2.configurationFile=file:$root/conf/log4j2.properties" \
  "-Dspark.master=$master" -Dspark.ui.enabled=false ${separate[@]+"${separate[@]}"} -cp "$classes$libraries" \
  io.sparkpeft.dl4j.benchmark.Dl4jRound ${start[@]+"${start[@]}"} "$@"
