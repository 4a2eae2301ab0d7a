"""The places where people put pictures: how large a picture may be there, and how small its text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from viz.theme import LETTERS

__all__ = ["FORMATS", "Format", "format_named"]

ENOUGH, LARGEST = 24.0, 40.0  # pixels of letters on a slide: what lines are broken for; those of three boxes


@dataclass(frozen=True)
class Format:
    """A place by its size and by the smallest text that can be read there, all in pixels.

    Where pictures scroll, ``height`` is how far one scrolls before the beginning is forgotten, and ``glance`` what is
    seen in two screens.
    """

    name: str
    width: float
    height: float
    smallest: float
    scrolls: bool = True
    glance: float = math.inf

    @property
    def room(self) -> tuple[float, float]:
        """The size of the largest picture, in its own pixels, whose letters can still be read there."""
        return self.width * LETTERS / self.smallest, self.height * LETTERS / self.smallest

    def holds(self, size: tuple[float, float], glance: bool = False) -> bool:
        """Whether a picture of this size can be read there, or taken in at a ``glance``."""
        high = size[1] * self.shown(size) / size[0]
        return size[0] <= self.room[0] + 0.5 and size[1] <= self.room[1] + 0.5 and (not glance or high <= self.glance)

    def wide(self, size: tuple[float, float], full: float = 1.0) -> bool:
        """Whether it is the width of a picture of this size that keeps its letters small, and height is left of it.

        One with a ``full`` share of the height is high enough.
        """
        return size[0] / self.width > max(size[1] / self.height / full, LETTERS / ENOUGH)

    def shown(self, size: tuple[float, float]) -> float:
        """How wide a picture of this size is shown: in its own size where pages scroll, else as large as is good."""
        if self.scrolls:
            return min(size[0], self.width)
        return size[0] * min(self.width / size[0], self.height / size[1], LARGEST / LETTERS)


FORMATS = {
    each.name: each
    for each in (
        Format("readme", 888.0, 1100.0, 10.0),
        Format("slide", 1600.0, 900.0, 14.0, scrolls=False),
        Format("phone", 390.0, 2000.0, 10.0, glance=1400.0),
        Format("poster", 3179.0, math.inf, LETTERS),  # the long side of A1 at 96 pixels an inch
    )
}


def format_named(name: str) -> Format:
    """The format of that name; a ValueError names the ones there are."""
    if name not in FORMATS:
        raise ValueError(f"fit is one of {', '.join(map(repr, FORMATS))}, got {name!r}; choose one of these")
    return FORMATS[name]
