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
        kind = type(model)
        before.append(_source(kind) or f"# {kind.__qualname__} is yours: import it, and build it as it was")
        expression = f"{kind.__name__}()"
    else:
        expression = _expression(described, names)
    if isinstance(loss, str):
        cost = repr(loss)
    else:
        name = getattr(loss, "__name__", "")
        source = _source(loss) if name.isidentifier() else ""
        if getattr(loss, "__module__", "").startswith("nn."):
            names.append(name)
        else:
            before.append(source or "# the loss is yours: import it as it was")
        cost = name if name.isidentifier() else "loss"
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


def _source(thing: Any) -> str:
    """The source of a class or function, where it can be had."""
    try:
        return textwrap.dedent(inspect.getsource(thing)).rstrip()
    except (OSError, TypeError):
        return ""
