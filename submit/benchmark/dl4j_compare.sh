#!/usr/bin/env bash
# DL4J's ParameterAveragingTrainingMaster beside MaskedAveragingTrainingMaster on the same network and data, in turn, each
# in a process of its own; the second both with a DENSITY of the weights and with all of them tuned:
#
#   submit/benchmark/dl4j_compare.sh [--master MASTER] WEIGHTS WORKERS STEPS ROUNDS DENSITY TIMES
#
# prints one line of JSON for each run, then medians as a table: bytes, time of a round, peak heap, held-out accuracy
# after as many examples, and how many different results there were.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"

options=()
if [ "${1:-}" = --master ]; then
  options=(--master "$2")
  shift 2
fi
if [ $# -ne 6 ]; then
  echo "Usage: submit/benchmark/dl4j_compare.sh [--master MASTER] WEIGHTS WORKERS STEPS ROUNDS DENSITY TIMES" >&2
  exit 2
fi
weights="$1" workers="$2" steps="$3" rounds="$4" density="$5" times="$6"

results="$(mktemp)"
trap 'rm -f "$results"' EXIT
for ((i = 0; i < times; i++)); do
  "$here/dl4j_round.sh" "${options[@]}" "$weights" "$workers" "$steps" "$rounds" | tee -a "$results"
  for tuned in "$density" 1; do
    "$here/dl4j_round.sh" "${options[@]}" "$weights" "$workers" "$steps" "$rounds" "$tuned" | tee -a "$results"
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
row("peak heap, MB", "{:.0f}", lambda r: r["peak_heap"] / 1e6)
row("held-out accuracy", "{:.4f}", lambda r: r["accuracy"])
counts = [(len({r["weights_sha256"] for r in runs if r["column"] == m}),
           sum(r["column"] == m for r in runs)) for m in masters]
print("| different results | %s |" % " | ".join("%d of %d" % c for c in counts))
PYTHON
