"""Run every example: ``python -m examples``; or the documents' claims alone, or their exercises.

Pictures and figures come together on one page, ``index.html`` beside the pictures; ``--page`` writes it as Markdown
too. ``claims`` holds every verdict against the page's and ends in an error if one has changed; it needs no matplotlib.
``exercises`` lists the exercises; ``exercises FILE`` writes them into a file, with blanks, and then checks that file.
``notebooks`` makes the notebooks of the scripts and of the exercises anew.
"""

from __future__ import annotations

import importlib
import sys
import time

import notebooks
import verdicts
from exercises.terminal import exercises
from options import answers_file, page_file, parser

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
    options = parser("python -m examples", __doc__, None)
    what = ["all", "claims", "exercises", "notebooks"]
    options.add_argument("what", nargs="?", choices=what, default="all", help="all examples by default")
    options.add_argument("answers", nargs="?", type=answers_file, help="with exercises: the file to begin or to check")
    options.add_argument("--page", type=page_file, help="also write the page as Markdown, to this file")
    given, chosen = vars(options.parse_args([])), options.parse_args()
    idle = [f"--{name}" for name in ("out", "quick", "seed", "mnist", "page") if getattr(chosen, name) != given[name]]
    if idle and chosen.what != "all":
        options.error(f"{idle[0]} makes no difference to {chosen.what}, only to the examples; leave it out")
    if chosen.answers is not None and chosen.what != "exercises":
        options.error(f"only exercises take a file, got {str(chosen.answers)!r} after {chosen.what}")
    if chosen.what == "claims":
        sys.exit(verdicts.main() > 0)
    if chosen.what == "notebooks":
        notebooks.write()
        return
    if chosen.what == "exercises":
        sys.exit(exercises(chosen.answers) > 0)
    begin = time.perf_counter()
    from page import html, markdown  # claims alone need no matplotlib, which pages do
    from report import report_of

    reports = []
    for name in EXAMPLES:
        example = importlib.import_module(name)
        reports.append(report_of(example.main, example.TITLE, example.SEED, chosen))
    index = chosen.out / "index.html"
    index.write_text(html(reports), encoding="utf-8")
    if chosen.page is not None:
        chosen.page.write_text(markdown(reports, chosen.page.parent), encoding="utf-8")
    print(f"\n{len(reports)} examples in {time.perf_counter() - begin:.1f} s; all pictures: {index.resolve()}")


if __name__ == "__main__":
    main()
