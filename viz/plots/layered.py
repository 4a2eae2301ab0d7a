"""The numbers of a model, layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.convert import describe
from viz.plots.arguments import as_row, is_model

__all__ = ["by_kind", "by_layer", "gradient_by_layer"]

Array = NDArray[np.float64]
ByLayer = dict[str, list[Array]]


def by_layer(model: Any, numbers: Any = None) -> ByLayer:
    """The numbers of a model's parameters as one array a layer, weights and biases apart.

    Parameters
    ----------
    model : Module
        Anything with ``named_parameters()``.
    numbers : array_like or callable, optional
        Shape (parameters,), in the order of ``model.parameters()``: an entry of ``history.parameters`` or
        ``history.gradients``. Or a function of one parameter. By default the parameters' own numbers.

    Returns
    -------
    dict
        ``"weights"`` and ``"biases"``, each a list with one array a layer, in order.
    """
    if not is_model(model):
        raise TypeError(f"by_layer takes a model with named_parameters(), got {describe(model)}; by_layer(model)")
    named = model.named_parameters()
    if numbers is None:
        numbers = lambda parameter: parameter.data
    if callable(numbers):
        numbers = [numbers(parameter) for _, parameter in named]
    if len(as_row(numbers, "by_layer", "one number for each parameter, or a function of one")) != len(named):
        raise ValueError(f"by_layer takes one number for each of {len(named)} parameters, got {len(numbers)}")
    found: dict[str, dict[str, list[float]]] = {"weights": {}, "biases": {}}
    for (name, _), x in zip(named, numbers, strict=True):
        kind = "biases" if name.rsplit(".", 1)[-1] == "bias" else "weights"
        found[kind].setdefault(name.split(".neurons.")[0], []).append(float(x))
    return {kind: [np.array(values) for values in layers.values()] for kind, layers in found.items() if layers}


def gradient_by_layer(model: Any) -> list[Array]:
    """All derivatives of each layer, of weights and biases together."""
    derivative: Callable[[Value], float] = lambda parameter: parameter.grad
    return [np.concatenate(layer) for layer in zip(*by_layer(model, derivative).values(), strict=True)]


def by_kind(numbers: Any) -> dict[str, Any]:
    """See :func:`plot_layer_changes`."""
    if is_model(numbers):
        return by_layer(numbers)
    if not isinstance(numbers, Mapping):
        raise TypeError(f"plot_layer_changes takes two models, or what by_layer(model) gave, got {describe(numbers)}")
    return dict(numbers)
