"""The cost of a single neuron as a landscape, and the way training took through it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.checks import as_array, as_finite
from nn.model.activations import Activation, ActivationLike
from viz.plots.arguments import as_above_zero
from viz.plots.style import COLOURS, Axes, on_axes
from viz.theme import mixed, number

__all__ = ["plot_cost_surface"]

STEPS = 12  # of the shading
SHADES = [mixed("#f8fafc", "#8fa6be", i / (STEPS - 1)) for i in range(STEPS)]


def plot_cost_surface(
    inputs: Any,
    ax: Axes | None = None,
    *,
    target: float = 0.15,
    path: Any = None,
    quantity: str = "cost",
    activation: ActivationLike = "sigmoid",
    extent: float = 5.0,
) -> Axes:
    """The cost of one neuron with one input, over its bias and its weight: ``0.5 (t - f(w x + b))²``.

    Parameters
    ----------
    inputs : array_like
        Shape (examples,): the inputs ``x``; the mean over them is drawn.
    ax : Axes, optional
        Where to draw; a new figure by default.
    target : float
        ``t``, the same for every input.
    path : array_like, optional
        Shape (steps, 2): the weight and the bias as training went, as in ``history.parameters`` of ``MLP(1, [1])``.
    quantity : {"cost", "activation"}
        ``"activation"`` draws ``f(w x + b)`` itself. That, at the input 1, is what document 000 shows as its cost
        surface; it has no minimum.
    activation : str or callable
        ``f``: a name of ``nn.ACTIVATIONS``, or a function of one Value.
    extent : float
        Weight and bias are drawn from ``-extent`` to ``extent``; above 0.

    Returns
    -------
    Axes
    """
    x = np.atleast_1d(as_array(inputs, "inputs of plot_cost_surface"))
    if x.ndim != 1 or not len(x):
        raise ValueError(f"plot_cost_surface takes one input an example, shape (examples,), got shape {x.shape}")
    if quantity not in ("cost", "activation"):
        raise ValueError(f"quantity is 'cost' or 'activation', got {quantity!r}; choose one of these")
    target, extent = as_finite(target, "target is"), as_above_zero(extent, "extent")
    f = Activation.of(activation)
    along = np.linspace(-extent, extent, 201)
    bias, weight = np.meshgrid(along, along)
    surface = np.zeros_like(bias)
    for one in x:
        a = f.on_array(weight * one + bias)
        surface += (0.5 * (target - a) ** 2 if quantity == "cost" else a) / len(x)
    low, high = surface.min(), surface.max()
    levels = low + (high - low) * np.linspace(0.0, 1.0, STEPS + 1) ** (
        2 if quantity == "cost" else 1
    )  # denser in the valley
    with on_axes(ax, grid=False, size=(5.2, 4.6)) as ax:
        ax.contourf(bias, weight, surface, levels=levels, colors=SHADES)
        lines = ax.contour(bias, weight, surface, levels=levels[1:-1], colors="#5f6f80", linewidths=0.6)
        ax.clabel(lines, levels[2:-1:3], fontsize=8, fmt=lambda level: number(float(f"{level:.2g}")), colors="#2b333b")
        if path is not None:
            _draw_path(ax, np.asarray(path, dtype=float))
        ax.set_xlabel("bias $b$")
        ax.set_ylabel("weight $w$")
        at = f"{len(x)} inputs" if len(x) > 1 else f"$x$ = {number(x[0])}"
        ax.set_title(f"{'cost' if quantity == 'cost' else 'activation'}, {at}")
        ax.set_aspect("equal")
        ax.set_xlim(-extent, extent)
        ax.set_ylim(-extent, extent)
    return ax


def _draw_path(ax: Axes, path: Any) -> None:
    """Weights and biases from first to last."""
    if path.ndim != 2 or path.shape[1] != 2:
        raise ValueError(f"path has rows of a weight and a bias, shape (steps, 2), got shape {path.shape}")
    weights, biases = path.T
    ax.plot(biases, weights, color=COLOURS[1], linewidth=2.2)
    steps = len(path) - 1
    for row, marker, label in ((0, "o", "start"), (-1, "D", f"after {steps} step{'s' * (steps != 1)}")):
        ax.plot(biases[row], weights[row], marker, color=COLOURS[1], markeredgecolor="white", markersize=8, label=label)
    ax.legend(loc="best")
