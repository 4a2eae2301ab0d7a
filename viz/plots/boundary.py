"""Plots of points in the plane: data by class, and the regions a model has learnt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import NonFiniteError
from nn.checks import as_size
from viz.plots.arguments import as_threshold, as_way
from viz.plots.classes import Array, as_classes, as_points, decide
from viz.plots.regions import draw_regions
from viz.plots.style import (
    COLOURS,
    MARKERS,
    Axes,
    IdentityTransform,
    MarkerStyle,
    PathCollection,
    explained,
    on_axes,
    steady,
)

__all__ = ["plot_data", "plot_decision_boundary", "plot_hidden_space"]

Predict = Callable[[Any], Any]

MARGIN = 0.08  # of the data's range, around it
MOST = 5  # entries of a legend among points
FILLED = {"P": 1.6, "X": 1.6, "*": 2.2}  # times the area for a marker that is mostly corners to look as large as others


def plot_data(X: Any, y: Any, ax: Axes | None = None, *, curves: Sequence[Any] = ()) -> Axes:
    """Points of the plane by class; classes differ in marker as well as in colour.

    Parameters
    ----------
    X : array_like
        Shape (examples, 2).
    y : array_like
        Classes, shape (examples,) or (examples, 1), at most 8 different ones; or one-hot rows.
    ax : Axes, optional
        Where to draw; a new figure by default.
    curves : sequence of array_like
        For each class in turn the curve its points were drawn around, shape (points, 2).

    Returns
    -------
    Axes
    """
    X = as_points(X, "plot_data")
    classes, names = as_classes(y, len(X))
    with on_axes(ax) as ax:
        _draw_points(ax, X, classes, names, curves)
        explained(ax, MOST)
    return ax


def plot_decision_boundary(
    model: Any,
    X: Any,
    y: Any,
    ax: Axes | None = None,
    *,
    threshold: float | None = None,
    curves: Sequence[Any] = (),
    resolution: int = 100,
) -> Axes:
    """The region of each class, paler where the model is less sure, with the data; misclassified points are ringed.

    Parameters
    ----------
    model : Module or callable
        Anything with ``predict``, or a function, that takes an array of shape (points, 2) and gives one output a
        point, or one output a class, of which the largest wins. It is called once, for all points together.
    X : array_like
        Shape (examples, 2).
    y : array_like
        For one output: 0 and 1, or -1 and 1. For several: classes from 0, or one-hot rows.
    ax : Axes, optional
        Where to draw; a new figure by default.
    threshold : float, optional
        From where on one output means the upper class: by default half-way between the two, which is right for a
        probability. For logits and classes 0 and 1 give 0.
    curves : sequence of array_like
        As for :func:`plot_data`.
    resolution : int
        Points of the grid along each axis, at least 2.

    Returns
    -------
    Axes
    """
    model = as_way(model, "plot_decision_boundary", "a model")
    threshold, resolution = as_threshold(threshold), as_size(resolution, "resolution", 2)
    X = as_points(X, "plot_decision_boundary")
    low, high = _extent([X, *map(np.asarray, curves)])
    horizontal, vertical = (np.linspace(a, b, resolution) for a, b in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(horizontal, vertical), axis=-1).reshape(-1, 2)
    predict = model.predict if hasattr(model, "predict") else model
    outputs = np.asarray(predict(np.vstack([grid, X])), dtype=float)
    if not np.isfinite(outputs).all():
        raise NonFiniteError(
            f"regions are drawn from finite outputs, got {outputs[~np.isfinite(outputs)][0]} in "
            f"{int((~np.isfinite(outputs)).any(axis=tuple(range(1, outputs.ndim))).sum())} of {len(outputs)} points; "
            "train the model again with a smaller learning rate"
        )
    decision = decide(outputs, y, len(X), threshold)
    with on_axes(ax, grid=False) as ax:
        ax.set_xlim(low[0], high[0])  # first, for otherwise they are found anew for everything that is drawn
        ax.set_ylim(low[1], high[1])
        draw_regions(ax, decision.scores[: len(grid)].reshape(resolution, resolution, -1), (low, high))
        _draw_points(ax, X, decision.true, decision.names, curves)
        wrong = X[decision.predicted[len(grid) :] != decision.true]
        if len(wrong):
            looks = {"facecolors": "none", "edgecolors": "black", "linewidths": 1.6, "zorder": 4}
            _cloud(ax, wrong, "o", 150.0, label=f"misclassified ({len(wrong)})", **looks)
        explained(ax, MOST)
    return ax


def plot_hidden_space(
    model: Any,
    X: Any,
    y: Any,
    ax: Axes | None = None,
    *,
    head: Predict | None = None,
    threshold: float | None = None,
    curves: Sequence[Any] = (),
) -> Axes:
    """The data as the last hidden layer sees it, with the line by which the output layer divides it.

    Parameters
    ----------
    model : Module or callable
        A network whose last hidden layer has two neurons: anything with ``activations(X)``, one array a layer, and
        ``layers``. Or a function from inputs to the two activations.
    X, y, ax, threshold, curves
        As for :func:`plot_decision_boundary`; curves are carried into the hidden space.
    head : callable, optional
        Where ``model`` is a function: the one from the two activations to the outputs. Without it no line is drawn.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the last hidden layer does not have exactly two neurons.
    """
    hidden, threshold = as_way(model, "plot_hidden_space", "a network"), as_threshold(threshold)
    if hasattr(model, "activations"):
        if len(model.layers) < 2:
            raise ValueError(
                "plot_hidden_space takes a network with a hidden layer, got one with a single layer; use "
                "plot_decision_boundary"
            )
        hidden = lambda inputs: model.activations(inputs)[-2]
        head = model.layers[-1].predict
    pieces = [np.asarray(piece, dtype=float) for piece in (X, *curves)]
    seen = steady(np.asarray(hidden(np.vstack(pieces)), dtype=float))
    if seen.ndim != 2 or seen.shape[1] != 2:
        neurons = seen.shape[1] if seen.ndim == 2 else 1
        raise ValueError(
            f"plot_hidden_space draws a last hidden layer of 2 neurons, got {neurons}; give the network one, as in "
            "MLP(2, [20, 2, 1]), or use plot_decision_boundary"
        )
    X, *curves = np.split(seen, np.cumsum([len(piece) for piece in pieces])[:-1])
    if head is None:
        ax = plot_data(X, y, ax, curves=curves)
    else:
        ax = plot_decision_boundary(head, X, y, ax, threshold=threshold, curves=curves)
    ax.set_xlabel("$a_1$")
    ax.set_ylabel("$a_2$")
    return ax


# ── Drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _draw_points(ax: Axes, X: Array, classes: Any, names: Sequence[str], curves: Sequence[Any]) -> None:
    for i, curve in enumerate(curves):
        ax.plot(*np.asarray(curve, dtype=float).T, color=COLOURS[i], linewidth=1.4, zorder=2)
    for i, name in enumerate(names):
        mine = X[classes == i]
        if len(mine):
            looks = {"facecolors": COLOURS[i], "edgecolors": "white", "linewidths": 0.7, "zorder": 3}
            _cloud(ax, mine, MARKERS[i], 34.0, label=f"class {name}", **looks)
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$")


def _cloud(ax: Axes, points: Array, marker: str, size: float, **looks: Any) -> None:
    """What ``Axes.scatter`` adds, in a third of its time: a film does it three times a frame."""
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform())
    cloud = PathCollection(
        [path], [size * FILLED.get(marker, 1.0)], offsets=points, offset_transform=ax.transData, **looks
    )
    cloud.set_transform(IdentityTransform())
    ax.add_collection(cloud)
    ax.autoscale_view()


def _extent(pieces: Sequence[Array]) -> tuple[Array, Array]:
    """The corners of the plot."""
    points = np.vstack(pieces)
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.where(high > low, MARGIN * (high - low), 0.5)
    return low - room, high + room
