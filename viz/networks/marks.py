"""What stands on the lines between two layers: their numbers, or where these have no room, which are below zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.rendering.shapes import Disc, Line, Words
from viz.theme import Scale, Theme, number

__all__ = ["below_zero", "numbered", "strongest"]

PLACES = (0.5, 0.3, 0.7, 0.4, 0.6, 0.22, 0.78, 0.35, 0.65, 0.26, 0.74)  # along a line, where its number may stand
CROSSED = 2  # lines of others that may run behind a number; of one behind which more run nobody knows whose it is
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

    Each stands where as few other lines as possible run behind it: at a crossing it would be that of either. Those with
    the fewest places left come first.
    """
    lines = sorted(lines, key=lambda pair: (pair[0].start[1], pair[0].end[1]))
    rows = sorted({line.start[1] for line, _ in lines})
    shares = np.array([(0.2 + 0.6 * (rows.index(line.start[1]) + 1) / (len(rows) + 1), *PLACES) for line, _ in lines])
    runs = np.array([(*line.start, *line.end) for line, _ in lines])
    plates = _plates(lines, runs, shares)
    crossed = _behind(plates, runs)
    neurons = np.unique(runs.reshape(-1, 2), axis=0)
    squares = np.column_stack([neurons, np.full_like(neurons, 2.0 * CORE)])
    taken = np.array([(*words.centre, *words.extent) for words in biases]).reshape(-1, 4)
    closed = (crossed > CROSSED) | _touch(plates, squares, 0.0) | _touch(plates, taken, 1.0)
    found: dict[int, Words] = {}
    while len(found) < len(lines):
        left = np.count_nonzero(~closed, axis=1).astype(float)
        left[list(found)] = np.inf
        i = int(left.argmin())
        if not left[i]:
            return []
        best = int(np.where(closed[i], np.inf, crossed[i]).argmin())
        found[i] = _plate(*lines[i], shares[i, best], scale, theme)
        closed |= _touch(plates, plates[i, best : best + 1], 1.0)
    return [found[i] for i in sorted(found)]


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


def _plates(lines: Numbered, runs: Any, shares: Any) -> Any:
    """For every line and place along it the middle and the size of a plate there."""
    extents = [Words((0.0, 0.0), number(x), "").extent for _, x in lines]
    middles = runs[:, np.newaxis, :2] + shares[..., np.newaxis] * (runs[:, 2:] - runs[:, :2])[:, np.newaxis]
    return np.concatenate([middles, np.broadcast_to(np.array(extents)[:, np.newaxis], middles.shape)], axis=-1)


def _behind(plates: Any, runs: Any) -> Any:
    """How many lines besides its own run behind each plate."""
    x, y, wide, high = np.moveaxis(plates[..., np.newaxis], 2, 0)
    x1, y1, x2, y2 = runs.T
    slope = (y2 - y1) / (x2 - x1)
    return np.count_nonzero(np.abs(y1 + (x - x1) * slope - y) < (high + wide * np.abs(slope)) / 2, axis=-1) - 1


def _touch(plates: Any, others: Any, gap: float) -> Any:
    """Whether each plate comes nearer than a gap to one of others; all are given by their middles and sizes."""
    apart = np.abs(plates[..., np.newaxis, :2] - others[:, :2]) - (plates[..., np.newaxis, 2:] + others[:, 2:]) / 2
    return (apart < gap).all(axis=-1).any(axis=-1)
