"""What an exercise hands to its student: activations and a cost with their derivatives, from the engine's table."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import arrays
from autograd.ops import TABLE

from .how import Array, How, numbers

NAMES = {"logistic": "sigmoid", "sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu"}  # as the documents have them


def name_of(function: Any) -> str:
    """The engine's name for an activation that was handed out."""
    return NAMES[function.__name__]


def _activation(name: str, x: Array, deriv: bool) -> Array:
    op, x = TABLE[name], np.asarray(x, dtype=float)
    value = op.value(arrays, x)
    return op.partials[0](arrays, value, x) if deriv else value


def logistic(x: Array, deriv: bool = False) -> Array:
    """σ(x), or its derivative."""
    return _activation("sigmoid", x, deriv)


def sigmoid(x: Array, deriv: bool = False) -> Array:
    """The same, as document 003 calls it."""
    return _activation("sigmoid", x, deriv)


def tanh(x: Array, deriv: bool = False) -> Array:
    """tanh(x), or its derivative."""
    return _activation("tanh", x, deriv)


def relu(x: Array, deriv: bool = False) -> Array:
    """max(0, x), or its derivative, which is 0 at 0."""
    return _activation("relu", x, deriv)


def cross_entropy(y_preds: Array, y: Array, deriv: bool = False) -> Array:
    """The mean cross-entropy, or its derivatives by the predictions."""
    how = How()
    cost = lambda p: how.mean(how.entropy(p, y))
    y_preds = np.asarray(y_preds, dtype=float)
    return how.by(cost, y_preds) if deriv else numbers(cost(y_preds))
