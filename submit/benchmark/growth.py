#!/usr/bin/env python3
"""Prints how the time and memory of a training step grow: with tokens, length, weights, density, granularity and tasks.

    submit/benchmark/growth.py [--only tokens,density] [--steps 30] [--json FILE]

Every line is one process of `benchmark step` with the shape of bert-mini (vocabulary 8,000) unless it says otherwise.
"""
import argparse
import json
import pathlib
import sys
import types

import compare

BASE = {"--shape": "bert-mini", "--vocabulary": "8000", "--batch": "16", "--length": "64", "--density": "0.01",
        "--criterion": "fisher"}

# By the name of the table, what is varied: the text of the line and the options that differ.
TABLES = {
    "tokens": [("%d sequences of 64" % n, {"--batch": str(n)}) for n in (1, 4, 16, 64)],
    "length": [("%d of %d tokens" % (1024 // n, n), {"--batch": str(1024 // n), "--length": str(n)})
               for n in (16, 64, 256, 512)],
    "weights": [("hidden %d, %d layers" % (h, l),
                 {"--hidden": str(h), "--layers": str(l), "--heads": str(h // 64), "--feed-forward": str(4 * h)})
                for h, l in ((128, 2), (256, 4), (512, 8), (768, 12))],
    "density": [("%g %%" % (d * 100), {"--density": str(d)}) for d in (1, 0.1, 0.01, 0.001)],
    "granularity": [(g, {"--granularity": g}) for g in ("element", "rows", "columns")],
    "tasks": [("%d" % t, {"--tasks": str(t)}) for t in (1, 2)],
}


def line(bench, steps, options):
    arguments = [word for pair in {**BASE, **options}.items() for word in pair]
    return bench.ours("step", *arguments, "--steps", str(steps), "--warmup", str(steps), "--profile-steps", "3", heap="3g")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default=",".join(TABLES), help="tables, of " + ", ".join(TABLES))
    parser.add_argument("--steps", type=int, default=30, help="measured steps, and steps before them (default 30)")
    parser.add_argument("--cpus", help="cores that every process is bound to, as taskset takes them; default: any")
    parser.add_argument("--json", help="file for the result")
    options = parser.parse_args()
    unknown = [name for name in options.only.split(",") if name not in TABLES]
    if unknown or options.steps < 1:
        parser.error("unknown tables: %s" % ", ".join(unknown) if unknown else "--steps must be above 0")
    bench = compare.Bench(types.SimpleNamespace(cpus=options.cpus))
    compare.build()
    results = {}
    for name in options.only.split(","):
        print("\n| %s | weights | tuned | ms a step | tokens/s | GFLOP/s of dense work | heap/step | peak memory |" % name)
        print("|---|---|---|---|---|---|---|---|")
        for text, changed in TABLES[name]:
            r = line(bench, options.steps, changed)
            results.setdefault(name, []).append({"line": text, **r})
            print("| %s | %s | %s | %.1f | %.0f | %.1f | %.0f kB | %.0f MB |" % (
                text, f"{r['weights']:,}", f"{r['tuned']:,}", r["step_median_ms"], r["tokens_per_second"],
                r["gflop_per_second"], r["heap_bytes_per_step"] / 1e3, r["peak_bytes"] / 1e6), flush=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    try:
        main()
    except compare.Failure as failure:
        sys.exit(str(failure))
