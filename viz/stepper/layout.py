"""Where the boxes of a stepper page stand: in columns from the leaves to the root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.layout.items import Link, Node
from viz.layout.place import Point, Segment, placed

__all__ = [
    "BOX_HEIGHT",
    "BOX_WIDTH",
    "COLUMN_GAP",
    "ROW_HEIGHT",
    "TITLE_HEIGHT",
    "Edge",
    "Layout",
    "factor_port",
    "layered",
    "port",
]

BOX_WIDTH, BOX_HEIGHT = 138.0, 42.0
TITLE_HEIGHT = 19.0
ROW_HEIGHT = 17.0  # of a pair of factors
BETWEEN_FACTORS = 6.0
COLUMN_GAP = 60.0  # in which the local derivative stands
MARGIN = 14.0


@dataclass(frozen=True)
class Edge:
    """One use of an operand: which, by which result, and how far below the middle of its box it enters."""

    operand: int
    result: int
    port: float


@dataclass(frozen=True)
class Layout:
    """Centre of every box, start and segments of every edge, size of the whole (all in pixels)."""

    centres: list[Point]
    heights: list[float]
    ways: list[tuple[Point, tuple[Segment, ...]]]
    width: float
    height: float


def port(place: int, places: int) -> float:
    """Where an operand enters a box without rows."""
    return ((place + 0.5) / places - 0.5) * 0.7 * BOX_HEIGHT


def factor_port(row: int, rows: int, second: bool) -> float:
    """Where a factor of a pair enters a box that has rows: the two of them close together."""
    top = TITLE_HEIGHT - (BOX_HEIGHT + rows * ROW_HEIGHT) / 2
    return top + (row + 0.5) * ROW_HEIGHT + (BETWEEN_FACTORS / 2 if second else -BETWEEN_FACTORS / 2)


def layered(rows: Sequence[int], edges: Sequence[Edge]) -> Layout:
    """Place boxes of so many rows each; ``edges`` lists the operands of each result together, results after these."""
    heights = [BOX_HEIGHT + count * ROW_HEIGHT for count in rows]
    links = [Link(edge.operand, edge.result, edge.port) for edge in edges]
    found = placed([Node(BOX_WIDTH, height) for height in heights], links, gap=COLUMN_GAP)

    def moved(point: Point) -> Point:
        return point[0] + MARGIN, point[1] + MARGIN

    return Layout(
        centres=[moved(centre) for centre in found.nodes],
        heights=heights,
        ways=[(moved(start), tuple(tuple(map(moved, segment)) for segment in way)) for start, way in found.links],
        width=found.size[0] + 2 * MARGIN,
        height=found.size[1] + 2 * MARGIN,
    )
