"""``python -m tests.mutants``: which faults the suite finds.

``table`` makes systematic faults in the table of operations and in the chain rule; ``engine``, ``nn`` and ``viz`` let
mutmut change every function of ``autograd`` and of the packages on it, one token at a time.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

from tests.mutants.engine import FOLDER, mutmut_verdicts
from tests.mutants.table import table_verdicts

OUTCOMES = ("killed", "equivalent", "survived")


def main() -> int:
    """Print every fault that was not found, then a count for each module; 1 if one is neither found nor excused."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("what", choices=("table", "engine", "nn", "viz"))
    parser.add_argument("modules", nargs="*", help="these modules only, such as autograd.graph")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many faults to try at a time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the copies are that mutmut changes")
    parser.add_argument("--sample", type=int, help="so many changes at random instead of all")
    parser.add_argument("--seed", type=int, default=0, help="which sample: the same seed, the same changes")
    options = parser.parse_args()
    if options.what == "table":
        verdicts = table_verdicts(options.processes, options.modules, options.sample, options.seed)
    else:
        parts = ["engine", "compiler"] if options.what == "engine" else [options.what]
        verdicts = mutmut_verdicts(
            parts, options.processes, options.folder, options.modules, options.sample, options.seed
        )
    count: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        count[verdict.module, verdict.outcome] += 1
        if not verdict.killed:
            print(verdict, flush=True)
    print("\n| module | faults | killed | equivalent | survived |\n|---|---|---|---|---|")
    for module in sorted({module for module, _ in count}):
        print(row(f"`{module}`", [count[module, outcome] for outcome in OUTCOMES]))
    totals = [sum(n for (_, other), n in count.items() if other == outcome) for outcome in OUTCOMES]
    print(row("all", totals), f"\n\nkilled: {totals[0] / max(1, sum(totals)):.1%}", sep="")
    return int(totals[-1] > 0)


def row(name: str, figures: list[int]) -> str:
    """A line of the table."""
    return f"| {name} | {sum(figures)} | {' | '.join(map(str, figures))} |"


if __name__ == "__main__":
    sys.exit(main())
