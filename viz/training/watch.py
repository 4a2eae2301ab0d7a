"""``viz.watch``: a run of ``fit`` as it goes, below the cell of a notebook."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from nn.model.module import Module
from nn.training.history import History
from nn.training.watcher import Watcher
from viz.networks.network import network
from viz.networks.neurons import layers_of
from viz.rendering.zoom import in_cell
from viz.theme import FONT, LIGHT, number

__all__ = ["Watch", "watch"]

WIDTH, HEIGHT, LEFT, BELOW = 420.0, 230.0, 58.0, 24.0
POINTS = 400  # of a curve; more than it has pixels are not seen
MOST_NEURONS = 60  # of a network that is drawn beside it


def watch() -> Watch:
    """Watch a run in a notebook: ``fit(..., callbacks=[viz.watch()])``.

    Below the cell stand epoch, loss and metrics, the curve of the loss, and the network by its weights, where it is
    one of at most 60 neurons. They are drawn anew five times a second, or more rarely where that would take more than a
    tenth of the time, and once more at the end. Then both can be brought closer, as other drawings in notebooks.

    Returns
    -------
    Watch
        For ``callbacks``. Use one for each run.

    Raises
    ------
    RuntimeError
        Where there is no notebook to draw into.
    """
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        raise RuntimeError(
            "viz.watch draws below a notebook's cell, and there is no notebook here; fit draws a progress bar, and "
            "viz.plot_loss(history) or viz.animate_training(history) show a run afterwards"
        )
    return Watch(ipython.display)


class Watch(Watcher):
    """What :func:`watch` gives: it shows a run and changes nothing.

    Parameters
    ----------
    display : module
        IPython's, with ``HTML`` and ``display``.
    """

    def __init__(self, display: Any) -> None:
        super().__init__()
        self._display = display
        self._handle: Any = None

    def show(self, model: Module, history: History) -> None:
        """Draw the run as it is, over what was drawn before."""
        self._show(model, history, zooms=False)  # of which the next drawing would see nothing

    def end(self, model: Module, history: History) -> None:
        """Draw it once more, so that it can be brought closer."""
        self._show(model, history, zooms=True)

    def _show(self, model: Module, history: History, zooms: bool) -> None:
        if not history.loss:
            return
        shown = self._display.HTML(_html(model, history, zooms))
        if self._handle is None:
            self._handle = self._display.display(shown, display_id=True)
        else:
            self._handle.update(shown)


def _html(model: Module, history: History, zooms: bool) -> str:
    facts = {"epoch": str(len(history.loss)), "loss": number(history.loss[-1])}
    if history.validation_loss:
        facts["validation"] = number(history.validation_loss[-1])
    facts |= {name: number(series[-1]) for name, series in history.metrics.items() if series}
    line = " · ".join([f"{escape(name)} <b>{text}</b>" for name, text in facts.items()])
    layers = layers_of(model)
    drawn = layers and sum([len(layer.neurons) for layer in layers]) <= MOST_NEURONS
    drawings = [("0 1 420px", "the loss after each epoch", _curve(history))]
    if drawn:
        picture = network(model)
        drawings.append(("1 1 340px", picture.title, picture.svg))
    pictures = "".join(
        f'<div style="flex:{room}">{in_cell(svg, title) if zooms else svg}</div>' for room, title, svg in drawings
    )
    box = f"background:{LIGHT.background};color:{LIGHT.text};padding:8px 12px;font:14px sans-serif"
    return (
        f'<div style="{box}"><div style="font-variant-numeric:tabular-nums">{line}</div>'
        f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:16px">{pictures}</div></div>'
    )


def _curve(history: History) -> str:
    """The loss, and dashed that of validation, on a logarithmic scale where it spans more than a factor of twenty."""
    series = [series for series in (history.loss, history.validation_loss) if series]
    known = [y for y in np.concatenate(series).tolist() if math.isfinite(y)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    logarithmic = low > 0.0 and high > 20.0 * low
    scale = math.log10 if logarithmic else float
    bottom, top = scale(low), scale(high)
    bottom, top = (bottom - 0.5, top + 0.5) if top == bottom else (bottom, top)
    last = max(1, len(history.loss) - 1)

    def height(y: float) -> float:
        return 8.0 + (HEIGHT - BELOW - 16.0) * (top - scale(y)) / (top - bottom)

    parts = []
    for share in (0.0, 0.5, 1.0):
        level = bottom + share * (top - bottom)
        y = 10.0**level if logarithmic else level
        parts.append(
            f'<path d="M{LEFT} {height(y):.1f}H{WIDTH}" stroke="{LIGHT.line}" stroke-opacity=".25"/>'
            f'<text x="{LEFT - 6}" y="{height(y) + 4:.1f}" text-anchor="end">{number(y)}</text>'
        )
    for points, dashes in zip(series, ("none", "5 4"), strict=False):
        parts.append(
            f'<path d="{_path(points, last, height)}" fill="none" stroke="{LIGHT.text}" stroke-width="1.6" '
            f'stroke-dasharray="{dashes}"/>'
        )
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 6}">1</text>')
    parts.append(f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{len(history.loss)}</text>')
    head = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" style="max-width:100%" role="img"'
    letters = f'fill="{LIGHT.text}" font-family="{FONT}" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head} {letters}>{"".join(parts)}</svg>'


def _path(points: Sequence[float], last: int, height: Any) -> str:
    """A line through some of the points, the last among them; a number that is not finite leaves a gap."""
    every = -(-len(points) // POINTS)
    places = [*range(0, len(points) - 1, every), len(points) - 1]
    text, pen = [], "M"
    for k in places:
        if math.isfinite(points[k]):
            text.append(f"{pen}{LEFT + (WIDTH - LEFT) * k / last:.1f} {height(points[k]):.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(text)
