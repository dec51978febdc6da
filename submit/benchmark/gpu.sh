#!/usr/bin/env bash
# Training steps on this machine's GPU, ours and those of PyTorch, transformers and peft in turn, one process each:
#
#   submit/benchmark/gpu.sh RESULTS.jsonl
#
# writes one line of JSON for each measurement and prints a table: tokens a second, peak memory of the card. Needs
# nvidia-smi, CUDA 13's libraries, and a Python with torch, transformers and peft, which PEER_PYTHON names; where there is
# neither Java nor Maven, gpu_bundle.sh packs what it needs. SHAPES,
# PRECISIONS, TIMES, BATCH and LENGTH in the environment choose less or more, GRAPH_SHAPES those that are measured with
# CUDA graphs and without. Not run on any card yet.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
here="$root/submit/benchmark"
python="${PEER_PYTHON:-python3}"
size=(--batch "${BATCH:-16}" --length "${LENGTH:-128}")

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

# One line of JSON of a command's output, with more fields.
keep() {
  "$python" -c '
import json, sys
lines = [line for line in sys.stdin if line.startswith("{")]
if not lines:
    sys.exit("Cannot keep a measurement: there is no line of JSON")
fields = dict(pair.split("=", 1) for pair in sys.argv[1:])
print(json.dumps({**json.loads(lines[-1]), **fields}))' "$@" >>"$results"
}

# The most memory of the card that was used while a command ran, in MiB, into the file named first.
watch_memory() {
  local file="$1" most=0 used
  while used="$(nvidia-smi --id="$CUDA_VISIBLE_DEVICES" --query-gpu=memory.used --format=csv,noheader,nounits)"; do
    [[ "$used" =~ ^[0-9]+$ ]] || break
    [ "$used" -le "$most" ] || most="$used"
    echo "$most" >"$file"
    sleep 0.1
  done
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

ours() {
  local shape="$1" precision="$2" density="$3" graphs="${4:-auto}" memory watcher
  local method="density-$density"
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
  memory="$(mktemp)"
  watch_memory "$memory" &
  watcher=$!
  # All weights of the largest shape are two arrays of 4 GB on the heap.
  local heap=16g
  [ "$shape" != llama-1b ] || heap=32g
  benchmark "${DRIVER_MEMORY:-$heap}" "$graphs" step --backend cuda --precision "$precision" "${options[@]}" "${size[@]}" \
    --steps 20 --warmup 20 --profile-steps 0 --json |
    keep who=ours shape="$shape" method="$method" precision="$precision" ||
    echo "not measured: ours, $shape, $precision, $method" >&2
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  if [ -s "$memory" ]; then
    echo "{\"card_mebibytes\": $(cat "$memory")}" |
      keep who=ours-memory shape="$shape" method="$method" precision="$precision"
  else
    echo "not measured: memory of the card, $shape, $precision, $method" >&2
  fi
  rm -f "$memory"
}

peer() {
  "$python" "$here/gpu_peer.py" --shape "$1" --precision "$2" --method "$3" "${size[@]}" | keep who=peer ||
    echo "not measured: peer, $1, $2, $3" >&2
}

: >"$results"
echo "{\"card\": \"$card\"}" | keep who=card
"$python" "$here/gpu_peer.py" --ceilings | keep who=ceilings || echo "not measured: ceilings" >&2
for ((time = 0; time < ${TIMES:-3}; time++)); do
  for shape in ${SHAPES:-bert-base gpt2-small llama-1b}; do
    for precision in ${PRECISIONS:-float32 tf32 bf16}; do
      ours "$shape" "$precision" 1
      peer "$shape" "$precision" full
      ours "$shape" "$precision" 0.01
      peer "$shape" "$precision" lora
      # peft's SHiRA takes nn.Linear alone, and GPT-2 has Conv1D.
      [ "$shape" = gpt2-small ] || peer "$shape" "$precision" shira
    done
  done
  for shape in ${GRAPH_SHAPES:-tinystories bert-mini bert-base}; do
    for graphs in false true; do
      ours "$shape" float32 0.01 "$graphs"
    done
  done
done
"$python" - "$results" <<'PYTHON'
import json
import statistics
import sys

groups = {}
for line in open(sys.argv[1]):
    run = json.loads(line)
    if "shape" in run:
        key = (run["shape"], run["precision"], run["who"].split("-")[0], run["method"])
        groups.setdefault(key, []).append(run)
print("| shape | precision | who | method | tokens/s | MiB of the card |\n|---|---|---|---|---|---|")
for key in sorted(groups):
    speeds = [run["tokens_per_second"] for run in groups[key] if "tokens_per_second" in run]
    peaks = [run["card_mebibytes"] for run in groups[key] if "card_mebibytes" in run]
    peaks += [run["peak_bytes"] / 2**20 for run in groups[key] if run["who"] == "peer"]
    cells = ["%.0f" % statistics.median(values) if values else "" for values in (speeds, peaks)]
    print("| %s |" % " | ".join([*key, *cells]))
print("\nOurs is all that nvidia-smi sees in use, the context and others' memory with it; the peer's is what PyTorch allocated.")
PYTHON
