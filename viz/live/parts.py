"""What a model is made of, for the page: its parameters, and its layers where it is a row of those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nn.checks import as_row
from nn.model.layers import Layer, Neuron
from nn.model.module import Module
from nn.model.networks import MLP, Sequential
from nn.model.state import call_unchanged

__all__ = ["activations_of", "layers_of", "parameters_of"]


def parameters_of(model: Module) -> dict[str, list[Any]]:
    """Names, labels and numbers of the parameters."""
    named = model.named_parameters()
    return {
        "names": [name for name, _ in named],
        "labels": [value.label or name for name, value in named],
        "start": [value.data for _, value in named],
    }


def layers_of(model: Module, most: int) -> list[dict[str, Any]] | None:
    """The layers with the places of their weights among the parameters; None where a model is anything else."""
    found = _flat(model)
    if found is None:
        return None
    place = {value: k for k, value in enumerate(model.parameters())}
    layers = []
    for layer in found:
        if len(layer.neurons) > most:
            raise ValueError(
                f"viz.live draws layers of at most {most} neurons, got {len(layer.neurons)}; give the model fewer, or "
                "train with nn.fit and show viz.network"
            )
        neurons = [
            {"weights": [place[w] for w in n.weights], "bias": -1 if n.bias is None else place[n.bias]}
            for n in layer.neurons
        ]
        layers.append({"activation": str(layer.activation), "neurons": neurons})
    return layers


def activations_of(chain: bool) -> Callable[..., Any]:
    """A function of a model and one example: what every layer gives, the outputs last; or these alone."""

    def activations(model: Module, x: Any) -> Any:
        return call_unchanged(model, lambda: _activations(model, as_row(x), chain))

    return activations


def _activations(model: Any, x: Any, chain: bool) -> list[Any]:
    found: list[Any] = []
    for layer in (_flat(model) or [model]) if chain else [model]:
        x = layer(x)
        found.extend(x if isinstance(x, (list, tuple)) else [x])
    return found


def _flat(model: Any) -> list[Layer] | None:
    """The layers of a chain, also of chains in a chain, if there is nothing else in it."""
    if type(model) is Layer and all(type(neuron) is Neuron for neuron in model.neurons):
        return [model]
    if type(model) not in (MLP, Sequential):
        return None
    found = []
    for part in model.layers:
        layers = _flat(part)
        if layers is None:
            return None
        found += layers
    return found
