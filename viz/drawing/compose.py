"""A drawing in its places: boxes and arrows laid out, formulas above, legend and notes below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from viz.drawing.boxes import Arrow, Box, Drawing, flat
from viz.drawing.captions import Block, above, below
from viz.drawing.corners import free_corner
from viz.drawing.formats import Format
from viz.drawing.frames import Framed, frames
from viz.drawing.placing import Layout, label_size, laid_out, stackable
from viz.drawing.sheets import TILE, Sheet
from viz.layout.place import Point
from viz.letters.runs import plain, runs
from viz.rendering.shapes import Curve, Frame, Shape, Words
from viz.theme import LETTERS, Theme

__all__ = ["Composition", "fitted"]

MARGIN = 10.0
ABOVE = 8.5  # of a label over its arrow
GAP = 8.0  # over what stands below
NARROW = 560.0  # a legend need not be broken into shorter lines, where there is room
SHORTER = (0.85, 0.72, 0.6, 0.5)  # lines to be tried, as shares of the longest
FEW = 80  # boxes that are laid out in every way; more take long
FULL = 0.75  # of the height of a slide, with which a picture is left in one line
TOGETHER = "around the end of a line all arrows run as one"
CORNERS = (1.0, 0.7, 0.5, 0.4, 0.33, 0.27, 0.25, 0.23, 0.21, 0.19)  # of the width, for a legend in a corner


@dataclass
class Composition:
    """A drawing's shapes and the size of the whole; and for the DOT text, where boxes, labels and arrows are."""

    drawing: Drawing
    size: tuple[float, float]
    lines: int = 1
    shapes: list[Shape] = field(default_factory=list)
    boxes: dict[str, tuple[Point, Sheet]] = field(default_factory=dict)  # the middle of each
    frames: list[Framed] = field(default_factory=list)
    arrows: list[tuple[Curve, ...]] = field(default_factory=list)  # of each arrow its one part, or those beside a label
    labels: list[Point] = field(default_factory=list)  # of each arrow, the middle
    head: Block = field(default_factory=Block)  # what stands above
    head_at: Point = (0.0, 0.0)  # its middle
    foot: Block = field(default_factory=Block)  # the legend and the notes
    foot_at: Point = (0.0, 0.0)


def fitted(drawing: Drawing, fit: Format) -> Composition:
    """A drawing in lines that are as long as the place is wide; where it is seen whole, as long as letters are large.

    The legend stands in a free corner where there is one, else below. The last boxes stand below each other where that
    saves a line, or leaves less of the picture blank and letters not much smaller; and numbers beside names where that
    does.
    """
    found = [_fitted(drawing, fit, stack) for stack in ((False, True) if stackable(drawing) else (False,))]
    if len(drawing.boxes) <= FEW and drawing.direction in ("LR", "RL"):
        low = flat(drawing)
        found += [_fitted(low, fit, stack) for stack in ((False, True) if stackable(low) else (False,))]

    def gain(whole: Composition) -> tuple[bool, int, float]:
        readable = whole.size[0] <= fit.room[0] + 0.5
        return readable, -whole.lines if fit.scrolls else 0, _magnified(fit, whole) / (whole.size[0] * whole.size[1])

    return max(found, key=gain)


def _fitted(drawing: Drawing, fit: Format, stack: bool) -> Composition:
    whole = _composed(drawing, fit.room, stack)
    for share in () if fit.scrolls or drawing.straight else SHORTER:
        if not fit.wide(whole.size, FULL if whole.lines == 1 else 1.0):
            break  # shorter lines are more lines, for which there is no room
        other = _composed(drawing, (share * fit.room[0], share * fit.room[1]), stack)
        if _magnified(fit, other) > _magnified(fit, whole):
            whole = other
    return whole


def _magnified(fit: Format, whole: Composition) -> float:
    """How large letters are shown."""
    return fit.shown(whole.size) / whole.size[0]


