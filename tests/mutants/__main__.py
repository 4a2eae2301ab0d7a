"""``python -m tests.mutants``: which faults the suite finds."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter

from tests.mutants.table import verdicts


def main() -> int:
    """Print what became of every fault, a line for each that was not found; 1 if one has no excuse."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=main.__doc__)
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many faults to try at a time")
    count: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts(parser.parse_args().processes):
        count[verdict.module, verdict.outcome] += 1
        if verdict.outcome != "killed":
            print(
                f"{verdict.outcome}: {verdict.fault}" + (f"  ({verdict.reason})" if verdict.reason else ""), flush=True
            )
    print("\n| file | faults | killed | equivalent | survived |\n|---|---|---|---|---|")
    for module in sorted({module for module, _ in count}):
        figures = [count[module, outcome] for outcome in ("killed", "equivalent", "survived")]
        print(f"| `{module}` | {sum(figures)} | {' | '.join(map(str, figures))} |")
    return int(any(outcome == "survived" for _, outcome in count))


if __name__ == "__main__":
    sys.exit(main())
