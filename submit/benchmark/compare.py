#!/usr/bin/env python3
"""Runs this engine and its peers alternately, one process each, and prints how they compare with the targets.

    submit/benchmark/compare.py --data DIR [--only ROW,ROW] [--rounds 5] [--share 1] [--json FILE]

Needs nothing but Python's standard library; the peer needs a Python with PyTorch, which --peer-python names. Every row
is a function below that makes one measurement of ours and one of the peer; its ratio is the median of the ratios of the
rounds, shown with the smallest and largest.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SUBMIT = HERE.parent / "submit.sh"
PEER = HERE / "pytorch_peer.py"

# The shape of the dense step: BERT with a vocabulary of 8,000 tokens.
STEP = ["--shape", "bert-mini", "--vocabulary", "8000", "--batch", "16", "--length", "64"]
STEP_PEER = ["--hidden", "256", "--layers", "4", "--heads", "4", "--feed-forward", "1024", "--vocabulary", "8000"]
STORIES_PEER = ["--family", "llama", "--hidden", "128", "--layers", "2", "--heads", "8", "--key-value-heads", "4",
                "--feed-forward", "384", "--vocabulary", "2048", "--language-model", "--labelled-rows"]
DL4J_WEIGHTS = 656000


class Failure(Exception):
    """A measurement that could not be made."""


class Bench:
    """Starts one process after the other, each with one thread for matrix products."""

    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="spark-peft-benchmark-"))

    def batches(self, name):
        return str(self.folder / (name + ".jsonl"))

    def ours(self, *arguments, heap="1g", spark=()):
        """Runs a benchmark of the product and gives the JSON that it prints."""
        command = [str(SUBMIT), "--master", "local[1]", "--driver-memory", heap, *spark, "benchmark", *arguments, "--json"]
        return self.run(command, {"OFF_HEAP": "8192"})

    def pytorch(self, *arguments):
        core = {"OPENBLAS_CORETYPE": self.options.core} if self.options.core else {}
        return self.run([self.options.peer_python, str(PEER), *arguments], {**core, "OPENBLAS_NUM_THREADS": "1"})

    def run(self, command, extra):
        environment = {**os.environ, "OMP_NUM_THREADS": "1", **extra}
        pin = [] if self.options.cpus is None else ["taskset", "-c", self.options.cpus]
        done = subprocess.run(pin + command, env=environment, capture_output=True, text=True)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode != 0 or not lines:
            raise Failure("%s: exit %d\n%s" % (" ".join(command), done.returncode, done.stderr.strip()[-1500:]))
        return json.loads(lines[-1])

    def data(self, *path):
        if self.options.data is None:
            raise Failure("--data names no directory of corpora")
        file = pathlib.Path(self.options.data, *path)
        if not file.exists():
            raise Failure("there is no %s" % file)
        return str(file)

    def steps(self, epoch):
        """Steps that stand for an epoch."""
        return max(1, round(epoch * self.options.share))


def compared(bench, ours, peer, wall):
    """Ours, the peer's and the ratio, by the clock on the wall or by processor time."""
    key = "processor_ms" if bench.options.processor_time else wall
    return ours[key], peer[key], peer[key] / ours[key]


def step(bench, *mask):
    file = bench.batches("step")
    ours = bench.ours("step", *STEP, *mask, "--steps", "40", "--warmup", "60", "--profile-steps", "0", "--write-batches", file)
    peer = bench.pytorch("--batches", file, *STEP_PEER, "--steps", "40", "--warmup", "10")
    return compared(bench, ours, peer, "step_median_ms")


def dense_step(bench):
    return step(bench)


def masked_step(bench):
    return step(bench, "--density", "0.01", "--criterion", "fisher")


def epoch(bench, name, epoch_steps, ours, peer):
    file = bench.batches(name)
    steps = str(bench.steps(epoch_steps))
    mine = bench.ours("epoch", *ours, "--batch", "32", "--steps", steps, "--warmup", "60", "--profile-steps", "0",
                      "--write-batches", file)
    theirs = bench.pytorch("--batches", file, *peer, "--warmup", "5")
    return compared(bench, mine, theirs, "seconds")


def sst2_epoch(bench):
    return epoch(
        bench, "sst2", 217,
        ["--shape", "bert-mini", "--corpus", bench.data("tasks", "sst2", "train.tsv"), "--text-column", "sentence",
         "--tokenizer", bench.data("tokenizers", "bert-base-uncased"), "--density", "0.01", "--criterion", "fisher"],
        ["--hidden", "256", "--layers", "4", "--heads", "4", "--feed-forward", "1024", "--vocabulary", "30522"])


def stories_epoch(bench):
    return epoch(
        bench, "tinyshakespeare", 226,
        ["--model", bench.data("models", "tinystories-656k"), "--text-unit", "paragraph", "--objective", "language-model",
         "--corpus", bench.data("corpora", "tinyshakespeare", "input.txt")],
        STORIES_PEER)


