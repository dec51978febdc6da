#!/usr/bin/env python3
"""Prints what a call of OpenBLAS is of the products of one head (size 64) over sequences of some lengths.

    submit/benchmark/product_call.py [--tokens 8,16,32,64] [--rounds 5]

A product of one number by one is all call: it is timed by GemmBenchmark under JMH and, alternately, by a program in C
with the same library (needs gcc); the difference is Java's part. Of all rounds the least time counts, since what else
the machine does only adds.
"""
import argparse
import glob
import json
import os
import pathlib
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


def native(directory):
    """Nanoseconds of an empty product from C, by the library that Java loaded."""
    libraries = glob.glob(str(directory / "**" / "libopenblas_nolapack.so.0"), recursive=True)
    if not libraries:
        sys.exit("JavaCPP has left no libopenblas_nolapack.so.0 in %s" % directory)
    program = directory / "product_call"
    if not program.exists():
        subprocess.run(["gcc", "-O2", str(HERE / "product_call.c"), "-o", str(program), libraries[0],
                        "-Wl,-rpath," + os.path.dirname(libraries[0])], check=True)
    return float(subprocess.run([str(program)], check=True, capture_output=True, text=True,
                                env=dict(os.environ, OMP_NUM_THREADS="1")).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tokens", default="8,16,32,64", help="lengths of sequences")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (default 5)")
    options = parser.parse_args()
    tokens = [1] + [int(word) for word in options.tokens.split(",")]
    ours = [[] for _ in tokens]
    native_call = []
    with tempfile.TemporaryDirectory() as name:
        for _ in range(options.rounds):
            for times, time in zip(ours, java(tokens, pathlib.Path(name))):
                times.append(time)
            native_call.append(native(pathlib.Path(name)))
    call = min(ours[0])
    crossing = call - min(native_call)
    print("a call takes %.0f ns, of which Java adds %.0f" % (call, crossing))
    print("| tokens | product, ns | the call | Java's part |")
    print("|---|---|---|---|")
    for n, times in list(zip(tokens, ours))[1:]:
        print("| %d | %.0f | %.1f %% | %.1f %% |" % (n, min(times), 100 * call / min(times), 100 * crossing / min(times)))


if __name__ == "__main__":
    main()
