"""One training step's loss and gradient, for a flat vector of parameters: the seam between training and the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from autograd import Value, diagnose
from autograd.convert import describe
from autograd.explain import non_finite
from nn.checks import Array
from nn.measures.losses import Loss
from nn.measures.outputs import Reduce
from nn.model.module import Module

__all__ = ["EagerStep", "Penalty", "Step", "read_parameters", "write_parameters"]

Penalty = Callable[[Module], Any]


class Step(Protocol):
    """What training asks of an engine.

    Attributes
    ----------
    engine : {"compiled", "graphs"}
    reason : str
        Why it runs on graphs, if it should not.
    """

    engine: str
    reason: str

    def refresh(self) -> None:
        """Look at the model again, which code of others may have changed."""

    def __call__(self, parameters: Array, X: Array, y: Array) -> tuple[float, Array]:
        """Loss of a batch and its gradient, shape (parameters,); either may hold nan or infinity."""

    def value(self, parameters: Array, X: Array, y: Array) -> float:
        """Loss of any number of examples, without gradient and penalty."""

    def explain(self, parameters: Array, X: Array, y: Array, rows: Sequence[int]) -> str:
        """Where a batch's loss or gradient stops being finite: which of ``rows``, and in which operation."""


class EagerStep:
    """The step that records each example's graph, walks it back, and drops it.

    Parameters
    ----------
    model : Module
    loss : callable
        Of one prediction and one target.
    reduce : {"mean", "sum"}
        What becomes of the examples' losses.
    penalty : callable, optional
        A function of the model, added once a batch.
    """

    def __init__(self, model: Module, loss: Loss, reduce: Reduce = "mean", penalty: Penalty | None = None) -> None:
        self.model = model
        self.loss = loss
        self.reduce = reduce
        self.penalty = penalty
        self.values = model.parameters()
        self.engine, self.reason = "graphs", ""

    def refresh(self) -> None:
        """A graph is made from the model as it is, each time."""

    def __call__(self, parameters: Array, X: Array, y: Array) -> tuple[float, Array]:
        """Loss of a batch and its gradient; the parameters' ``grad`` is overwritten on the way."""
        write_parameters(self.values, parameters)
        self._zero_grad()
        total = 0.0
        for x, target in zip(X.tolist(), y.tolist(), strict=True):
            cost = self._cost(x, target)
            cost.backward(check=False)
            total += cost.data
        count = len(X) if self.reduce == "mean" else 1
        total, gradient = total / count, self._gradient() / count
        if self.penalty is not None:
            self._zero_grad()
            cost = self._penalty(self.penalty)
            cost.backward(check=False)
            total, gradient = total + cost.data, gradient + self._gradient()
        return total, gradient

    def value(self, parameters: Array, X: Array, y: Array) -> float:
        """Loss of any number of examples, without gradient and penalty."""
        write_parameters(self.values, parameters)
        costs = [self._cost(x, target).data for x, target in zip(X.tolist(), y.tolist(), strict=True)]
        return sum(costs) / (len(X) if self.reduce == "mean" else 1)

    def explain(self, parameters: Array, X: Array, y: Array, rows: Sequence[int]) -> str:
        """Where a batch's loss or gradient stops being finite: which of ``rows``, and in which operation."""
        write_parameters(self.values, parameters)
        for row, x, target in zip(rows, X.tolist(), y.tolist(), strict=True):
            found = _explain(self._cost(x, target), "the loss")
            if found:
                return f"row {row}: {found}"
        found = _explain(self._penalty(self.penalty), "the penalty") if self.penalty else ""
        return found or "every row is finite but their sum is not"

    def _cost(self, x: Any, target: Any) -> Value:
        return _as_value(self.loss(self.model(x), target), "loss")

    def _penalty(self, penalty: Penalty) -> Value:
        """The penalty of the model as it is; of no parameters it is the number 0."""
        cost = penalty(self.model)
        return Value(0.0) if isinstance(cost, float) and cost == 0.0 else _as_value(cost, "penalty")

    def _zero_grad(self) -> None:
        for value in self.values:
            value.grad = 0.0

    def _gradient(self) -> Array:
        return np.array([value.grad for value in self.values])


def read_parameters(values: Sequence[Value]) -> Array:
    """The numbers of Values as a flat array."""
    return np.array([value.data for value in values])


def write_parameters(values: Sequence[Value], parameters: Array) -> None:
    """Set each Value to its number."""
    for value, number in zip(values, parameters.tolist(), strict=True):
        value.data = number


def _explain(root: Value, name: str) -> str:
    if not math.isfinite(root.data):
        root.label = root.label or name
        return non_finite(root)
    diagnosis = diagnose(root)
    return "" if diagnosis.derivative is None else f"{name} is {root.data:g}, but {str(diagnosis).splitlines()[0]}"


def _as_value(cost: Any, name: str) -> Value:
    if not isinstance(cost, Value):
        raise TypeError(
            f"{name} gives a Value for Values, got {describe(cost)}; does it read .data, or leave the parameters out?"
        )
    return cost
