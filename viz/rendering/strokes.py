"""Shapes as the paths they are painted with, letters as outlines: no machine's fonts are asked.

The outlines are those of DejaVu Sans, which matplotlib brings along; nothing else of it is needed here.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from viz.letters.runs import pieces
from viz.rendering.shapes import Curve, Disc, Frame, Line, Shape, Words
from viz.rendering.svg import DROP, HALO

__all__ = ["SIZE", "Glyph", "Letters", "Stroke", "glyph_of", "parts", "strokes"]

SIZE = 100.0  # in which matplotlib gives outlines


class Stroke(NamedTuple):
    """A path, filled or drawn or both, in the picture's own pixels."""

    path: Any
    face: str = ""
    line: str = ""
    width: float = 1.0
    dashed: bool = False
    join: str = "miter"


class Letters(NamedTuple):
    """Text of one kind by the scale of its outlines and the point on its baseline where it begins; or its halo."""

    text: str
    bold: bool
    italic: bool
    colour: str
    scale: tuple[float, float]
    start: tuple[float, float]
    halo: bool = False

    @property
    def stroke(self) -> Stroke:
        """The same as a path."""
        from matplotlib.path import Path

        vertices, codes = _outline(self.text, self.bold, self.italic)
        path = Path(vertices * self.scale + self.start, codes)
        return Stroke(path, "", self.colour, HALO, join="round") if self.halo else Stroke(path, self.colour)


@lru_cache(maxsize=1024)  # a halo has the outlines of its letters, and numbers come again
def _outline(text: str, bold: bool, italic: bool) -> tuple[Any, Any]:
    """Vertices and codes of letters one behind the other."""
    glyphs = [glyph_of(letter, bold, italic) for letter in text]
    starts = accumulate((glyph.advance for glyph in glyphs), initial=0.0)
    vertices = np.concatenate([np.add(g.vertices, (x, 0.0)) for g, x in zip(glyphs, starts, strict=False)])
    return vertices, np.concatenate([glyph.codes for glyph in glyphs])


def strokes(shape: Shape) -> Iterator[Stroke]:
    """What a shape is made of, from bottom to top."""
    return (part.stroke if isinstance(part, Letters) else part for part in parts(shape))


def parts(shape: Shape) -> Iterator[Stroke | Letters]:
    """The same, text as text."""
    from matplotlib.path import Path

    match shape:
        case Line():
            yield Stroke(Path([shape.start, shape.end]), "", shape.colour, shape.width, shape.dashed)
        case Curve():
            vertices, codes = [shape.start], [Path.MOVETO]
            for segment in shape.segments:
                vertices += segment
                codes += [Path.LINETO] if len(segment) == 1 else [Path.CURVE4] * 3
            if shape.tip:
                _, (x1, y1), (x2, y2) = shape.corners
                vertices[-1] = ((x1 + x2) / 2, (y1 + y2) / 2)
            yield Stroke(Path(vertices, codes), "", shape.colour, shape.width, shape.dashed)
            if shape.tip:
                yield Stroke(Path([*shape.corners, shape.corners[0]], closed=True), shape.colour)
        case Frame():
            yield Stroke(_box(shape.corner, shape.size, shape.round), shape.fill.replace("none", ""), shape.line,
                         shape.width, shape.dashed)  # fmt: skip
        case Disc():
            yield Stroke(Path.circle(shape.centre, shape.radius), shape.fill, shape.line, 1.0, shape.dashed)
        case Words(centre=(x, y)):
            w, h = shape.extent
            if shape.fill:
                yield Stroke(_box((x - w / 2, y - h / 2), (w, h), 3.0), shape.fill, shape.line, 1.0, shape.dashed)
            yield from _letters(shape)


def _box(corner: tuple[float, float], size: tuple[float, float], r: float) -> Any:
    """A rectangle with round corners."""
    from matplotlib.path import Path

    (x, y), (w, h) = corner, size
    right, bottom = x + w, y + h
    if not r:
        return Path([(x, y), (right, y), (right, bottom), (x, bottom), (x, y)], closed=True)
    points = [
        (x + r, y), (right - r, y), (right, y), (right, y + r), (right, bottom - r), (right, bottom),
        (right - r, bottom), (x + r, bottom), (x, bottom), (x, bottom - r), (x, y + r), (x, y), (x + r, y), (x + r, y),
    ]  # fmt: skip
    side = [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path(points, [Path.MOVETO, *side * 4, Path.CLOSEPOLY])


def _letters(words: Words) -> Iterator[Letters]:
    """Text, pressed together to the width that every other form gives it; every halo before every letter."""
    left, base = words.centre[0] - words.width / 2, words.centre[1] + DROP * words.size
    letters = []
    for piece in pieces(words.parts, words.size):
        run = piece.run
        advance = sum(glyph_of(letter, run.bold, run.italic).advance for letter in run.text)
        if advance <= 0.0:
            continue
        scale, start = (piece.width / advance, -words.size / SIZE), (left + piece.start, base)
        if words.halo:
            yield Letters(run.text, run.bold, run.italic, words.halo, scale, start, halo=True)
        letters.append(Letters(run.text, run.bold, run.italic, run.colour or words.colour, scale, start))
    yield from letters  # over every halo


class Glyph(NamedTuple):
    """The outline of a letter, and how far it advances, in letters of ``SIZE``."""

    vertices: Any
    codes: Any
    advance: float


@cache
def glyph_of(letter: str, bold: bool, italic: bool) -> Glyph:
    """That of DejaVu Sans."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(
        family="DejaVu Sans", weight="bold" if bold else "normal", style="oblique" if italic else "normal", size=SIZE
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a character that DejaVu has not either is drawn as a box
        vertices, codes = text_to_path.get_text_path(font, letter)
        advance, _, _ = text_to_path.get_text_width_height_descent(letter, font, ismath=False)
    return Glyph(np.reshape(vertices, (-1, 2)), np.asarray(codes, dtype=np.uint8), advance)
