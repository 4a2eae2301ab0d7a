"""What a layer does to its weighted sums: a name, or a function of one Value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from autograd import Value, arrays, functions, ops
from nn.checks import Array, as_function, find

__all__ = ["ACTIVATIONS", "Activation", "ActivationLike", "ActivationName", "built_in"]

ActivationName = Literal[
    "linear", "relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus", "sin"
]  # fmt: skip


def linear(z: Value) -> Value:
    """``z`` itself."""
    return z


@dataclass(frozen=True)
class Activation:
    """A function of one weighted sum, under a name.

    Parameters
    ----------
    name : str
        One of ``ACTIVATIONS``, or the name of the user's own function.
    function : callable
        From a Value to a Value.
    """

    name: str
    function: Callable[[Any], Any]

    @classmethod
    def of(cls, activation: ActivationLike) -> Activation:
        """The activation meant by a name or a function; the engine's own functions are known by their names."""
        if isinstance(activation, Activation):
            return activation
        if isinstance(activation, str):
            if str(activation) == "softmax":
                raise ValueError(
                    "activation 'softmax' is no function of one number; leave the last layer linear and use the loss "
                    "'softmax_cross_entropy', or apply autograd.softmax to the outputs"
                )
            return find(ACTIVATIONS, activation, "activation")
        as_function(activation, "activation", "a name or a function of one Value")
        name = getattr(activation, "__name__", type(activation).__name__)
        known = built_in(name)
        return known if known is not None and known.function is activation else cls(name, activation)

    def on_array(self, z: Array) -> Array:
        """The activation of every entry, without a graph where the function is an operation of the table."""
        if self.function is linear:
            return z
        op = ops.TABLE[self.name] if built_in(self.name) is self else getattr(self.function, "op", None)
        if op is not None:
            constants = getattr(self.function, "__defaults__", None) or ()  # the slope of leaky_relu
            with np.errstate(all="ignore"):
                return np.asarray(op.value(arrays, z, *constants), dtype=float)
        return np.array([self.function(Value(x)).data for x in z.flat], dtype=float).reshape(z.shape)

    def __str__(self) -> str:
        return self.name


ActivationLike = ActivationName | Callable[[Any], Any] | Activation

ACTIVATIONS: dict[ActivationName, Activation] = {
    name: Activation(name, linear if name == "linear" else getattr(functions, name))
    for name in get_args(ActivationName)
}


def built_in(name: str) -> Activation | None:
    """The activation of the table that is called so, if there is one."""
    return next((activation for known, activation in ACTIVATIONS.items() if known == name), None)
