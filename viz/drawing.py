"""What a picture of a graph is made of: boxes in groups, and arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from viz.theme import LIGHT, Scale, Theme

__all__ = ["PORTS", "Arrow", "Box", "Cell", "Drawing"]

PORTS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}  # where arrows leave and enter


@dataclass(frozen=True)
class Cell:
    """One cell of a box: text in Graphviz's HTML-like markup, and its colours."""

    text: str
    fill: str
    colour: str
    span: int = 1


@dataclass(frozen=True)
class Box:
    """Rows of cells in a frame.

    ``group`` is the path of the groups it stands in, outermost first; the ``leaf`` boxes of a group keep their order.
    Arrows enter at one of several ``slots``, in their order. ``words`` is its row in the table that stands in for the
    picture.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    tooltip: str
    line: str
    thick: bool = False
    dashed: bool = False
    leaf: bool = False
    slots: int = 1
    group: tuple[str, ...] = ()
    words: Sequence[str] = ()


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


@dataclass
class Drawing:
    """Boxes and arrows, in the order in which they are to be read.

    Parameters
    ----------
    title : str
        What is shown.
    direction : str
        ``"LR"`` or ``"TB"``; where arrows point.
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
    ordering : str
        ``"in"`` keeps arrows into a box in their order, ``"out"`` those out of it.
    splines : str
        ``"line"`` for straight arrows instead of curves around the boxes.
    columns : sequence of sequences of str
        Boxes that stand in one column and in this order; they must not be in groups.
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
    ordering: str = ""
    splines: str = ""
    columns: Sequence[Sequence[str]] = ()
    spacing: tuple[float, float] = (0.18, 0.65)
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
