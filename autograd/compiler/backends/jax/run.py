"""An array program on arrays of JAX: statement by statement, each array made once and never changed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograd import ops
from autograd.compiler.array_program import ArrayProgram
from autograd.compiler.backends.jax.functions import FUNCTIONS
from autograd.compiler.schedule import RESULT
from autograd.compiler.statements import Fill, Linear, Map, MatMul, Operand, Reduce, Segments, Statement, Take, Total
from autograd.compiler.tape import CONSTANT, COUNT, FIRST_BATCHED, PARAMETER
from autograd.compiler.views import View

__all__ = ["run"]

Array = Any


def run(program: ArrayProgram, parameters: Array, batch: Sequence[Array], count: int) -> tuple[Array, Array]:
    """Outputs and derivatives.

    Parameters
    ----------
    program : ArrayProgram
    parameters : array
        Shape ``(p,)``.
    batch : sequence of arrays
        For each batched argument the numbers of its examples, shape ``(count, size)``.
    count : int
        How many examples there are.
    """
    memory = _Memory(program, parameters, batch, count)
    for statements in program.passes:
        for statement in statements:
            memory.execute(statement)
    size = program.sizes[RESULT]
    return memory.read(program.outputs), memory.read(View(RESULT, 0, (size,), (1,))) if size else None


class _Memory:
    """For each place the runs of slots that were written, with their numbers: members first, examples last."""

    def __init__(self, program: ArrayProgram, parameters: Array, batch: Sequence[Array], count: int) -> None:
        self.count = count
        counts = np.array([count, 1.0 / count if count else np.inf])
        given = {PARAMETER: parameters, CONSTANT: program.constants, COUNT: counts}
        given |= {FIRST_BATCHED + k: rows.T for k, rows in enumerate(batch)}
        self.runs: dict[int, list[tuple[int, int, Array]]] = {
            place: [(0, array.shape[0], array)] for place, array in given.items()
        }

    def execute(self, statement: Statement) -> None:
        rules: dict[type, Callable[[Any], None]] = {
            Fill: self._fill, Take: self._take, Map: self._map, Linear: self._linear, MatMul: self._product,
            Total: self._total, Segments: self._segments, Reduce: self._reduce,
        }  # fmt: skip
        rules[type(statement)](statement)

    # ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, view: View) -> Array:
        """The numbers of a view, in its shape, with an axis of examples behind it if there are such."""
        low, high = view.selection_start, view.selection_end
        numbers = self._interval(view, low, high)
        if view.contiguous:
            return numbers.reshape(*view.shape, *numbers.shape[1:])
        return numbers[view.slots() - low]

    def _interval(self, view: View, low: int, high: int) -> Array:
        parts, reached = [], low
        for start, stop, array in sorted(self.runs.get(view.place, []), key=lambda run: run[0]):
            if start < high and stop > low:
                if start > reached:
                    parts.append(self._zeros(view, start - reached))
                parts.append(array[max(low - start, 0) : min(high, stop) - start])
                reached = stop
        if reached < high:
            parts.append(self._zeros(view, high - reached))
        return parts[0] if len(parts) == 1 else jnp.concatenate(parts)

    def _zeros(self, view: View, size: int) -> Array:
        return jnp.zeros((size, self.count) if view.batched else (size,))

    def write(self, view: View, numbers: Array, mode: str = "=") -> None:
        """Put numbers where a view says, or add them to what is there, or take them away from it."""
        lanes = (self.count,) if view.batched else ()
        numbers = jnp.broadcast_to(numbers, (*view.shape, *lanes))
        if mode != "=":
            before = self.read(view)
            numbers = before + numbers if mode == "+=" else before - numbers
        low, high = view.selection_start, view.selection_end
        if view.contiguous:
            numbers = numbers.reshape(view.size, *lanes)
        else:
            numbers = self._interval(view, low, high).at[view.slots() - low].set(numbers)
        runs = self.runs.setdefault(view.place, [])
        kept = []
        for start, stop, array in runs:
            if start < low:
                kept.append((start, min(stop, low), array[: min(stop, low) - start]))
            if stop > high:
                kept.append((max(start, high), stop, array[max(start, high) - start :]))
        runs[:] = [*kept, (low, high, numbers)]

    def _operand(self, operand: Operand, lanes: bool) -> Array:
        """The numbers of an operand, with an axis of examples if others have one."""
        if not isinstance(operand, View):
            return operand
        numbers = self.read(operand)
        return numbers[..., None] if lanes and not operand.batched else numbers

    # ── Statements ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _fill(self, s: Fill) -> None:
        self.write(s.target, jnp.full((1,) * (len(s.target.shape) + s.target.batched), s.value))

    def _take(self, s: Take) -> None:
        chosen = self.read(s.source)[s.index]
        if s.target.batched and not s.source.batched:
            chosen = chosen[..., None]
        if s.positions is not None:
            chosen = jnp.asarray(self.read(s.target)).at[s.positions].set(chosen)
        self.write(s.target, chosen)

    def _map(self, s: Map) -> None:
        args = [self._operand(arg, s.target.batched) for arg in s.args]
        self.write(s.target, s.op.value(FUNCTIONS, *args))

    def _linear(self, s: Linear) -> None:
        total: Array = 0.0
        for sign, factors in s.terms:
            term = reduce(operator.mul, [self._operand(f, s.target.batched) for f in factors])
            total = total + term if sign > 0 else total - term
        self.write(s.target, total, s.mode)

    def _product(self, s: MatMul) -> None:
        names = ["hik" + "n" * s.left.batched, "hjk" + "n" * s.right.batched, "hij" + "n" * s.target.batched]
        found = jnp.einsum(f"{names[0]},{names[1]}->{names[2]}", self.read(s.left), self.read(s.right))
        self.write(s.target, found, s.mode)

    def _total(self, s: Total) -> None:
        axes = (*s.axes, *([len(s.source.shape)] if s.over_batch else []))
        found = self.read(s.source).sum(axes)
        self.write(s.target, found.reshape(*s.target.shape, *found.shape[found.ndim - s.target.batched :]), s.mode)

    def _segments(self, s: Segments) -> None:
        lengths = np.diff([*s.starts.tolist(), s.source.shape[0]])
        numbers = np.repeat(np.arange(len(s.starts)), lengths)
        found = jax.ops.segment_sum(self.read(s.source), numbers, len(s.starts), indices_are_sorted=True)
        self.write(s.target, found, s.mode)

    def _reduce(self, s: Reduce) -> None:
        source, axis = self.read(s.source), len(s.source.shape) - 1
        if s.op is ops.logsumexp:
            found = jax.scipy.special.logsumexp(source, axis=axis)
        else:
            found = s.op.value(FUNCTIONS, *jnp.moveaxis(source, axis, 0))
        self.write(s.target, found)
