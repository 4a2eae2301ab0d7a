"""What large weights cost, added to the loss: functions of a model."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd import Value
from autograd.convert import as_float
from autograd.functions import abs, dot, sum
from nn.checks import as_flag
from nn.model.module import Module

__all__ = ["L1", "L2"]


@dataclass(frozen=True)
class _Penalty:
    """A penalty on weights.

    Parameters
    ----------
    strength : float
        Its factor, at least 0.
    biases : bool
        Whether it falls on biases too: parameters held by an attribute ``bias`` or ``biases``.
    """

    strength: float
    biases: bool = False

    def __post_init__(self) -> None:
        name = type(self).__name__
        if not 0.0 <= as_float(self.strength, f"{name} takes") < math.inf:
            raise ValueError(f"{name} takes a finite strength of at least 0, got {self.strength}")
        as_flag(self.biases, f"biases of {name}", "True is for a penalty on biases too")

    def _weights(self, model: Module) -> list[Value]:
        return [
            value
            for name, value in model.named_parameters()
            if self.biases or not {"bias", "biases"} & set(name.split(".")[-2:])
        ]


class L2(_Penalty):
    """``strength / 2 * Σ w²``, as in document 004: its gradient is ``strength * w``, no factor 2.

    Parameters
    ----------
    strength : float
        Finite, at least 0.
    biases : bool
        Whether it falls on biases too: parameters held by an attribute ``bias`` or ``biases``.
    """

    def __call__(self, model: Module) -> Value | float:
        """The penalty, one Value; 0.0 for a model that has no weights."""
        weights = self._weights(model)
        squares: Value | float = dot(weights, weights)
        return 0.5 * self.strength * squares


class L1(_Penalty):
    """``strength * Σ |w|``, which draws weights to exactly zero; at 0 its gradient is 0.

    Parameters
    ----------
    strength : float
        Finite, at least 0.
    biases : bool
        Whether it falls on biases too: parameters held by an attribute ``bias`` or ``biases``.
    """

    def __call__(self, model: Module) -> Value | float:
        """The penalty, one Value; 0.0 for a model that has no weights."""
        sizes: Value | float = sum([abs(weight) for weight in self._weights(model)])
        return self.strength * sizes
