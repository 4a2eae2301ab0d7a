"""Shapes as a DOT graph whose nodes and edges have places already: for whoever draws them with Graphviz."""

from __future__ import annotations

from collections.abc import Sequence

from viz.letters.labels import markup, quoted
from viz.rendering.shapes import Disc, Line, Shape, Words
from viz.theme import FONT, Theme

__all__ = ["dot"]


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
        elif isinstance(shape, Words):
            w, h = shape.extent
            # The shape's size is ours, for otherwise the machine's fonts would say how large the drawing is.
            graph.node(f"n{i}", pos=place(shape.centre), shape="none", label=_plate(shape), fixedsize="true",
                       width=f"{w / 72:.4f}", height=f"{h / 72:.4f}", fontsize=f"{shape.size:g}",
                       fontcolor=shape.colour, tooltip=quoted(shape.tooltip))  # fmt: skip
    return str(graph.source)


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
