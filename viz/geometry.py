"""Lines, discs and words with places of their own: written as SVG directly, and as DOT for the formats SVG is not.

PNG and PDF go through Graphviz too, with every place pinned (layout ``nop2``), rather than through a second drawing
library: a picture then needs nothing that other pictures do not need, and its SVG needs nothing at all.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viz.dot import quoted
from viz.labels import markup
from viz.theme import FONT, Theme

__all__ = ["LETTER", "Disc", "Line", "Shape", "Words", "dot", "svg"]

LETTER = 0.6  # width of a letter by its size, on the average of a text, in DejaVu, the widest of the common families


@dataclass(frozen=True)
class Line:
    """From one point to another, in points (1/72 inch), y downwards."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str
    width: float
    tooltip: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Disc:
    """A circle around a point."""

    centre: tuple[float, float]
    radius: float
    fill: str
    line: str
    tooltip: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Words:
    """Text around a point; with a fill, on a plate."""

    centre: tuple[float, float]
    text: str
    colour: str
    size: float = 12.0
    bold: bool = False
    fill: str = ""
    line: str = ""
    tooltip: str = ""
    dashed: bool = False

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height, estimated, so that they are the same whatever fonts there are."""
        return LETTER * self.size * len(self.text) + 5.0, self.size + 4.0


Shape = Line | Disc | Words


def svg(shapes: Iterable[Shape], size: tuple[float, float], title: str, theme: Theme) -> str:
    """Shapes in the order in which they are to be painted, as SVG."""
    width, height = size
    lines = "".join(f"{_element(shape)}\n" for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{height:g}pt" '
        f'viewBox="0 0 {width:g} {height:g}" style="max-width:100%;height:auto" role="img" '
        f'aria-label="{html.escape(title)}" font-family="{FONT}" text-anchor="middle">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<rect width="{width:g}" height="{height:g}" fill="{theme.background}"/>\n{lines}</svg>\n'
    )


def dot(shapes: Sequence[Shape], size: tuple[float, float], theme: Theme) -> str:
    """The same shapes as a DOT graph whose nodes and edges have places already."""
    from graphviz import Digraph

    width, height = size
    graph = Digraph(
        graph_attr={"layout": "nop2", "bgcolor": theme.background, "outputorder": "edgesfirst", "tooltip": " ",
                    "bb": f"0,0,{width:g},{height:g}", "pad": "0.05"},
        node_attr={"fontname": FONT, "label": ""},
        edge_attr={"arrowhead": "none"},
    )  # fmt: skip

    def place(point: tuple[float, float]) -> str:
        return f"{point[0]:.2f},{height - point[1]:.2f}"

    for corner in ((0.0, 0.0), (width, height)):
        graph.node(f"corner{place(corner)}", pos=place(corner), shape="point", style="invis", width="0.01")
    for i, shape in enumerate(shapes):
        if isinstance(shape, Line):
            ends = [f"{name}{i}" for name in "ab"]
            for end, point in zip(ends, (shape.start, shape.end), strict=True):
                graph.node(end, pos=place(point), shape="point", style="invis", width="0.01")
            style = "dashed" if shape.dashed else "solid"
            spline = " ".join([place(shape.start)] * 2 + [place(shape.end)] * 2)
            graph.edge(*ends, pos=spline, color=shape.colour, penwidth=f"{shape.width:g}", style=style,
                       tooltip=quoted(shape.tooltip))  # fmt: skip
        elif isinstance(shape, Disc):
            graph.node(f"n{i}", pos=place(shape.centre), shape="circle", fixedsize="true", fillcolor=shape.fill,
                       width=f"{shape.radius / 36:.4f}", color=shape.line, tooltip=quoted(shape.tooltip),
                       style="filled,dashed" if shape.dashed else "filled")  # fmt: skip
        else:
            w, h = shape.extent
            # The shape's size is ours, for otherwise the machine's fonts would say how large the drawing is.
            graph.node(f"n{i}", pos=place(shape.centre), shape="none", label=_plate(shape), fixedsize="true",
                       width=f"{w / 72:.4f}", height=f"{h / 72:.4f}", fontsize=f"{shape.size:g}",
                       fontcolor=shape.colour, tooltip=quoted(shape.tooltip))  # fmt: skip
    return str(graph.source)


def _element(shape: Shape) -> str:
    tip = f"<title>{html.escape(shape.tooltip)}</title>" if shape.tooltip else ""
    dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
    if isinstance(shape, Line):
        (x1, y1), (x2, y2) = shape.start, shape.end
        return (
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{shape.colour}" '
            f'stroke-width="{shape.width:g}"{dashes}>{tip}</line>'
        )
    x, y = shape.centre
    if isinstance(shape, Disc):
        where = f'cx="{x:g}" cy="{y:g}" r="{shape.radius:g}"'
        return f'<circle {where} fill="{shape.fill}" stroke="{shape.line}"{dashes}>{tip}</circle>'
    weight = ' font-weight="bold"' if shape.bold else ""
    text = (
        f'<text x="{x:g}" y="{y + 0.35 * shape.size:.2f}" font-size="{shape.size:g}" fill="{shape.colour}"{weight}>'
        f"{html.escape(shape.text)}</text>"
    )
    if not shape.fill:
        return f"<g>{tip}{text}</g>"
    w, h = shape.extent
    return (
        f'<g>{tip}<rect x="{x - w / 2:g}" y="{y - h / 2:g}" width="{w:g}" height="{h:g}" rx="3" fill="{shape.fill}" '
        f'stroke="{shape.line}"{dashes}/>{text}</g>'
    )


def _plate(words: Words) -> str:
    text = f"<b>{markup(words.text)}</b>" if words.bold else markup(words.text)
    if not words.fill:
        return f"<{text}>"
    width, height = words.extent
    style = "rounded,dashed" if words.dashed else "rounded"
    return (
        f'<<table border="1" cellborder="0" cellpadding="0" cellspacing="0" style="{style}" color="{words.line}" '
        f'bgcolor="{words.fill}"><tr>'
        f'<td width="{width:.0f}" height="{height:.0f}" fixedsize="true">{text}</td></tr></table>>'
    )
