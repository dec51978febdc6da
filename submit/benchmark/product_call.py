#!/usr/bin/env python3
"""Prints what calling OpenBLAS from Java adds to the products of one head (size 64) over sequences of some lengths.

    submit/benchmark/product_call.py [--tokens 1,8,16,32,64] [--rounds 5]

The same products by the same library, alternately: by GemmBenchmark under JMH, and by a program in C (needs gcc).
"""
import argparse
import glob
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def java(tokens, directory):
    """Nanoseconds of each product under JMH."""
    result = directory / "jmh.json"
    shapes = ",".join("%dx%dx%d" % (n, n, 1 if n == 1 else 64) for n in tokens)
    arguments = ("GemmBenchmark -p shape=%s -p pass=forward -p backend=cpu -f 1 -wi 2 -w 1 -i 3 -r 1 -rf json -rff %s"
                 " -jvmArgsAppend -Dorg.bytedeco.javacpp.cachedir=%s" % (shapes, result, directory))
    subprocess.run(["mvn", "-B", "-q", "-Pbenchmarks", "-pl", "shared-model", "test-compile", "exec:exec",
                    "-Djmh.arguments=" + arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return [1e6 / one["primaryMetric"]["score"] for one in json.loads(result.read_text())]


def native(tokens, directory):
    """Nanoseconds of each product from C, by the library that Java loaded."""
    libraries = glob.glob(str(directory / "**" / "libopenblas_nolapack.so.0"), recursive=True)
    if not libraries:
        sys.exit("JavaCPP has left no libopenblas_nolapack.so.0 in %s" % directory)
    program = directory / "product_call"
    if not program.exists():
        subprocess.run(["gcc", "-O2", str(HERE / "product_call.c"), "-o", str(program), libraries[0],
                        "-Wl,-rpath," + os.path.dirname(libraries[0])], check=True)
    printed = subprocess.run([str(program)] + [str(n) for n in tokens], check=True, capture_output=True, text=True,
                             env=dict(os.environ, OMP_NUM_THREADS="1")).stdout
    return [float(line.split()[1]) for line in printed.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tokens", default="1,8,16,32,64", help="lengths of sequences; 1 is an empty product")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (default 5)")
    options = parser.parse_args()
    tokens = [int(word) for word in options.tokens.split(",")]
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        for _ in range(options.rounds):
            rounds.append((java(tokens, pathlib.Path(name)), native(tokens, pathlib.Path(name))))
    print("| tokens | from Java, ns | from C, ns | of the call from Java (min to max) |")
    print("|---|---|---|---|")
    for i, n in enumerate(tokens):
        ours = [r[0][i] for r in rounds]
        theirs = [r[1][i] for r in rounds]
        shares = [1 - a / b for a, b in zip(theirs, ours)]
        print("| %d | %.0f | %.0f | %.1f %% (%.1f to %.1f) |" % (
            n, statistics.median(ours), statistics.median(theirs), 100 * statistics.median(shares),
            100 * min(shares), 100 * max(shares)))


if __name__ == "__main__":
    main()
