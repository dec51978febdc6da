"""The quality gate: whether the result of a run may be promoted.

A run leaves ``result.json`` in its directory. A limit names a figure of it and what it must reach:

    accuracy>=0.85          the recipe's metrics on the test split (on dev, where there is no test split)
    delta-ce<=0.5           by how much cross-entropy on general text rose, in nats a token
    sparsity>=0.3           share of the weights that are 0
    gain-over-dense>=-0.01  the run's metric, less that of the baseline ``dense`` (or ``random-mask``, ``head-only``)

Needs nothing but Python's own library, so that it runs in a task, in a test and by hand:

    python3 quality_gate.py runs/quickstart/result.json 'accuracy>=0.85' 'delta-ce<=0.5'
"""

from __future__ import annotations

import json
import operator
import re
import sys

SCHEMA_VERSION = 1
COMPARISONS = {">=": operator.ge, "<=": operator.le}
LIMIT = re.compile(r"^\s*([a-z0-9-]+)\s*(>=|<=)\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$")
GAIN = "gain-over-"
# Metrics that are better when they are lower.
LOWER_IS_BETTER = {"cross-entropy", "perplexity"}


class GateError(ValueError):
    """A limit or a result.json that cannot be understood."""


def figures(result: dict) -> dict[str, float]:
    """The figures of a result that limits may name, from the mode whose model was exported."""
    version = result.get("schema-version")
    if version != SCHEMA_VERSION:
        raise GateError(f"Cannot read result.json: its schema-version is {version}, this gate knows {SCHEMA_VERSION}")
    modes = result["modes"]
    metric = result["metric"]
    chosen = modes[result["result-mode"]]
    measured = _measured(chosen)
    found = {name: value for name, value in measured.items() if isinstance(value, (int, float))}
    found.update({name: chosen["exported"][name] for name in ("sparsity", "density")})
    if "delta-ce" in chosen:
        found["delta-ce"] = chosen["delta-ce"]
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    for name, mode in modes.items():
        if name != result["result-mode"]:
            found[GAIN + name] = sign * (measured[metric] - _measured(mode)[metric])
    return found


def _measured(mode: dict) -> dict:
    return mode.get("test") or mode["after"]


def failures(result: dict, limits: list[str]) -> list[str]:
    """One sentence for each limit that the result does not meet; none if it may be promoted."""
    found = figures(result)
    sentences = []
    if not result["gate-met"]:
        sentences.append(f"the recipe's own gate is not met: {result['gate-failure']}")
    for limit in limits:
        match = LIMIT.match(limit)
        if not match:
            raise GateError(f"Invalid limit: {limit!r} (a figure, >= or <=, a number: accuracy>=0.85)")
        name, comparison, bound = match.groups()
        if name not in found:
            raise GateError(f"Invalid limit: {limit!r}: the result has no {name}, but {', '.join(sorted(found))}")
        if not COMPARISONS[comparison](found[name], float(bound)):
            sentences.append(f"{name} is {found[name]:.4f}, not {comparison} {bound}")
    return sentences


def main(arguments: list[str]) -> int:
    if not arguments:
        print("Missing result.json; usage: quality_gate.py RESULT_JSON [LIMIT ...]", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            sentences = failures(json.load(file), arguments[1:])
    except OSError as error:
        print(f"Cannot read {arguments[0]}: {error.strerror}", file=sys.stderr)
        return 3
    except (GateError, KeyError, json.JSONDecodeError) as error:
        print(error if isinstance(error, GateError) else f"Cannot read {arguments[0]}: {error!r}", file=sys.stderr)
        return 2
    for sentence in sentences:
        print(f"Cannot promote: {sentence}", file=sys.stderr)
    return 4 if sentences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
