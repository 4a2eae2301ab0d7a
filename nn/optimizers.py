"""Rules that turn a gradient into better parameters, on flat arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.module import Module

__all__ = ["SGD"]

Array = NDArray[np.float64]


class SGD:
    """Gradient descent: ``parameters - learning_rate * gradient``."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def step(self, parameters: Array, gradient: Array) -> Array:
        """The next parameters, a new array; shapes (parameters,)."""
        return parameters - self.learning_rate * gradient

    def update(self, model: Module) -> None:
        """Move a model's parameters by the gradients that ``backward()`` left on them."""
        values = model.parameters()
        moved = self.step(np.array([p.data for p in values]), np.array([p.grad for p in values]))
        for value, data in zip(values, moved.tolist(), strict=True):
            value.data = data
