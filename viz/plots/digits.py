"""Small pictures of digits, those of a seven-segment display among them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.checks import as_array, as_size
from viz.letters.font import width as wide
from viz.letters.labels import cut
from viz.plots.style import Axes, on_axes

__all__ = ["plot_digits"]

ACROSS = 0.62  # inches from one picture to the next
LETTERS = 10.0  # points

FAINT = 0.1  # the share of the grey scale below 0: what is off can still be seen

# Rows and columns of a 9 by 5 picture that each segment lights, in the usual order: a on top, then clockwise b to f,
# g in the middle.
SEGMENTS = (
    (slice(0, 1), slice(1, 4)),
    (slice(1, 4), slice(4, 5)),
    (slice(5, 8), slice(4, 5)),
    (slice(8, 9), slice(1, 4)),
    (slice(5, 8), slice(0, 1)),
    (slice(1, 4), slice(0, 1)),
    (slice(4, 5), slice(1, 4)),
)


def plot_digits(images: Any, ax: Axes | None = None, *, labels: Sequence[Any] | None = None, columns: int = 10) -> Axes:
    """Pictures side by side, dark where a number is large.

    Parameters
    ----------
    images : array_like
        Shape (pictures, rows, columns); or (pictures, pixels) for square ones; or (pictures, 7) for the segments a to
        g of a seven-segment display, between 0 (off) and 1 (on).
    ax : Axes, optional
        Where to draw; a new figure by default.
    labels : sequence, optional
        What to write above each picture; what is too long is cut.
    columns : int
        Pictures in a row, at least 1.

    Returns
    -------
    Axes
    """
    pictures = _pictures(as_array(images, "images of plot_digits"))
    count, height, width = pictures.shape
    if labels is not None and len(labels) != count:
        raise ValueError(f"plot_digits takes one label for each of {count} pictures, got {len(labels)}")
    columns = min(as_size(columns, "columns"), count)
    rows = math.ceil(count / columns)
    gap = max(1, round(0.35 * width))
    above = gap if labels is None else max(gap, round(0.5 * height))
    canvas = np.full((rows * (height + above), columns * (width + gap)), np.nan)  # nan stays white
    with on_axes(ax, grid=False, size=(ACROSS * columns, ACROSS * rows * (height + above) / (width + gap) + 0.1)) as ax:
        for i, picture in enumerate(pictures):
            top, left = i // columns * (height + above) + above, i % columns * (width + gap)
            canvas[top : top + height, left : left + width] = picture
            if labels is not None:
                text = _short(str(labels[i]))
                ax.text(left + width / 2 - 0.5, top - 0.22 * height - 0.5, text, ha="center", va="center")
        low, high = min(0.0, np.nanmin(pictures)), np.nanmax(pictures) or 1.0
        ax.imshow(canvas, cmap="Greys", vmin=low - FAINT * (high - low), vmax=high)
        ax.set_axis_off()
    return ax


def _short(label: str) -> str:
    """As much of a label as stands above its picture, in broad letters, and not above the next one."""
    shown = label
    while wide(shown, LETTERS) > 0.8 * 72.0 * ACROSS and len(shown) > 2:
        shown = cut(shown, len(shown) - 1)
    return shown


def _pictures(images: NDArray[np.float64]) -> NDArray[np.float64]:
    """Images of any of the accepted shapes as (pictures, rows, columns)."""
    if images.ndim == 3 and images.size:
        return images
    if images.ndim == 2 and images.size:
        count, pixels = images.shape
        side = math.isqrt(pixels)
        if pixels == len(SEGMENTS):
            pictures = np.full((count, 9, 5), np.nan)
            for lit, (down, across) in zip(images.T, SEGMENTS, strict=True):
                pictures[:, down, across] = lit[:, np.newaxis, np.newaxis]
            return pictures
        if side * side == pixels:
            return images.reshape(count, side, side)
    raise ValueError(
        "plot_digits takes images of shape (pictures, rows, columns), (pictures, pixels) for square ones, or "
        f"(pictures, 7) for segments, got shape {images.shape}"
    )
