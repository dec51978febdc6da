#!/usr/bin/env bash
# A round of DL4J's ParameterAveragingTrainingMaster, with Adam on a network of as many weights as the model; with a
# DENSITY, of MaskedAveragingTrainingMaster on the same network and data:
#
#   submit/benchmark/dl4j_round.sh [--master MASTER] WEIGHTS WORKERS STEPS ROUNDS [DENSITY]
#
# prints one line of JSON; dl4j_compare.sh runs both in turn. Builds the module dl4j first.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
cd "$root"

master="local[2]"
if [ "${1:-}" = --master ]; then
  master="$2"
  shift 2
fi
if [ $# -ne 4 ] && [ $# -ne 5 ]; then
  fail "Usage: submit/benchmark/dl4j_round.sh [--master MASTER] WEIGHTS WORKERS STEPS ROUNDS [DENSITY]"
fi

mvn -B -q -Pdl4j -pl dl4j -am compile dependency:build-classpath -Dmdep.outputFile=target/dl4j-classpath.txt >&2
libraries="$(tr ':' '\n' <dl4j/target/dl4j-classpath.txt | grep -v '/target/classes$' | paste -sd:)"
classes="dl4j/target/classes:spark-job/target/classes:datasets/target/classes:shared-model/target/classes"
opens=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
export OMP_NUM_THREADS=1
exec "$(java_command)" -Xmx3g "${opens[@]}" "-Dlog4j2.configurationFile=file:$root/conf/log4j2.properties" \
  "-Dspark.master=$master" -Dspark.ui.enabled=false -cp "$classes:$libraries" io.sparkpeft.dl4j.benchmark.Dl4jRound "$@"
