"""Where the boxes of a stepper page stand: columns from the leaves to the root, neat, without any engine.

Every operation stands one column to the right of its rightmost operand, every leaf right before its first use. An edge
that crosses columns gets a place of its own in each of them (a waypoint), so it never runs through a box. Within a
column operands keep the order in which they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from viz.layout.place import nearest

__all__ = ["BOX_HEIGHT", "BOX_WIDTH", "Edge", "Layout", "layered", "nearest"]

BOX_WIDTH, BOX_HEIGHT = 138.0, 42.0
COLUMN_GAP, ROW_GAP = 60.0, 14.0
WAYPOINT_HEIGHT = 4.0
MARGIN = 14.0
SWEEPS = 24  # positions settle to a tenth of a pixel on graphs of 500 nodes


@dataclass(frozen=True)
class Edge:
    """One use of an operand: which, by which result, in which of its places and of how many."""

    operand: int
    result: int
    place: int
    places: int

    @property
    def port(self) -> float:
        """Where the edge enters its result, in pixels down from the centre of the box."""
        return ((self.place + 0.5) / self.places - 0.5) * 0.7 * BOX_HEIGHT


@dataclass(frozen=True)
class Layout:
    """Centre of every box, an SVG path and the end point of every edge, size of the whole (all in pixels)."""

    centres: list[tuple[float, float]]
    paths: list[str]
    ends: list[tuple[float, float]]
    width: float
    height: float


@dataclass(eq=False)
class Item:
    """A box, or the waypoint of a long edge, in one column."""

    column: int
    height: float
    y: float = 0.0

    def __post_init__(self) -> None:
        self.left: list[tuple[Item, float, float]] = []  # neighbour, port here and port there, from the centre
        self.right: list[tuple[Item, float, float]] = []


def layered(count: int, edges: Sequence[Edge]) -> Layout:
    """Place ``count`` boxes; ``edges`` lists the operands of each result together, results after their operands."""
    columns_of = _columns(count, edges)
    boxes = [Item(column, BOX_HEIGHT) for column in columns_of]
    columns: list[list[Item]] = [[] for _ in range(max(columns_of) + 1)]
    for box in boxes:
        columns[box.column].append(box)
    routes: list[list[Item]] = []
    waypoints: dict[int, list[Item]] = {}
    for edge in edges:
        operand, result = boxes[edge.operand], boxes[edge.result]
        between = waypoints.setdefault(edge.operand, [])
        for column in range(operand.column + 1 + len(between), result.column):
            waypoint = Item(column, WAYPOINT_HEIGHT)
            _connect(between[-1] if between else operand, waypoint)
            between.append(waypoint)
            columns[column].append(waypoint)
        route = [operand, *between[: result.column - operand.column - 1], result]
        routes.append(route)
        _connect(route[-2], result, edge.port)
    for items in reversed(columns[:-1]):
        _sort(items)
    _settle(columns)
    everything = [item for items in columns for item in items]
    top = min(item.y - item.height / 2 for item in everything) - MARGIN
    for item in everything:
        item.y -= top
    ends = [(_left(boxes[edge.result].column), boxes[edge.result].y + edge.port) for edge in edges]
    return Layout(
        centres=[(_left(box.column) + BOX_WIDTH / 2, box.y) for box in boxes],
        paths=[_path(route, end) for route, end in zip(routes, ends, strict=True)],
        ends=ends,
        width=_left(len(columns) - 1) + BOX_WIDTH + MARGIN,
        height=max(item.y + item.height / 2 for item in everything) + MARGIN,
    )


def _columns(count: int, edges: Sequence[Edge]) -> list[int]:
    column = [0] * count
    for edge in edges:
        column[edge.result] = max(column[edge.result], column[edge.operand] + 1)
    first_use: dict[int, int] = {}
    for edge in edges:
        first_use[edge.operand] = min(first_use.get(edge.operand, column[edge.result]), column[edge.result])
    results = {edge.result for edge in edges}
    return [first_use[i] - 1 if i in first_use and i not in results else column[i] for i in range(count)]


def _connect(left: Item, right: Item, port: float = 0.0) -> None:
    left.right.append((right, 0.0, port))
    right.left.append((left, port, 0.0))


def _sort(column: list[Item]) -> None:
    """Order a column by the mean place of what its items lead to; the column to the right has its order already."""
    column.sort(key=lambda item: sum(other.y + port for other, _, port in item.right) / len(item.right))
    offsets = _offsets(column)
    for item, offset in zip(column, offsets, strict=True):
        item.y = offset - offsets[-1] / 2


def _offsets(column: Sequence[Item]) -> list[float]:
    """How far below the first item each one is at least."""
    gaps = [(a.height + b.height) / 2 + ROW_GAP for a, b in pairwise(column)]
    return list(accumulate(gaps, initial=0.0))


def _settle(columns: Sequence[Sequence[Item]]) -> None:
    """Move every item towards the mean of its neighbours, as far as its column's order and gaps allow."""
    forth = [*columns, *reversed(columns)]
    offsets = {id(column): _offsets(column) for column in columns}
    for _ in range(SWEEPS // 2):
        for column in forth:
            wanted = []
            for item in column:
                pulls = [other.y + there - here for other, here, there in (*item.left, *item.right)]
                wanted.append(sum(pulls) / len(pulls) if pulls else item.y)
            for item, y in zip(column, nearest(wanted, offsets[id(column)]), strict=True):
                item.y = y


def _left(column: int) -> float:
    return MARGIN + column * (BOX_WIDTH + COLUMN_GAP)


def _path(route: Sequence[Item], end: tuple[float, float]) -> str:
    """An SVG path from the right of the first item, straight through every waypoint, to ``end``."""
    x, y = _left(route[0].column) + BOX_WIDTH, route[0].y
    parts = [f"M{x:.1f} {y:.1f}"]
    stops = [(_left(item.column), item.y) for item in route[1:-1]]
    for left, height in [*stops, end]:
        middle = (x + left) / 2
        parts.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {height:.1f} {left:.1f} {height:.1f}")
        x, y = left, height
        if (left, height) != end:
            x += BOX_WIDTH
            parts.append(f"H{x:.1f}")
    return "".join(parts)
