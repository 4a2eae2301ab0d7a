"""Lines, curves, frames, discs and words with places of their own: what every still picture is made of in the end.

Lengths are in pixels of the picture at its natural size, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

from viz.letters.runs import Run, plain, wide

__all__ = ["Curve", "Disc", "Frame", "Line", "Shape", "Words"]

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """From one point to another."""

    start: Point
    end: Point
    colour: str
    width: float
    tooltip: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Curve:
    """From a point over segments, each straight to one point or bent by two controls to a third; a tip at its end."""

    start: Point
    segments: tuple[tuple[Point, ...], ...]
    colour: str
    width: float
    tooltip: str = ""
    dashed: bool = False
    tip: bool = True

    @property
    def upright(self) -> bool:
        """Whether it runs more up or down than left or right where it ends."""
        (x, y), (end_x, end_y) = self._end
        return abs(end_y - y) > abs(end_x - x)

    @property
    def _end(self) -> list[Point]:
        return [self.start, *(point for segment in self.segments for point in segment)][-2:]

    @property
    def corners(self) -> tuple[Point, Point, Point]:
        """Of the tip: its point and the two behind it."""
        before, end = self._end
        dx, dy = end[0] - before[0], end[1] - before[1]
        far = (dx * dx + dy * dy) ** 0.5 or 1.0
        long, half = 6.0 + self.width, 2.4 + 0.6 * self.width
        back = (end[0] - dx / far * long, end[1] - dy / far * long)
        side = (-dy / far * half, dx / far * half)
        return end, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])


@dataclass(frozen=True)
class Frame:
    """A rectangle by its upper left corner and its size."""

    corner: Point
    size: tuple[float, float]
    fill: str
    line: str
    width: float = 1.0
    round: float = 0.0
    tooltip: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Disc:
    """A circle around a point."""

    centre: Point
    radius: float
    fill: str
    line: str
    tooltip: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Words:
    """One line of text around a point; with a fill, on a plate; with a halo, apart from what runs behind it.

    ``runs`` are its parts, where they differ.
    """

    centre: Point
    text: str
    colour: str
    size: float = 12.0
    bold: bool = False
    fill: str = ""
    line: str = ""
    tooltip: str = ""
    dashed: bool = False
    runs: tuple[Run, ...] = ()
    halo: str = ""

    @property
    def parts(self) -> tuple[Run, ...]:
        """The runs, of which plain text is one."""
        return self.runs or (Run(self.text, self.bold),)

    @property
    def whole(self) -> str:
        """All that is written."""
        return plain(self.parts)

    @property
    def width(self) -> float:
        """Of the letters alone."""
        return wide(self.parts, self.size)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the plate, with some air; the same whatever fonts there are."""
        return self.width + 6.0, self.height

    @property
    def height(self) -> float:
        """Of the plate."""
        return self.size + 4.0


Shape = Line | Curve | Frame | Disc | Words
