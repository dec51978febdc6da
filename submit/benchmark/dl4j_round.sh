#!/usr/bin/env bash
# A round of DL4J's ParameterAveragingTrainingMaster, with Adam on a network of as many weights as the model:
#
#   submit/benchmark/dl4j_round.sh [--master MASTER] WEIGHTS WORKERS STEPS ROUNDS
#
# prints one line of JSON. Builds the Maven profile dl4j-peer first, which the default build knows nothing of.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
cd "$root"

master="local[2]"
if [ "${1:-}" = --master ]; then
  master="$2"
  shift 2
fi
[ $# -eq 4 ] || fail "Usage: submit/benchmark/dl4j_round.sh [--master MASTER] WEIGHTS WORKERS STEPS ROUNDS"

mvn -B -q -Pdl4j-peer -pl spark-job -am compile dependency:build-classpath -Dmdep.outputFile=target/dl4j-classpath.txt >&2
libraries="$(tr ':' '\n' <spark-job/target/dl4j-classpath.txt | grep -v '/target/classes$' | paste -sd:)"
classes="spark-job/target/classes:datasets/target/classes:shared-model/target/classes"
opens=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
export OMP_NUM_THREADS=1
exec "$(java_command)" -Xmx3g "${opens[@]}" "-Dlog4j2.configurationFile=file:$root/conf/log4j2.properties" \
  "-Dspark.master=$master" -Dspark.ui.enabled=false -cp "$classes:$libraries" io.sparkpeft.peer.Dl4jRound "$@"
