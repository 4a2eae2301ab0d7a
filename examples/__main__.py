"""Run every example: ``python -m examples [--quick] [--out pictures] [--seed N]``."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

from report import run


def main() -> None:
    names = sorted(path.stem for path in Path(__file__).parent.glob("document_*.py"))
    begin = time.perf_counter()
    for name in names:
        example = importlib.import_module(name)
        report = run(example.main, example.TITLE, example.SEED, sys.argv[1:])
    print(f"\n{len(names)} examples in {time.perf_counter() - begin:.1f} s; the pictures are in {report.out.resolve()}")


main()
