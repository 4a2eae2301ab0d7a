"""The step of training that runs as a compiled program: matrices found in the model's scalars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd import CompileError, compile
from autograd.compiler.program import Step as BoundProgram
from nn.arguments import Array
from nn.losses import Loss
from nn.module import Module
from nn.steps import EagerStep, Penalty, Step, read_parameters, write_parameters

__all__ = ["CompiledStep", "choose_step"]


class CompiledStep:
    """Loss and gradient of a batch by a program, recorded from one example when the first batch comes.

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
    For each batch size there is a program bound to buffers of its own; a batch costs no other memory than its gradient.
    What is not finite is explained by the eager step, at the example where it arose.
    """

    def __init__(self, model: Module, loss: Loss, reduce: str = "mean", penalty: Penalty | None = None) -> None:
        self.eager = EagerStep(model, loss, reduce, penalty)
        self.costs = compile(lambda model, x, y: loss(model(x), y), batched=("x", "y"), reduce=reduce)
        self.penalty = None if penalty is None else compile(lambda model: penalty(model))
        self.parameters = np.empty(len(self.eager.values))
        self._bound: dict[int, list[BoundProgram]] = {}

    def __call__(self, parameters: Array, X: Array, y: Array) -> tuple[float, Array]:
        """Loss of a batch and its gradient; nothing in the model changes."""
        y = np.asarray(y, dtype=np.float64)
        costs, *rest = self._bound.get(len(X)) or self._bind(parameters, X, y)
        self.parameters[:] = parameters
        with np.errstate(all="ignore"):  # nan and infinity are results, which the optimiser looks for
            total = costs.value_and_grad(X, y)
            gradient = costs.gradient.copy()
            for penalty in rest:
                total += penalty.value_and_grad()
                gradient += penalty.gradient
        return total, gradient

    def explain(self, parameters: Array, X: Array, y: Array, rows: Sequence[int]) -> str:
        """Where a batch's loss or gradient stops being finite, as :meth:`EagerStep.explain` says it."""
        return self.eager.explain(parameters, X, y, rows)

    def _bind(self, parameters: Array, X: Array, y: Array) -> list[BoundProgram]:
        """Programs for batches of this size, with the parameters read from our buffer."""
        write_parameters(self.eager.values, parameters)
        model = self.eager.model
        self.costs(model, X, y)
        functions = [self.costs]
        if self.penalty is not None:
            self.penalty(model)
            functions.append(self.penalty)
        for function in functions:
            if function.program.fixed:
                raise CompileError("a loss or penalty that reads Values outside the model is not bound; train eagerly")
        bound = [function.program.bind(self.parameters, len(X)) for function in functions]
        self._bound[len(X)] = bound
        return bound


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
