"""``python -m tests.bench eager`` and ``python -m tests.bench compiled``."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", choices=["eager", "compiled"])
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--repeats", type=int, default=9, help="runs of each, of which the median counts")
    arguments = parser.parse_args()
    importlib.import_module(f"tests.bench.{arguments.what}").main(arguments.repeats, arguments.json)


if __name__ == "__main__":
    main()
