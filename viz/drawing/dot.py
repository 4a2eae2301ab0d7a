"""A drawing in the DOT language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from viz.drawing.boxes import Arrow, Box, Drawing
from viz.drawing.compose import Composition, fitted
from viz.drawing.formats import Format
from viz.drawing.tables import box_table, caption
from viz.letters.labels import markup, quoted
from viz.rendering.picture import Picture, Still
from viz.rendering.shapes import Curve, Point
from viz.theme import FONT

if TYPE_CHECKING:
    from graphviz import Digraph

__all__ = ["finished", "pictured", "source"]

Kind = TypeVar("Kind", bound=Picture)


def pictured(drawing: Drawing, kind: type[Kind], fit: Format) -> Kind:
    """A drawing in its places, ready to be shown or saved, as a kind of :class:`viz.Picture`."""
    return finished(kind, fit, fitted(drawing, fit))


def finished(kind: type[Kind], fit: Format, whole: Composition) -> Kind:
    """The same of a drawing that has been laid out."""
    drawing = whole.drawing
    table = [drawing.header, *(box.words for box in drawing.boxes if box.words)]
    still = Still(whole.shapes, whole.size, fit.shown(whole.size))
    dot = partial(source, whole)  # written when it is asked for
    return kind(drawing.title, dot=dot, still=still, layout="nop2", table=table, theme=drawing.theme)


def source(whole: Composition) -> str:
    """The DOT text of a drawing, the same in every run.

    All has its place (``layout=nop2``) and its size, so that every Graphviz draws what our own SVG shows; without the
    attribute ``layout``, ``dot`` finds places of its own.
    """
    from graphviz import Digraph  # only who draws loads it

    drawing, (width, height) = whole.drawing, whole.size
    theme = drawing.theme
    graph = Digraph(
        graph_attr={
            "layout": "nop2", "bb": f"0,0,{width:.2f},{height:.2f}", "rankdir": drawing.direction,
            "bgcolor": theme.background, "fontname": FONT, "fontsize": "12", "fontcolor": theme.text, "pad": "0",
            "tooltip": " ", "label": caption(whole.foot), "labelloc": "b", "lp": _at(whole.foot_at, height),
        },
        node_attr={"shape": "plain", "fontname": FONT, "fontsize": "12", "fontcolor": theme.text},
        edge_attr={"fontname": FONT, "fontsize": "12", "arrowsize": "0.7", "fontcolor": theme.muted},
    )  # fmt: skip
    if drawing.heading:
        graph.node("heading", label=caption(whole.head), fontsize="14", pos=_at(whole.head_at, height))
    for corner in ((0.0, 0.0), whole.size):  # the whole is as large as it is, whatever stands in it
        graph.node(f"corner{corner[0]:.0f}", pos=_at(corner, height), shape="point", style="invis", width="0.01")
    _write_group(graph, _grouped(drawing.boxes), drawing, whole, "cluster")
    for i, arrow in enumerate(drawing.arrows):
        _write_arrow(graph, arrow, whole, i)
    return str(graph.source)


def _at(point: Point, height: float) -> str:
    """A place as Graphviz counts: y upwards."""
    return f"{point[0]:.2f},{height - point[1]:.2f}"


@dataclass(frozen=True)
class Group:
    """A frame around boxes and other frames."""

    path: tuple[str, ...] = ()
    parts: dict[str, Group] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)


def _grouped(boxes: Iterable[Box]) -> Group:
    """Boxes in their groups, in the order in which they come."""
    top = Group()
    for box in boxes:
        group = top
        for title in box.group:
            group = group.parts.setdefault(title, Group((*group.path, title)))
        group.boxes.append(box)
    return top


def _write_group(graph: Digraph, group: Group, drawing: Drawing, whole: Composition, name: str) -> None:
    """Boxes, then the frames inside this one: a layer, a neuron, no deeper."""
    from graphviz import Digraph

    theme, height = drawing.theme, whole.size[1]
    for box in group.boxes:
        place, sheet = whole.boxes[box.name]
        graph.node(box.name, label=f"<{box_table(box, sheet)}>", tooltip=quoted(box.tooltip), pos=_at(place, height))
    for i, part in enumerate(group.parts.values()):
        inner = Digraph(name=f"{name}_{i}")
        frame = next((frame for frame in whole.frames if frame.path == part.path), None)
        if frame is not None:
            inner.attr(
                label=f"<{markup(frame.title)}>", labeljust="l", style="rounded,filled", tooltip=" ",
                fillcolor=theme.group[min(len(part.path) - 1, 1)], color=theme.group_line, fontcolor=theme.muted,
                fontsize="12", bb=f"{_at((frame.left, frame.bottom), height)},{_at((frame.right, frame.top), height)}",
                lp=_at((frame.middle, frame.top + 9.0), height),
            )  # fmt: skip
        _write_group(inner, part, drawing, whole, f"{name}_{i}")
        graph.subgraph(inner)


def _write_arrow(graph: Digraph, arrow: Arrow, whole: Composition, i: int) -> None:
    tooltip, height = quoted(arrow.tooltip), whole.size[1]
    line = {"color": arrow.line, "penwidth": str(arrow.width), "tooltip": tooltip}
    if arrow.dashed:
        line["style"] = "dashed"
    curves, at = whole.arrows[i], _at(whole.labels[i], height)
    if arrow.on_line:
        graph.node(f"e{i}", label=f"< {arrow.label} >", tooltip=tooltip, pos=at)
        graph.edge(arrow.tail, f"e{i}", arrowhead="none", pos=_spline(curves[0], height), **line)
        graph.edge(f"e{i}", arrow.head, pos=_spline(curves[1], height), **line)
        return
    if arrow.plain:
        line["arrowhead"] = "none"
    label = {"label": f"<{arrow.label}>", "labeltooltip": tooltip, "lp": at} if arrow.label else {}
    graph.edge(arrow.tail, arrow.head, pos=_spline(curves[0], height), **line, **label)


def _spline(curve: Curve, height: float) -> str:
    """A curve as Graphviz writes it: controls and ends one after the other, the tip of the arrow before them all."""
    points = [curve.start]
    for segment in curve.segments:
        points += segment if len(segment) == 3 else [points[-1], segment[0], segment[0]]
    if not curve.tip:
        return " ".join(_at(point, height) for point in points)
    end, one, other = curve.corners
    points[-1] = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    return " ".join([f"e,{_at(end, height)}", *(_at(point, height) for point in points)])
