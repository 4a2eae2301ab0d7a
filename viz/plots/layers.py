"""Plots of a network layer by layer: what its layers give, how far they moved, how large their gradients are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nn.checks import as_array
from viz.plots.arguments import as_row, is_model
from viz.plots.layered import by_kind, gradient_by_layer
from viz.plots.style import COLOURS, DASHES, MARKERS, Axes, both_signs, decimals, on_axes, whole
from viz.theme import number

__all__ = ["plot_gradient_sizes", "plot_layer_activations", "plot_layer_changes"]

ROOM = 10  # numbers of layers below a plot, between two words
NUMBERED = 5  # layers between whose stems there is room for numbers

GRADIENTS = "a model after backward(), or the derivatives of each layer"


def plot_layer_changes(before: Any, after: Any, ax: Axes | None = None, *, percent: bool = False) -> Axes:
    """How far weights and biases have moved, layer by layer.

    Parameters
    ----------
    before, after : mapping or Module
        Numbers by layer under the names of what they are, as :func:`by_layer` gives them: one number a layer, or an
        array. A model stands for its own numbers.
    ax : Axes, optional
        Where to draw; a new figure by default.
    percent : bool
        Relative to ``before``. Where that is zero there is no percentage, and the plot says "n/a".

    Returns
    -------
    Axes

    Notes
    -----
    One number has its signed change; several have the root of the mean of their squared changes, relative to the root
    mean square of where they began. (Document 000 sets every percentage to 0 as soon as one number begins at 0.)
    """
    before, after = (by_kind(x) for x in (before, after))
    if before.keys() != after.keys() or any(len(before[kind]) != len(after[kind]) for kind in before):
        raise ValueError(
            f"before and after have the same kinds and layers, got {_shape(before)} and {_shape(after)}; "
            "take both from one model"
        )
    single = all(np.size(x) == 1 for layers in before.values() for x in layers)
    with on_axes(ax) as ax:
        drawn = []
        for i, kind in enumerate(before):
            changes = [_change(old, new, percent) for old, new in zip(before[kind], after[kind], strict=True)]
            shift = 0.16 * (i - (len(before) - 1) / 2)
            places = [layer + shift for layer in range(1, len(changes) + 1)]
            _draw_stems(ax, places, changes, i, kind)
            drawn += [abs(change) for change in changes if math.isfinite(change) and change]
        both_signs(ax, drawn)
        ax.axhline(0.0, color="#6b6b6b", linewidth=1.0, zorder=1)
        _layer_ticks(ax, max(map(len, before.values())))
        ax.margins(x=0.24, y=0.16)  # for the numbers beside
        ax.set_ylabel(f"{'change' if single else 'root mean square change'}{' in percent' if percent else ''}")
        ax.legend()
    return ax


def plot_layer_activations(
    activations: Any, ax: Axes | None = None, *, target: float | Sequence[float] | None = None
) -> Axes:
    """What each layer gives, from the input to the output.

    Parameters
    ----------
    activations : sequence, or mapping of sequences
        For each layer, the input first: a number, or an array of the outputs of its neurons (their mean is marked).
        A mapping draws several stages under their names, such as before and after training.
    ax : Axes, optional
        Where to draw; a new figure by default.
    target : float or sequence of float, optional
        What the output should be.

    Returns
    -------
    Axes
    """
    stages = dict(activations) if isinstance(activations, Mapping) else {"": activations}
    what = "what each layer gives, the input first, as in [x, *model.activations(x)]"
    count = max((len(as_row(stage, "plot_layer_activations", what)) for stage in stages.values()), default=0)
    if count < 2:
        raise ValueError(f"plot_layer_activations takes the input and at least one layer, got {count} layers")
    with on_axes(ax) as ax:
        for i, (name, layers) in enumerate(stages.items()):
            values = [np.asarray(layer, dtype=float).reshape(-1) for layer in layers]
            colour = COLOURS[i % len(COLOURS)]
            for layer, outputs in enumerate(values):
                if len(outputs) > 1:
                    ax.plot([layer] * len(outputs), outputs, "_", color=colour, markersize=12, alpha=0.45)
            ax.plot(
                range(len(values)), [outputs.mean() for outputs in values], MARKERS[i % len(MARKERS)] + "-",
                color=colour, linewidth=1.2, label=name,
            )  # fmt: skip
        if target is not None:
            wanted = np.atleast_1d(as_array(target, "target of plot_layer_activations"))
            ax.plot(
                [count - 1] * len(wanted), wanted, "x", color="black", markersize=10, markeredgewidth=2.2,
                label=f"target {wanted[0]:g}".replace("-", "−") if len(wanted) == 1 else "target",
            )  # fmt: skip
        apart = -(-count // ROOM)  # layers from one number to the next, none beside a word
        inner = range(apart, count - max(1, apart), apart)
        ax.set_xticks([0, *inner, count - 1], ["input", *map(str, inner), "output"])
        ax.set_xlabel("layer")
        ax.set_ylabel("activation")
        ax.margins(x=0.1, y=0.18)
        if len(stages) > 1 or target is not None:
            ax.legend()
    return ax


def plot_gradient_sizes(gradients: Any, ax: Axes | None = None) -> Axes:
    """How large the gradient is in each layer, on a log scale: a straight fall to the left is a vanishing gradient.

    Parameters
    ----------
    gradients : Module, sequence, or mapping of these
        A model after ``backward()``; or, for each layer, a number or an array of derivatives. A mapping draws several
        networks, or several kinds of parameters as :func:`by_layer` gives them, under their names.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Notes
    -----
    Drawn is the root mean square of a layer's derivatives. A layer whose derivatives are all zero has no place on a
    log scale and is marked "0" at the bottom.
    """
    networks = dict(gradients) if isinstance(gradients, Mapping) else {"": gradients}
    count = 0
    with on_axes(ax) as ax:
        for i, (name, network) in enumerate(networks.items()):
            own = is_model(network)
            layers = gradient_by_layer(network) if own else as_row(network, "plot_gradient_sizes", GRADIENTS)
            count = max(count, len(layers))
            sizes = np.array([_root_mean_square(layer) for layer in layers])
            style = MARKERS[i % len(MARKERS)]
            places = np.arange(1, len(sizes) + 1)
            ax.plot(
                places, np.where(sizes > 0.0, sizes, np.nan), style, color=COLOURS[i % len(COLOURS)],
                linestyle=DASHES[i % len(DASHES)], label=name, markersize=7,
            )  # fmt: skip
            for place in places[sizes == 0.0]:
                ax.text(
                    place, 0.02, "0", color=COLOURS[i % len(COLOURS)], transform=ax.get_xaxis_transform(), ha="center"
                )
        ax.set_yscale("log")
        decimals(ax.yaxis)
        _layer_ticks(ax, count)
        ax.margins(x=0.1, y=0.18)
        ax.set_ylabel("root mean square gradient")
        if len(networks) > 1:
            ax.legend()
    return ax


# ── One layer ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _root_mean_square(x: Any) -> float:
    return math.sqrt(np.mean(np.square(np.asarray(x, dtype=float))))


def _change(before: Any, after: Any, percent: bool) -> float:
    """See :func:`plot_layer_changes`; nan where there is no percentage."""
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    change = (after - before).item() if before.size == 1 else _root_mean_square(after - before)
    if not percent:
        return float(change)
    start = _root_mean_square(before)
    return 100.0 * change / start if start else math.nan


def _draw_stems(ax: Axes, places: Sequence[float], changes: Sequence[float], i: int, kind: str) -> None:
    """Lines from zero, with their numbers where there is room; "n/a" for nan."""
    ax.vlines(places, 0.0, [0.0 if math.isnan(change) else change for change in changes], COLOURS[i], linewidth=2.0)
    ax.plot(places, changes, MARKERS[i], color=COLOURS[i], markersize=7, linestyle="none", label=kind)
    for place, change in zip(places, changes, strict=True):
        if len(places) > NUMBERED and not math.isnan(change):
            continue
        ax.annotate(
            "n/a" if math.isnan(change) else number(float(f"{change:.2g}")),
            (place, 0.0 if math.isnan(change) else change), (8 if i else -8, 0), textcoords="offset points",
            ha="left" if i else "right", va="center", fontsize=8.5, color=COLOURS[i],
        )  # fmt: skip


def _layer_ticks(ax: Axes, count: int) -> None:
    if count > 2 * ROOM:
        whole(ax.xaxis)
    else:
        ax.set_xticks(range(1, count + 1))
    ax.set_xlabel("layer")


def _shape(numbers: Mapping[str, Sequence[Any]]) -> str:
    return ", ".join(f"{len(layers)} {kind}" for kind, layers in numbers.items())
