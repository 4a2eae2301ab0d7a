"""``python -m tests.bench.alarms``: how often ``check`` calls a right gradient wrong, or cannot tell.

Random expressions over every operation, a point for each, and four gradients: the engine's own, which other tests hold
to 50 digits, and the same with one derivative off by 0.1 %, 1e-5 and 1e-6 of its size. The functions take any number,
as NumPy's do, so that ``check`` has 150 digits beside floats; with ``--floats`` they take floats alone.

A faulty derivative that is called right is counted apart where the right one itself is as far from the truth: where its
error, by 50 digits, is no more than twice what right ones are off by nearby.

``--derivatives 100000`` is so many; ``--round 3`` begins with another round of seeds, to do it in pieces.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from mpmath import mp

from autograd import floats, gradients
from autograd.ops import TABLE
from autograd.testing import DIFFERENTIABLE, Expression, check, expressions
from autograd.testing.oracles import derivative, precise_root
from autograd.testing.outcomes import NOISY, RIGHT, WRONG
from autograd.testing.precise import DIGITS, Precise
from autograd.testing.references import precisely
from autograd.testing.strategies import MARGIN

FAULTS = (1e-3, 1e-5, 1e-6)
DROWNED = "right, as near to the truth as right ones"

# Kinks and ties are left out: "right smooth functions" is what the figure of noise is about.
SMOOTH = [op for op in DIFFERENTIABLE if not op.kinks and not op.ties]


def value(expression: Expression, leaves: Sequence[float]) -> float:
    """The last node, in floats."""
    return expression.run(leaves, lambda name, operands: TABLE[name].value(floats, *operands))[-1]


def generic(expression: Expression, leaves: Sequence[Any]) -> Any:
    """The last node in floats, or in as many digits as the leaves have: then by other people's functions."""
    if not any(isinstance(leaf, Precise) for leaf in leaves):
        return value(expression, leaves)
    with mp.workdps(DIGITS):
        numbers = [mp.mpf(Precise(leaf).number) for leaf in leaves]
        return Precise(+expression.run(numbers, lambda name, operands: precisely(name)(*map(mp.mpf, operands)))[-1])


def gradient(expression: Expression, leaves: Sequence[float]) -> list[float]:
    """The engine's derivatives, at whatever leaves."""
    nodes, root = Expression(tuple(leaves), expression.steps).record()
    return gradients(root, nodes)


def drowned(expression: Expression, k: int, faulty: float) -> bool:
    """Whether a derivative by leaf ``k`` is as near to the truth as right ones are, here and nearby."""

    def error(x: float, found: float | None = None) -> float:
        moved = Expression((*expression.leaves[:k], x, *expression.leaves[k + 1 :]), expression.steps)
        found = gradient(moved, moved.leaves)[k] if found is None else found
        with mp.workdps(DIGITS):
            return float(abs(derivative(precise_root(moved), moved.leaves, k, MARGIN) - found))

    x = expression.leaves[k]
    steps = [side * max(abs(x), 1.0) * 2.0**-m for m in range(12, 54, 2) for side in (-1, 1)]
    return error(x, faulty) <= 2 * max(error(x + step) for step in (0.0, *steps))


def measure(derivatives: int, first: int = 0, value: Any = generic) -> dict[str, Counter[str]]:
    """Outcomes of each gradient; the first is the right one."""
    counts: dict[str, Counter[str]] = {"right": Counter()} | {f"off by {fault:g}": Counter() for fault in FAULTS}

    def look(expression: Expression) -> None:
        f = lambda leaves: value(expression, leaves)
        at = list(expression.leaves)
        found = check(f, lambda leaves: gradient(expression, leaves), at=at)
        counts["right"].update(entry.outcome for entry in found.entries)
        for entry in found.entries:
            if entry.outcome == WRONG:
                print(found, expression, sep="\n", flush=True)
        known = [k for k, entry in enumerate(found.entries) if entry.outcome == RIGHT and entry.gradient != 0.0]
        for fault in FAULTS if known else ():
            k = known[0]

            def wrong(leaves: Sequence[float], k: int = k, fault: float = fault) -> list[float]:
                return [g * (1 + fault * (i == k)) for i, g in enumerate(gradient(expression, leaves))]

            entry = check(f, wrong, at=at).entries[k]
            counts[f"off by {fault:g}"][entry.outcome] += 1
            if entry.outcome == RIGHT:
                explained = drowned(expression, k, entry.gradient)
                counts[f"off by {fault:g}"][DROWNED] += explained
                if not explained:
                    print(f"off by {fault:g} and not found: leaf {k} of {expression}", flush=True)

    quiet: Any = list(HealthCheck)
    rounds = first
    while counts["right"].total() < derivatives:
        search = given(expressions(SMOOTH))(look)
        search = settings(
            max_examples=min(2000, derivatives),
            derandomize=False,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=quiet,
        )(search)
        seed(rounds)(search)()
        print(f"round {rounds}: {counts}", file=sys.stderr, flush=True)
        rounds += 1
    return counts


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.alarms", description=__doc__)
    parser.add_argument("--derivatives", type=int, default=100_000, help="how many, at least")
    parser.add_argument("--round", type=int, default=0, help="the first round of 2,000 expressions or less")
    parser.add_argument("--floats", action="store_true", help="functions that take floats alone")
    options = parser.parse_args()
    began = time.process_time()
    counts = measure(options.derivatives, options.round, value if options.floats else generic)
    print(f"| gradient | derivatives | right | wrong | too noisy to tell | {DROWNED} |\n|---|---|---|---|---|---|")
    for name, count in counts.items():
        total = max(1, count.total() - count[DROWNED])
        cells = " | ".join(f"{count[x]:,} ({count[x] / total:.2%})" for x in (RIGHT, WRONG, NOISY))
        cells += f" | {count[DROWNED]:,}" if name != "right" else " | "
        print(f"| {name} | {total:,} | {cells} |")
    print(f"\n{time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
