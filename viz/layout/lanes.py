"""How arrows go from one line to others: around its end to the next, down the margin to those after that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from viz.layout.bands import leaves
from viz.layout.items import TRACK, Item, Link, Route, connect

__all__ = ["Lane", "Lines", "beside", "cut", "margins", "spans_of_lines"]


@dataclass(eq=False)
class Lane:
    """What one node hands to later lines, or what all of a line do: one arrow that forks."""

    line: int  # which it leaves
    turn: int = 0  # of those that leave it, the uppermost first
    entries: dict[int, Item] = field(default_factory=dict)  # the place in which it comes in, by line

    @property
    def last(self) -> int:
        """The last line into which it goes."""
        return max(self.entries)


@dataclass(frozen=True)
class Lines:
    """Lines of columns. All but the first begin with a column of places in which arrows from before come in.

    There stand, too, the leaves that would have stood at the end of the line before.
    """

    columns: list[list[list[Item]]]
    lanes: list[Lane]  # by the line that they leave, and the last into which they go

    @cached_property
    def margins(self) -> dict[int, int | None]:
        """The place in the margin of each."""
        return dict(zip(map(id, self.lanes), margins(self._spans), strict=True))

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [(lane.line, lane.last) for lane in self.lanes]

    @cached_property
    def by_entry(self) -> dict[int, Lane]:
        """The lane of each place in which one comes in."""
        return {id(entry): lane for lane in self.lanes for entry in lane.entries.values()}

    @cached_property
    def _leaving(self) -> Counter[int]:
        return Counter(lane.line for lane in self.lanes)

    def leaving(self, line: int) -> int:
        """How many lanes leave a line."""
        return self._leaving[line]

    def coming(self, line: int) -> list[Lane]:
        """Those that come in from the line before, the uppermost first."""
        found = [lane for lane in self.lanes if lane.line == line - 1 and line in lane.entries]
        return sorted(found, key=lambda lane: lane.turn)

    def beside(self, line: int) -> int:
        """How many places of the margin it leaves free."""
        return beside(line, self._spans, self.margins.values())


def cut(
    columns: Sequence[Sequence[Item]], routes: Sequence[Route], links: Sequence[Link], beginnings: Sequence[int],
    together: bool,
) -> Lines:  # fmt: skip
    """The lines; routes no longer go through those that they pass. ``together``, what leaves a line is one arrow."""
    ends = list(pairwise([*beginnings, len(columns)]))
    line_of = {id(item): n for n, (begin, end) in enumerate(ends) for column in columns[begin:end] for item in column}
    for n, begin in enumerate(beginnings[1:], start=1):
        line_of |= {id(item): n for item in leaves(columns[begin - 1])}
    lanes: dict[int, Lane] = {}  # by the line that they leave, or by the turn of their node
    for route in routes:
        start, stop = line_of[id(route[0])], line_of[id(route[-1])]
        if start != stop:
            lane = lanes.setdefault(start if together else route[0].turn, Lane(start))
            entry = lane.entries.setdefault(stop, Item(0.0, TRACK, turn=route[0].turn))
            before, after = ([item for item in route if line_of[id(item)] == line] for line in (start, stop))
            route[:] = [*before, entry, *after]
    home = {route[0].turn: line_of[id(route[0])] for route in routes}
    lines = [[list(column) for column in columns[begin:end]] for begin, end in ends]
    for n, begin in enumerate(beginnings[1:], start=1):
        found = {id(item): lanes.get(home.get(item.turn, -1) if together else item.turn) for item in columns[begin - 1]}
        along = [item for item in columns[begin - 1] if line_of[id(item)] == n]
        coming: list[Item] = []
        met: dict[int, Lane] = {}
        for item in columns[begin - 1]:
            its = found[id(item)]
            if item in along:
                coming.append(item)
            elif its is not None and id(its) not in met:
                met[id(its)] = its
                coming += [its.entries[n]] if n in its.entries else []
        for turn, lane in enumerate(lane for lane in met.values() if lane.line == n - 1):
            lane.turn = turn
        lines[n - 1][-1] = [item for item in lines[n - 1][-1] if item not in along]
        lines[n].insert(0, coming)
    kept = _connected([item for column in columns for item in column], routes, links)
    for line in lines:
        for column in line:
            column[:] = [item for item in column if item.node is not None or id(item) in kept]
    return Lines(lines, sorted(lanes.values(), key=lambda lane: (lane.line, lane.last, lane.turn)))


def _connected(items: Iterable[Item], routes: Iterable[Route], links: Iterable[Link]) -> set[int]:
    """Everything on a route, connected along it and with nothing else."""
    for item in items:
        item.left, item.right = [], []
    kept: set[int] = set()
    for route, link in zip(routes, links, strict=True):
        for before, item in pairwise(route[:-1]):
            if id(item) not in kept:
                connect(before, item)
                kept.add(id(item))
        connect(route[-2], route[-1], link.port)
    return kept


def spans_of_lines(spans: Iterable[tuple[int, int]], together: bool) -> list[tuple[int, int]]:
    """What goes from one line into others, by both and the last of these, in order."""
    found = sorted((first, last) for first, last in spans if last > first)
    return sorted(dict(found).items()) if together else found  # of those of one line the last is the farthest


def margins(spans: Iterable[tuple[int, int]]) -> list[int | None]:
    """The place in the margin of what goes from one line into others, by both and the last of these.

    The outermost first, None for what passes no whole line; none has the place of another beside the same line.
    """
    found: list[int | None] = []
    taken: list[int] = []  # the last line beside which each place is taken
    for first, last in spans:
        place = next((i for i, line in enumerate(taken) if line <= first), len(taken)) if last > first + 1 else None
        if place is not None:
            taken[place : place + 1] = [last]
        found.append(place)
    return found


def beside(line: int, spans: Iterable[tuple[int, int]], places: Iterable[int | None]) -> int:
    """How many places of the margin a line leaves free, for what passes it or comes in from farther away."""
    return max((1 + place for (first, last), place in zip(spans, places, strict=True)
                if place is not None and first < line <= last), default=0)  # fmt: skip
