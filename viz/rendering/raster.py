"""Shapes as PNG, painted by matplotlib's own program for that (Agg), the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

import numpy as np

from viz.rendering.png import png
from viz.rendering.shapes import Shape
from viz.rendering.strokes import strokes
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


def painted(shapes: Iterable[Shape], size: tuple[float, float], theme: Theme, shown: float = 1.0) -> bytes:
    """Shapes as PNG, ``shown`` times as large as their own size.

    They go to the renderer without a figure around them, which takes longer to load and to make than to paint.
    """
    from matplotlib.backends import backend_agg
    from matplotlib.colors import to_rgb
    from matplotlib.transforms import Affine2D

    scale = scale_of((size[0] * shown, size[1] * shown)) * shown
    wide, high = (max(1, int(length * scale)) for length in size)
    agg: Any = backend_agg
    renderer = agg.RendererAgg(wide, high, PIXELS_PER_INCH * scale)
    pixels = np.asarray(renderer.buffer_rgba())
    ground = np.array([*(round(255 * part) for part in to_rgb(theme.background)), 255], dtype=np.uint8)
    pixels.view(np.uint32)[...] = ground.view(np.uint32)  # as one number, for bytes take five times as long
    upright = Affine2D().scale(scale, -scale).translate(0.0, high)  # Agg's y points upwards
    for stroke in (stroke for shape in shapes for stroke in strokes(shape)):
        pen = renderer.new_gc()
        pen.set_joinstyle(stroke.join)
        pen.set_linewidth(stroke.width if stroke.line else 0.0)
        if stroke.line:
            pen.set_foreground(stroke.line)
        if stroke.dashed:
            pen.set_dashes(0.0, [4.0 * stroke.width, 3.0 * stroke.width])
        renderer.draw_path(pen, stroke.path, upright, to_rgb(stroke.face) if stroke.face else None)
    return png(pixels[..., :3], PIXELS_PER_INCH * scale)
