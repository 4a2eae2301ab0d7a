"""Models in files: names and numbers as JSON, never a pickle."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np

import autograd
from autograd.convert import describe
from nn.files.architecture import architecture_of, build, check_activations
from nn.files.atomic import write_at_once
from nn.model.layers import Layer, Neuron
from nn.model.module import Module
from nn.model.networks import MLP, Sequential
from nn.optimizers.optimizer import Optimizer
from nn.training.history import History

__all__ = ["load", "save"]

M = TypeVar("M", bound=Module)

FORMAT, VERSION = "scalar-autograd model", 1
PARTS = {"architecture", "parameters", "optimizer", "history"}


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
        The file is complete or not there: a crash while saving leaves an old one as it was. A file that is replaced
        keeps its mode, and a symbolic link leads to the new one.
    optimizer, history : optional
        Their states, so that training can go on from the file.

    Returns
    -------
    Path
        Where it is.
    """
    if not isinstance(model, Module):
        raise TypeError(f"save takes a model first, got {type(model).__name__}; save(model, path)")
    for name, part, kind in (("optimizer", optimizer, Optimizer), ("history", history, History)):
        if part is not None and not isinstance(part, kind):
            raise TypeError(f"{name} of save takes {kind.__name__} objects, got {describe(part)}")
    content = {
        "library": autograd.__version__,
        "architecture": architecture_of(model),
        "parameters": model.state_dict(),
        "optimizer": None if optimizer is None else _plain(optimizer.state_dict()),
        "history": None if history is None else history.state_dict(),
    }
    document = {"format": FORMAT, "version": VERSION, "sha256": _digest(content), "content": content}
    return write_at_once(Path(path), json.dumps(document, indent=1, ensure_ascii=False))


@overload
def load(
    path: str | Path, *, model: None = None, optimizer: Optimizer | None = None, history: History | None = None
) -> Neuron | Layer | MLP | Sequential: ...


@overload
def load(path: str | Path, *, model: M, optimizer: Optimizer | None = None, history: History | None = None) -> M: ...


def load(
    path: str | Path,
    *,
    model: Module | None = None,
    optimizer: Optimizer | None = None,
    history: History | None = None,
) -> Module:
    """Read a model from a file that :func:`save` wrote.

    Parameters
    ----------
    path : str or Path
    model : Module, optional
        Where to load the parameters, instead of building the model; a module of your own is always built by you. A
        model of the library's layers has the activations that were saved.
    optimizer, history : optional
        Where to load the states that were saved with the model; the optimiser has the settings it had then.

    Returns
    -------
    Module
        ``model``, or a new one.

    Raises
    ------
    ValueError
        If the file is damaged, of another kind, or does not fit what it is loaded into: its path, and what is wrong.
        Model, optimiser and history are then as they were.
    """
    path = Path(path)
    content = _read(path)
    try:
        return _load(content, model, optimizer, history)
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"{path} {_WRONG}: {error}") from error


_WRONG = "does not hold what it is asked for"


def _load(
    content: dict[str, Any], model: Module | None, optimizer: Optimizer | None, history: History | None
) -> Module:
    """Everything is read before anything is changed: into copies first, the model in one go."""
    parameters = content["parameters"]
    if not isinstance(parameters, dict):
        raise ValueError(f"parameters are numbers by name, got {describe(parameters)}; save it again")
    for name, target in (("optimizer", optimizer), ("history", history)):
        if target is not None and not isinstance(content[name], dict):
            raise ValueError(f"it has no {name}; save it with {name}=")
    if optimizer is not None:
        twin = deepcopy(optimizer)
        twin.load_state_dict(content["optimizer"])
        twin._check_shapes(*np.zeros((2, len(parameters))))
    if history is not None:
        History().load_state_dict(content["history"])
    if model is None:
        model = build(content["architecture"], len(parameters))
    else:
        check_activations(content["architecture"], model)
    model.load_state_dict(parameters)
    if optimizer is not None:
        optimizer.load_state_dict(content["optimizer"])
    if history is not None:
        history.load_state_dict(content["history"])
    return model


def _read(path: Path) -> dict[str, Any]:
    """The content of a file, which is whole and ours."""
    try:
        document = json.loads(path.read_bytes())
        intact = isinstance(document, dict) and document.get("sha256") == _digest(document.get("content"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is no model file, or a damaged one: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} is no file of nn.save: it does not begin with the format {FORMAT!r}")
    if document.get("version") != VERSION:
        raise ValueError(
            f"{path} has format version {document.get('version')!r}, this library reads {VERSION}; "
            "use the version of the library that wrote it"
        )
    if not intact:
        raise ValueError(f"{path} is damaged: its checksum is not that of its content")
    content = document["content"]
    if not isinstance(content, dict) or not content.keys() >= PARTS:
        raise ValueError(f"{path} is no whole model file: its content has {', '.join(sorted(PARTS))}; save it again")
    return content


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in state.items()}