def importance(bench):
    found = bench.ours("importance", *STEP, "--examples", "1024", "--rounds", "3")
    return found["importance_median_s"], found["training_median_s"], found["ratio_median_times"]


def peak_memory(bench):
    file = bench.batches("bert-base")
    # The mask is drawn, since importance would add its own vector; a heap of 128 MiB is enough.
    ours = bench.ours("step", "--shape", "bert-base", "--batch", "16", "--length", "64", "--density", "0.01", "--criterion",
                      "random", "--steps", "3", "--warmup", "1", "--profile-steps", "0", "--write-batches", file, heap="128m")
    peer = bench.pytorch("--batches", file, "--hidden", "768", "--layers", "12", "--heads", "12", "--feed-forward", "3072",
                         "--vocabulary", "30522", "--steps", "3", "--warmup", "1")
    return ours["peak_bytes"] / 1e6, peer["peak_bytes"] / 1e6, ours["peak_bytes"] / peer["peak_bytes"]


def two_tasks(bench):
    measure = [*STEP, "--density", "0.01", "--steps", "40", "--warmup", "60", "--profile-steps", "0"]
    two = bench.ours("step", *measure, "--tasks", "2")
    one = bench.ours("step", *measure, "--tasks", "1")
    return two["tokens_per_second"], one["tokens_per_second"], two["tokens_per_second"] / one["tokens_per_second"]


def gemm_share(bench):
    found = bench.ours("step", *STEP, "--steps", "10", "--warmup", "60", "--profile-steps", "30")
    share = found["gemm_share"] + found["attention_products_share"]
    return share, None, share


def empty_round(bench):
    found = bench.ours("round", "--shape", "tinystories", "--weights", "10000", "--rounds", "400")
    return found["round_median_ms"], None, found["round_median_ms"]


def round_bytes(bench, *moments):
    """Bytes that a round of two workers moves, each way and shuffled: 0.5 % of tinystories-656k, a network as large."""
    ours = bench.ours("round", "--shape", "tinystories", "--weights", str(round(0.005 * DL4J_WEIGHTS)), "--shards", "2",
                      "--steps", "1", "--rounds", "10", *moments)
    peer = bench.run([str(HERE / "dl4j_round.sh"), str(DL4J_WEIGHTS), "2", "1", "5"], {})
    mine, theirs = (r["bytes_down"] + r["result_bytes"] + r["shuffle_bytes"] for r in (ours, peer))
    return mine / 1e3, theirs / 1e3, theirs / mine


def bytes_with_moments(bench):
    return round_bytes(bench)


def bytes_with_short_moments(bench):
    return round_bytes(bench, "--moments", "average-bf16")


def bytes_without_moments(bench):
    return round_bytes(bench, "--moments", "reset")


class Row:
    """One row of the table: what is measured, in which unit, and the bound that its ratio must keep."""

    def __init__(self, key, title, unit, bound, target, measure):
        self.key, self.title, self.unit = key, title, unit
        self.bound, self.target, self.measure = bound, target, measure

    def is_met(self, ratio):
        return ratio >= self.target if self.bound == ">=" else ratio <= self.target


ROWS = [
    Row("dense-step", "dense step, BERT H256 L4 B16 T64; ours, PyTorch", "ms", ">=", 1.0, dense_step),
    Row("masked-step", "the same, Fisher 1 % mask; ours, PyTorch dense", "ms", ">=", 1.3, masked_step),
    Row("sst2-epoch", "epoch of SST-2, bert-mini, Fisher 1 %; ours, PyTorch dense", "s", ">=", 2.5, sst2_epoch),
    Row("stories-epoch", "epoch of tinyshakespeare, tinystories-656k, dense; ours, PyTorch", "s", ">=", 3.0, stories_epoch),
    Row("importance", "Fisher pass over 1,024 examples / training pass", "s", "<=", 1.6, importance),
    Row("peak-memory", "peak memory, bert-base 1 %, 1,024 tokens / PyTorch dense", "MB", "<=", 0.45, peak_memory),
    Row("two-tasks", "two tasks on two cores / one", "tokens/s", ">=", 1.35, two_tasks),
    Row("empty-round", "round trip of an empty round, warm, local", "ms", "<=", 40, empty_round),
    Row("round-bytes", "bytes of a round, 0.5 % with Adam's moments; ours, DL4J", "kB", ">=", 500, bytes_with_moments),
    Row("round-bytes-bf16", "the same, moments as bfloat16; ours, DL4J", "kB", ">=", 500, bytes_with_short_moments),
    Row("round-bytes-reset", "the same, moments reset; ours, DL4J", "kB", ">=", 500, bytes_without_moments),
    Row("gemm-share", "share of matrix products in the dense step, those inside attention included", "", ">=", 0.75, gemm_share),
]


