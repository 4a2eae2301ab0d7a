"""What a picture of a graph is made of, boxes and arrows, and how that is written in the DOT language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from viz.labels import markup
from viz.rendering import Picture
from viz.theme import FONT, LIGHT, Scale, Theme, number

if TYPE_CHECKING:
    from graphviz import Digraph

__all__ = ["PORTS", "Arrow", "Box", "Cell", "Drawing", "quoted"]

PORTS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}  # where arrows leave and enter
Kind = TypeVar("Kind", bound=Picture)
STRIPES = (-1.0, -0.1, -0.01, 0.001, 0.01, 0.1, 1.0)  # of the legend, as shares of the largest derivative


@dataclass(frozen=True)
class Cell:
    """One cell of a box: text in Graphviz's HTML-like markup, and its colours."""

    text: str
    fill: str
    colour: str
    span: int = 1


@dataclass(frozen=True)
class Box:
    """Rows of cells in a frame.

    ``group`` is the path of the groups it stands in, outermost first; the ``leaf`` boxes of a group keep their order.
    Arrows enter at one of several ``slots``, in their order. ``words`` is its row in the table that stands in for the
    picture.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    tooltip: str
    line: str
    thick: bool = False
    dashed: bool = False
    leaf: bool = False
    slots: int = 1
    group: tuple[str, ...] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Arrow:
    """From one box to another; ``label`` is markup and ``width`` is in points.

    A label ``on_line`` interrupts the arrow, so that it cannot be taken for another's; in the DOT text it is a node.
    ``length`` is the number of ranks it crosses at least. A ``plain`` one has no head and goes from the middle of a
    side to the middle of a side; any other enters at its ``slot``, where the box has several.
    """

    tail: str
    head: str
    line: str
    width: float
    label: str = ""
    tooltip: str = ""
    dashed: bool = False
    on_line: bool = False
    length: int = 1
    plain: bool = False
    slot: int | None = None


@dataclass(frozen=True)
class Group:
    """A frame around boxes."""

    title: str
    parts: dict[str, Group] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)


@dataclass
class Drawing:
    """Boxes and arrows, in the order in which they are to be read.

    Parameters
    ----------
    title : str
        What is shown.
    direction : str
        ``"LR"`` or ``"TB"``; where arrows point.
    scale : Scale, optional
        Of the derivatives shown, for the legend; none if none are shown.
    root : str
        What the derivatives are of.
    measure : str
        What the colour shows where it has no sign: ``"root-mean-square derivative of"``.
    notes : sequence of str
        Lines under the picture.
    heading : sequence of rows
        A table over it.
    header : sequence of str
        The first row of the table of words.
    ordering : str
        ``"in"`` keeps arrows into a box in their order, ``"out"`` those out of it.
    splines : str
        ``"line"`` for straight arrows instead of curves around the boxes.
    columns : sequence of sequences of str
        Boxes that stand in one column and in this order; they must not be in groups.
    """

    title: str
    direction: str = "LR"
    theme: Theme = LIGHT
    scale: Scale | None = None
    root: str = ""
    measure: str = ""
    notes: Sequence[str] = ()
    header: Sequence[str] = ()
    heading: Sequence[Sequence[str]] = ()
    ordering: str = ""
    splines: str = ""
    columns: Sequence[Sequence[str]] = ()
    spacing: tuple[float, float] = (0.18, 0.65)
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    def picture(self, kind: type[Kind]) -> Kind:
        """The drawing, ready to be shown or saved."""
        table = [self.header, *(box.words for box in self.boxes if box.words)]
        return kind(self.title, dot=self.dot(), table=table, theme=self.theme)

    def dot(self) -> str:
        """The drawing in the DOT language."""
        from graphviz import Digraph  # only who draws loads it

        theme = self.theme
        graph = Digraph(
            graph_attr={
                "rankdir": self.direction, "bgcolor": theme.background, "fontname": FONT, "fontsize": "12",
                "fontcolor": theme.text, "pad": "0.15", "nodesep": str(self.spacing[0]), "tooltip": " ",
                "ranksep": str(self.spacing[1]), "label": self._caption(), "labelloc": "b",
            },
            node_attr={"shape": "plain", "fontname": FONT, "fontsize": "12", "fontcolor": theme.text},
            edge_attr={"fontname": FONT, "fontsize": "11", "arrowsize": "0.7", "fontcolor": theme.muted},
        )  # fmt: skip
        if self.ordering:
            graph.attr(ordering=self.ordering)
        if self.splines:
            graph.attr(splines=self.splines)
        body = graph
        if self.heading:
            body = Digraph(
                name="cluster_heading",
                graph_attr={
                    "peripheries": "0",
                    "label": self._heading(),
                    "labelloc": "t",
                    "fontsize": "14",
                    "tooltip": " ",
                },
            )
        self._write_group(body, _grouped(self.boxes), "cluster", depth=0)
        for column in self.columns:
            _in_one_rank(body, column)
        for i, arrow in enumerate(self.arrows):
            self._write_arrow(body, arrow, f"e{i}")
        if body is not graph:
            graph.subgraph(body)
        return str(graph.source)

    def _write_group(self, graph: Digraph, group: Group, name: str, depth: int) -> None:
        from graphviz import Digraph

        for box in group.boxes:
            graph.node(box.name, label=self._box(box), tooltip=quoted(box.tooltip))
        leaves = [box.name for box in group.boxes if box.leaf]
        if depth and len(leaves) > 1:
            # Inside a frame Graphviz (2.43 as well as 14.1) counts from below where ranks are columns.
            _in_one_rank(graph, leaves[::-1] if self.direction in ("LR", "RL") else leaves)
        for i, part in enumerate(group.parts.values()):
            inner = Digraph(
                name=f"{name}_{i}",
                graph_attr={
                    "label": f"<{markup(part.title)}>", "labeljust": "l", "style": "rounded,filled", "tooltip": " ",
                    "fillcolor": self.theme.group[min(depth, 1)], "color": self.theme.group_line,
                    "fontcolor": self.theme.muted, "fontsize": "12", "margin": "9", "labelloc": "t",
                },
            )  # fmt: skip
            self._write_group(inner, part, f"{name}_{i}", depth + 1)
            graph.subgraph(inner)

    def _write_arrow(self, graph: Digraph, arrow: Arrow, label_id: str) -> None:
        tooltip = quoted(arrow.tooltip)
        line = {"color": arrow.line, "penwidth": str(arrow.width), "tooltip": tooltip}
        if arrow.dashed:
            line["style"] = "dashed"
        if arrow.length > 1:
            line["minlen"] = str(arrow.length)
        leave, enter = PORTS[self.direction]
        if arrow.on_line:
            graph.node(label_id, label=f"< {arrow.label} >", shape="plain", tooltip=tooltip)
            graph.edge(f"{arrow.tail}:{leave}", f"{label_id}:{enter}", arrowhead="none", **line)
            graph.edge(f"{label_id}:{leave}", f"{arrow.head}:{enter}", **line)
        else:
            label = {"label": f"<{arrow.label}>", "labeltooltip": tooltip} if arrow.label else {}
            tail, head = arrow.tail, arrow.head
            if arrow.plain:
                tail, head = f"{tail}:{leave}", f"{head}:{enter}"
                line["arrowhead"] = "none"
            elif arrow.slot is not None:
                head = f"{head}:s{arrow.slot}:{enter}"
            graph.edge(tail, head, **line, **label)

    def _box(self, box: Box) -> str:
        style = ' style="dashed"' if box.dashed else ""
        lines = "".join(f"<tr>{''.join(_cell(cell, style) for cell in row)}</tr>" for row in box.rows)
        frame = 'border="3" cellborder="1"' if box.thick else 'border="0" cellborder="1"'
        table = f'<table {frame} cellspacing="0" cellpadding="4" color="{box.line}">{lines}</table>'
        return f"<{self._with_slots(table, box.slots)}>"

    def _with_slots(self, table: str, slots: int) -> str:
        """A box with places for arrows along the side where they come in: what Graphviz orders the operands by."""
        if slots < 2:
            return table
        upright = self.direction in ("LR", "RL")
        size = f"{min(9.0, 160.0 / slots):.0f}"
        cells = [f'<td port="s{i}" {"height" if upright else "width"}="{size}"></td>' for i in range(slots)]
        plain = '<table border="0" cellborder="0" cellspacing="0" cellpadding="0">'
        rows = "".join(f"<tr>{cell}</tr>" for cell in cells) if upright else f"<tr>{''.join(cells)}</tr>"
        parts = [f"<td>{plain}{rows}</table></td>", f"<td>{table}</td>"]
        if self.direction in ("RL", "BT"):
            parts.reverse()
        return f"{plain}<tr>{('' if upright else '</tr><tr>').join(parts)}</tr></table>"

    def _heading(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f'<td align="left">{markup(text)}</td>' for text in row) + "</tr>" for row in self.heading
        )
        return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="2">{rows}</table>>'

    def _caption(self) -> str:
        lines = [_row(f'<font color="{self.theme.muted}">{markup(note)}</font>') for note in self.notes]
        if self.scale is not None and self.scale.largest > 0.0:
            lines.insert(0, _row(self._legend(self.scale)))
        return f'<<table border="0" cellborder="0" cellpadding="2">{"".join(lines)}</table>>' if lines else ""

    def _legend(self, scale: Scale) -> str:
        """A bar of colours from the most lowering to the most raising derivative, and what grey and dashed mean."""
        theme, root, largest = self.theme, markup(self.root), number(scale.largest)
        if self.measure:
            fills = [theme.shade(share * scale.largest, scale) for share in STRIPES if share > 0.0]
            left, right = f"{self.measure} {root} {number(scale.largest / 1000.0)}", largest
        else:
            fills = [theme.fill(share * scale.largest, scale) for share in STRIPES]
            left, right = f"lowers {root} −{largest}", f"{largest} raises {root}"
        bar = "".join(f'<td width="16" bgcolor="{fill}"> </td>' for fill in fills)
        return (
            '<table border="0" cellborder="0" cellspacing="0" cellpadding="3"><tr>'
            f"<td>{left} </td>{bar}<td> {right}</td>"
            f'<td>    </td><td border="1" style="dashed" color="{theme.zero_line}" bgcolor="{theme.zero}">'
            f'<font color="{theme.zero_text}"> 0 </font></td><td> exactly zero</td>'
            f'<td>    </td><td><font color="{theme.muted}">log scale, three decades</font></td>'
            "</tr></table>"
        )


def _in_one_rank(graph: Digraph, names: Sequence[str]) -> None:
    """Boxes side by side, in this order."""
    with graph.subgraph(graph_attr={"rank": "same"}) as rank:
        for box, following in pairwise(names):
            rank.edge(box, following, style="invis")


def _grouped(boxes: Iterable[Box]) -> Group:
    """Boxes in their groups, in the order in which they come."""
    top = Group("")
    for box in boxes:
        group = top
        for title in box.group:
            group = group.parts.setdefault(title, Group(title))
        group.boxes.append(box)
    return top


def _cell(cell: Cell, style: str) -> str:
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f'<td{span} bgcolor="{cell.fill}"{style}><font color="{cell.colour}">{cell.text}</font></td>'


def _row(markup: str) -> str:
    return f"<tr><td>{markup}</td></tr>"


def quoted(text: str) -> str:
    r"""A tooltip as DOT attribute, in which Graphviz reads no entities and no escapes; a blank one stops its own.

    Graphviz replaces escapes such as ``\N``, the name of the node, twice in a tooltip: so a backslash takes four.
    """
    from graphviz import nohtml

    escaped = text.replace("&", "&amp;").replace("\\", 4 * "\\").replace("\n", "\\n")
    return nohtml(escaped or " ")  # type: ignore[no-any-return]
