"""A drawing in its places: boxes and arrows laid out, formulas above, legend and notes below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from viz.drawing.boxes import Arrow, Box, Drawing
from viz.drawing.captions import above, below
from viz.drawing.frames import Framed, frames
from viz.drawing.sheets import Sheet, sheet
from viz.layout.items import Link, Node, broadest
from viz.layout.place import Placed, Point, placed
from viz.letters.runs import plain, runs, wide
from viz.rendering.shapes import Curve, Frame, Shape, Words
from viz.theme import LETTERS

__all__ = ["Composition", "composed", "too_broad"]

MARGIN = 10.0
PITCH = 16.0  # between arrows that come in with labels; without, they may be closer
CLOSE = 7.0
ABOVE = 8.5  # of a label over its arrow


@dataclass
class Composition:
    """A drawing's shapes and the size of the whole; and for the DOT text, where boxes, labels and arrows are."""

    size: tuple[float, float]
    shapes: list[Shape] = field(default_factory=list)
    boxes: dict[str, tuple[Point, Sheet]] = field(default_factory=dict)  # the middle of each
    frames: list[Framed] = field(default_factory=list)
    arrows: list[tuple[Curve, ...]] = field(default_factory=list)  # of each arrow its one part, or those beside a label
    labels: list[Point] = field(default_factory=list)  # of each arrow, the middle
    head: Point = (0.0, 0.0)  # the middle of what stands above
    foot: Point = (0.0, 0.0)


def composed(drawing: Drawing, room: tuple[float, float]) -> Composition:
    """Lay a drawing out in lines no longer than ``room`` is wide, as far as its boxes allow."""
    width = room[0] - 2 * MARGIN
    layout = _laid_out(drawing, width if drawing.direction in ("LR", "RL") else room[1])
    head = above(drawing, width)
    foot = below(drawing, max(min(width, 420.0), layout.size[0]))
    wide_ = max(layout.size[0], head.size[0], foot.size[0])
    top, bottom = _reach(drawing, layout)
    shift = (MARGIN + (wide_ - layout.size[0]) / 2, MARGIN + head.size[1] - top)
    whole = Composition((wide_ + 2 * MARGIN, 2 * MARGIN + head.size[1] + bottom - top + foot.size[1]))
    whole.head = (MARGIN + head.size[0] / 2, MARGIN + head.size[1] / 2)
    whole.foot = (whole.size[0] / 2, whole.size[1] - MARGIN - foot.size[1] / 2)
    whole.shapes += head.at(MARGIN, MARGIN)
    whole.shapes += _paint(drawing, layout, shift, whole)
    whole.shapes += foot.at(MARGIN + (wide_ - foot.size[0]) / 2, MARGIN + head.size[1] + bottom - top)
    return whole


@dataclass(frozen=True)
class _Layout:
    """Everything in the directions of the screen."""

    size: tuple[float, float]
    sheets: list[Sheet]
    places: list[Point]  # of boxes, then of labels that stand on their lines
    ways: list[tuple[Point, list[tuple[Point, ...]]]]
    labels: list[Point]
    lines: list[int]


def _laid_out(drawing: Drawing, limit: float) -> _Layout:
    nodes, links, sheets = _graph(drawing)
    return _on_screen(placed(nodes, links, limit, drawing.straight), drawing, sheets)


def too_broad(drawing: Drawing, room: tuple[float, float]) -> bool:
    """Whether one column alone has no room, which is known without laying all out."""
    nodes, links, _ = _graph(drawing)
    return broadest(nodes, links) > (room[0] if drawing.direction in ("TB", "BT") else room[1])


def _graph(drawing: Drawing) -> tuple[list[Node], list[Link], list[Sheet]]:
    """Boxes and labels as nodes by their sizes, along and across."""
    upright = drawing.direction in ("TB", "BT")
    pitch = _pitches(drawing, upright)
    sheets = [
        sheet(box, width=pitch[box.name]) if upright else sheet(box, height=pitch[box.name]) for box in drawing.boxes
    ]
    index = {box.name: i for i, box in enumerate(drawing.boxes)}
    nodes = [
        Node(*_turned(s.width, s.height, upright), group=box.group, fixed=box.leaf)
        for s, box in zip(sheets, drawing.boxes, strict=True)
    ]
    links: list[Link] = []
    for arrow in drawing.arrows:
        tail, head = index[arrow.tail], index[arrow.head]
        label = _label_size(arrow)
        if arrow.on_line:
            nodes.append(Node(*_turned(*label, upright)))
            links += [Link(tail, len(nodes) - 1), Link(len(nodes) - 1, head)]
            continue
        slots = drawing.boxes[head].slots
        extent = nodes[head].across
        port = 0.0 if arrow.slot is None or arrow.plain else ((arrow.slot + 0.5) / slots - 0.5) * extent
        room = (label[1], label[0]) if upright else label
        links.append(Link(tail, head, port, room if arrow.label else (0.0, 0.0), arrow.length))
    return nodes, links, sheets