# Rows that --processor-time changes.
TIMED = (dense_step, masked_step, sst2_epoch, stories_epoch)


def measure(row, bench, rounds):
    """The measurements of all rounds; a failure ends the row."""
    ours, peer, ratios = [], [], []
    for number in range(rounds):
        mine, theirs, ratio = row.measure(bench)
        ours.append(mine)
        peer.append(theirs)
        ratios.append(ratio)
        print("  %s round %d/%d: %s, %s, ratio %.3f" % (
            row.key, number + 1, rounds, text(mine), text(theirs), ratio), file=sys.stderr, flush=True)
    ratio = statistics.median(ratios)
    timed = bench.options.processor_time and row.measure in TIMED
    return {
        "row": row.key, "title": row.title, "unit": "ms" if timed else row.unit, "ours": ours, "peer": peer, "ratios": ratios,
        "ours_median": statistics.median(ours), "peer_median": None if None in peer else statistics.median(peer), "ratio": ratio,
        "ratio_min": min(ratios), "ratio_max": max(ratios), "target": "%s %g" % (row.bound, row.target),
        "met": row.is_met(ratio),
    }


def text(value):
    """Four digits; nothing where there is no value."""
    return "" if value is None else "%.0f" % value if abs(value) >= 1000 else "%.4g" % value


def table(results):
    lines = ["| measure | ours | peer | ratio (min to max) | target | met |", "|---|---|---|---|---|---|"]
    for r in results:
        if "failure" in r:
            lines.append("| %s | not measured: %s |||||" % (r["title"], r["failure"].splitlines()[0]))
            continue
        unit = " " + r["unit"] if r["unit"] else ""
        peer = text(r["peer_median"])
        lines.append("| %s | %s%s | %s | %.2f (%.2f to %.2f) | %s | %s |" % (
            r["title"], text(r["ours_median"]), unit, peer + unit if peer else "", r["ratio"], r["ratio_min"],
            r["ratio_max"], r["target"].replace(">=", "≥").replace("<=", "≤"), "yes" if r["met"] else "**no**"))
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    keys = [row.key for row in ROWS]
    parser.add_argument("--only", default=",".join(keys), help="rows, of " + ", ".join(keys))
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each row (default 5)")
    parser.add_argument("--share", type=float, default=1.0, help="share of an epoch's steps that is run (default 1)")
    parser.add_argument("--data", default=os.environ.get("SPARK_PEFT_DATA"),
                        help="directory with tasks, corpora, tokenizers and models; default $SPARK_PEFT_DATA")
    parser.add_argument("--peer-python", default="/usr/bin/python3", help="a Python with PyTorch")
    parser.add_argument("--core", default=default_core(),
                        help="OPENBLAS_CORETYPE of the peer; empty: it finds out itself (default SkylakeX with AVX-512)")
    parser.add_argument("--cpus", help="cores that every process is bound to, as taskset takes them; default: any")
    parser.add_argument("--processor-time", action="store_true",
                        help="compare processor time of an average step, which other load on the machine disturbs least")
    parser.add_argument("--json", help="file for the result")
    options = parser.parse_args()
    unknown = [key for key in options.only.split(",") if key not in keys]
    if unknown or options.rounds < 1 or not 0 < options.share <= 1:
        parser.error("unknown rows: %s" % ", ".join(unknown) if unknown else "--rounds and --share must be above 0, --share at most 1")
    return options


def build():
    """Ours is what the sources say, not what was built some time ago."""
    if "SPARK_PEFT_JAR" not in os.environ:
        subprocess.run(["bash", "-c", "source '%s' && build_if_stale" % (HERE.parent / "common.sh")], check=True)


def processor():
    try:
        with open("/proc/cpuinfo") as info:
            return next(line.split(":", 1)[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def default_core():
    """An old OpenBLAS takes old kernels for a new processor with AVX-512; for others it knows them."""
    processor = pathlib.Path("/proc/cpuinfo")
    return "SkylakeX" if processor.exists() and "avx512f" in processor.read_text() else ""


def main():
    options = arguments()
    bench = Bench(options)
    build()
    results = []
    for row in ROWS:
        if row.key in options.only.split(","):
            try:
                results.append(measure(row, bench, options.rounds))
            except Failure as failure:
                results.append({"row": row.key, "title": row.title, "failure": str(failure)})
    load = os.getloadavg()
    clock = "; times are processor milliseconds of an average step" if options.processor_time else ""
    print("%s, %d cores, load at the end %.2f; %d rounds, %g of an epoch%s" % (
        processor(), os.cpu_count(), load[0], options.rounds, options.share, clock))
    print(table(results))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({
            "processor": processor(), "cores": os.cpu_count(), "load": load, "rounds": options.rounds,
            "share": options.share, "processor_time": options.processor_time, "rows": results}, indent=1))
    return 0 if all(r.get("met") for r in results) else 4


if __name__ == "__main__":
    sys.exit(main())
