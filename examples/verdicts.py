"""All claims of all documents, judged, and held against the verdicts that the page shows."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from claims import Judgement
from working import working

DOCUMENTS = ("000", "001", "002", "003", "004")
PAGE = Path(__file__).parent / "README.md"
ROW = re.compile(r"^\| “`?(?P<quote>.*?)`?” *\| (?P<verdict>right|depends|wrong) *\|")


def judged(document: str) -> list[Judgement]:
    """What comes out here and now."""
    claims = importlib.import_module(f"claims.document_{document}").CLAIMS
    return list(working(claims.judge(), f"claims of document {document} tried", len(claims)))


def shown(page: Path = PAGE) -> dict[str, str]:
    """The verdicts on the page, by quotation."""
    rows = (ROW.match(line) for line in page.read_text(encoding="utf-8").splitlines())
    return {row["quote"]: row["verdict"] for row in rows if row}


def changed(document: str, page: Path = PAGE) -> list[str]:
    """Where a verdict is not the page's, in words."""
    on_page = shown(page)
    return [
        f"“{row.quote}”: {row.verdict}, the page has {on_page.get(row.quote, 'no such claim')}; it {row.evidence}"
        for row in judged(document)
        if on_page.get(row.quote) != row.verdict
    ]


def main(page: Path = PAGE) -> int:
    """Judge them all; how many verdicts are not the page's."""
    differing = 0
    for document in DOCUMENTS:
        changes = changed(document, page)
        print(f"document {document}: {'; '.join(changes) or 'every verdict is the one on the page'}", flush=True)
        differing += len(changes)
    return differing
