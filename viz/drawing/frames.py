"""Frames around the boxes of a layer and of a neuron, wherever nothing else would stand in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from viz.drawing.boxes import Box
from viz.drawing.sheets import Sheet
from viz.letters.font import width
from viz.rendering.shapes import Frame, Shape, Words
from viz.theme import LETTERS, Theme

__all__ = ["Framed", "frames"]

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
AIR, TITLE = (10.0, 5.0), 16.0  # around an outer and an inner one; above, for its name
CONTINUED = ", continued"  # what was begun in a line above


@dataclass(frozen=True)
class Framed:
    """The part of a group in one line of the picture."""

    path: tuple[str, ...]
    title: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Of its name."""
        return self.left + 6.0 + width(self.title, LETTERS) / 2

    def shapes(self, theme: Theme) -> Iterator[Shape]:
        """The frame and its name."""
        depth = len(self.path) - 1
        yield Frame(
            (self.left, self.top), (self.right - self.left, self.bottom - self.top), theme.group[min(depth, 1)],
            theme.group_line, 1.0, round=6.0,
        )  # fmt: skip
        yield Words((self.middle, self.top + 9.0), self.title, theme.muted)


def frames(
    boxes: Sequence[Box], places: Mapping[str, tuple[tuple[float, float], Sheet]], lines: Sequence[int]
) -> list[Framed]:
    """Outer frames first; none where one would be around other boxes too, and for neurons none if one has none."""
    rectangles = {name: _around(*place) for name, place in places.items()}
    groups: dict[tuple[tuple[str, ...], int], list[str]] = {}
    deepest = max((len(box.group) for box in boxes), default=0)
    for depth in range(deepest, 0, -1):
        for box, line in zip(boxes, lines, strict=False):
            if len(box.group) >= depth:
                groups.setdefault((box.group[:depth], line), []).append(box.name)
    found: list[Framed] = []
    lines_of: dict[int, int] = {}
    without: set[tuple[tuple[str, ...], int]] = set()
    for (path, line), inside in groups.items():
        inner = [frame for frame in found if frame.path[: len(path)] == path]
        parts = [rectangles[name] for name in inside]
        parts += [(f.left, f.top, f.right, f.bottom) for f in inner if _overlap(_hull(parts), f)]
        left, top, right, bottom = _hull(parts)
        air = AIR[min(len(path) - 1, 1)]
        title = path[-1] + (CONTINUED if any(other == path and before < line for other, before in groups) else "")
        frame = Framed(
            path,
            title,
            left - air,
            top - air - TITLE,
            max(right + air, left + width(title, LETTERS) + 6.0),
            bottom + air,
        )
        strangers = [rectangles[box.name] for box in boxes if box.name not in inside]
        if not any(_meet(frame, other) for other in strangers) and not any(
            _meet(frame, (f.left, f.top, f.right, f.bottom)) for f in found if f.path[: len(path)] != path
        ):
            found.append(frame)
            lines_of[id(frame)] = line
        elif len(path) > 1:
            without.add((path[:-1], line))
    kept = [frame for frame in found if (frame.path[:-1], lines_of[id(frame)]) not in without]
    return sorted(kept, key=lambda frame: len(frame.path))


def _around(centre: tuple[float, float], sheet: Sheet) -> Rectangle:
    x, y = centre
    return x - sheet.width / 2, y - sheet.height / 2, x + sheet.width / 2, y + sheet.height / 2


def _hull(parts: Sequence[Rectangle]) -> Rectangle:
    lefts, tops, rights, bottoms = zip(*parts, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _meet(frame: Framed, other: Rectangle) -> bool:
    return frame.left < other[2] and other[0] < frame.right and frame.top < other[3] and other[1] < frame.bottom


def _overlap(hull: Rectangle, frame: Framed) -> bool:
    return _meet(frame, hull)
