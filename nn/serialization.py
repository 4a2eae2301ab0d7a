"""Models in files: names and numbers as JSON, never a pickle."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import autograd
from nn.activations import ACTIVATIONS
from nn.history import History
from nn.layers import Layer, Neuron
from nn.module import Module
from nn.networks import MLP, Sequential
from nn.optimizer import Optimizer

__all__ = ["load", "save"]

FORMAT, VERSION = "scalar-autograd model", 1


def save(
    model: Module, path: str | Path, *, optimizer: Optimizer | None = None, history: History | None = None
) -> Path:
    """Write a model to a file: its architecture and parameters, exact to the bit.

    Parameters
    ----------
    model : Module
        Of any kind. A module of your own, or an activation of your own, is saved without its code, and is loaded into a
        model that you build again: ``load(path, model=...)``.
    path : str or Path
        The file is complete or not there: a crash while saving leaves an old one as it was.
    optimizer, history : optional
        Their states, so that training can go on from the file.

    Returns
    -------
    Path
        Where it is.
    """
    if not isinstance(model, Module):
        raise TypeError(f"save takes a model first, got {type(model).__name__}; save(model, path)")
    content = {
        "library": autograd.__version__,
        "architecture": _describe(model),
        "parameters": model.state_dict(),
        "optimizer": None if optimizer is None else _plain(optimizer.state_dict()),
        "history": None if history is None else history.state_dict(),
    }
    document = {"format": FORMAT, "version": VERSION, "sha256": _digest(content), "content": content}
    return _write_at_once(Path(path), json.dumps(document, indent=1, ensure_ascii=False))


def load(
    path: str | Path,
    *,
    model: Module | None = None,
    optimizer: Optimizer | None = None,
    history: History | None = None,
) -> Any:
    """Read a model from a file that :func:`save` wrote.

    Parameters
    ----------
    path : str or Path
    model : Module, optional
        Where to load the parameters, instead of building the model; a module of your own is always built by you.
    optimizer, history : optional
        Where to load the states that were saved with the model; the optimiser has the settings it had then.

    Returns
    -------
    Module
        ``model``, or a new one.

    Raises
    ------
    ValueError
        If the file is damaged, of another kind, or does not fit what it is loaded into.
    """
    content = _read(Path(path))
    for name, target in (("optimizer", optimizer), ("history", history)):
        if target is not None and content[name] is None:
            raise ValueError(f"{path} holds no {name}; it was saved without {name}=")
    if model is None:
        model = _build(content["architecture"], path)
    model.load_state_dict(content["parameters"])
    if optimizer is not None:
        optimizer.load_state_dict(content["optimizer"])
    if history is not None:
        history.load_state_dict(content["history"])
    return model


def _describe(module: Module) -> dict[str, Any]:
    """What it takes to build a module; only its class's name if that is not one of ours."""
    kind = type(module)
    if isinstance(module, (Layer, Neuron)) and kind in (Layer, Neuron) and _is_named(module):
        biased = (module if isinstance(module, Neuron) else module.neurons[0]).bias is not None
        size = [module.inputs, module.outputs] if isinstance(module, Layer) else [len(module.weights)]
        return {"kind": kind.__name__, "size": size, "activation": module.activation.name, "bias": biased}
    if isinstance(module, (MLP, Sequential)) and kind in (MLP, Sequential):
        parts = [_describe(layer) for layer in module.layers]
        if all(part["kind"] != "own" for part in parts):
            return {"kind": kind.__name__, "layers": parts}
    return {"kind": "own", "class": kind.__qualname__}


def _is_named(module: Layer | Neuron) -> bool:
    return ACTIVATIONS.get(module.activation.name) is module.activation


def _build(architecture: dict[str, Any], path: str | Path) -> Module:
    """A module that :func:`_describe` described; its parameters are set afterwards."""
    kind = architecture["kind"]
    if kind == "Neuron":
        (inputs,) = architecture["size"]
        return Neuron(inputs, architecture["activation"], bias=architecture["bias"], init="zeros")
    if kind == "Layer":
        inputs, outputs = architecture["size"]
        return Layer(inputs, outputs, architecture["activation"], bias=architecture["bias"], init="zeros")
    if kind == "Sequential":
        return Sequential(*(_build(part, path) for part in architecture["layers"]))
    if kind == "MLP":
        parts = architecture["layers"]
        return MLP(
            parts[0]["size"][0],
            [part["size"][1] for part in parts],
            activation=[part["activation"] for part in parts],
            bias=parts[0]["bias"],
            init="zeros",
        )
    raise ValueError(
        f"{path} holds a {architecture.get('class')} with code of your own, which a file cannot hold; "
        "build it and give load(path, model=...)"
    )


def _read(path: Path) -> dict[str, Any]:
    """The content of a file, which is whole and ours."""
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is no model file, or a damaged one: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} is no file of nn.save: it does not begin with the format {FORMAT!r}")
    if document.get("version") != VERSION:
        raise ValueError(
            f"{path} has format version {document.get('version')!r}, this library reads {VERSION}; "
            "use the version of the library that wrote it"
        )
    content: dict[str, Any] = document.get("content", {})
    if document.get("sha256") != _digest(content):
        raise ValueError(f"{path} is damaged: its checksum is not that of its content")
    return content


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in state.items()}


def _write_at_once(path: Path, text: str) -> Path:
    """Write beside the file, then take its place in one operation of the file system."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"the folder {path.parent} of {path.name} does not exist; make it first")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the name of a file")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
