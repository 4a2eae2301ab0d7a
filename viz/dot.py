"""A drawing in the DOT language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from viz.drawing import PORTS, Arrow, Box, Drawing
from viz.labels import markup
from viz.rendering import Picture
from viz.tables import box_table, caption, heading
from viz.theme import FONT

if TYPE_CHECKING:
    from graphviz import Digraph

__all__ = ["pictured", "quoted", "source"]

Kind = TypeVar("Kind", bound=Picture)


def pictured(drawing: Drawing, kind: type[Kind]) -> Kind:
    """A drawing, ready to be shown or saved, as a kind of :class:`viz.Picture`."""
    table = [drawing.header, *(box.words for box in drawing.boxes if box.words)]
    return kind(drawing.title, dot=source(drawing), table=table, theme=drawing.theme)


def source(drawing: Drawing) -> str:
    """The DOT text of a drawing, the same in every run."""
    from graphviz import Digraph  # only who draws loads it

    theme = drawing.theme
    graph = Digraph(
        graph_attr={
            "rankdir": drawing.direction, "bgcolor": theme.background, "fontname": FONT, "fontsize": "12",
            "fontcolor": theme.text, "pad": "0.15", "nodesep": str(drawing.spacing[0]), "tooltip": " ",
            "ranksep": str(drawing.spacing[1]), "label": caption(drawing), "labelloc": "b",
        },
        node_attr={"shape": "plain", "fontname": FONT, "fontsize": "12", "fontcolor": theme.text},
        edge_attr={"fontname": FONT, "fontsize": "11", "arrowsize": "0.7", "fontcolor": theme.muted},
    )  # fmt: skip
    if drawing.ordering:
        graph.attr(ordering=drawing.ordering)
    if drawing.splines:
        graph.attr(splines=drawing.splines)
    body = graph
    if drawing.heading:  # a second label takes a frame of its own, here without a line
        above = {"label": heading(drawing.heading), "labelloc": "t", "fontsize": "14"}
        body = Digraph(name="cluster_heading", graph_attr={"peripheries": "0", "tooltip": " ", **above})
    _write_group(body, _grouped(drawing.boxes), drawing, "cluster", depth=0)
    for column in drawing.columns:
        _in_one_rank(body, column)
    for i, arrow in enumerate(drawing.arrows):
        _write_arrow(body, arrow, drawing, f"e{i}")
    if body is not graph:
        graph.subgraph(body)
    return str(graph.source)


def quoted(text: str) -> str:
    r"""A tooltip as DOT attribute, in which Graphviz reads no entities and no escapes; a blank one stops its own.

    Graphviz replaces escapes such as ``\N``, the name of the node, twice in a tooltip: so a backslash takes four.
    """
    from graphviz import nohtml

    escaped = text.replace("&", "&amp;").replace("\\", 4 * "\\").replace("\n", "\\n")
    return nohtml(escaped or " ")  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Group:
    """A frame around boxes and other frames."""

    title: str
    parts: dict[str, Group] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)


def _grouped(boxes: Iterable[Box]) -> Group:
    """Boxes in their groups, in the order in which they come."""
    top = Group("")
    for box in boxes:
        group = top
        for title in box.group:
            group = group.parts.setdefault(title, Group(title))
        group.boxes.append(box)
    return top


def _write_group(graph: Digraph, group: Group, drawing: Drawing, name: str, depth: int) -> None:
    """Boxes, then the frames inside this one: a layer, a neuron, no deeper."""
    from graphviz import Digraph

    theme = drawing.theme
    for box in group.boxes:
        graph.node(box.name, label=f"<{box_table(box, drawing.direction)}>", tooltip=quoted(box.tooltip))
    leaves = [box.name for box in group.boxes if box.leaf]
    if depth and len(leaves) > 1:
        # Inside a frame Graphviz (2.43 as well as 14.1) counts from below where ranks are columns.
        _in_one_rank(graph, leaves[::-1] if drawing.direction in ("LR", "RL") else leaves)
    for i, part in enumerate(group.parts.values()):
        inner = Digraph(
            name=f"{name}_{i}",
            graph_attr={
                "label": f"<{markup(part.title)}>", "labeljust": "l", "style": "rounded,filled", "tooltip": " ",
                "fillcolor": theme.group[min(depth, 1)], "color": theme.group_line,
                "fontcolor": theme.muted, "fontsize": "12", "margin": "9", "labelloc": "t",
            },
        )  # fmt: skip
        _write_group(inner, part, drawing, f"{name}_{i}", depth + 1)
        graph.subgraph(inner)


def _write_arrow(graph: Digraph, arrow: Arrow, drawing: Drawing, label_id: str) -> None:
    tooltip = quoted(arrow.tooltip)
    line = {"color": arrow.line, "penwidth": str(arrow.width), "tooltip": tooltip}
    if arrow.dashed:
        line["style"] = "dashed"
    if arrow.length > 1:
        line["minlen"] = str(arrow.length)
    leave, enter = PORTS[drawing.direction]
    if arrow.on_line:
        graph.node(label_id, label=f"< {arrow.label} >", tooltip=tooltip)
        graph.edge(f"{arrow.tail}:{leave}", f"{label_id}:{enter}", arrowhead="none", **line)
        graph.edge(f"{label_id}:{leave}", f"{arrow.head}:{enter}", **line)
        return
    tail, head = arrow.tail, arrow.head
    if arrow.plain:
        tail, head = f"{tail}:{leave}", f"{head}:{enter}"
        line["arrowhead"] = "none"
    elif arrow.slot is not None:
        head = f"{head}:s{arrow.slot}:{enter}"
    label = {"label": f"<{arrow.label}>", "labeltooltip": tooltip} if arrow.label else {}
    graph.edge(tail, head, **line, **label)


def _in_one_rank(graph: Digraph, names: Sequence[str]) -> None:
    """Boxes side by side, in this order."""
    with graph.subgraph(graph_attr={"rank": "same"}) as rank:
        for box, following in pairwise(names):
            rank.edge(box, following, style="invis")
