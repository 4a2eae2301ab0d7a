"""``Picture``: what every drawing function returns. It shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from viz.rendering.embedding import embeddable
from viz.rendering.engines import EngineNotFound, laid_out
from viz.rendering.pdf import pdf
from viz.rendering.raster import available, painted
from viz.rendering.shapes import Shape
from viz.rendering.svg import svg as written
from viz.rendering.zoom import in_cell, in_page
from viz.theme import LIGHT, Theme

__all__ = ["Picture", "Still"]


@dataclass(frozen=True)
class Still:
    """Shapes in their places, the size of the whole, and how wide it is shown."""

    shapes: Sequence[Shape]
    size: tuple[float, float]
    shown: float


class Picture:
    """A drawing, finished only when it is looked at or saved.

    Parameters
    ----------
    title : str
        What the picture shows, in a few words; screen readers say it.
    dot : str or callable, optional
        The drawing in the DOT language, or what writes it when it is asked for.
    svg : str, optional
        The drawing itself.
    still : Still, optional
        The drawing as shapes that have their places already.
    html : str, optional
        A finished page, where the picture is one.
    layout : str
        How ``dot`` is to be laid out: ``"dot"``, or ``"nop2"`` where nodes and edges have places already.
    table : sequence of rows, optional
        The same in words and numbers: the header and then a row a box. A page carries it below the drawing.
    theme : Theme
        Whose background a page has.

    Notes
    -----
    Every form but PNG and PDF works with nothing but this package; those two take matplotlib, or else Graphviz in one
    of its two forms (``python -m viz engines``). A picture of DOT text alone is laid out by Graphviz.
    """

    _form = "svg"  # of what `render` writes

    def __init__(
        self,
        title: str,
        *,
        dot: str | Callable[[], str] | None = None,
        svg: str | None = None,
        html: str | None = None,
        still: Still | None = None,
        layout: str = "dot",
        table: Sequence[Sequence[str]] = (),
        theme: Theme = LIGHT,
    ) -> None:
        self.title = title
        self._dot = dot
        self._svg = svg
        self._html = html
        self._still = still
        self._layout = layout
        self._table = table
        self._theme = theme

    @property
    def is_page(self) -> bool:
        """Whether the picture is a page of its own and has no still form."""
        return self._dot is None and self._svg is None and self._still is None

    @property
    def dot(self) -> str:
        """The drawing in the DOT language, the same in every run."""
        if self._dot is None:
            raise ValueError(f"'{self.title}' is a page and has no DOT text; use .html")
        if callable(self._dot):
            self._dot = self._dot()
        return self._dot

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG that can stand in any page: it has no ids, scales down, and its text is text."""
        if self._svg is not None:
            return self._svg
        if self._still is not None:
            return written(self._still.shapes, self._still.size, self.title, self._theme, self._still.shown)
        return embeddable(laid_out(self.dot, "svg", self._layout), self.title)

    @cached_property
    def html(self) -> str:
        """One self-contained page, in which the drawing can be brought closer: wheel, fingers, buttons, keys.

        Below it stands the same as a table. The page of DOT text that was not laid out by us says so without Graphviz.
        """
        if self._html is not None:
            return self._html
        title, table = html.escape(self.title), _table(self._table)
        try:
            drawing = self.svg
        except EngineNotFound as missing:
            drawing = f"<p>{html.escape(str(missing))}</p>\n{table}\n<pre>{html.escape(self.dot)}</pre>"
        else:
            drawing = in_page(drawing)
            drawing += f"\n<details><summary>The same as a table</summary>\n{table}\n</details>" if table else ""
        colours = f"background:{self._theme.background};color:{self._theme.text}"
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<style>body{{margin:1rem;font-family:sans-serif;{colours}}}"
            "th,td{text-align:left;padding:.1rem .8rem}</style>\n"
            f"</head>\n<body>\n{drawing}\n</body>\n</html>\n"
        )

    def save(self, path: str | Path) -> Path:
        """Write the drawing to a file; the suffix of its name says in which form.

        Parameters
        ----------
        path : str or Path
            A name that ends in ``.svg``, ``.png``, ``.pdf``, ``.dot`` or ``.html``.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        ValueError
            For any other suffix.
        EngineNotFound
            If the form takes matplotlib or Graphviz and there is neither.
        """
        path = Path(path)
        write: dict[str, Callable[[], str | bytes]] = {
            "svg": lambda: self.svg,
            "png": lambda: self._painted("png"),
            "pdf": lambda: self._painted("pdf"),
            "dot": lambda: self.dot,
            "html": lambda: self.html,
        }
        form = path.suffix.removeprefix(".").lower()
        if form not in write:
            raise ValueError(
                f"save takes a name that ends in {', '.join('.' + known for known in write)}, got {path.name!r}; "
                "choose one of these suffixes"
            )
        drawing = write[form]()
        path.write_bytes(drawing.encode() if isinstance(drawing, str) else drawing)
        return path

    def render(self, filename: str | Path) -> str:
        """What micrograd's notebooks call: save under this name with ``.svg`` behind it, or what ``draw_dot`` was told.

        Parameters
        ----------
        filename : str or Path
            A name without a suffix.

        Returns
        -------
        str
            The name of the file written.
        """
        return str(self.save(f"{filename}.{self._form}"))

    def _painted(self, form: str) -> bytes:
        """By matplotlib, which draws the same everywhere; without it by Graphviz, in the machine's fonts."""
        if self._still is None or not available():
            return laid_out(self.dot, form, self._layout)
        still = self._still
        shown = still.shown / still.size[0]
        if form == "pdf":
            return pdf(still.shapes, still.size, self.title, self._theme, shown)
        return painted(still.shapes, still.size, self._theme, shown)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - IPython's
        if not self.is_page:
            try:
                return {"text/html": in_cell(self.svg, self.title), "image/svg+xml": self.svg, "text/plain": repr(self)}
            except EngineNotFound:
                pass
        frame = f'<iframe srcdoc="{html.escape(self.html)}" title="{html.escape(self.title)}" '
        return {"text/html": frame + 'style="width:100%;height:620px;border:0"></iframe>', "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<Picture: {self.title}>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as an HTML table, the first one as its header."""
    if not rows:
        return ""
    lines = []
    for i, row in enumerate(rows):
        kind = "td" if i else "th"
        lines.append("<tr>" + "".join(f"<{kind}>{html.escape(text)}</{kind}>" for text in row) + "</tr>")
    return "\n".join(["<table>", *lines, "</table>"])
