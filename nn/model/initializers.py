"""How parameters begin: each a function of an explicit generator and the shape of a layer.

An initializer is called as ``init(rng, outputs, inputs)`` and gives an array of shape (outputs, inputs), a row for each
neuron. A layer's biases are one column, ``init(rng, outputs, 1)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from autograd.convert import as_float
from nn.checks import Array, as_array, as_finite, as_function, find

__all__ = ["INITIALIZERS", "Initializer", "constant", "he", "lecun", "normal", "uniform", "xavier", "zeros"]

Initializer = Callable[[np.random.Generator, int, int], Array]


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """Evenly between ``low`` and ``high``; the default is that of documents 001 and 003."""
    low, high = as_float(low, "uniform takes"), as_float(high, "uniform takes")
    if not low <= high or not math.isfinite(high - low):
        raise ValueError(f"uniform takes finite bounds low <= high, got {low} and {high}")
    return lambda rng, outputs, inputs: rng.uniform(low, high, (outputs, inputs))


def normal(std: float = 0.1) -> Initializer:
    """Normal with mean 0 and standard deviation ``std``; the default is that of document 002."""
    std = as_float(std, "normal takes")
    if not 0.0 <= std < math.inf:
        raise ValueError(f"normal takes a finite standard deviation of at least 0, got {std}")
    return lambda rng, outputs, inputs: std * rng.standard_normal((outputs, inputs))


def constant(value: float) -> Initializer:
    """The same number everywhere, as in document 000."""
    value = as_finite(value, "constant takes")
    return lambda _rng, outputs, inputs: np.full((outputs, inputs), value)


def zeros(_rng: np.random.Generator, outputs: int, inputs: int) -> Array:
    """Zero everywhere: how biases begin. Weights that begin so stay alike, neuron by neuron."""
    return np.zeros((outputs, inputs))


def he(rng: np.random.Generator, outputs: int, inputs: int) -> Array:
    """Normal with variance ``2 / inputs``, made for relu; used by document 004.

    References
    ----------
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015, section 2.2.
    """
    return math.sqrt(2.0 / inputs) * rng.standard_normal((outputs, inputs))


def xavier(rng: np.random.Generator, outputs: int, inputs: int) -> Array:
    """Uniform with variance ``2 / (inputs + outputs)``, made for tanh.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
    equation 16.
    """
    bound = math.sqrt(6.0 / (inputs + outputs))
    return rng.uniform(-bound, bound, (outputs, inputs))


def lecun(rng: np.random.Generator, outputs: int, inputs: int) -> Array:
    """Normal with variance ``1 / inputs``.

    References
    ----------
    LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, equation 16.
    """
    return math.sqrt(1.0 / inputs) * rng.standard_normal((outputs, inputs))


InitializerName = Literal["he", "xavier", "glorot", "lecun", "uniform", "normal", "zeros"]
InitializerLike = InitializerName | Initializer | None

INITIALIZERS: dict[InitializerName, Initializer] = {
    "he": he,
    "xavier": xavier,
    "glorot": xavier,
    "lecun": lecun,
    "uniform": uniform(),
    "normal": normal(),
    "zeros": zeros,
}

_MADE_FOR_RELU = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


def as_initializer(init: Any, activation: str) -> Initializer:
    """The initializer meant by a name or a function; None: He for relu and its kin, else Xavier."""
    if init is None:
        return he if activation in _MADE_FOR_RELU else xavier
    if isinstance(init, str):
        return find(INITIALIZERS, init, "initializer")
    return as_function(init, "initializer", "a name or a function of (rng, outputs, inputs)")  # type: ignore[no-any-return]


def draw(init: Initializer, rng: np.random.Generator, outputs: int, inputs: int) -> Array:
    """What ``init`` gives, which may be the user's own function, held to its shape."""
    name = getattr(init, "__name__", type(init).__name__)
    drawn = as_array(init(rng, outputs, inputs), f"what initializer {name} gives")
    if drawn.shape != (outputs, inputs):
        raise ValueError(f"initializer {name} gives an array of shape {(outputs, inputs)} here, got {drawn.shape}")
    return drawn
