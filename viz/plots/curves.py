"""The loss of training runs, and activation functions with their derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Value, gradients
from autograd.convert import describe
from nn.checks import as_array
from nn.model.activations import Activation, ActivationLike
from viz.plots.arguments import as_bounds, as_row
from viz.plots.style import COLOURS, Axes, decimals, explained, on_axes, told_apart, whole
from viz.theme import LIGHT

__all__ = ["plot_activations", "plot_loss"]

SCALES = ("linear", "semilogy", "loglog")
LOSSES = "a History, as fit gives it, a list of numbers, or several of these"
NAMES = "names such as 'tanh', functions of one Value, or a list of these"
JUST_BESIDE = 1e-9  # a kink
ABOVE = 0.2  # of the height, for a legend
MOST = 8  # entries of a legend among curves
NOTHING = "no number here can be drawn"


def plot_loss(histories: Any, ax: Axes | None = None, *, scale: str = "linear") -> Axes:
    """The loss after each epoch, as it is: nothing is smoothed and no spike is cut.

    Parameters
    ----------
    histories : History, sequence of float, or several of these
        A ``History`` of ``nn.fit`` (anything with ``loss``; its ``validation_loss`` is drawn dashed), or plain losses.
        Several come in a list, or in a dict whose keys name them.
    ax : Axes, optional
        Where to draw; a new figure by default.
    scale : {"linear", "semilogy", "loglog"}
        Which axes are logarithmic. There a loss of 0 leaves a gap.

    Returns
    -------
    Axes
    """
    if scale not in SCALES:
        raise ValueError(f"scale is one of {', '.join(map(repr, SCALES))}, got {scale!r}; choose one of these")
    runs = _runs(histories)
    with on_axes(ax) as ax:
        for i, (name, losses, validation) in enumerate(runs):
            look = told_apart(i, len(losses), log=scale == "loglog") if len(runs) > 1 else {"color": COLOURS[0]}
            ax.plot(range(1, len(losses) + 1), losses, label=name, **look)
            if len(validation):
                label = f"{name}, validation" if name else "validation"
                look |= {"linestyle": "dashed", "markerfacecolor": "none"}
                ax.plot(range(1, len(validation) + 1), validation, label=label, **look)
                ax.lines[-2].set_label(name or "training")
        shown = [_mark_alone(ax, line, above=-math.inf if scale == "linear" else 0.0) for line in list(ax.lines)]
        if not any(shown):
            ax.set_xlim(0.5, max(len(losses) for _, losses, _ in runs) + 0.5)
            ax.text(0.5, 0.5, NOTHING, transform=ax.transAxes, ha="center", va="center", color=LIGHT.muted)
        if scale != "linear":
            ax.set_yscale("log", nonpositive="mask")
            decimals(ax.yaxis)
        if scale == "loglog":
            ax.set_xscale("log")
            decimals(ax.xaxis)
        else:
            whole(ax.xaxis)
        ax.set_xlabel("epoch")
        ax.set_ylabel("loss")
        if len(ax.get_legend_handles_labels()[1]) > 1:
            explained(ax, MOST)
    return ax


def _mark_alone(ax: Axes, line: Any, above: float) -> bool:
    """Dots where a line has no length, between gaps; whether it is seen at all."""
    x, y = line.get_xdata(), line.get_ydata()
    there = np.isfinite(y) & (np.asarray(y) > above)
    beside = np.pad(there, 1)
    alone = there & ~beside[:-2] & ~beside[2:]
    if alone.any():
        ax.scatter(np.asarray(x)[alone], np.asarray(y)[alone], 25.0, line.get_color(), zorder=line.get_zorder())
    return bool(there.any())


def _runs(histories: Any) -> list[tuple[str, list[float], list[float]]]:
    """Name, losses and validation losses of each run."""
    if isinstance(histories, Mapping):
        named = list(histories.items())
    elif hasattr(histories, "loss") or (
        len(as_row(histories, "plot_loss", LOSSES)) and np.ndim(histories[0]) == 0 and not _is_history(histories[0])
    ):
        named = [("", histories)]
    else:
        named = [(f"run {i}", run) for i, run in enumerate(histories, start=1)]
    runs = []
    for name, run in named:
        losses = as_array(run.loss if _is_history(run) else run, "a run of plot_loss")
        if losses.ndim != 1 or not len(losses):
            raise ValueError(
                f"plot_loss takes the losses of at least one epoch, got an array of shape {losses.shape}; "
                "pass a History after fit, or a list of numbers"
            )
        runs.append((str(name), losses.tolist(), list(getattr(run, "validation_loss", ()))))
    if not runs:
        raise ValueError("plot_loss takes at least one run, got none; pass a History or a list of numbers")
    return runs


def _is_history(run: Any) -> bool:
    return hasattr(run, "loss")


def plot_activations(
    functions: ActivationLike | Sequence[ActivationLike],
    ax: Axes | None = None,
    *,
    low: float = -5.0,
    high: float = 5.0,
) -> Axes:
    """Activation functions with their derivatives, both as the engine computes them.

    Parameters
    ----------
    functions : str, callable, or several of these
        Names of ``nn.ACTIVATIONS``, or functions of one Value.
    ax : Axes, optional
        Where to draw; a new figure by default.
    low, high : float
        The interval of the weighted sum ``z``; ``low < high``.

    Returns
    -------
    Axes

    Notes
    -----
    A derivative that jumps is drawn in pieces, with a dot at the value the engine uses at the kink (document 002 draws
    a slanted line there).
    """
    single = isinstance(functions, (str, Activation)) or callable(functions)
    chosen = [functions] if single else as_row(functions, "plot_activations", NAMES)
    if not len(chosen):
        raise ValueError(f"plot_activations takes {NAMES}, got an empty {type(functions).__name__}")
    low, high = as_bounds(low, high)
    with on_axes(ax) as ax:
        for i, activation in enumerate(map(Activation.of, chosen)):
            z, y, slopes, kinks = _with_derivative(activation.function, low, high)
            look = told_apart(i, len(z)) | {"markerfacecolor": "white"} if len(chosen) > 1 else {"color": COLOURS[0]}
            colour = look["color"]
            ax.plot(z, y, label=activation.name, **look)
            pieces = np.where(np.isin(z, kinks), math.nan, slopes)
            ax.plot(z, pieces, color=colour, linestyle="dashed", label=f"{activation.name}, derivative")
            dots = [(kink, slopes[list(z).index(kink)]) for kink in kinks if low <= kink <= high]
            if dots:
                ax.plot(*zip(*dots, strict=True), "o", color=colour, markersize=5)
        ax.set_xlabel("$z$")
        if len(chosen) == 1:  # with few lines the legend is broad for what is free beside them
            bottom, top = ax.get_ylim()
            ax.set_ylim(bottom, top + ABOVE * (top - bottom))
        explained(ax, MOST)
    return ax


def _with_derivative(
    function: Callable[[Any], Any], low: float, high: float
) -> tuple[list[float], list[float], list[float], tuple[float, ...]]:
    """Points, values, derivatives, and the kinks of a function, whose points are among the points."""
    middle = Value(0.5 * (low + high))
    found = function(middle)
    if not isinstance(found, Value):
        raise TypeError(
            f"a function to draw gives a Value for a Value, got {describe(found)}; is it one of autograd's?"
        )
    # Of what is computed from z first, the kinks are elsewhere.
    kinks = found.op.kinks if found.op is not None and found.args[0] is middle else ()
    near = [kink + side for kink in kinks for side in (-JUST_BESIDE, 0.0, JUST_BESIDE) if low <= kink <= high]
    points = sorted({*np.linspace(low, high, 401).tolist(), *near})
    inputs = [Value(point) for point in points]
    outputs = [function(z) for z in inputs]
    slopes = [gradients(y, z, check=False) for y, z in zip(outputs, inputs, strict=True)]
    return points, [y.data for y in outputs], slopes, kinks
