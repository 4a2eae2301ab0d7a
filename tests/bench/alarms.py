"""``python -m tests.bench.alarms [derivatives]``: how often ``check`` calls a right gradient wrong, or cannot tell.

Random expressions over every operation, a point for each, and four gradients: the engine's own, which other tests hold
to 50 digits, and the same with one derivative off by 0.1 %, 1e-5 and 1e-6 of its size.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from autograd import floats, gradients
from autograd.ops import TABLE
from autograd.testing import DIFFERENTIABLE, Expression, check, expressions
from autograd.testing.outcomes import NOISY, RIGHT, WRONG

FAULTS = (1e-3, 1e-5, 1e-6)

# Kinks and ties are left out: "right smooth functions" is what the figure of noise is about.
SMOOTH = [op for op in DIFFERENTIABLE if not op.kinks and not op.ties]


def value(expression: Expression, leaves: Sequence[float]) -> float:
    """The last node, in floats."""
    return expression.run(leaves, lambda name, operands: TABLE[name].value(floats, *operands))[-1]


def gradient(expression: Expression, leaves: Sequence[float]) -> list[float]:
    """The engine's derivatives, at whatever leaves."""
    nodes, root = Expression(tuple(leaves), expression.steps).record()
    return gradients(root, nodes)


def measure(derivatives: int) -> dict[str, Counter[str]]:
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

            counts[f"off by {fault:g}"][check(f, wrong, at=at).entries[k].outcome] += 1

    quiet: Any = list(HealthCheck)
    rounds = 0
    while counts["right"].total() < derivatives:
        search = given(expressions(SMOOTH))(look)
        search = settings(
            max_examples=2000,
            derandomize=False,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=quiet,
        )(search)
        seed(rounds)(search)()
        rounds += 1
    return counts


def main() -> None:
    """Print a table."""
    began = time.process_time()
    counts = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    print("| gradient | derivatives | right | wrong | too noisy to tell |\n|---|---|---|---|---|")
    for name, count in counts.items():
        print(f"| {name} | {count.total():,} | " + " | ".join(f"{count[x]:,}" for x in (RIGHT, WRONG, NOISY)) + " |")
    print(f"\n{time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
