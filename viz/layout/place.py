"""Everything in its place: columns side by side, lines below each other, arrows through the gaps between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from viz.layout.bands import LANE, SPREAD, Columns, broken, leaves
from viz.layout.items import ROW_GAP, Item, Link, Node, Route, rows
from viz.layout.lanes import beside, cut, margins, spans_of_lines
from viz.layout.order import sorted_ports, untangle
from viz.layout.settle import centre, settle
from viz.layout.ways import TIP, Point, Segment, way_of

__all__ = ["Placed", "Point", "Segment", "placed"]

GAP = 18.0  # between columns, without the labels of arrows
CLOSE, FAN, SPREADING = 9.0, 36.0, 3.0  # more where many arrows leave few nodes or enter few: at most, and an arrow
FAR, NARROW = 130.0, 0.5  # between columns of straight arrows, at most, and the share of it that may be left
FANNING = 3.0  # for arrows to come together in one, for each
FRAME = 13.0  # beside a group


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
    columns, routes = rows(nodes, [replace(link, port=0.0) if nodes[link.head].free else link for link in links])
    framed = FRAME if any(node.group for node in nodes) else 0.0
    if straight:
        for column in columns:
            column.sort(key=lambda item: item.turn)
    else:
        untangle(columns)
    links = sorted_ports(nodes, links, routes)
    labels = _labels(columns, routes, links)
    widths = [max(item.along for item in column) for column in columns]
    heights = [sum(item.across + (ROW_GAP if item.node is not None else 0.0) for item in column) for column in columns]
    staying = [leaves(column) for column in columns[:-1]]
    leads = [max((item.along for item in found), default=0.0) for found in staying]
    fans = [_fan(column) if straight else 0.0 for column in columns[:-1]]
    spans = _spans(columns, routes, staying)
    tails = _tails(columns, spans, staying, straight)
    fewest = 0
    for room in (NARROW, 1.0, 0.7, NARROW) if straight else (CLOSE, FAN, FAN / 2, CLOSE):
        # Between columns as much as takes no further line.
        gaps = [
            _between(*pair, gap + label, room, straight)
            for pair, label in zip(pairwise(columns), labels[1:], strict=True)
        ]
        measured = Columns(widths, heights, gaps, tails, leads, fans)
        beginnings = _beginnings(measured, limit - 2 * framed, spans.values(), together=straight)
        if len(beginnings) == fewest:
            break
        fewest = fewest or len(beginnings)
    lines = cut(columns, routes, links, beginnings, together=straight)
    band: dict[int, int] = {}
    bottom, right = 0.0, 0.0
    ends: list[Point] = []
    for number, line in enumerate(lines.columns):
        if straight:
            centre(line)
        else:
            settle(line)
        around, near = lines.beside(number), len(lines.coming(number))
        top = bottom + (2 * SPREAD + LANE * lines.leaving(number - 1) if number else 0.0)
        everything = [item for column in line for item in column]
        shift = top - min(item.y - item.across / 2 - _title(item) for item in everything)
        x = framed + LANE * (around + near) + (SPREAD if around + near else 0.0)
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
        end = x + wide + framed
        bottom = max(item.y + item.across / 2 for item in everything) + framed
        if leaving := lines.leaving(number):
            end += fans[beginnings[number + 1] - 1]
            right = max(right, end + SPREAD + LANE * leaving)
        ends.append((end, bottom))
        right = max(right, end)
    ways = [way_of(route, link, lines, band, ends, framed, straight) for route, link in zip(routes, links, strict=True)]
    by_node = {item.node: item for line in lines.columns for column in line for item in column if item.node is not None}
    places = [by_node[i] for i in range(len(nodes))]
    return Placed(
        nodes=[(item.x + item.along / 2, item.y) for item in places],
        links=ways,
        labels=[(by_node[link.head].x - TIP - link.room[0] / 2, by_node[link.head].y + link.port) for link in links],
        lines=[band[id(item)] for item in places],
        size=(right, bottom),
    )


def _fan(column: Sequence[Item]) -> float:
    """How much room the arrows of a column take to come together in one."""
    return FANNING * len(column) if len(column) > 1 else 0.0


Spans = dict[int, tuple[int, int]]  # of each node from which arrows go: where these begin and where the last ends


def _spans(columns: Sequence[Sequence[Item]], routes: Sequence[Route], staying: Sequence[Sequence[Item]]) -> Spans:
    """By columns; what need not stand at the end of a line begins after it."""
    column_of = {id(item): k for k, column in enumerate(columns) for item in column if item.node is not None}
    column_of |= {id(item): k + 1 for k, found in enumerate(staying) for item in found}
    found: Spans = {}
    for route in routes:
        tail, end = route[0], column_of[id(route[-1])]
        found[tail.turn] = column_of[id(tail)], max(end, found.get(tail.turn, (0, 0))[1])
    return found


def _tails(
    columns: Sequence[Sequence[Item]], spans: Spans, staying: Sequence[Sequence[Item]], straight: bool
) -> list[list[int]]:
    """From which columns come arrows that would go around between each column and the next."""
    found: list[list[int]] = []
    for column, leaves_of_it in zip(columns, staying, strict=False):
        along = {id(item) for item in leaves_of_it}
        tails = [spans[item.turn][0] for item in column if item.right and id(item) not in along]
        found.append(sorted(set(tails) if straight else tails))
    return found


def _beginnings(columns: Columns, limit: float, spans: Iterable[tuple[int, int]], together: bool) -> list[int]:
    """The columns with which lines begin, none of which the margin makes longer than ``limit`` if it can be shorter."""
    spans, allowed = list(spans), limit
    while True:
        found = broken(columns, allowed)
        passing = spans_of_lines(((bisect_right(found, a) - 1, bisect_right(found, b) - 1) for a, b in spans), together)
        places = margins(passing)
        over = 0.0
        for line in range(1, len(found)):
            begin, end = found[line], (*found, len(columns.widths))[line + 1]
            beside_it = beside(line, passing, places) + columns.leaving(found[line - 1], begin)
            wide = columns.width(begin, end) + LANE * (beside_it - len(columns.tails[begin - 1]))
            over = max(over, wide - limit) if end - begin > 1 else over
        if over <= 0.0:
            return found
        allowed -= over


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
    """How far two columns are apart; ``fan`` is how much for many arrows at most, of straight ones a share."""
    if straight:
        return max(GAP, fan * min(FAR, GAP + 3.0 * (len(left) + len(right))))
    framed = {item.group[:1] for item in (*left, *right) if item.group}
    arrows = sum(len(item.right) for item in left) - min(len(left), len(right))
    return gap + min(fan, SPREADING * arrows) + (FRAME * len(framed) if len(framed) > 1 else 0.0)
