"""The boxes and arrows of a drawing in their places on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viz.drawing.boxes import Arrow, Box, Drawing
from viz.drawing.sheets import Sheet, in_columns, sheet
from viz.layout.items import Link, Node, broadest, ranks
from viz.layout.place import Placed, Point, placed
from viz.layout.stacks import last_ones, stacked
from viz.letters.runs import runs, wide
from viz.theme import LETTERS

__all__ = ["Layout", "label_size", "laid_out", "stackable", "too_broad"]

PITCH = 16.0  # between arrows that come in with labels; without, they may be closer
CLOSE = 7.0
STRETCH = 2.0  # of a box that stands in a column with wider ones, at most


@dataclass(frozen=True)
class Layout:
    """Everything in the directions of the screen."""

    size: tuple[float, float]
    sheets: list[Sheet]
    places: list[Point]  # of boxes, then of labels that stand on their lines
    ways: list[tuple[Point, list[tuple[Point, ...]]]]
    labels: list[Point]
    lines: list[int]


def laid_out(drawing: Drawing, limit: float, stack: bool = False) -> Layout:
    """Lines are no longer than ``limit``, if no box is; with ``stack``, the last boxes stand below each other."""
    nodes, links, sheets = _graph(drawing)
    if not stack:
        return _on_screen(placed(nodes, links, limit, drawing.straight), drawing, sheets)
    last = last_ones(nodes, links)
    broadest = max(sheets[i].width for i in last)
    for i in last:
        sheets[i] = sheet(drawing.boxes[i], sheets[i].height, min(broadest, STRETCH * sheets[i].width))
        nodes[i] = replace(nodes[i], along=sheets[i].width)
    return _on_screen(stacked(nodes, links, limit, last), drawing, sheets)


def stackable(drawing: Drawing) -> bool:
    """Whether the last boxes can stand below each other."""
    upright = drawing.direction in ("TB", "BT")  # they already stand below each other
    if upright or drawing.straight or any(arrow.on_line for arrow in drawing.arrows):
        return False
    nodes, links, _ = _graph(drawing)
    return bool(last_ones(nodes, links))


def too_broad(drawing: Drawing, room: tuple[float, float]) -> bool:
    """Whether one column alone has no room, which is known without laying all out."""
    nodes, links, _ = _graph(drawing)
    return broadest(nodes, links) > (room[0] if drawing.direction in ("TB", "BT") else room[1])


def label_size(arrow: Arrow) -> tuple[float, float]:
    """How much room the label of an arrow takes; none where there is none."""
    return (wide(runs(arrow.label), LETTERS) + 6.0, LETTERS + 4.0) if arrow.label else (0.0, 0.0)


def _graph(drawing: Drawing) -> tuple[list[Node], list[Link], list[Sheet]]:
    """Boxes and labels as nodes by their sizes, along and across."""
    upright = drawing.direction in ("TB", "BT")
    pitch = _pitches(drawing, upright)
    sheets = [
        sheet(box, width=pitch[box.name]) if upright else sheet(box, height=pitch[box.name]) for box in drawing.boxes
    ]
    index = {box.name: i for i, box in enumerate(drawing.boxes)}
    nodes = [
        Node(*_turned(s.width, s.height, upright), group=box.group, fixed=box.leaf, free=box.free)
        for s, box in zip(sheets, drawing.boxes, strict=True)
    ]
    links: list[Link] = []
    for arrow in drawing.arrows:
        tail, head = index[arrow.tail], index[arrow.head]
        label = label_size(arrow)
        if arrow.on_line:
            nodes.append(Node(*_turned(*label, upright)))
            links += [Link(tail, len(nodes) - 1), Link(len(nodes) - 1, head)]
            continue
        slots = drawing.boxes[head].slots
        extent = nodes[head].across
        port = 0.0 if arrow.slot is None or arrow.plain else ((arrow.slot + 0.5) / slots - 0.5) * extent
        room = (label[1], label[0]) if upright else label
        links.append(Link(tail, head, port, room if arrow.label else (0.0, 0.0), arrow.length))
    if not upright:
        sheets = _in_columns(drawing, sheets, ranks(len(nodes), links))
        nodes[: len(sheets)] = [replace(node, along=s.width) for node, s in zip(nodes, sheets, strict=False)]
    return nodes, links, sheets


def _in_columns(drawing: Drawing, sheets: list[Sheet], rank: list[int]) -> list[Sheet]:
    """The same as wide as the widest box of their column, if that is not much; cells of boxes of one row aligned."""
    alike: dict[tuple[int, int], list[Box]] = {}
    for box, r in zip(drawing.boxes, rank, strict=False):
        if len(box.rows) == 1:
            alike.setdefault((r, len(box.rows[0])), []).append(box)
    columns = {key: in_columns(boxes) for key, boxes in alike.items()}
    given = [
        columns[r, len(box.rows[0])] if len(box.rows) == 1 else () for box, r in zip(drawing.boxes, rank, strict=False)
    ]
    sheets = [
        sheet(box, found.height, 0.0, wide) for box, found, wide in zip(drawing.boxes, sheets, given, strict=True)
    ]
    broadest: dict[int, float] = {}
    for found, r in zip(sheets, rank, strict=False):
        broadest[r] = max(broadest.get(r, 0.0), found.width)
    return [
        sheet(box, found.height, min(broadest[r], STRETCH * found.width), wide)
        for box, found, r, wide in zip(drawing.boxes, sheets, rank, given, strict=False)
    ]


def _on_screen(found: Placed, drawing: Drawing, sheets: list[Sheet]) -> Layout:
    """Along and across turned into x and y."""
    long, broad = found.size

    def point(place: Point) -> Point:
        along, across = place
        if drawing.direction in ("RL", "BT"):
            along = long - along
        return (across, along) if drawing.direction in ("TB", "BT") else (along, across)

    ways = [(point(start), [tuple(map(point, segment)) for segment in way]) for start, way in found.links]
    size = (broad, long) if drawing.direction in ("TB", "BT") else (long, broad)
    return Layout(size, sheets, list(map(point, found.nodes)), ways, list(map(point, found.labels)), found.lines)


def _turned(width: float, height: float, upright: bool) -> tuple[float, float]:
    return (height, width) if upright else (width, height)


def _pitches(drawing: Drawing, upright: bool) -> dict[str, float]:
    """How far across each box is at least, for the arrows that come into it side by side and their labels."""
    broadest: dict[str, float] = {}
    for arrow in drawing.arrows:
        if not arrow.on_line and arrow.label:
            broad = label_size(arrow)[0] + 6.0 if upright else PITCH
            broadest[arrow.head] = max(broadest.get(arrow.head, 0.0), broad)
    return {box.name: box.slots * broadest.get(box.name, CLOSE) if box.slots > 1 else 0.0 for box in drawing.boxes}
