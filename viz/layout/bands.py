"""Columns broken into lines, as text is: where a line ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import add
from typing import NamedTuple

from viz.layout.items import Item

__all__ = ["LANE", "SPREAD", "Columns", "broken", "leaves"]

LANE = 7.0  # between arrows that run side by side around the end of a line
SPREAD = 12.0  # beside and between lines
STEPS = 24  # in which shorter lines are tried
TEDIOUS = 0.06  # how much larger a picture may be that has one arrow less around the end of a line


@dataclass(frozen=True)
class Columns:
    """What decides where a line ends, of every column.

    ``gaps``, ``tails`` and ``fans`` are between it and the next: what parts them; from which columns come arrows that
    would go around, sorted; and how much room these take to come together. ``leads`` is how broad those of it are that
    would go along to the next line.
    """

    widths: Sequence[float]
    heights: Sequence[float]
    gaps: Sequence[float]
    tails: Sequence[Sequence[int]]
    leads: Sequence[float]
    fans: Sequence[float]

    @cached_property
    def _starts(self) -> list[float]:
        """Where each column would stand in one line."""
        return list(accumulate(map(add, self.widths, self.gaps), initial=0.0))

    def inside(self, begin: int, end: int) -> float:
        """How long the columns from ``begin`` to before ``end`` are beside each other."""
        return self._starts[end - 1] + self.widths[end - 1] - self._starts[begin]

    def leaving(self, begin: int, end: int) -> int:
        """How many arrows leave a line of them for later ones."""
        if end == len(self.widths):
            return 0
        tails = self.tails[end - 1]
        return len(tails) - bisect_left(tails, begin)

    def width(self, begin: int, end: int) -> float:
        """Of a line of them: at its beginning, everything that comes from before runs beside it."""
        wide = self.inside(begin, end)
        if begin:
            wide += SPREAD + LANE * len(self.tails[begin - 1]) + self.leads[begin - 1] + self.gaps[begin - 1]
        return wide + (SPREAD + LANE * self.leaving(begin, end) + self.fans[end - 1] if end < len(self.widths) else 0.0)


def broken(columns: Columns, limit: float) -> list[int]:
    """The columns with which lines begin, the first included.

    As few lines as ``limit`` allows; of these the ones that leave the smallest picture, for all of it is looked at.
    """
    lines = _lines(columns, limit)
    if len(lines.beginnings) < 2:
        return lines.beginnings
    best = lines
    for step in range(1, STEPS):
        other = _lines(columns, limit * (1.0 - step / STEPS))
        if other.over > lines.over or len(other.beginnings) > len(lines.beginnings):
            break
        best = min(best, other, key=lambda found: found.cost)
    return best.beginnings


class _Lines(NamedTuple):
    over: int = 0  # lines of one column that is longer than allowed
    beginnings: list[int] = []  # noqa: RUF012 - never changed
    width: float = 0.0
    height: float = 0.0
    around: int = 0  # arrows that go from the end of a line to the next
    blank: float = 0.0  # area beside lines, in a picture that is as wide as allowed

    @property
    def cost(self) -> float:
        """The area of the picture; eyes find it hard to follow arrows around."""
        return self.width * self.height * (1.0 + TEDIOUS * self.around)


def _lines(columns: Columns, limit: float) -> _Lines:
    """The fewest lines, and of these the lowest: high columns beside each other, few arrows around ends."""
    best = [_Lines()]  # of the columns before
    for end in range(1, len(columns.widths) + 1):
        found: list[_Lines] = []
        height = 0.0
        for begin in range(end - 1, -1, -1):
            height, width = max(height, columns.heights[begin]), columns.width(begin, end)
            if columns.inside(begin, end) > limit and found:
                break
            if width > limit and end - begin > 1:
                continue
            before, around = best[begin], len(columns.tails[begin - 1]) if begin else 0
            lanes = columns.leaving(before.beginnings[-1], begin) if begin else 0
            found.append(
                _Lines(
                    before.over + (width > limit), [*before.beginnings, begin], max(before.width, width),
                    before.height + height + (2 * SPREAD + LANE * lanes if begin else 0.0), before.around + around,
                    before.blank + max(0.0, limit - width) * height if limit < float("inf") else 0.0,
                )
            )  # fmt: skip
        best.append(
            min(found, key=lambda lines: (lines.over, len(lines.beginnings), lines.height + LANE * lines.around,
                                          lines.blank))
        )  # fmt: skip
    return best[-1]


def leaves(column: Sequence[Item]) -> list[Item]:
    """Those of a column that need not stand at the end of a line; none where there is nothing else."""
    found = [item for item in column if item.node is not None and not item.left and item.right]
    return found if len(found) < len(column) else []
