"""The Python script of a page: what stands in it whatever is done, with places for what the page knows."""

from __future__ import annotations

import inspect
import textwrap
from typing import Any

from nn.files.architecture import architecture_of
from nn.model.module import Module

__all__ = ["script"]


def script(model: Module, loss: Any) -> dict[str, Any]:
    """Lines that build the model and name the loss, as far as they can be told.

    ``model`` and ``loss`` are expressions; ``before`` is source that they need, and ``names`` what ``nn`` offers.
    """
    described = architecture_of(model)
    before: list[str] = []
    names: list[str] = []
    if described["kind"] == "own":
        before.append(_found(type(model)))
        expression = f"{type(model).__name__}()  # with what it was built with"
    else:
        expression = _expression(described, names)
    if isinstance(loss, str):
        cost = repr(loss)
    else:
        name = getattr(loss, "__name__", "")
        cost = name if name.isidentifier() else "loss"
        before.append(_found(loss))
    return {"before": before, "names": sorted(set(names)), "model": expression, "loss": cost}


def _expression(described: dict[str, Any], names: list[str]) -> str:
    names.append(described["kind"])
    if described["kind"] == "Sequential":
        return f"Sequential({', '.join(_expression(part, names) for part in described['layers'])})"
    if described["kind"] == "MLP":
        parts = described["layers"]
        sizes = [part["size"][1] for part in parts]
        activations = [part["activation"] for part in parts]
        bias = "" if parts[0]["bias"] else ", bias=False"
        return f"MLP({parts[0]['size'][0]}, {sizes}, activation={activations}{bias}, rng=0)"
    size = ", ".join(map(str, described["size"]))
    bias = "" if described["bias"] else ", bias=False"
    return f"{described['kind']}({size}, {described['activation']!r}{bias}, rng=0)"


def _found(thing: Any) -> str:
    """The line that imports a class or a function, or its source, or a word where neither is to be had."""
    name, module = getattr(thing, "__qualname__", ""), getattr(thing, "__module__", "__main__")
    if module != "__main__" and name.isidentifier():
        return f"from {module} import {name}"
    try:
        return textwrap.dedent(inspect.getsource(thing)).rstrip()
    except (OSError, TypeError):
        return f"# {name or 'the loss'} is yours: bring it here as it was"
