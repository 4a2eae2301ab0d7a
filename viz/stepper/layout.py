"""Where the boxes of a stepper page stand: in columns from the leaves to the root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.layout.items import Link, Node
from viz.layout.place import Point, Segment, placed

__all__ = ["BOX_HEIGHT", "BOX_WIDTH", "COLUMN_GAP", "Edge", "Layout", "layered"]

BOX_WIDTH, BOX_HEIGHT = 138.0, 42.0
COLUMN_GAP = 60.0  # in which the local derivative stands
MARGIN = 14.0


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
    """Centre of every box, start and segments of every edge, size of the whole (all in pixels)."""

    centres: list[Point]
    ways: list[tuple[Point, tuple[Segment, ...]]]
    width: float
    height: float


def layered(count: int, edges: Sequence[Edge]) -> Layout:
    """Place ``count`` boxes; ``edges`` lists the operands of each result together, results after their operands."""
    links = [Link(edge.operand, edge.result, edge.port) for edge in edges]
    found = placed([Node(BOX_WIDTH, BOX_HEIGHT)] * count, links, gap=COLUMN_GAP)

    def moved(point: Point) -> Point:
        return point[0] + MARGIN, point[1] + MARGIN

    return Layout(
        centres=[moved(centre) for centre in found.nodes],
        ways=[(moved(start), tuple(tuple(map(moved, segment)) for segment in way)) for start, way in found.links],
        width=found.size[0] + 2 * MARGIN,
        height=found.size[1] + 2 * MARGIN,
    )
