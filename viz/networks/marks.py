"""What stands on the lines between two layers: their numbers, or where these have no room, which are below zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.rendering.shapes import Disc, Line, Words
from viz.theme import Scale, Theme, number

__all__ = ["below_zero", "numbered", "strongest"]

PLACES = (0.5, 0.3, 0.7, 0.4, 0.6, 0.22, 0.78)  # along a connection, where its number may stand
CORE = 17.0  # of a neuron, from its middle to the side of a square that fits into it
DOT = 52.0  # from the middle of a neuron to the dots before it: beyond its bias

MANY, FEW = 40, 24  # lines between two layers: more are a thicket, of which so many are drawn

Numbered = Sequence[tuple[Line, float]]


def strongest(rows: Sequence[tuple[int, int]]) -> Sequence[int]:
    """Which of many lines are drawn, by the rows that they connect, the weakest first.

    Of a thicket the strongest, and the strongest from and to every neuron.
    """
    if len(rows) <= MANY:
        return range(len(rows))
    starts, ends = ({row: i for i, row in enumerate(column)} for column in zip(*rows, strict=True))
    return sorted({*starts.values(), *ends.values(), *range(len(rows) - FEW, len(rows))})


def numbered(lines: Numbered, scale: Scale, theme: Theme, biases: Sequence[Words]) -> list[Words]:
    """A plate with its number on every line, if there is room for all without one touching another, a neuron or a bias.

    Each stands where as few other lines as possible run behind it: at a crossing it would be that of either.
    """
    found: list[Words] = []
    neurons = np.array(sorted({end for line, _ in lines for end in (line.start, line.end)}))
    runs = np.array([(*line.start, *line.end) for line, _ in lines])
    taken = np.array([(*words.centre, *words.extent) for words in biases] + [(np.inf, np.inf, 0.0, 0.0)] * len(lines))
    starts = sorted({line.start[1] for line, _ in lines})
    for line, x in sorted(lines, key=lambda pair: (pair[0].start[1], pair[0].end[1])):
        preferred = (starts.index(line.start[1]) + 1) / (len(starts) + 1)
        plates = [_plate(line, x, share, scale, theme) for share in (0.2 + 0.6 * preferred, *PLACES)]
        clear = [plate for plate in plates if not _covers(plate, neurons)]
        free = [plate for plate in clear if not _touches(plate, taken)]
        if not free:
            return []
        best = min(free, key=lambda plate: _behind(plate, runs))
        taken[len(biases) + len(found)] = *best.centre, *best.extent
        found.append(best)
    return found


def below_zero(lines: Numbered) -> list[Disc]:
    """Dots before the neurons that lines below zero lead to: in grey print, too, one sees the sign."""
    found = []
    for line, x in lines:
        (x1, y1), (x2, y2) = line.start, line.end
        share = DOT / math.hypot(x2 - x1, y2 - y1)
        if x < 0.0:
            centre = (x2 - share * (x2 - x1), y2 - share * (y2 - y1))
            found.append(Disc(centre, 2.0 + line.width / 2, line.colour, line.colour, line.tooltip))
    return found


def _plate(line: Line, x: float, share: float, scale: Scale, theme: Theme) -> Words:
    (x1, y1), (x2, y2) = line.start, line.end
    return Words(
        (x1 + share * (x2 - x1), y1 + share * (y2 - y1)), number(x), theme.fill_text(x), size=12.0,
        fill=theme.fill(x, scale), line=theme.stroke(x), tooltip=line.tooltip, dashed=x == 0.0,
    )  # fmt: skip


def _behind(plate: Words, runs: Any) -> int:
    """How many of the lines run behind the middle of a plate; its own does, too, wherever it stands."""
    (x, y), (x1, y1, x2, y2) = plate.centre, runs.T
    return int(np.count_nonzero(np.abs(y1 + (x - x1) / (x2 - x1) * (y2 - y1) - y) < plate.height))


def _covers(plate: Words, neurons: Any) -> bool:
    """Whether a plate stands on a neuron, and not just beside the round of it."""
    (x, y), (wide, high) = plate.centre, plate.extent
    return bool(np.any((np.abs(y - neurons[:, 1]) < high / 2 + CORE) & (np.abs(x - neurons[:, 0]) < wide / 2 + CORE)))


def _touches(plate: Words, taken: Any) -> bool:
    """Whether a plate meets one of others, by their middles and sizes."""
    (x, y), (wide, high) = plate.centre, plate.extent
    near = np.abs(x - taken[:, 0]) < (wide + taken[:, 2]) / 2 + 1.0
    return bool(np.any(near & (np.abs(y - taken[:, 1]) < (high + taken[:, 3]) / 2 + 1.0)))
