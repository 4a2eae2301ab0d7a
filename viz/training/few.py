"""An image in few colours, as frames of a film are stored."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from viz.plots.style import Image

__all__ = ["in_few"]

COLOURS = 64  # of an image, twice
SAMPLE, SAMPLED = 4, 32  # of so many pixels in a row one is counted, of no fewer than so many
CELL = 4  # Pillow takes colours for one that differ by less


def in_few(image: Any) -> Any:
    """An image in colours of which some are near each of its own, and the others where it has most: in its shades.

    Colours apart alone would leave bands in shades, those of most pixels would change what is small.
    """
    step = max(1, min(SAMPLE, math.isqrt(image.width * image.height) // SAMPLED))
    size = -(-image.width // step), -(-image.height // step)
    most = image.resize(size, Image.Resampling.NEAREST).quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    apart = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    own = _own(image, [*apart.getpalette()[: 3 * COLOURS], *most.getpalette()[: 3 * COLOURS]])
    found = image.quantize(palette=_palette(own // CELL * CELL), dither=Image.Dither.NONE)
    found.putpalette(own.ravel().tolist())
    return found


def _own(image: Any, means: list[int]) -> Any:
    """Colours of the image, each the one that it has most often among those nearest to a mean.

    The page, a line and a mark keep their colour; by means they would change from one frame to the next.
    """
    met = sorted(image.getcolors(image.width * image.height))
    row = np.array([[colour for _, colour in met]], dtype=np.uint8)
    nearest = np.asarray(Image.fromarray(row).quantize(palette=_palette(means), dither=Image.Dither.NONE))[0]
    last = {int(entry): i for i, entry in enumerate(nearest)}  # the most frequent comes last
    cells = {tuple(row[0, i] // CELL): row[0, i] for i in sorted(last.values())}
    return np.array(list(cells.values()))


def _palette(colours: Any) -> Any:
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.ravel(colours).tolist())
    return palette
