"""Shapes as PNG and PDF, by matplotlib: it brings its letters along, so no machine's fonts are asked here either."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from typing import Any

from viz.letters.runs import pieces
from viz.rendering.shapes import Curve, Disc, Frame, Line, Shape, Words
from viz.rendering.svg import DROP, HALO
from viz.theme import Theme

__all__ = ["available", "painted", "scale_of"]

SHARP = 2.0  # pixels of PNG for one of the picture
MOST_PIXELS = 20e6  # of PNG; a larger picture has fewer to a pixel of its own
PIXELS_PER_INCH = 72.0


def available() -> bool:
    """Whether matplotlib is installed; nothing of it is loaded."""
    return find_spec("matplotlib") is not None


def scale_of(size: tuple[float, float], sharp: float = SHARP) -> float:
    """Pixels of PNG for one of the picture."""
    return min(sharp, math.sqrt(MOST_PIXELS / (size[0] * size[1])))


def painted(shapes: Iterable[Shape], size: tuple[float, float], theme: Theme, form: str, shown: float = 1.0) -> bytes:
    """Shapes as ``"png"`` or ``"pdf"``, ``shown`` times as large as their own size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(size[0] / PIXELS_PER_INCH, size[1] / PIXELS_PER_INCH), dpi=PIXELS_PER_INCH, facecolor=theme.background
    )
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, size[0])
    axes.set_ylim(size[1], 0.0)
    axes.set_axis_off()
    for i, artist in enumerate(artist for shape in shapes for artist in _artists(shape)):
        artist.set_zorder(i)
        axes.add_artist(artist)
    out = io.BytesIO()
    if form == "png":
        dpi = PIXELS_PER_INCH * scale_of((size[0] * shown, size[1] * shown)) * shown
        figure.savefig(out, format=form, dpi=dpi, metadata={"Software": None})
    else:
        figure.set_size_inches(size[0] * shown / 96.0, size[1] * shown / 96.0)
        figure.savefig(out, format=form, dpi=PIXELS_PER_INCH, metadata={"CreationDate": None})
    return out.getvalue()


def _artists(shape: Shape) -> Iterator[Any]:
    """What a shape is made of, from bottom to top."""
    from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle
    from matplotlib.path import Path

    style: dict[str, Any] = {"linestyle": (0.0, (4.0, 3.0)) if shape.dashed else "solid"}
    match shape:
        case Line():
            yield PathPatch(Path([shape.start, shape.end]), fill=False, ec=shape.colour, lw=shape.width, **style)
        case Curve():
            vertices, codes = [shape.start], [Path.MOVETO]
            for segment in shape.segments:
                vertices += segment
                codes += [Path.LINETO] if len(segment) == 1 else [Path.CURVE4] * 3
            if shape.tip:
                _, (x1, y1), (x2, y2) = shape.corners
                vertices[-1] = ((x1 + x2) / 2, (y1 + y2) / 2)
            yield PathPatch(Path(vertices, codes), fill=False, ec=shape.colour, lw=shape.width, **style)
            if shape.tip:
                yield Polygon(shape.corners, closed=True, fc=shape.colour, ec="none")
        case Frame(size=(w, h)):
            colours: dict[str, Any] = {"fc": _colour(shape.fill), "ec": _colour(shape.line), "lw": shape.width}
            if shape.round:
                box = f"round,pad=0,rounding_size={shape.round}"
                yield FancyBboxPatch(shape.corner, w, h, boxstyle=box, **colours, **style)
            else:
                yield Rectangle(shape.corner, w, h, **colours, **style)
        case Disc():
            yield Circle(shape.centre, shape.radius, fc=shape.fill, ec=shape.line, **style)
        case Words(centre=(x, y)):
            w, h = shape.extent
            if shape.fill:
                yield FancyBboxPatch(
                    (x - w / 2, y - h / 2), w, h, boxstyle="round,pad=0,rounding_size=3", fc=shape.fill,
                    ec=_colour(shape.line), **style,
                )  # fmt: skip
            yield from _letters(shape)


def _letters(words: Words) -> Iterator[Any]:
    """Text as outlines of DejaVu Sans, pressed together to the width that every other form gives it."""
    from matplotlib.patches import PathPatch
    from matplotlib.transforms import Affine2D

    left, base = words.centre[0] - words.width / 2, words.centre[1] + DROP * words.size
    letters = []
    for piece in pieces(words.parts, words.size):
        path, natural = _outline(piece.run.text, piece.run.bold, piece.run.italic)
        if natural <= 0.0:
            continue
        placed = path.transformed(
            Affine2D().scale(piece.width / natural, -words.size / 100.0).translate(left + piece.start, base)
        )
        if words.halo:
            yield PathPatch(placed, fc=words.halo, ec=words.halo, lw=HALO, joinstyle="round")
        letters.append(PathPatch(placed, fc=piece.run.colour or words.colour, ec="none"))
    yield from letters  # over every halo


@cache
def _outline(text: str, bold: bool, italic: bool) -> tuple[Any, float]:
    """The outline of text in letters of size 100, and how far it advances."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import text_to_path

    font = FontProperties(
        family="DejaVu Sans", weight="bold" if bold else "normal", style="oblique" if italic else "normal"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a character that DejaVu has not either is drawn as a box
        vertices, codes = text_to_path.get_text_path(font, text)
        natural, _, _ = text_to_path.get_text_width_height_descent(text, _sized(font), ismath=False)
    return Path(vertices, codes), natural


def _sized(font: Any) -> Any:
    font = font.copy()
    font.set_size(100.0)
    return font


def _colour(colour: str) -> str:
    return colour or "none"
