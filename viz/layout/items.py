"""Nodes in columns: each right of all it is made from, and arrows across several columns with a place in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["ROW_GAP", "Item", "Link", "Node", "Route", "broadest", "connect", "ranks", "rows"]

ROW_GAP = 12.0  # between nodes of a column
TRACK = 5.0  # how much room a passing arrow takes


@dataclass(frozen=True)
class Node:
    """A box by its size. The ``fixed`` ones of a group and column keep the order in which they are given.

    Into a ``free`` one arrows come in any order, so that few of them cross.
    """

    along: float
    across: float
    group: tuple[str, ...] = ()
    fixed: bool = False
    free: bool = False


@dataclass(frozen=True)
class Link:
    """An arrow from one node to another.

    ``port`` is how far across from the middle of its head it enters, ``room`` the size of the label before its head,
    and ``length`` the number of columns it goes at least.
    """

    tail: int
    head: int
    port: float = 0.0
    room: tuple[float, float] = (0.0, 0.0)
    length: int = 1


@dataclass(eq=False)
class Item:
    """A node, or the place of an arrow that passes by (``node`` None), in one column."""

    along: float
    across: float
    node: int | None = None
    group: tuple[str, ...] = ()
    fixed: bool = False
    turn: int = 0  # in the order in which all is given
    x: float = 0.0  # the side at which arrows come in
    y: float = 0.0  # the middle
    end: float = 0.0  # the far side of its column
    left: list[tuple[Item, float]] = field(default_factory=list)  # what leads here, and where it comes in
    right: list[tuple[Item, float]] = field(default_factory=list)  # what this leads to, and where it goes in there


Route = list[Item]  # from the tail of a link to its head


def ranks(count: int, links: Sequence[Link]) -> list[int]:
    """The column of each of ``count`` nodes: as far left as its operands allow.

    Right before its first use stands what takes no arrow along that way: a leaf, and what is made from leaves that are
    used nowhere else.
    """
    into: list[list[Link]] = [[] for _ in range(count)]
    out: list[list[Link]] = [[] for _ in range(count)]
    for link in links:
        into[link.head].append(link)
        out[link.tail].append(link)
    rank = [0] * count
    waiting = [len(found) for found in into]
    ready = [i for i in range(count) if not waiting[i]]
    for i in ready:  # grows while it is walked
        rank[i] = max((rank[link.tail] + link.length for link in into[i]), default=0)
        for link in out[i]:
            waiting[link.head] -= 1
            if not waiting[link.head]:
                ready.append(link.head)
    loose = [False] * count
    for i in ready:
        loose[i] = all(loose[link.tail] and {use.head for use in out[link.tail]} == {i} for link in into[i])
    for i in reversed(ready):
        if loose[i] and out[i]:
            rank[i] = min(rank[link.head] - link.length for link in out[i])
    first = min(rank, default=0)
    return [r - first for r in rank]


def broadest(nodes: Sequence[Node], links: Sequence[Link]) -> float:
    """How far across the fullest column goes at least."""
    across: dict[int, float] = {}
    for node, rank in zip(nodes, ranks(len(nodes), links), strict=True):
        across[rank] = across.get(rank, 0.0) + node.across + ROW_GAP
    return max(across.values(), default=0.0)


def rows(nodes: Sequence[Node], links: Sequence[Link]) -> tuple[list[list[Item]], list[Route]]:
    """The items of every column, in no good order yet, and the way of each link through them.

    Arrows from one node share their places until they part.
    """
    rank = ranks(len(nodes), links)
    items = [Item(node.along, node.across, i, node.group, node.fixed, turn=i) for i, node in enumerate(nodes)]
    columns: list[list[Item]] = [[] for _ in range(max(rank, default=0) + 1)]
    for item, r in zip(items, rank, strict=True):
        columns[r].append(item)
    passing: dict[int, list[Item]] = {}
    routes: list[Route] = []
    for link in links:
        tail, head = items[link.tail], items[link.head]
        between = passing.setdefault(link.tail, [])
        for r in range(rank[link.tail] + 1 + len(between), rank[link.head]):
            place = Item(0.0, TRACK, turn=tail.turn)
            connect(between[-1] if between else tail, place)
            between.append(place)
            columns[r].append(place)
        route = [tail, *between[: rank[link.head] - rank[link.tail] - 1], head]
        routes.append(route)
        connect(route[-2], head, link.port)
    return columns, routes


def connect(left: Item, right: Item, port: float = 0.0) -> None:
    """Note at both ends that an arrow runs between two items of neighbouring columns."""
    left.right.append((right, port))
    right.left.append((left, port))
