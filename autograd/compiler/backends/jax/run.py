"""An array program on arrays of JAX: statement by statement, each array made once and never changed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import accumulate
from math import prod
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograd import ops
from autograd.compiler.backends.jax.functions import FUNCTIONS
from autograd.compiler.backends.jax.memory import NOTHING, Memory
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.matrices.statements import (
    Linear,
    Map,
    MatMul,
    Operand,
    Reduce,
    Segments,
    Statement,
    Take,
    Total,
)
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, PARAMETER

__all__ = ["run"]

Array = Any


def run(
    program: ArrayProgram,
    parameters: Sequence[Array],
    batch: Sequence[Array],
    count: int,
    found: Sequence[tuple[int, ...]] = (),
) -> tuple[Array, Array]:
    """Outputs and derivatives.

    Parameters
    ----------
    program : ArrayProgram
    parameters : sequence of arrays
        They are the parameters end to end, flat.
    batch : sequence of arrays
        For each batched argument the numbers of its examples, shape ``(count, size)``.
    count : int
        How many examples there are.
    found : sequence of shapes
        What the derivatives will be taken apart to.
    """
    runner = _Runner(program, parameters, batch, count)
    for statements in program.passes:
        for statement in statements:
            runner.execute(statement)
    outputs, size = runner.read(program.outputs), program.sizes[RESULT]
    if not size:
        return outputs, None
    ends = accumulate(map(prod, found), initial=0)
    slots = [start + np.arange(prod(shape)).reshape(shape) for start, shape in zip(ends, found, strict=False)]
    return outputs, jnp.concatenate([jnp.ravel(runner.memory.read(RESULT, part)) for part in slots])


class _Runner:
    def __init__(self, program: ArrayProgram, parameters: Sequence[Array], batch: Sequence[Array], count: int) -> None:
        counts = np.array([count, 1.0 / count if count else np.inf])
        given = {PARAMETER: parameters, CONSTANT: [program.constants], COUNT: [counts]}
        given |= {FIRST_BATCHED + k: [rows.T] for k, rows in enumerate(batch)}
        sizes = {place: sum([len(array) for array in arrays]) for place, arrays in given.items()}
        self.memory = Memory(program.sizes | sizes, count)
        for place, arrays in given.items():
            start = 0
            for array in arrays:
                self.memory.write(place, np.arange(start, start + len(array)), array)
                start += len(array)

    def execute(self, statement: Statement) -> None:
        rules: dict[type, Callable[[Any], None]] = {
            Take: self._take, Map: self._map, Linear: self._linear, MatMul: self._product, Total: self._total,
            Segments: self._segments, Reduce: self._reduce,
        }  # fmt: skip
        rules[type(statement)](statement)

    # ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, view: View) -> Array:
        """The numbers of a view, in its shape, with an axis of examples behind it if there are such."""
        return self.memory.read(view.place, view.slots())

    def _write(self, view: View, numbers: Array, mode: str = "=") -> None:
        """Put numbers where a view says, or add them to what is there, or take them away from it."""
        if mode != "=":
            before = self.read(view)
            numbers = before + numbers if mode == "+=" else before - numbers
        self.memory.write(view.place, view.slots(), numbers)

    def _operand(self, operand: Operand, lanes: bool) -> Array:
        """The numbers of an operand, with an axis of examples if others have one."""
        if not isinstance(operand, View):
            return operand
        numbers = self.read(operand)
        return numbers[..., None] if lanes and not operand.batched else numbers

    # ── Statements ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, s: Take) -> None:
        target, source = s.target.slots(), s.source.slots()[s.index]
        if s.positions is not None:
            target = target[s.positions]
        if s.target.batched == s.source.batched:
            self.memory.share(s.target.place, target, s.source.place, source)
        else:
            self.memory.write(s.target.place, target, self.memory.read(s.source.place, source)[..., None])

    def _map(self, s: Map) -> None:
        args = [self._operand(arg, s.target.batched) for arg in s.args]
        self._write(s.target, s.op.value(FUNCTIONS, *args))

    def _linear(self, s: Linear) -> None:
        terms = [reduce(operator.mul, [self._operand(f, s.target.batched) for f in factors]) for _, factors in s.terms]
        signed = [term if sign > 0 else -term for (sign, _), term in zip(s.terms, terms, strict=True)]
        self._write(s.target, reduce(operator.add, signed), s.mode)

    def _product(self, s: MatMul) -> None:
        names = ["hik" + "n" * s.left.batched, "hjk" + "n" * s.right.batched, "hij" + "n" * s.target.batched]
        found = jnp.einsum(f"{names[0]},{names[1]}->{names[2]}", self.read(s.left), self.read(s.right))
        self._write(s.target, found, s.mode)

    def _total(self, s: Total) -> None:
        axes = (*s.axes, *([len(s.source.shape)] if s.over_batch else []))
        found = self.read(s.source).sum(axes)
        self._write(s.target, found.reshape(*s.target.shape, *found.shape[found.ndim - s.target.batched :]), s.mode)

    def _segments(self, s: Segments) -> None:
        slots, lengths = s.source.slots(), np.diff([*s.starts.tolist(), s.source.shape[0]])
        if len(lengths) * lengths.max() <= 3 * len(slots):  # rows of one length, whose ends are 0
            rows = np.full((len(lengths), lengths.max(), *slots.shape[1:]), NOTHING)
            rows[np.arange(lengths.max()) < lengths[:, None]] = slots
            found = self.memory.read(s.source.place, rows).sum(1)
        else:
            numbers = np.repeat(np.arange(len(lengths)), lengths)
            found = jax.ops.segment_sum(self.read(s.source), numbers, len(lengths), indices_are_sorted=True)
        self._write(s.target, found, s.mode)

    def _reduce(self, s: Reduce) -> None:
        source, axis = self.read(s.source), len(s.source.shape) - 1
        if s.op is ops.logsumexp:
            found = jax.scipy.special.logsumexp(source, axis=axis)
        else:
            found = s.op.value(FUNCTIONS, *jnp.moveaxis(source, axis, 0))
        self._write(s.target, found)
