"""Who stands above whom in a column, so that few arrows cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from viz.layout.items import ROW_GAP, Item, Link, Node, Route

__all__ = ["apart", "crossings", "sorted_ports", "untangle"]

SWEEPS = 8
TRACK_GAP, GROUP_GAP = 6.0, 27.0  # beside a passing arrow, between frames with their names
UNDER, OVER = 5.0, 21.0  # of a frame and its name, beside a passing arrow

Pull = Callable[[Item], list[float]]


def untangle(columns: Sequence[list[Item]]) -> None:
    """Sort every column, sweep by sweep, and keep the best of what was found, until nothing new is.

    Items of one group stay together, its fixed ones in order; arrows may pass between groups within another.
    """
    for column in columns:
        _arrange(column, {id(item): float(item.turn) for item in column})
    best, fewest = [list(column) for column in columns], crossings(columns)
    seen: list[list[list[int]]] = []
    for sweep in range(SWEEPS):
        backwards = sweep % 2 == 0  # from the root to the leaves first, for a graph of numbers is nearly a tree
        for column in reversed(columns) if backwards else columns:
            _sort(column, _rightwards if backwards else _leftwards)
        seen.append([[id(item) for item in column] for column in columns])
        if sweep > 1 and seen[-1] == seen[-3]:
            break  # a sweep depends on the order alone, so that what follows has been, too
        found = crossings(columns)
        if found < fewest:
            best, fewest = [list(column) for column in columns], found
    for column, order in zip(columns, best, strict=True):
        column[:] = order
        _stack(column)


def crossings(columns: Sequence[Sequence[Item]]) -> int:
    """How many pairs of arrows cross between neighbouring columns."""
    total = 0
    for column, following in pairwise(columns):
        place = {id(item): i for i, item in enumerate(following)}
        heads: list[tuple[int, float]] = []  # of the arrows above, sorted
        for item in column:
            ends = [(place[id(other)], port) for other, port in item.right]
            total += sum(len(heads) - bisect_right(heads, end) for end in ends)
            for end in ends:
                insort(heads, end)
    return total


def apart(above: Item, below: Item) -> float:
    """How far two neighbours of a column stand apart at least; frames of groups take room."""
    if above.node is None or below.node is None:
        return TRACK_GAP + (UNDER if above.group else 0.0) + (OVER if below.group else 0.0)
    return ROW_GAP if above.group == below.group else ROW_GAP + GROUP_GAP


def sorted_ports(nodes: Sequence[Node], links: Sequence[Link], routes: Sequence[Route]) -> list[Link]:
    """The links, those into a free node at its ports in the order in which they come from above and below."""
    found = list(links)
    into: dict[int, list[int]] = {}
    for i, link in enumerate(links):
        if nodes[link.head].free:
            into.setdefault(link.head, []).append(i)
    for same in into.values():
        ports = sorted(links[i].port for i in same)
        for i, port in zip(sorted(same, key=lambda i: routes[i][-2].y), ports, strict=True):
            found[i] = replace(links[i], port=port)
    return found


def _rightwards(item: Item) -> list[float]:
    return [other.y + port for other, port in item.right]


def _leftwards(item: Item) -> list[float]:
    return [other.y - port for other, port in item.left]


def _sort(column: list[Item], pull: Pull) -> None:
    wanted = {}
    for item in column:
        found = pull(item)
        wanted[id(item)] = sum(found) / len(found) if found else item.y
    _arrange(column, wanted)


def _arrange(column: list[Item], wanted: dict[int, float]) -> None:
    """Sorted by what each item wants, as far as groups and fixed items allow."""
    column[:] = _passing(column, _grouped([item for item in column if item.node is not None], wanted, depth=0), wanted)
    _restore(column)
    _stack(column)


def _passing(column: Sequence[Item], boxes: Sequence[Item], wanted: dict[int, float]) -> list[Item]:
    """The boxes of a column in their order, and between groups of them, innermost ones too, the arrows that pass."""
    parts: list[list[Item]] = []
    for item in boxes:
        if parts and item.group and parts[-1][-1].group == item.group:
            parts[-1].append(item)
        else:
            parts.append([item])
    middles = sorted(sum(wanted[id(item)] for item in part) / len(part) for part in parts)
    found: list[list[Item]] = [[] for _ in range(len(parts) + 1)]
    for item in sorted((item for item in column if item.node is None), key=lambda item: wanted[id(item)]):
        found[bisect_right(middles, wanted[id(item)])].append(item)
    return [item for arrows, part in zip(found, [*parts, []], strict=True) for item in (*arrows, *part)]


def _grouped(column: Sequence[Item], wanted: dict[int, float], depth: int) -> list[Item]:
    """Sorted by what each item wants, each group of this depth as a whole."""
    parts: dict[object, list[Item]] = {}
    for item in column:
        parts.setdefault(item.group[: depth + 1] if len(item.group) > depth else id(item), []).append(item)
    if len(parts) == len(column):
        return sorted(column, key=lambda item: wanted[id(item)])
    whole = sorted(parts.values(), key=lambda part: sum(wanted[id(item)] for item in part) / len(part))
    return [item for part in whole for item in (_grouped(part, wanted, depth + 1) if len(part) > 1 else part)]


def _restore(column: list[Item]) -> None:
    """The fixed items of each group back into the order in which they were given, in the places that they hold."""
    places: dict[tuple[str, ...], list[int]] = {}
    for i, item in enumerate(column):
        if item.fixed:
            places.setdefault(item.group, []).append(i)
    for found in places.values():
        for i, item in zip(found, sorted((column[i] for i in found), key=lambda item: item.turn), strict=True):
            column[i] = item


def _stack(column: Sequence[Item]) -> None:
    """One below the other, around zero."""
    y = 0.0
    for i, item in enumerate(column):
        y += (item.across / 2 + apart(column[i - 1], item) + column[i - 1].across / 2) if i else 0.0
        item.y = y
    for item in column:
        item.y -= y / 2
