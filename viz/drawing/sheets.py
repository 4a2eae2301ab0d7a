"""How large a box is and where its cells lie, by the letters in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from viz.drawing.boxes import Box, Cell
from viz.letters.runs import Run, runs, wide
from viz.theme import LETTERS

__all__ = ["Placement", "Sheet", "in_columns", "sheet"]

BESIDE, HEIGHT = 6.0, 20.0  # air beside the text of a cell, height of a row
NARROWEST = 30.0


@dataclass(frozen=True)
class Placement:
    """A cell by its upper left corner in the box, its size and what it says."""

    cell: Cell
    x: float
    y: float
    width: float
    height: float
    line: tuple[Run, ...]


@dataclass(frozen=True)
class Sheet:
    """A box by its size and its cells."""

    width: float
    height: float
    cells: tuple[Placement, ...]


def in_columns(boxes: Iterable[Box]) -> list[float]:
    """How wide the cells of boxes of one row are, for those of all to stand below each other."""
    rows = [[wide(runs(cell.text), LETTERS) + 2 * BESIDE for cell in box.rows[0]] for box in boxes]
    return [max(column) for column in zip(*rows, strict=True)]


def sheet(box: Box, height: float = 0.0, width: float = 0.0, columns: Sequence[float] = ()) -> Sheet:
    """Lay out the cells of a box that is at least so high and so wide; what is left over is shared.

    Those of a box of one row are at least as wide as ``columns``.
    """
    lines = [[(cell, runs(cell.text)) for cell in row] for row in box.rows]
    natural = [[wide(line, LETTERS) + 2 * BESIDE for _, line in row] for row in lines]
    natural[0] = [max(own, column) for own, column in zip_longest(natural[0], columns, fillvalue=0.0)]
    for count in {len(row) for row in natural}:  # rows of as many cells stand in columns
        alike = [row for row in natural if len(row) == count]
        widest = [max(column) for column in zip(*alike, strict=True)]
        for row in alike:
            row[:] = widest
    broad = max([NARROWEST, width, *(sum(row) for row in natural)])
    high = max(HEIGHT, height / len(lines))
    cells = []
    for i, (texts, widths) in enumerate(zip(lines, natural, strict=True)):
        spare, x = (broad - sum(widths)) / len(texts), 0.0
        for (cell, line), w in zip(texts, widths, strict=True):
            cells.append(Placement(cell, x, i * high, w + spare, high, line))
            x += w + spare
    return Sheet(broad, high * len(lines), tuple(cells))
