"""Shapes as PNG and PDF, by matplotlib: it brings its letters along, so no machine's fonts are asked here either."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from viz.letters.runs import pieces
from viz.rendering.png import png
from viz.rendering.shapes import Curve, Disc, Frame, Line, Shape, Words
from viz.rendering.svg import DROP, HALO
from viz.theme import Theme

__all__ = ["Stroke", "available", "painted", "scale_of", "strokes"]

SHARP = 2.0  # pixels of PNG for one of the picture
MOST_PIXELS = 20e6  # of PNG; a larger picture has fewer to a pixel of its own
PIXELS_PER_INCH = 72.0
COMPRESSION = 3  # of PDF: two thirds of the time that the usual 6 takes, files a sixth larger
SIZE = 100.0  # in which matplotlib gives outlines


def available() -> bool:
    """Whether matplotlib is installed; nothing of it is loaded."""
    return find_spec("matplotlib") is not None


def scale_of(size: tuple[float, float], sharp: float = SHARP) -> float:
    """Pixels of PNG for one of the picture."""
    return min(sharp, math.sqrt(MOST_PIXELS / (size[0] * size[1])))


def painted(shapes: Iterable[Shape], size: tuple[float, float], theme: Theme, form: str, shown: float = 1.0) -> bytes:
    """Shapes as ``"png"`` or ``"pdf"``, ``shown`` times as large as their own size."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(size[0] / PIXELS_PER_INCH, size[1] / PIXELS_PER_INCH), dpi=PIXELS_PER_INCH, facecolor=theme.background
    )
    canvas: Any = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, size[0])
    axes.set_ylim(size[1], 0.0)
    axes.set_axis_off()
    axes.add_artist(_painting([stroke for shape in shapes for stroke in strokes(shape)], axes.transData))
    if form == "png":
        figure.dpi = PIXELS_PER_INCH * scale_of((size[0] * shown, size[1] * shown)) * shown
        canvas.draw()
        return png(np.asarray(canvas.buffer_rgba())[..., :3], figure.dpi)
    out = io.BytesIO()
    figure.set_size_inches(size[0] * shown / 96.0, size[1] * shown / 96.0)
    with rc_context({"pdf.compression": COMPRESSION}):
        figure.savefig(out, format=form, dpi=PIXELS_PER_INCH, metadata={"CreationDate": None})
    return out.getvalue()


class Stroke(NamedTuple):
    """A path, filled or drawn or both, in the picture's own pixels."""

    path: Any
    face: str = ""
    line: str = ""
    width: float = 1.0
    dashed: bool = False
    join: str = "miter"


def _painting(found: Sequence[Stroke], transform: Any) -> Any:
    """All strokes as one artist of matplotlib's: one for each would cost more than to paint it."""
    from matplotlib.artist import Artist
    from matplotlib.colors import to_rgba

    class Painting(Artist):
        def draw(self, renderer: Any) -> None:
            for stroke in found:
                pen = renderer.new_gc()
                pen.set_joinstyle(stroke.join)
                pen.set_linewidth(stroke.width if stroke.line else 0.0)
                if stroke.line:
                    pen.set_foreground(stroke.line)
                if stroke.dashed:
                    pen.set_dashes(0.0, [4.0 * stroke.width, 3.0 * stroke.width])
                renderer.draw_path(pen, stroke.path, transform, to_rgba(stroke.face) if stroke.face else None)
                pen.restore()

    return Painting()


def strokes(shape: Shape) -> Iterator[Stroke]:
    """What a shape is made of, from bottom to top."""
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


def _letters(words: Words) -> Iterator[Stroke]:
    """Text as outlines of DejaVu Sans, pressed together to the width that every other form gives it."""
    from matplotlib.path import Path

    left, base = words.centre[0] - words.width / 2, words.centre[1] + DROP * words.size
    letters = []
    for piece in pieces(words.parts, words.size):
        glyphs = [_glyph(letter, piece.run.bold, piece.run.italic) for letter in piece.run.text]
        starts = list(accumulate((glyph.advance for glyph in glyphs), initial=0.0))
        if starts[-1] <= 0.0:
            continue
        vertices = np.concatenate([np.add(g.vertices, (x, 0.0)) for g, x in zip(glyphs, starts, strict=False)])
        vertices *= (piece.width / starts[-1], -words.size / SIZE)
        placed = Path(np.add(vertices, (left + piece.start, base)), np.concatenate([glyph.codes for glyph in glyphs]))
        if words.halo:
            yield Stroke(placed, words.halo, words.halo, HALO, join="round")
        letters.append(Stroke(placed, piece.run.colour or words.colour))
    yield from letters  # over every halo


class _Glyph(NamedTuple):
    vertices: Any
    codes: Any
    advance: float


@cache
def _glyph(letter: str, bold: bool, italic: bool) -> _Glyph:
    """The outline of a letter, and how far it advances, in letters of ``SIZE``."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(
        family="DejaVu Sans", weight="bold" if bold else "normal", style="oblique" if italic else "normal", size=SIZE
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a character that DejaVu has not either is drawn as a box
        vertices, codes = text_to_path.get_text_path(font, letter)
        advance, _, _ = text_to_path.get_text_width_height_descent(letter, font, ismath=False)
    return _Glyph(np.reshape(vertices, (-1, 2)), np.asarray(codes, dtype=np.uint8), advance)