def _on_screen(found: Placed, drawing: Drawing, sheets: list[Sheet]) -> _Layout:
    """Along and across turned into x and y."""
    long, broad = found.size

    def point(place: Point) -> Point:
        along, across = place
        if drawing.direction in ("RL", "BT"):
            along = long - along
        return (across, along) if drawing.direction in ("TB", "BT") else (along, across)

    ways = [(point(start), [tuple(map(point, segment)) for segment in way]) for start, way in found.links]
    size = (broad, long) if drawing.direction in ("TB", "BT") else (long, broad)
    return _Layout(size, sheets, list(map(point, found.nodes)), ways, list(map(point, found.labels)), found.lines)


def _reach(drawing: Drawing, layout: _Layout) -> tuple[float, float]:
    """Where boxes, arrows and the frames that there are begin and end, from top to bottom."""
    boxes = {box.name: (at, s) for box, at, s in zip(drawing.boxes, layout.places, layout.sheets, strict=False)}
    tops = [y - s.height / 2 for (_, y), s in boxes.values()]
    bottoms = [y + s.height / 2 for (_, y), s in boxes.values()]
    for frame in frames(drawing.boxes, boxes, layout.lines):
        tops.append(frame.top)
        bottoms.append(frame.bottom)
    ends = [y for start, way in layout.ways for _, y in (start, *(point for part in way for point in part))]
    labels = [y for _, y in layout.labels]
    air = ABOVE + LETTERS
    return min([*tops, *(y - 2.0 for y in ends), *(y - air for y in labels)]), max([*bottoms, *(y + 2.0 for y in ends)])


def _turned(width: float, height: float, upright: bool) -> tuple[float, float]:
    return (height, width) if upright else (width, height)


def _label_size(arrow: Arrow) -> tuple[float, float]:
    return (wide(runs(arrow.label), LETTERS) + 6.0, LETTERS + 4.0) if arrow.label else (0.0, 0.0)


def _pitches(drawing: Drawing, upright: bool) -> dict[str, float]:
    """How far across each box is at least, for the arrows that come into it side by side and their labels."""
    broadest: dict[str, float] = {}
    for arrow in drawing.arrows:
        if not arrow.on_line and arrow.label:
            broad = _label_size(arrow)[0] + 6.0 if upright else PITCH
            broadest[arrow.head] = max(broadest.get(arrow.head, 0.0), broad)
    return {box.name: box.slots * broadest.get(box.name, CLOSE) if box.slots > 1 else 0.0 for box in drawing.boxes}


def _paint(drawing: Drawing, layout: _Layout, shift: Point, whole: Composition) -> Iterator[Shape]:
    """Frames, arrows, boxes, labels: from bottom to top."""

    def moved(point: Point) -> Point:
        return point[0] + shift[0], point[1] + shift[1]

    for box, at, found in zip(drawing.boxes, layout.places, layout.sheets, strict=False):
        whole.boxes[box.name] = moved(at), found
    whole.frames = frames(drawing.boxes, whole.boxes, layout.lines)
    for framed in whole.frames:
        yield from framed.shapes(drawing.theme)
    ways = iter(zip(layout.ways, layout.labels, strict=True))
    on_line = iter(layout.places[len(drawing.boxes) :])
    labels: list[Shape] = []
    groups = {box.name: {box.group[: i + 1] for i in range(len(box.group))} for box in drawing.boxes}
    for arrow in drawing.arrows:
        parts = [next(ways) for _ in range(2 if arrow.on_line else 1)]
        curves = tuple(
            Curve(
                moved(start), tuple(tuple(map(moved, segment)) for segment in way), arrow.line, arrow.width,
                arrow.tooltip, arrow.dashed, tip=i == len(parts) - 1 and not (arrow.plain and not arrow.on_line),
            )
            for i, ((start, way), _) in enumerate(parts)
        )  # fmt: skip
        yield from curves
        whole.arrows.append(curves)
        whole.labels.append(_label_place(drawing, moved(next(on_line)) if arrow.on_line else moved(parts[0][1]), arrow))
        if arrow.label:
            line, inside = runs(arrow.label), groups[arrow.head] & {frame.path for frame in whole.frames}
            ground = drawing.theme.group[0] if inside else drawing.theme.background
            labels.append(
                Words(whole.labels[-1], plain(line), drawing.theme.muted, runs=line, tooltip=arrow.tooltip, halo=ground)
            )
    for box in drawing.boxes:
        yield from _box(box, *whole.boxes[box.name])
    yield from labels


def _label_place(drawing: Drawing, at: Point, arrow: Arrow) -> Point:
    """Over an arrow that runs level, right of one that runs upright."""
    if arrow.on_line:
        return at
    if drawing.direction in ("TB", "BT"):
        return at[0] + _label_size(arrow)[0] / 2 + 2.0, at[1]
    return at[0], at[1] - ABOVE


def _box(box: Box, centre: Point, found: Sheet) -> Iterator[Shape]:
    left, top = centre[0] - found.width / 2, centre[1] - found.height / 2
    if box.thick:
        yield Frame((left - 1.5, top - 1.5), (found.width + 3.0, found.height + 3.0), "none", box.line, 3.0)
    for part in found.cells:
        x, y = left + part.x, top + part.y
        yield Frame((x, y), (part.width, part.height), part.cell.fill, box.line, tooltip=box.tooltip, dashed=box.dashed)
        yield Words(
            (x + part.width / 2, y + part.height / 2), plain(part.line), part.cell.colour, runs=part.line,
            tooltip=box.tooltip,
        )  # fmt: skip
