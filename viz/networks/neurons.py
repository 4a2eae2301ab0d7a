"""A model as a picture of it reads it: layers of neurons, each with a weight for every neuron of the layer before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value

__all__ = ["Layer", "Neuron", "activations_of", "layers_of", "title_of"]


@dataclass(frozen=True)
class Neuron:
    """One neuron: itself, what it multiplies its inputs by, and what it adds (None for nothing)."""

    itself: Any
    weights: Any
    bias: Value | None

    @property
    def parameters(self) -> list[Value]:
        """Weights and bias."""
        return [*self.weights, *([] if self.bias is None else [self.bias])]


@dataclass(frozen=True)
class Layer:
    """Neurons with the same inputs, and the name of what their sums go through ("" if unknown)."""

    neurons: list[Neuron]
    activation: str


def layers_of(model: Any) -> list[Layer]:
    """The layers of a model, of a layer or of a neuron; none where it is not made so.

    Names are ours or micrograd's: ``weights`` and ``bias``, or ``w`` and ``b``.
    """
    found = [_layer(part) for part in _parts(model)]
    layers = [layer for layer in found if layer is not None]
    if len(layers) < len(found):
        return []
    inputs = len(layers[0].neurons[0].weights) if layers else 0
    for layer in layers:
        if any(len(neuron.weights) != inputs for neuron in layer.neurons):
            return []
        inputs = len(layer.neurons)
    return layers


def title_of(layers: list[Layer], i: int) -> str:
    """What stands below a column of neurons, the inputs being the first."""
    if i == 0:
        return "input"
    kind = "output" if i == len(layers) else f"hidden {i}"
    activation = layers[i - 1].activation
    return f"{kind} · {activation}" if activation else kind


def activations_of(layers: list[Layer], example: Sequence[Any] | None) -> list[list[float]] | None:
    """The numbers of every column for one example, from running the layers."""
    if example is None:
        return None
    signal: Any = list(example)
    columns = [[float(getattr(x, "data", x)) for x in signal]]
    for layer in layers:
        signal = [neuron.itself(signal) for neuron in layer.neurons]
        columns.append([x.data for x in signal])
    return columns


def _parts(model: Any) -> Iterator[Any]:
    layers = getattr(model, "layers", None)
    if isinstance(layers, (list, tuple)):
        yield from layers
    elif not isinstance(model, type):
        yield model


def _layer(part: Any) -> Layer | None:
    several = getattr(part, "neurons", [part])
    neurons = [_neuron(x) for x in several] if isinstance(several, (list, tuple)) else []
    if not neurons or None in neurons:
        return None
    activation = getattr(part, "activation", None) or getattr(several[0], "activation", None)
    name = "" if activation is None else str(getattr(activation, "name", activation))
    return Layer([neuron for neuron in neurons if neuron is not None], name)


def _neuron(x: Any) -> Neuron | None:
    weights = getattr(x, "weights", getattr(x, "w", None))
    bias = getattr(x, "bias", getattr(x, "b", None))
    if not isinstance(weights, (list, tuple, np.ndarray)) or not isinstance(bias, (Value, type(None))):
        return None
    return Neuron(x, weights, bias) if len(weights) and all(isinstance(w, Value) for w in weights) else None
