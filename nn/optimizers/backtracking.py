"""Gradient descent that takes a step back when the loss has grown."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograd.compiler.calls.finite import is_finite
from nn.checks import Array, as_size
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.settings import setting

__all__ = ["Backtracking"]


class Backtracking(Optimizer):
    """Gradient descent as document 004 intends it.

    Every ``every`` steps the loss is compared with the lowest so far. If it has grown, or at any time if it is not
    finite or a parameter would become that, the step goes back to the parameters of the lowest loss and the rate is
    divided by ``factor``.

    Parameters
    ----------
    learning_rate : float
        At first.
    factor : float
        What the rate is divided by, above 1.
    every : int
        Steps from one comparison to the next; document 004 has 500.
    tolerance : float
        How much larger a loss may be without having grown.

    Notes
    -----
    It is made for full batches: from one batch to another a loss may grow although the step was good. The document's
    own version restores nothing, because what it keeps is the list it then changes in place, and never notices growth,
    because its loss is nan.
    """

    _remembers = frozenset({"rate", "loss", "parameters"})

    def __init__(
        self, learning_rate: float = 1.0, *, factor: float = 5.0, every: int = 1, tolerance: float = 1e-9
    ) -> None:
        if callable(learning_rate):
            raise TypeError("Backtracking finds its own rates and takes a number to begin with, got a schedule")
        super().__init__(learning_rate)
        if not setting(factor, self, "factor") > 1.0:
            raise ValueError(f"factor of Backtracking is above 1, got {factor}; the rate is divided by it")
        self.factor = factor
        self.every = as_size(every, "every of Backtracking")
        self.tolerance = setting(tolerance, self, "tolerance")

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return float(self._memory["rate"]) if self._memory else super().rate

    def step(
        self, parameters: Array, gradient: Array, loss: float | None = None, names: Sequence[str] | None = None
    ) -> Array:
        """The next parameters: a step down, or back to the best; arguments as for :meth:`Optimizer.step`."""
        if loss is None:
            raise TypeError("Backtracking takes the loss at the parameters, got None; step(parameters, gradient, loss)")
        parameters, gradient = np.asarray(parameters, dtype=float), np.asarray(gradient, dtype=float)
        self._check_shapes(parameters, gradient)
        finite = math.isfinite(loss) and is_finite(gradient)
        if not finite and not self._memory:  # nothing to go back to
            self._check_finite(gradient, names, loss)
        due = self.steps % self.every == 0
        self.steps += 1
        if self._memory and (not finite or (due and loss > self._memory["loss"] + self.tolerance)):
            return self._back()
        if not self._memory or loss < self._memory["loss"]:
            self._memory = {"rate": np.array(self.rate), "loss": np.array(loss), "parameters": parameters.copy()}
        with np.errstate(over="ignore", invalid="ignore"):
            moved = self._move(parameters, gradient)
        return moved if is_finite(moved) else self._back()

    def _back(self) -> Array:
        """The parameters of the lowest loss; from there on smaller steps."""
        self._memory = {**self._memory, "rate": np.array(self.rate / self.factor)}
        return self._memory["parameters"].copy()

    def _move(self, parameters: Array, gradient: Array) -> Array:
        return parameters - self.rate * gradient
