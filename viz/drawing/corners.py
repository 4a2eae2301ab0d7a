"""A corner of a drawing in which nothing stands and through which no arrow runs: room for the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from viz.drawing.captions import Block
from viz.rendering.shapes import Curve, Frame, Point, Shape, Words

__all__ = ["Rectangle", "free_corner"]

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
AIR = 12.0  # around the block
FINE = 12.0  # how far an arrow may go both ways at once in what is looked at as a rectangle


def free_corner(area: Rectangle, shapes: Iterable[Shape], blocks: Sequence[Block]) -> tuple[Block, Point] | None:
    """A block that has room in a corner, low before high and right before left, and its upper left corner."""
    left, top, right, bottom = area
    taken = [rectangle for shape in shapes for rectangle in _rectangles(shape)]
    for low, far in ((True, True), (True, False), (False, True), (False, False)):
        for block in blocks:
            wide, high = block.size
            x, y = right - wide if far else left, bottom - high if low else top
            room = (x - AIR, y - AIR, x + wide + AIR, y + high + AIR)
            fits = wide <= right - left and high <= bottom - top
            if fits and not any(_meet(room, other) for other in taken):
                return block, (x, y)
    return None


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rectangles(shape: Shape) -> Iterator[Rectangle]:
    match shape:
        case Frame(corner=(x, y), size=(w, h)):
            yield x, y, x + w, y + h
        case Words(centre=(x, y), extent=(w, h)):
            yield x - w / 2, y - h / 2, x + w / 2, y + h / 2
        case Curve():
            start = shape.start
            for segment in shape.segments:
                end = segment[-1]
                steps = 1 + int(min(abs(end[0] - start[0]), abs(end[1] - start[1])) / FINE)
                ends = [_bent(start, segment, i / steps) for i in range(1, steps)] if steps > 1 else []
                for to_x, to_y in (*ends, end):
                    x, y = start
                    start = to_x, to_y
                    yield (
                        x if x < to_x else to_x, y if y < to_y else to_y,
                        x if x > to_x else to_x, y if y > to_y else to_y,
                    )  # fmt: skip


def _bent(start: Point, segment: tuple[Point, ...], t: float) -> Point:
    """The place on a segment after the share ``t``."""
    if len(segment) == 1:
        (end,) = segment
        return start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t
    shares = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    points = (start, *segment)
    return sum(s * p[0] for s, p in zip(shares, points, strict=True)), sum(
        s * p[1] for s, p in zip(shares, points, strict=True)
    )
