"""Everything in its place: columns side by side, lines below each other, arrows through the gaps between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from viz.layout.bands import LANE, SPREAD, Columns, broken, cut, leaves
from viz.layout.items import ROW_GAP, Item, Link, Node, Route, rows
from viz.layout.order import untangle
from viz.layout.settle import centre, settle

__all__ = ["Placed", "Point", "Segment", "placed"]

Point = tuple[float, float]
Segment = tuple[Point, ...]  # a straight line to one point, or two controls of a curve and its end

GAP = 18.0  # between columns, without the labels of arrows
CLOSE, FAN, SPREADING = 9.0, 36.0, 3.0  # more where many arrows leave few nodes or enter few: at most, and an arrow
FAR = 130.0  # between columns of straight arrows, at most
TIP = 9.0  # of an arrow
FRAME = 13.0  # beside a group
ROUND = 6.0  # of corners


@dataclass(frozen=True)
class Placed:
    """Where all is: the middle of every node, the start and the segments of every link, its label's middle."""

    nodes: list[Point]
    links: list[tuple[Point, list[Segment]]]
    labels: list[Point]
    lines: list[int]  # in which line of the picture each node stands
    size: tuple[float, float]


def placed(
    nodes: Sequence[Node], links: Sequence[Link], limit: float = float("inf"), straight: bool = False, gap: float = GAP
) -> Placed:
    """Place nodes and links; a line of the picture is ``limit`` long at most, if no column is longer.

    Between two columns there is a ``gap``, and beside it room for the labels of arrows.

    With ``straight`` arrows, every column keeps the order in which its nodes are given: between layers of which all
    is connected with all, nothing can be untangled.
    """
    columns, routes = rows(nodes, links)
    framed = FRAME if any(node.group for node in nodes) else 0.0
    if straight:
        for column in columns:
            column.sort(key=lambda item: item.turn)
    else:
        untangle(columns)
    labels = _labels(columns, routes, links)
    widths = [max(item.along for item in column) for column in columns]
    heights = [sum(item.across + (ROW_GAP if item.node is not None else 0.0) for item in column) for column in columns]
    staying = [leaves(column) for column in columns[:-1]]
    leads = [max((item.along for item in found), default=0.0) for found in staying]
    tracks = [
        sum(bool(item.right) for item in column) - len(found) for column, found in zip(columns, staying, strict=False)
    ]
    fewest = 0
    for room in (CLOSE, FAN, FAN / 2, CLOSE):  # between columns, as much as takes no further line
        gaps = [
            _between(*pair, gap + label, room, straight)
            for pair, label in zip(pairwise(columns), labels[1:], strict=True)
        ]
        measured = Columns(widths, heights, gaps, tracks, leads)
        beginnings = broken(measured, limit - 2 * framed)
        if len(beginnings) == fewest:
            break
        fewest = fewest or len(beginnings)
    lines = cut(columns, routes, beginnings)
    band: dict[int, int] = {}
    bottom, right, ends = 0.0, 0.0, []
    for number, line in enumerate(lines):
        if straight:
            centre(line)
        else:
            settle(line)
        lanes = _lanes(line) if number else 0
        top = bottom + (SPREAD + LANE * lanes + SPREAD if number else 0.0)
        everything = [item for column in line for item in column]
        shift = top - min(item.y - item.across / 2 - _title(item) for item in everything)
        x = framed + LANE * lanes + (SPREAD if lanes else 0.0)
        first = beginnings[number] - (1 if number else 0)
        for k, column in enumerate(line, start=first):
            wide = leads[k] if number and k == first else widths[k]
            for item in column:
                item.y += shift
                slack = wide - item.along
                item.x = x + (slack if not item.left else 0.0)  # leaves stand close to what they go into
                band[id(item)] = number
                item.end = x + wide
                if item.node is None:
                    item.along = wide
            if k + 1 < first + len(line):
                x += wide + gaps[k]
        end = x + wide
        end += framed
        bottom = max(item.y + item.across / 2 for item in everything) + framed
        ends.append((bottom, end))
        right = max(right, end + (SPREAD + LANE * _lanes(lines[number + 1]) if number + 1 < len(lines) else 0.0))
    ways = [_way(route, link, lines, band, ends, straight) for route, link in zip(routes, links, strict=True)]
    by_node = {item.node: item for line in lines for column in line for item in column if item.node is not None}
    places = [by_node[i] for i in range(len(nodes))]
    return Placed(
        nodes=[(item.x + item.along / 2, item.y) for item in places],
        links=ways,
        labels=[(by_node[link.head].x - TIP - link.room[0] / 2, by_node[link.head].y + link.port) for link in links],
        lines=[band[id(item)] for item in places],
        size=(right, bottom),
    )


def _lanes(line: Sequence[Sequence[Item]]) -> int:
    """How many arrows come in from the line before."""
    return sum(item.node is None for item in line[0])


def _title(item: Item) -> float:
    """Room for the titles of the frames around an item at the top of its line."""
    return 24.0 * len(item.group)


def _labels(columns: Sequence[Sequence[Item]], routes: Sequence[Route], links: Sequence[Link]) -> list[float]:
    """The longest label that stands before each column."""
    column_of = {id(item): k for k, column in enumerate(columns) for item in column}
    longest = [0.0] * len(columns)
    for route, link in zip(routes, links, strict=True):
        k = column_of[id(route[-1])]
        longest[k] = max(longest[k], link.room[0])
    return longest


def _between(left: Sequence[Item], right: Sequence[Item], gap: float, fan: float, straight: bool) -> float:
    if straight:
        return min(FAR, GAP + 3.0 * min(len(left), len(right)) + 3.0 * max(len(left), len(right)))
    framed = {item.group[:1] for item in (*left, *right) if item.group}
    arrows = sum(len(item.right) for item in left) - min(len(left), len(right))
    return gap + min(fan, SPREADING * arrows) + (FRAME * len(framed) if len(framed) > 1 else 0.0)


def _way(
    route: Route, link: Link, lines: Sequence[Sequence[Sequence[Item]]], band: dict[int, int],
    ends: Sequence[tuple[float, float]], straight: bool,
) -> tuple[Point, list[Segment]]:  # fmt: skip
    """The segments of one arrow, level wherever it passes or meets an item."""
    x, y = route[0].x + route[0].along, route[0].y
    start, way = (x, y), []
    for here, there in pairwise(route):
        last = there is route[-1]
        if band[id(here)] != band[id(there)]:
            way += _around(there, lines[band[id(there)]], ends[band[id(here)]], (x, y))
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


def _around(there: Item, line: Sequence[Sequence[Item]], end: tuple[float, float], start: Point) -> list[Segment]:
    """From the end of one line to the beginning of the next; the uppermost arrow goes outermost, so none cross."""
    entries = [item for item in line[0] if item.node is None]
    turn = next(len(entries) - 1 - i for i, item in enumerate(entries) if item is there)
    bottom, right = end
    out, down, back = right + SPREAD + LANE * turn, bottom + SPREAD + LANE * turn, there.x - SPREAD - LANE * turn
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
