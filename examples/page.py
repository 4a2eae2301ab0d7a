"""All examples on one page, as HTML beside the pictures or as Markdown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path

from report import Picture, Report, Table

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
img { max-width: 100%; height: auto; }  figcaption { color: #555; }  figure { margin: 1.5rem 0; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { border: 1px solid #bbb; padding: .2rem .6rem; text-align: left; }
"""
BESIDE = (
    "Beside this page: [From micrograd](from_micrograd.md), what becomes of your lines and what you gain; "
    "[Under SciPy](under_scipy.md), its solvers with exact derivatives; [Many devices](many_devices.md), one loss on "
    "all of them; [How the compiler works](compiler.md), one layer through every pass of the compiler."
)
INTRODUCTION = (
    "What the examples print and draw, written by `python -m examples`: five documents reproduced with the engine in "
    "place of their hand-derived backward pass, their errors put right, and three examples of our own. The same as "
    "notebooks: `examples/notebooks`. Exercises that check themselves, one notebook a document: `examples/exercises`, "
    "or `python -m examples exercises`."
)


def html(reports: Sequence[Report]) -> str:
    """One HTML page, to stand in the folder of the pictures."""
    lines = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Examples</title><style>{STYLE}</style>",
        f"<h1>Examples</h1><p>{_inline(INTRODUCTION)}</p><ul>",
        *(f"<li><a href='#{report.name}'>{escape(report.title)}</a></li>" for report in reports),
        "</ul>",
    ]
    for report in reports:
        lines.append(f"<h2 id='{report.name}'>{escape(report.title)}</h2>")
        for part in report.parts:
            if isinstance(part, Table):
                head, *rows = (
                    "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
                    for tag, row in [("th", part.head), *(("td", row) for row in part.rows)]
                )
                lines.append(f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
            elif isinstance(part, Picture):
                caption = escape(part.caption)
                image = f"<img src='{part.path.name}' alt='{caption}' loading='lazy'>"
                lines.append(f"<figure>{image}<figcaption>{caption}</figcaption></figure>")
            else:
                lines.append(f"<p>{_inline(part)}</p>")
    return "\n".join(lines) + "\n"


def markdown(reports: Sequence[Report], folder: Path) -> str:
    """The same as Markdown, to stand in ``folder``."""
    lines = ["# Examples", INTRODUCTION, BESIDE]
    for report in reports:
        lines.append(f"## {report.title}")
        for part in report.parts:
            if isinstance(part, Picture):
                path = Path(os.path.relpath(part.path, folder)).as_posix()
                lines.append(f"![{part.caption}]({path})\n\n*{part.caption}*")
            else:
                lines.append(str(part))
    return "\n\n".join(lines) + "\n"


def _inline(text: str) -> str:
    """Text with `code` in it."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))
