"""The regions of classes as a plot's background: tints of the winner by its lead, and lines where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.plots.classes import Array
from viz.plots.style import TINTS, Axes, AxesImage, Image, Line2D, contour_generator, steady

__all__ = ["draw_regions"]

LINE = "#333333"


def draw_regions(ax: Axes, scores: Array, extent: tuple[Array, Array]) -> None:
    """Scores have shape (rows, columns, classes); ``extent`` is the lower left and the upper right corner."""
    winner = scores.argmax(axis=2)
    leading = np.partition(scores, -2, axis=2)
    share = np.tanh((leading[..., -1:] - leading[..., -2:-1]) / 2.0)  # p - q, were these two the only classes
    depth = np.array([[int(tint[i : i + 2], 16) - 255.0 for i in (1, 3, 5)] for tint in TINTS])[winner]
    (left, bottom), (right, top) = extent
    shades = np.full((*winner.shape, 4), 255, dtype=np.uint8)  # opaque bytes are painted in half the time of numbers
    shades[..., :3] = np.rint(255.0 + depth * (0.25 + 0.75 * share))
    image = Shades(ax, extent=(left, right, bottom, top), origin="lower", interpolation="bilinear", zorder=0)
    image.set_data(shades)
    image.set_clip_path(ax.patch)
    ax.add_image(image)
    rows, columns = winner.shape
    for i in range(scores.shape[2] - (scores.shape[2] == 2)):  # two classes have one line between them
        ahead = scores[..., i] - np.delete(scores, i, axis=2).max(axis=2)
        if ahead.min() < 0.0 < ahead.max():
            x, y = np.linspace(left, right, columns), np.linspace(bottom, top, rows)
            found: Any = contour_generator(x, y, ahead).lines(0.0)  # in a quarter of the time that Axes.contour takes
            corner, size = np.array((left, bottom)), np.array((right - left, top - bottom))
            for line in found:  # as lines, which a legend keeps off
                along = corner + size * steady((line - corner) / size)
                ax.add_line(Line2D(*along.T, color=LINE, linewidth=1.4, zorder=1, label="_boundary"))


class Shades(AxesImage):
    """An opaque image that fills its axes, as it does until someone zooms: Pillow enlarges it in less time."""

    def make_image(self, renderer: Any, magnification: float = 1.0, unsampled: bool = False) -> Any:
        """Pixels, where they begin, and no transformation left."""
        axes: Any = self.axes
        left, right, bottom, top = self.get_extent()
        fills = tuple(axes.viewLim.extents) == (left, bottom, right, top)
        if unsampled or not fills or (axes.get_xscale(), axes.get_yscale()) != ("linear", "linear"):
            return super().make_image(renderer, magnification, unsampled)
        box = axes.bbox
        size = [int(np.ceil(length * magnification)) for length in (box.width, box.height)]
        shades: Any = self.get_array()
        opaque = Image.frombuffer("RGBX", shades.shape[1::-1], np.ascontiguousarray(shades))  # nothing to mix
        return np.array(opaque.resize(size, Image.Resampling.BILINEAR)), box.x0, box.y0, None
