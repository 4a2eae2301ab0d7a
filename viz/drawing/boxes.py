"""What a picture of a graph is made of: boxes in groups, and arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from viz.theme import LIGHT, Scale, Theme

__all__ = ["DIRECTIONS", "Arrow", "Box", "Cell", "Drawing", "Tile", "flat", "side_by_side"]

DIRECTIONS = ("LR", "RL", "TB", "BT")  # where arrows point


@dataclass(frozen=True)
class Cell:
    """One cell of a box: text in Graphviz's HTML-like markup, and its colours."""

    text: str
    fill: str
    colour: str
    span: int = 1


@dataclass(frozen=True)
class Tile:
    """A small square without text; a dashed one is exactly zero."""

    fill: str
    tooltip: str
    dashed: bool = False


@dataclass(frozen=True)
class Box:
    """Rows of cells in a frame.

    ``group`` is the path of the groups it stands in, outermost first; the ``leaf`` boxes of a group keep their order.
    Arrows enter at one of several ``slots``, in their order or, if that says nothing, in any (``free``). ``words`` is
    its row in the table that stands in for the picture. Below the rows stands a matrix of ``tiles``, if there is one.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    tooltip: str
    line: str
    thick: bool = False
    dashed: bool = False
    leaf: bool = False
    slots: int = 1
    free: bool = False
    group: tuple[str, ...] = ()
    words: Sequence[str] = ()
    tiles: Sequence[Sequence[Tile]] = ()


@dataclass(frozen=True)
class Arrow:
    """From one box to another; ``label`` is markup and ``width`` is in points.

    A label ``on_line`` interrupts the arrow, so that it cannot be taken for another's; in the DOT text it is a node.
    ``length`` is the number of ranks it crosses at least. A ``plain`` one has no head and goes from the middle of a
    side to the middle of a side; any other enters at its ``slot``, where the box has several.
    """

    tail: str
    head: str
    line: str
    width: float
    label: str = ""
    tooltip: str = ""
    dashed: bool = False
    on_line: bool = False
    length: int = 1
    plain: bool = False
    slot: int | None = None


def side_by_side(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> tuple[list[Box], list[Arrow]]:
    """The same boxes with a slot for each arrow that comes in, whichever suits."""
    count: dict[str, int] = {}
    placed = []
    for arrow in arrows:
        placed.append(replace(arrow, slot=count.get(arrow.head, 0)))
        count[arrow.head] = count.get(arrow.head, 0) + 1
    return [replace(box, slots=max(1, count.get(box.name, 1)), free=True) for box in boxes], placed


@dataclass
class Drawing:
    """Boxes and arrows, in the order in which they are to be read.

    Parameters
    ----------
    title : str
        What is shown.
    direction : str
        One of ``DIRECTIONS``.
    scale : Scale, optional
        Of the derivatives shown, for the legend; none if none are shown.
    root : str
        What the derivatives are of.
    measure : str
        What the colour shows where it has no sign: ``"root-mean-square derivative of"``.
    notes : sequence of str
        Lines under the picture.
    heading : sequence of rows
        A table over it.
    header : sequence of str
        The first row of the table of words.
    straight : bool
        Arrows run straight, and boxes stand in the order in which they are given: for all with all of two layers.
    """

    title: str
    direction: str = "LR"
    theme: Theme = LIGHT
    scale: Scale | None = None
    root: str = ""
    measure: str = ""
    notes: Sequence[str] = ()
    header: Sequence[str] = ()
    heading: Sequence[Sequence[str]] = ()
    straight: bool = False
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


def flat(drawing: Drawing) -> Drawing:
    """The same with the two rows of a box beside each other, of leaves or else of neurons; half as high."""
    boxes = [
        replace(box, rows=[[replace(cell, span=1) for row in box.rows for cell in row]])
        if (box.leaf or drawing.straight) and box.slots <= 1 and len(box.rows) == 2
        else box
        for box in drawing.boxes
    ]
    return replace(drawing, boxes=boxes)
