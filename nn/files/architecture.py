"""What it takes to build a module of ours again, in words and numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from autograd.convert import describe
from nn.checks import as_flag, as_size, find
from nn.model.activations import ACTIVATIONS, built_in
from nn.model.layers import Layer, Neuron
from nn.model.module import Module
from nn.model.networks import MLP, Sequential

__all__ = ["architecture_of", "build", "check_activations"]


def architecture_of(module: Module) -> dict[str, Any]:
    """The kind of a module and what it was built with; only its class's name if it is no longer one of ours."""
    described = _described(module)
    parameters = len(module.parameters())
    if described is None or _size(described) != parameters:  # shared weights
        return {"kind": "own", "class": type(module).__qualname__}
    return described


def _described(module: Module) -> dict[str, Any] | None:
    kind = type(module)
    if isinstance(module, (MLP, Sequential)) and kind in (MLP, Sequential):
        parts = [_described(layer) for layer in module.layers]
        described = {"kind": kind.__name__, "layers": parts}
        return None if None in parts or (kind is MLP and not _is_perceptron(parts)) else described
    neurons: list[Any] = [module] if kind is Neuron else []
    if isinstance(module, Layer) and kind is Layer:
        neurons = list(module.neurons)
    settings = {
        (len(n.weights), n.activation.name, n.bias is not None) if _is_plain(n) else None for n in neurons
    }  # fmt: skip
    if len(settings) != 1 or None in settings:
        return None
    ((inputs, activation, bias),) = settings  # type: ignore[misc]
    size = [inputs] if kind is Neuron else [inputs, len(neurons)]
    return {"kind": kind.__name__, "size": size, "activation": activation, "bias": bias}


def _is_plain(neuron: Any) -> bool:
    return type(neuron) is Neuron and built_in(neuron.activation.name) == neuron.activation


def _is_perceptron(parts: list[Any]) -> bool:
    """Whether layers are those of an ``MLP``: they fit, and all have a bias or none has."""
    return (
        all(part["kind"] == "Layer" for part in parts)
        and all(before["size"][1] == after["size"][0] for before, after in pairwise(parts))
        and len({part["bias"] for part in parts}) == 1
    )


def build(architecture: Any, parameters: int) -> Module:
    """A module that :func:`architecture_of` described and that has so many parameters, which are set afterwards."""
    size = _size(_checked(architecture))  # before anything of that size is made
    if size != parameters:
        raise ValueError(f"its architecture has {size} parameters, but it holds {parameters}; save it again")
    return _built(architecture)


def check_activations(architecture: Any, model: Module) -> None:
    """Refuse to load into a model that computes something else: its parameters have the same names all the same."""
    ours = architecture_of(model)
    if ours["kind"] == "own" or not isinstance(architecture, dict) or architecture.get("kind") == "own":
        return  # of code of their own nobody knows what it computes
    saved, given = _activations(_checked(architecture)), _activations(ours)
    if len(saved) == len(given) and saved != given:  # else the names differ, too
        raise ValueError(
            f"its layers have the activations {', '.join(saved)}, the model to load into has {', '.join(given)}; build "
            "it as it was, or give its numbers to another by load_state_dict"
        )


def _activations(architecture: Any) -> list[str]:
    """The activation of each layer, in order."""
    if "layers" in architecture:
        return [name for part in architecture["layers"] for name in _activations(part)]
    return [architecture["activation"]]


def _checked(architecture: Any) -> Any:
    """The description, if it is one."""
    kind = architecture.get("kind") if isinstance(architecture, dict) else None
    if kind == "own":
        raise ValueError(
            f"a {architecture.get('class')} has code of your own, which a file cannot hold; "
            "build it and give load(path, model=...)"
        )
    if kind in ("MLP", "Sequential"):
        parts = architecture.get("layers")
        if not isinstance(parts, list) or not parts:
            raise ValueError(f"the layers of {kind} are a list of at least one, got {describe(parts)}; save it again")
        for part in parts:
            _checked(part)
        if kind == "MLP" and not _is_perceptron(parts):
            raise ValueError("the layers of an MLP fit each other, got some that do not; save it again")
        return architecture
    if kind not in ("Neuron", "Layer"):
        raise ValueError(f"an architecture is a Neuron, Layer, MLP or Sequential, got {describe(kind)}; save it again")
    size = architecture.get("size")
    if not isinstance(size, list) or len(size) != (1 if kind == "Neuron" else 2):
        raise ValueError(
            f"the size of a {kind} is a list of its inputs and outputs, got {describe(size)}; save it again"
        )
    for number in size:
        as_size(number, f"a size of a {kind}")
    activation = architecture.get("activation")
    if not isinstance(activation, str):
        raise ValueError(f"an activation is a name, got {describe(activation)}; save it again")
    find(ACTIVATIONS, activation, "activation")
    as_flag(architecture.get("bias"), "bias", "save it again")
    return architecture


def _size(architecture: Any) -> int:
    """Number of parameters."""
    if "layers" in architecture:
        return sum(map(_size, architecture["layers"]))
    inputs, outputs = (*architecture["size"], 1)[:2]
    return int((inputs + architecture["bias"]) * outputs)


def _built(architecture: Any) -> Module:
    if architecture["kind"] == "Sequential":
        return Sequential(*map(_built, architecture["layers"]))
    if architecture["kind"] == "MLP":
        parts = architecture["layers"]
        return MLP(
            parts[0]["size"][0],
            [part["size"][1] for part in parts],
            activation=[part["activation"] for part in parts],
            bias=parts[0]["bias"],
            init="zeros",
            rng=0,
        )
    kind: Any = {"Neuron": Neuron, "Layer": Layer}[architecture["kind"]]
    size = architecture["size"]
    return kind(*size, architecture["activation"], bias=architecture["bias"], init="zeros", rng=0)  # type: ignore[no-any-return]