def _composed(drawing: Drawing, room: tuple[float, float], stack: bool) -> Composition:
    """In lines no longer than ``room`` is wide, as far as the boxes allow."""
    width = room[0] - 2 * MARGIN
    layout = laid_out(drawing, width if drawing.direction in ("LR", "RL") else room[1], stack)
    if drawing.straight and max(layout.lines, default=0):
        drawing = replace(drawing, notes=[*drawing.notes, TOGETHER])
    head = above(drawing, width)
    whole = _together(drawing, layout, head, Block())
    inside = (MARGIN, MARGIN + head.size[1], whole.size[0] - MARGIN, whole.size[1] - MARGIN)
    broad = inside[2] - inside[0]
    found = free_corner(inside, whole.shapes, [below(drawing, broad * share, centred=False) for share in CORNERS])
    if found is None:
        return _together(drawing, layout, head, below(drawing, max(min(width, NARROW), layout.size[0])))
    whole.foot, (x, y) = found
    whole.foot_at = (x + whole.foot.size[0] / 2, y + whole.foot.size[1] / 2)
    whole.shapes += whole.foot.at(x, y)
    return whole


def _together(drawing: Drawing, layout: Layout, head: Block, foot: Block) -> Composition:
    """What stands above, the drawing, what stands below."""
    broad = max(layout.size[0], head.size[0], foot.size[0])
    top, bottom = _reach(drawing, layout)
    under = foot.size[1] + GAP if foot.rows else 0.0
    whole = Composition(
        drawing, (broad + 2 * MARGIN, 2 * MARGIN + head.size[1] + bottom - top + under), head=head, foot=foot
    )
    whole.lines = 1 + max(layout.lines, default=0)
    whole.head_at = (MARGIN + head.size[0] / 2, MARGIN + head.size[1] / 2)
    whole.foot_at = (whole.size[0] / 2, whole.size[1] - MARGIN - foot.size[1] / 2)
    whole.shapes += head.at(MARGIN, MARGIN)
    whole.shapes += _paint(drawing, layout, (MARGIN + (broad - layout.size[0]) / 2, MARGIN + head.size[1] - top), whole)
    whole.shapes += foot.at(MARGIN + (broad - foot.size[0]) / 2, whole.size[1] - MARGIN - foot.size[1])
    return whole


def _reach(drawing: Drawing, layout: Layout) -> tuple[float, float]:
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


def _paint(drawing: Drawing, layout: Layout, shift: Point, whole: Composition) -> Iterator[Shape]:
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
        at = moved(next(on_line)) if arrow.on_line else moved(parts[0][1])
        whole.labels.append(at if arrow.on_line else _label_place(at, arrow, curves[0].upright))
        if arrow.label:
            line, inside = runs(arrow.label), groups[arrow.head] & {frame.path for frame in whole.frames}
            ground = drawing.theme.group[0] if inside else drawing.theme.background
            labels.append(
                Words(whole.labels[-1], plain(line), drawing.theme.muted, runs=line, tooltip=arrow.tooltip, halo=ground)
            )
    for box in drawing.boxes:
        yield from _box(box, *whole.boxes[box.name])
        yield from _tiles(box, *whole.boxes[box.name], drawing.theme)
    yield from labels


def _label_place(at: Point, arrow: Arrow, upright: bool) -> Point:
    """Over an arrow that runs level where it ends, right of one that runs upright."""
    if upright:
        return at[0] + label_size(arrow)[0] / 2 + 2.0, at[1]
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


def _tiles(box: Box, centre: Point, found: Sheet, theme: Theme) -> Iterator[Shape]:
    """The matrix below the rows of a box, on a ground of its own."""
    if box.tiles:
        left, top = centre[0] - found.width / 2, centre[1] - found.height / 2
        yield Frame((left, top + found.head), (found.width, found.height - found.head), theme.cell, box.line)
    for i, row in enumerate(box.tiles):
        for j, tile in enumerate(row):
            corner = left + found.matrix[0] + j * TILE, top + found.matrix[1] + i * TILE
            line = theme.zero_line if tile.dashed else box.line
            yield Frame(corner, (TILE, TILE), tile.fill, line, 0.5, tooltip=tile.tooltip, dashed=tile.dashed)
