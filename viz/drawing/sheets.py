"""How large a box is and where its cells lie, by the letters in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from viz.drawing.boxes import Box, Cell
from viz.letters.runs import Run, runs, wide
from viz.theme import LETTERS

__all__ = ["TILE", "Placement", "Sheet", "in_columns", "sheet"]

BESIDE, HEIGHT = 6.0, 20.0  # air beside the text of a cell, height of a row
NARROWEST = 30.0
TILE, AROUND = 9.0, 5.0  # side of a tile, air around all of a box


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
    matrix: tuple[float, float] = (0.0, 0.0)  # the upper left corner of the tiles
    head: float = 0.0  # how high the rows above the tiles are


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
    tiles = max(map(len, box.tiles), default=0) * TILE, len(box.tiles) * TILE
    below = tiles[1] + 2 * AROUND if box.tiles else 0.0
    broad = max([NARROWEST, width, tiles[0] + 2 * AROUND, *(sum(row) for row in natural)])
    high = max(HEIGHT, (height - below) / len(lines))
    cells = []
    for i, (texts, widths) in enumerate(zip(lines, natural, strict=True)):
        spare, x = (broad - sum(widths)) / len(texts), 0.0
        for (cell, line), w in zip(texts, widths, strict=True):
            cells.append(Placement(cell, x, i * high, w + spare, high, line))
            x += w + spare
    head = high * len(lines)
    return Sheet(broad, head + below, tuple(cells), ((broad - tiles[0]) / 2, head + AROUND), head)
