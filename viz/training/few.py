"""An image in few colours, as frames of a film are stored."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from viz.plots.style import Image

__all__ = ["in_few"]

COLOURS = 64  # of an image, twice
SAMPLE, SAMPLED = 6, 32  # of so many pixels in a row one is counted, of no fewer than so many
THIRD = 3  # of so many pixels one is counted where it is told how often colours are there
CELL = 4  # Pillow takes colours for one that differ by less


def in_few(image: Any) -> Any:
    """An image in colours of which some are near each of its own, and the others where it has most: in its shades.

    Colours apart alone would leave bands in shades, those of most pixels would change what is small.
    """
    few = image.getcolors(2 * COLOURS)
    own = _apart([colour for _, colour in sorted(few)]) if few else _own(image)
    found = image.quantize(palette=_palette(own // CELL * CELL), dither=Image.Dither.NONE)
    found.putpalette(own.ravel().tolist())
    return found


def _own(image: Any) -> Any:
    """Colours of the image, each the one that it has most often among those nearest to a mean.

    The page, a line and a mark keep their colour; by means they would change from one frame to the next.
    """
    met = _met(image)
    step = max(1, min(SAMPLE, math.isqrt(image.width * image.height) // SAMPLED))
    size = -(-image.width // step), -(-image.height // step)
    most = image.resize(size, Image.Resampling.NEAREST).quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    apart = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    means = [*apart.getpalette()[: 3 * COLOURS], *most.getpalette()[: 3 * COLOURS]]
    nearest = Image.fromarray(met).quantize(palette=_palette(means), dither=Image.Dither.NONE)
    last = np.full(256, -1)
    last[np.asarray(nearest)[0]] = np.arange(met.shape[1])  # the most frequent comes last
    return _apart(met[0, np.unique(last[last >= 0])].tolist())


def _met(image: Any) -> Any:
    """Its colours in a row, the most frequent last."""
    pixels = np.frombuffer(image.tobytes("raw", "RGBX"), dtype=np.uint32).reshape(image.height, -1)
    some = [pixels[shift::THIRD, shift::THIRD].ravel() for shift in range(THIRD)]  # of every row and every column
    met, counts = np.unique(np.concatenate(some), return_counts=True)
    return np.ascontiguousarray(met[np.argsort(counts, kind="stable")].view(np.uint8).reshape(1, -1, 4)[..., :3])


def _apart(colours: Iterable[Sequence[int]]) -> Any:
    """Those that Pillow does not take for another one; of two such the later."""
    return np.array(list({tuple(part // CELL for part in colour): colour for colour in colours}.values()))


def _palette(colours: Any) -> Any:
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.ravel(colours).tolist())
    return palette
