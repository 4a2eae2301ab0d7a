"""A drawing that can be brought closer, in a page and below a notebook's cell."""

from __future__ import annotations

import base64
import html
from functools import cache

from viz.rendering.pages import resource

__all__ = ["in_cell", "in_page"]


def in_page(svg: str) -> str:
    """The drawing as a part of a page, with the script that zooms it."""
    return _frame(svg)


def in_cell(svg: str, title: str) -> str:
    """The drawing as HTML for a notebook, which shows something right with the script, without it, and cut to pieces.

    The drawing is an image with nothing to fetch, which the script, a few thousand letters in each cell, replaces by
    the drawing itself. What takes scripts and drawings out of HTML leaves the image: GitHub, and Jupyter of notebooks
    that others have run.
    """
    encoded = base64.b64encode(svg.encode()).decode()
    style = "display:block;margin:auto;max-width:100%"
    return _frame(f'<img src="data:image/svg+xml;base64,{encoded}" alt="{html.escape(title)}" style="{style}">')


def _frame(drawing: str) -> str:
    return f'<div class="scalar-autograd-zoom">\n{drawing}\n</div>\n<script>\n{_script()}\n</script>'


@cache
def _script() -> str:
    """Without comments and indentation, since every cell has it."""
    lines = [line.strip() for line in resource("rendering/zoom.js").splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//"))
