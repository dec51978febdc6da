#!/usr/bin/env bash
# Training steps on this machine's GPU, ours and those of PyTorch, transformers and peft in turn:
#
#   submit/benchmark/gpu.sh RESULTS.jsonl
#
# writes one line of JSON for each measurement and prints a table: time of a step, tokens a second, memory of the card.
# Needs nvidia-smi, CUDA 13's libraries, and a Python with torch, transformers and peft, which PEER_PYTHON names; where
# there is neither Java nor Maven, gpu_bundle.sh packs what it needs. SHAPES, PRECISIONS, RECOMPUTE, TIMES, BATCH and LENGTH
# in the environment choose less or more, GRAPH_SHAPES those that are measured with CUDA graphs and without.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
here="$root/submit/benchmark"
python="${PEER_PYTHON:-python3}"
size=(--batch "${BATCH:-16}" --length "${LENGTH:-128}")
precisions="${PRECISIONS:-float32 tf32 bf16}"

[ $# -eq 1 ] || fail "Usage: submit/benchmark/gpu.sh RESULTS.jsonl"
results="$1"
command -v nvidia-smi >/dev/null || fail "Cannot measure on a GPU: nvidia-smi is not installed"
card="$(nvidia-smi --id="${CUDA_VISIBLE_DEVICES:-0}" --query-gpu=name,driver_version,memory.total,compute_cap --format=csv,noheader)" ||
  fail "Cannot measure on a GPU: nvidia-smi lists none"
echo "card: $card" >&2
# nvidia-smi counts cards by their places on the bus.
export CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES="${CUDA_VISIBLE_DEVICES:-0}"

# Java without Spark, in what gpu_bundle.sh packed.
bundled() {
  "$root/jre/bin/java" --add-modules=jdk.incubator.vector "$@"
}
classes="$(printf '%s:' "$root"/lib/*)"
tests=io.sparkpeft.compute.cuda.driver

echo "laws of all backends on this card ..." >&2
if [ -d "$root/jre" ]; then
  laws=()
  for file in "$root"/lib/shared-model-tests/io/sparkpeft/compute/contract/*ContractTest.class; do
    laws+=("io.sparkpeft.compute.contract.$(basename "$file" .class)")
  done
  said="$(bundled -Dcontract.backends=cuda -Dcontract.required=cuda -cp "$classes" $tests.DriverRun "${laws[@]}" \
    io.sparkpeft.oracle.PyTorchGradientTest)"
  echo "$said" >&2
  grep -q ' failed 0$' <<<"$said" || fail "Cannot measure: the cuda backend breaks a law on this card, see above"
  bundled -cp "$classes" $tests.GraphProbe 3 >&2
elif command -v mvn >/dev/null; then
  (cd "$root" && mvn -B -q -pl cuda -am -Dcontract.required=cuda -Dtest='*ContractTest,PyTorchGradientTest' -Dsurefire.failIfNoSpecifiedTests=false test) >&2 ||
    fail "Cannot measure: the cuda backend breaks a law on this card, see above"
else
  echo "Maven is not installed: the laws of backends were not tested on this card" >&2
fi

# The lines of JSON of a command's output, with more fields.
keep() {
  "$python" -c '
import json, sys
lines = [line for line in sys.stdin if line.startswith("{")]
if not lines:
    sys.exit("Cannot keep a measurement: there is no line of JSON")
fields = dict(pair.split("=", 1) for pair in sys.argv[1:])
for line in lines:
    print(json.dumps({**json.loads(line), **fields}))' "$@" >>"$results"
}

# A benchmark of the product, with a heap of that size.
benchmark() {
  local heap="$1" graphs="-Dsparkpeft.cuda.graphs=$2"
  shift 2
  if [ -d "$root/jre" ]; then
    bundled "-Xmx$heap" "$graphs" -cp "$classes" io.sparkpeft.cli.Main benchmark "$@"
  else
    OFF_HEAP="${OFF_HEAP:-8192}" WITH=cuda "$root/submit/submit.sh" --master "local[1]" --driver-memory "$heap" \
      --conf "spark.driver.extraJavaOptions=$graphs" benchmark "$@"
  fi
}

# ours SHAPE PRECISION DENSITY [RECOMPUTE [GRAPHS]]
ours() {
  local shape="$1" precision="$2" density="$3" recompute="${4:-none}" graphs="${5:-auto}"
  local method="density-$density"
  [ "$recompute" = none ] || method="$method-recompute-$recompute"
  [ "$graphs" = auto ] || method="$method-graphs-$graphs"
  local options
  case "$shape" in
    bert-base | bert-mini) options=(--shape "$shape") ;;
    gpt2-small | tinystories) options=(--shape "$shape" --objective language-model) ;;
    llama-1b) options=(--family llama --hidden 2048 --layers 16 --heads 32 --key-value-heads 8 --feed-forward 8192
      --vocabulary 32000 --positions 2048 --objective language-model) ;;
    *) fail "Invalid shape: $shape (there are: bert-mini, bert-base, tinystories, gpt2-small, llama-1b)" ;;
  esac
  [ "$density" = 1 ] || options+=(--density "$density" --criterion fisher)
  # All weights of the largest shape are two arrays of 4 GB on the heap.
  local heap=16g
  [ "$shape" != llama-1b ] || heap=32g
  benchmark "${DRIVER_MEMORY:-$heap}" "$graphs" step --backend cuda --precision "$precision" --recompute "$recompute" \
    "${options[@]}" "${size[@]}" --steps 20 --warmup 20 --profile-steps 0 --json |
    keep who=ours shape="$shape" method="$method" precision="$precision" ||
    echo "not measured: ours, $shape, $precision, $method" >&2
}

# peers SHAPE METHODS PRECISIONS, words with commas between them; one process, whose start takes longest.
peers() {
  "$python" "$here/gpu_peer.py" --shape "$1" --method "$2" --precision "$3" "${size[@]}" | keep who=peer ||
    echo "not all measured: peers, $1, $2, $3" >&2
}

: >"$results"
echo "{\"card\": \"$card\"}" | keep who=card
"$python" "$here/gpu_peer.py" --ceilings | keep who=ceilings || echo "not measured: ceilings" >&2
for ((time = 0; time < ${TIMES:-3}; time++)); do
  for shape in ${SHAPES:-bert-base gpt2-small llama-1b}; do
    # peft's SHiRA takes nn.Linear alone, and GPT-2 has Conv1D.
    methods=full,lora,shira
    [ "$shape" != gpt2-small ] || methods=full,lora
    peers "$shape" "$methods" "$(tr ' ' ',' <<<"$precisions")"
    for precision in $precisions; do
      ours "$shape" "$precision" 1
      for recompute in ${RECOMPUTE:-none selective full}; do
        ours "$shape" "$precision" 0.01 "$recompute"
      done
    done
  done
  for shape in ${GRAPH_SHAPES:-tinystories bert-mini bert-base}; do
    for graphs in false true; do
      ours "$shape" float32 0.01 none "$graphs"
    done
  done
done
"$python" - "$results" $((${BATCH:-16} * ${LENGTH:-128})) <<'PYTHON'
import json
import statistics
import sys

tokens = int(sys.argv[2])
groups = {}
for line in open(sys.argv[1]):
    run = json.loads(line)
    if "shape" in run:
        key = (run["shape"], run["precision"], run["who"], run["method"])
        groups.setdefault(key, []).append(run)
print("| shape | precision | who | method | ms a step | tokens/s | MB of the card |\n|---|---|---|---|---|---|---|")
for key in sorted(groups):
    runs = groups[key]
    milliseconds = statistics.median(run["step_median_ms"] for run in runs)
    held = statistics.median(run["device_bytes" if run["who"] == "ours" else "peak_bytes"] for run in runs)
    print("| %s | %.1f | %.0f | %.0f |" % (" | ".join(key), milliseconds, 1e3 * tokens / milliseconds, held / 1e6))
print("\nMB: ours is all that its backends took from the card, free parts too; the peer's is the most that was allocated.")
PYTHON
