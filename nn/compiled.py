"""The step of training that runs as a compiled program: matrices found in the model's scalars."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograd import CompileError, compile
from nn.arguments import Array
from nn.losses import Loss
from nn.module import Module
from nn.steps import EagerStep, Penalty, Step, read_parameters, write_parameters

__all__ = ["CompiledStep", "choose_step"]


class CompiledStep:
    """Loss and gradient of a batch by a compiled program.

    Parameters
    ----------
    model : Module
    loss : callable
        Of one prediction and one target; both are Values while it is recorded.
    reduce : {"mean", "sum"}
        What becomes of the examples' losses.
    penalty : callable, optional
        A function of the model, added once a batch.

    Notes
    -----
    The program is recorded from one example; batches of any size share it. What is not finite is explained by the
    eager step, at the example where it arose.
    """

    def __init__(self, model: Module, loss: Loss, reduce: str = "mean", penalty: Penalty | None = None) -> None:
        self.eager = EagerStep(model, loss, reduce, penalty)
        self.costs = compile(lambda model, x, y: loss(model(x), y), batched=("x", "y"), reduce=reduce)
        self.penalty = None if penalty is None else compile(lambda model: penalty(model))
        self._steps: list[Callable[..., tuple[float, Array]]] = []

    def __call__(self, parameters: Array, X: Array, y: Array) -> tuple[float, Array]:
        """Loss of a batch and its gradient; nothing in the model changes."""
        y = np.asarray(y, dtype=np.float64)
        if not self._steps:
            self._compile(parameters, X, y)
        costs, *rest = self._steps
        total, gradient = costs(parameters, X, y)
        for step in rest:
            penalty, slope = step(parameters)
            total, gradient = total + penalty, gradient + slope
        return total, gradient

    def _compile(self, parameters: Array, X: Array, y: Array) -> None:
        model = self.eager.model
        write_parameters(self.eager.values, parameters)
        self._steps = [self.costs.step(model, X, y)]
        if self.penalty is not None:
            self._steps.append(self.penalty.step(model))

    def explain(self, parameters: Array, X: Array, y: Array, rows: Sequence[int]) -> str:
        """Where a batch's loss or gradient stops being finite, as :meth:`EagerStep.explain` says it."""
        return self.eager.explain(parameters, X, y, rows)


def choose_step(
    model: Module, loss: Loss, reduce: str, penalty: Penalty | None, batch: tuple[Array, Array], compiled: bool | None
) -> Step:
    """A compiled step if the objective can be compiled, else an eager one; True insists on the first.

    Parameters
    ----------
    batch : (X, y)
        Examples to try it on.
    """
    if compiled is not False:
        step = CompiledStep(model, loss, reduce, penalty)
        try:
            step(read_parameters(step.eager.values), *batch)
        except (CompileError, TypeError, ValueError):  # text as targets, a loss that compares ...
            if compiled:
                raise
        else:
            return step
    return EagerStep(model, loss, reduce, penalty)
