"""The step of training that runs as a compiled program: matrices found in the model's scalars."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import CompileError, compile
from autograd.compiler import Program
from autograd.compiler.calls.finite import is_finite
from nn.checks import Array, as_row
from nn.measures.losses import Loss
from nn.measures.outputs import Reduce
from nn.model.module import Module
from nn.model.state import call_once, call_unchanged
from nn.training.step import EagerStep, Penalty, Step, read_parameters, write_parameters

__all__ = ["CompiledStep", "choose_step"]


# Rows at which a program is held to the graphs, and how far they may differ: far above rounding. The second is for what
# fits so well that its loss, the square of a difference, is rounding.
CHECKED, RELATIVE, ABSOLUTE = 8, 1e-6, 1e-12


def costs_of(loss: Loss) -> Callable[..., Any]:
    """What one example costs, with rows as ``EagerStep`` gives them: lists, in which ``+`` is concatenation."""

    def costs(model: Module, x: Any, y: Any) -> Any:
        return call_unchanged(model, lambda: loss(model(as_row(x)), as_row(y)))

    return costs


class CompiledStep:
    """Loss and gradient of a batch by a compiled program; on graphs, if there is none.

    Parameters
    ----------
    model : Module
    loss : callable
        Of one prediction and one target; both are Values while it is recorded.
    reduce : {"mean", "sum"}
        What becomes of the examples' losses.
    penalty : callable, optional
        A function of the model, added once a batch.
    insist : bool
        Raise where there is no program.

    Notes
    -----
    The program is recorded from one example; batches of any size share it. What is not finite is explained by the
    eager step, at the example where it arose.
    """

    def __init__(
        self, model: Module, loss: Loss, reduce: Reduce = "mean", penalty: Penalty | None = None, insist: bool = True
    ) -> None:
        self.eager = EagerStep(model, loss, reduce, penalty)
        self.costs = compile(costs_of(loss), batched=("x", "y"), reduce=reduce)
        self.penalty = None if penalty is None else compile(lambda model: penalty(model))
        self.insist = insist
        self.engine, self.reason = "compiled", ""
        self._steps: list[Callable[..., tuple[float, Array]]] = []
        self._program: Program | None = None

    def __call__(self, parameters: Array, X: Array, y: Array) -> tuple[float, Array]:
        """Loss of a batch and its gradient; nothing in the model changes."""
        if not self._steps and self.engine == "compiled":
            self._compile(parameters, X, y)
        if self.engine == "graphs":
            return self.eager(parameters, X, y)
        costs, *rest = self._steps
        total, gradient = costs(parameters, X, y)
        for step in rest:
            penalty, slope = step(parameters)
            total, gradient = total + penalty, gradient + slope
        if not (math.isfinite(total) and is_finite(gradient)):
            return self.eager(parameters, X, y)  # where a program gives nan, graphs may not; and they can say why
        return total, gradient

    def refresh(self) -> None:
        """Look at the model again: code of others may have changed what it holds besides its parameters."""
        self._steps = []

    def _compile(self, parameters: Array, X: Array, y: Array) -> None:
        """Find the programs for the model as it is now, or none."""
        model = self.eager.model
        write_parameters(self.eager.values, parameters)
        try:
            steps = [self.costs.step(model, X, y)]
            if self.costs.program is not self._program:
                self._check(parameters, X, y)
            self._program = self.costs.program
            if self.penalty is not None:
                steps.append(self.penalty.step(model))
        except CompileError as error:
            if self.insist:
                raise
            warnings.warn(f"training on graphs, which is many times slower, since {error}", stacklevel=4)
            self.engine, self.reason = "graphs", str(error)
        except (TypeError, AttributeError) as error:
            error.add_note("model and loss are called with Values to be compiled; fit(..., compiled=False) does not")
            raise
        else:
            self._steps = steps

    def _check(self, parameters: Array, X: Array, y: Array) -> None:
        """Hold a new program to the graphs at some rows: it was recorded with Values where these have numbers."""
        rows = np.unique(np.linspace(0, len(X) - 1, CHECKED).astype(int))
        X, y = X[rows], y[rows]
        expected = call_once(self.eager.model, lambda: self.eager.value(parameters, X, y))
        found = float(self.costs._number(self.eager.model, X, y))
        if not np.isclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True):
            raise CompileError(
                f"the loss of a compiled {type(self.eager.model).__name__} is {found:g}, but {expected:g} on numbers; "
                "it asks for their types, where a program has Values"
            )

    def value(self, parameters: Array, X: Array, y: Array) -> float:
        """Loss of any number of examples, without gradient and penalty."""
        if not self._steps and self.engine == "compiled":
            self._compile(parameters, X, y)
        if self.engine == "graphs":
            return self.eager.value(parameters, X, y)
        program, shapes = self._program, [X.shape[1:], y.shape[1:]]
        if program is not None and not program.fixed and [shape for _, shape in program.arguments] == shapes:
            return float(program.value(parameters, X, y))
        write_parameters(self.eager.values, parameters)
        return float(self.costs._number(self.eager.model, X, y))

    def explain(self, parameters: Array, X: Array, y: Array, rows: Sequence[int]) -> str:
        """Where a batch's loss or gradient stops being finite, as :meth:`EagerStep.explain` says it."""
        return self.eager.explain(parameters, X, y, rows)


def choose_step(
    model: Module,
    loss: Loss,
    reduce: Reduce,
    penalty: Penalty | None,
    batch: tuple[Array, Array],
    compiled: bool | None,
) -> Step:
    """A compiled step if the objective can be compiled, else one on graphs; True insists on the first.

    Parameters
    ----------
    batch : (X, y)
        Examples to try it on.
    """
    if compiled is False:
        return EagerStep(model, loss, reduce, penalty)
    step = CompiledStep(model, loss, reduce, penalty, insist=compiled is True)
    step._compile(read_parameters(step.eager.values), *batch)
    return step
