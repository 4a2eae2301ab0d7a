"""The step of training that runs as a compiled program: matrices found in the model's scalars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import CompileError, compile
from autograd.compiler import Program
from nn.arguments import Array, as_row
from nn.losses import Loss
from nn.module import Module
from nn.state import call_unchanged
from nn.steps import EagerStep, Penalty, Step, read_parameters, write_parameters

__all__ = ["CompiledStep", "choose_step"]


def costs_of(loss: Loss) -> Callable[..., Any]:
    """What one example costs, with rows as ``EagerStep`` gives them: lists, in which ``+`` is concatenation."""

    def costs(model: Module, x: Any, y: Any) -> Any:
        return call_unchanged(model, lambda: loss(model(as_row(x)), as_row(y)))

    return costs


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
        self.costs = compile(costs_of(loss), batched=("x", "y"), reduce=reduce)
        self.penalty = None if penalty is None else compile(lambda model: penalty(model))
        self._steps: list[Callable[..., tuple[float, Array]]] = []
        self._program: Program | None = None

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
        self._program = self.costs.program
        if self.penalty is not None:
            self._steps.append(self.penalty.step(model))

    def value(self, parameters: Array, X: Array, y: Array) -> float:
        """Loss of any number of examples, without gradient and penalty."""
        y = np.asarray(y, dtype=np.float64)
        if self._program is None:
            self._compile(parameters, X, y)
        program, shapes = self._program, [X.shape[1:], y.shape[1:]]
        if program is not None and not program.fixed and [shape for _, shape in program.arguments] == shapes:
            return float(program.value(parameters, X, y))
        write_parameters(self.eager.values, parameters)
        return float(self.costs(self.eager.model, X, y))

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
