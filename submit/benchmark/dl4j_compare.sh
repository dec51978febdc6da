#!/usr/bin/env bash
# DL4J's ParameterAveragingTrainingMaster beside MaskedAveragingTrainingMaster on the same network and data, in turn, each
# in a process of its own; the second with every DENSITY of the weights:
#
#   submit/benchmark/dl4j_compare.sh [--master MASTER] [--pretrained] WEIGHTS WORKERS STEPS ROUNDS TIMES DENSITY...
#
# prints one line of JSON for each run, then medians as a table: bytes, time of a round, memory, held-out accuracy before
# and after as many examples, and how many different results there were. Options are those of dl4j_round.sh.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"

options=()
if [ "${1:-}" = --master ]; then
  options=(--master "$2")
  shift 2
fi
if [ "${1:-}" = --pretrained ]; then
  options+=(--pretrained)
  shift
fi
if [ $# -lt 6 ]; then
  echo "Usage: submit/benchmark/dl4j_compare.sh [--master MASTER] [--pretrained] WEIGHTS WORKERS STEPS ROUNDS TIMES DENSITY..." >&2
  exit 2
fi
size=("$1" "$2" "$3" "$4")
times="$5"
shift 5

results="$(mktemp)"
trap 'rm -f "$results"' EXIT
for ((i = 0; i < times; i++)); do
  "$here/dl4j_round.sh" ${options[@]+"${options[@]}"} "${size[@]}" | tee -a "$results"
  export DL4J_IS_BUILT=yes
  for density in "$@"; do
    "$here/dl4j_round.sh" ${options[@]+"${options[@]}"} "${size[@]}" "$density" | tee -a "$results"
  done
done
python3 - "$results" <<'PYTHON'
import json
import statistics
import sys

runs = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
for run in runs:
    run["column"] = "%s, %g %%" % (run["training_master"], 100 * run["density"])
masters = list(dict.fromkeys(run["column"] for run in runs))
print()
print("| | " + " | ".join(masters) + " |")
print("|---|" + "---|" * len(masters))


def row(name, pattern, value):
    cells = [statistics.median(value(run) for run in runs if run["column"] == m) for m in masters]
    print("| %s | %s |" % (name, " | ".join(pattern.format(cell) for cell in cells)))


row("broadcast a round, bytes", "{:,.0f}", lambda r: r["bytes_down"])
row("results a round, bytes", "{:,.0f}", lambda r: r["result_bytes"])
row("shuffled a round, bytes", "{:,.0f}", lambda r: r["shuffle_bytes"])
row("a round, ms", "{:.1f}", lambda r: r["round_median_ms"])
row("peak live heap, MB", "{:.1f}", lambda r: r["live_heap"] / 1e6)
row("peak resident memory, MB", "{:.0f}", lambda r: r["peak_memory"] / 1e6)
row("held-out accuracy before", "{:.3f}", lambda r: r["accuracy_before"])
row("held-out accuracy", "{:.3f}", lambda r: r["accuracy"])
counts = [(len({r["weights_sha256"] for r in runs if r["column"] == m}),
           sum(r["column"] == m for r in runs)) for m in masters]
print("| different results | %s |" % " | ".join("%d of %d" % c for c in counts))
PYTHON
