#!/usr/bin/env python3
"""Prints how long the updates of a round's shards take to become one, for each size, number of shards and method.

    submit/benchmark/merge.py [--weights 10000,1000000] [--shards 2,8,64] [--repeats 7] [--json FILE]

Every figure is one process of `benchmark merge` on local[2], the methods by turns. What does not fit into --heap is
shown as such: a result larger than memory is one of the answers.
"""
import argparse
import json
import pathlib
import sys
import types

import compare

METHODS = ("driver", "shuffle", "tree")
# Updates of a point, in values, from which on fewer merges say as much.
MANY = 100_000_000


def numbers(text):
    return [int(float(word)) for word in text.split(",")]


def point(bench, options, method, weights, shards):
    repeats = options.repeats if weights * shards < MANY else min(options.repeats, 3)
    try:
        return bench.run(
            [str(compare.SUBMIT), "--master", "local[2]", "--driver-memory", options.heap,
             "--conf", "spark.driver.maxResultSize=0", "benchmark", "merge", "--json", "--method", method,
             "--weights", str(weights), "--shards", str(shards), "--repeats", str(repeats)], {})
    except compare.Failure as failure:
        if "OutOfMemoryError" not in str(failure) and "heap space" not in str(failure):
            raise
        return None


def text(found):
    if found is None:
        return "does not fit"
    return "%.1f ms, %.2f GB" % (found["merge_median_ms"], found["heap_peak_bytes"] / 1e9)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", default="1e4,1e5,1e6,1e7,2e7", help="weights of an update, k")
    parser.add_argument("--shards", default="2,8,64", help="updates")
    parser.add_argument("--repeats", type=int, default=7, help="measured merges of a point, at most (default 7)")
    parser.add_argument("--heap", default="8g", help="of the one process (default 8g)")
    parser.add_argument("--cpus", help="cores that every process is bound to, as taskset takes them; default: any")
    parser.add_argument("--json", help="file for the result")
    options = parser.parse_args()
    bench = compare.Bench(types.SimpleNamespace(cpus=options.cpus))
    compare.build()
    results = []
    print("| weights | shards | %s |" % " | ".join(METHODS))
    print("|---|---|%s" % ("---|" * len(METHODS)))
    for weights in numbers(options.weights):
        for shards in numbers(options.shards):
            found = {method: point(bench, options, method, weights, shards) for method in METHODS}
            results.append({"weights": weights, "shards": shards, **found})
            print("| %s | %d | %s |" % (f"{weights:,}", shards, " | ".join(text(found[m]) for m in METHODS)), flush=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    try:
        main()
    except compare.Failure as failure:
        sys.exit(str(failure))
