"""How an arrow runs: through the gaps between columns, around the ends of lines, down the margin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from viz.layout.bands import LANE, SPREAD
from viz.layout.items import Item, Link, Route
from viz.layout.lanes import Lines

__all__ = ["TIP", "Point", "Segment", "way_of"]

Point = tuple[float, float]
Segment = tuple[Point, ...]  # a straight line to one point, or two controls of a curve and its end

TIP = 9.0  # of an arrow
ROUND = 6.0  # of corners


def way_of(
    route: Route, link: Link, lines: Lines, band: dict[int, int], ends: Sequence[Point], left: float, straight: bool
) -> tuple[Point, list[Segment]]:
    """The segments of one arrow, level wherever it passes or meets an item."""
    x, y = route[0].x + route[0].along, route[0].y
    start = (x, y)
    way: list[Segment] = []
    for here, there in pairwise(route):
        last = there is route[-1]
        if band[id(here)] != band[id(there)]:
            if straight:  # all that leave the line come together in one
                way.append(((here.end, y),))
                x, y = ends[band[id(here)]][0], _middle(lines.columns[band[id(here)]][-1])
                way.append(((x, y),))
            way += _around(there, lines, band[id(there)], ends, left, (x, y))
            x, y = there.x + there.along, there.y
            if there.along:
                way.append(((x, y),))
            continue
        to_x, to_y = there.x, there.y + (link.port if last else 0.0)
        bend = to_x - (TIP + link.room[0] if last else 0.0)
        if here.end > x:
            way.append(((here.end, y),))
            x = here.end
        if straight or abs(to_y - y) < 0.05:
            way.append(((bend, to_y),))
        else:
            middle = (x + bend) / 2
            way.append(((middle, y), (middle, to_y), (bend, to_y)))
        if bend < to_x:
            way.append(((to_x, to_y),))
        x, y = to_x, to_y
        if not last and there.along:
            x += there.along
            way.append(((x, y),))
    return start, way


def _around(there: Item, lines: Lines, line: int, ends: Sequence[Point], left: float, start: Point) -> list[Segment]:
    """From the end of one line to the beginning of another; what is uppermost goes outermost, so none cross there."""
    lane = lines.by_entry[id(there)]
    right, bottom = ends[lane.line]
    turn = lines.leaving(lane.line) - 1 - lane.turn
    out, down = right + SPREAD + LANE * turn, bottom + SPREAD + LANE * turn
    if line == lane.line + 1:
        back = there.x - SPREAD - LANE * lines.coming(line).index(lane)
    else:
        back = left + LANE * (1 + (lines.margins[id(lane)] or 0))
    return _rounded([start, (out, start[1]), (out, down), (back, down), (back, there.y), (there.x, there.y)])


def _rounded(points: Sequence[Point]) -> list[Segment]:
    """Level and upright lines through points, with round corners."""
    way: list[Segment] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        entry, leave = _towards(corner, before), _towards(corner, after)
        way += [(entry,), (corner, corner, leave)]
    return [*way, (points[-1],)]


def _towards(corner: Point, other: Point) -> Point:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    far = max(abs(dx), abs(dy)) or 1.0
    step = min(ROUND, far / 2)
    return corner[0] + dx / far * step, corner[1] + dy / far * step


def _middle(column: Sequence[Item]) -> float:
    return (column[0].y + column[-1].y) / 2
