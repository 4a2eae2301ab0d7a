"""A history's fields from what JSON held of them, each refused if it cannot be one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd.convert import as_float, describe
from nn.checks import Array, as_array

__all__ = ["read_field"]

GENERATORS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")


def read_field(name: str, value: Any, default: Any) -> Any:
    """The field called ``name``; those that have no reader of their own are of their default's type."""
    if name in _READERS:
        return _READERS[name](value, name)
    if type(value) is not type(default):
        raise _wrong(name, type(default).__name__, value)
    return value


def _wrong(name: str, rule: str, value: Any) -> ValueError:
    return ValueError(f"{name} of a history is {rule}, got {describe(value)}; save it again")


def _numbers(value: Any, name: str) -> list[float]:
    if not isinstance(value, list) or any(isinstance(x, bool) for x in value):
        raise _wrong(name, "a list of numbers", value)
    return [as_float(x, f"{name} of a history takes") for x in value]


def _by_name(value: Any, name: str) -> dict[str, list[float]]:
    if not isinstance(value, Mapping):
        raise _wrong(name, "lists by name", value)
    return {str(key): _numbers(series, name) for key, series in value.items()}


def _array(value: Any, name: str, dimensions: int = 1) -> Array:
    array = as_array(value, name)
    if array.ndim != dimensions:
        raise _wrong(name, f"made of arrays of {dimensions} dimension{'s' * (dimensions > 1)}", value)
    return array


def _arrays(value: Any, name: str, dimensions: int = 1) -> list[Array]:
    if not isinstance(value, list):
        raise _wrong(name, "a list of arrays", value)
    return [_array(x, name, dimensions) for x in value]


def _layers(value: Any, name: str) -> list[list[Array]]:
    if not isinstance(value, list):
        raise _wrong(name, "a list of lists of arrays", value)
    return [_arrays(epoch, name, 2) for epoch in value]


def _generator(value: Any, name: str) -> dict[str, Any] | None:
    """The state of one of NumPy's generators, which a generator takes."""
    if value is None:
        return None
    try:
        kind = value["bit_generator"]
        bits = getattr(np.random, GENERATORS[GENERATORS.index(kind)])()
        bits.state = value
    except Exception:  # each kind has its own errors
        raise _wrong(name, "the state of a generator of NumPy, or null", value) from None
    return dict(value)


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "loss": _numbers,
    "validation_loss": _numbers,
    "learning_rate": _numbers,
    "metrics": _by_name,
    "validation_metrics": _by_name,
    "parameters": _arrays,
    "gradients": _arrays,
    "activations": _layers,
    "best_parameters": lambda value, name: None if value is None else _array(value, name),
    "rng_state": _generator,
}
