"""Run every example: ``python -m examples [--quick] [--out pictures] [--seed N] [--page README.md]``.

Pictures and figures come together on one page, ``index.html`` beside the pictures; ``--page`` writes it as
Markdown too.
"""

from __future__ import annotations

import argparse
import importlib
import time
from pathlib import Path

from page import html, markdown
from report import run

EXAMPLES = [
    "tour",
    "microgpt",
    "document_000",
    "document_001",
    "document_002",
    "document_003",
    "document_004",
    "scipy_fit",
]


def main() -> None:
    """Run them in the order one would read them."""
    parser = argparse.ArgumentParser(prog="python -m examples", description=__doc__)
    parser.add_argument("--page", type=Path, help="also write the page as Markdown, to this file")
    options, passed_on = parser.parse_known_args()
    begin = time.perf_counter()
    reports = []
    for name in EXAMPLES:
        example = importlib.import_module(name)
        reports.append(run(example.main, example.TITLE, example.SEED, passed_on))
    index = reports[0].out / "index.html"
    index.write_text(html(reports), encoding="utf-8")
    if options.page is not None:
        options.page.write_text(markdown(reports, options.page.parent), encoding="utf-8")
    print(f"\n{len(reports)} examples in {time.perf_counter() - begin:.1f} s; all pictures: {index.resolve()}")


main()
