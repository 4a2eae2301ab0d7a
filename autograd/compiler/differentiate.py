"""Pass 7, differentiate: the statements of the backward pass, from those of the forward pass.

It is the array program that is differentiated, one rule for each kind of statement. What an operation's derivative
is, the op table says: a :class:`~autograd.compiler.statements.Chain` evaluates its row when it is emitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from autograd import ops
from autograd.compiler.adjoints import Adjoints, is_scaling
from autograd.compiler.memory import Memory
from autograd.compiler.statements import (
    Chain,
    Fill,
    Linear,
    Map,
    MatMul,
    Operand,
    Put,
    Reduce,
    Segments,
    Statement,
    Take,
    Total,
)  # fmt: skip
from autograd.compiler.views import Index, View
from autograd.op import REAL, Op

__all__ = ["differentiate"]


def differentiate(memory: Memory, outputs: Sequence[View], wanted: Sequence[int]) -> list[Statement]:
    """Statements that carry adjoints from ``outputs`` to the slots of the places ``wanted``.

    The adjoints of the outputs are there when they begin.
    """
    return _Differentiator(memory, wanted).run(outputs)


class _Differentiator:
    """Takes the forward statements from the last to the first."""

    def __init__(self, memory: Memory, wanted: Sequence[int]) -> None:
        self.memory = memory
        self.adjoints = Adjoints(memory, wanted)
        self.written = self.adjoints.written

    def run(self, outputs: Sequence[View]) -> list[Statement]:
        adjoints = self.adjoints
        for statement in self.memory.statements:
            if any(adjoints.is_active(operand) for operand in _operands(statement)):
                adjoints.active[statement.target.place][statement.target.selection] = True
        for view in outputs:
            adjoints.begin(view)
        rules = {
            Map: self._map, Linear: self._linear, MatMul: self._matmul, Total: self._total, Take: self._take,
            Segments: self._segments, Reduce: self._reduce,
        }  # fmt: skip
        for statement in reversed(self.memory.statements):
            target = statement.target
            if not isinstance(statement, Fill) and adjoints.is_active(target) and adjoints.is_reached(target):
                rules[type(statement)](statement, adjoints.of(target))  # type: ignore[operator]
        return self.written

    # ── One rule for each statement ──────────────────────────────────────────────────────────────────────────────────

    def _map(self, statement: Map, adjoint: View) -> None:
        op, args = statement.op, statement.args
        for k, arg in enumerate(args):
            if op is ops.mul:
                self.adjoints.add(1, arg, adjoint, (args[1 - k],))
            elif op is ops.neg:
                self.adjoints.add(-1, arg, adjoint, ())
            elif (op is not ops.where or k > 0) and self.adjoints.is_active(arg):
                self._chain(op, k, adjoint, statement.target, arg, args)

    def _chain(self, op: Op, k: int, adjoint: View, result: View, arg: View, args: tuple[Operand, ...]) -> None:
        masked = may_be_infinite(op, args) and not self.adjoints.surely_nonzero(result)
        if arg.repeated or (result.batched and not arg.batched) or not arg.injective:
            whole = self.adjoints.temporary(result.batched, result.shape)
            self.written.append(Chain(whole, "=", op, k, adjoint, result, args, masked))
            self.adjoints.add(1, arg, whole, ())
            return
        mode = self.adjoints.mode(arg)
        self.written.append(Chain(arg.gradient, mode, op, k, adjoint, result, args, masked))
        if mode == "=" and op is ops.div and k == 0 and is_scaling(args[1:]):
            self.adjoints.keep_nonzero(arg, result)

    def _linear(self, statement: Linear, adjoint: View) -> None:
        for sign, factors in statement.terms:
            for k, factor in enumerate(factors):
                self.adjoints.add(sign, factor, adjoint, (*factors[:k], *factors[k + 1 :]))

    def _matmul(self, statement: MatMul, adjoint: View) -> None:
        sign = _sign(statement)
        g, left, right = adjoint, statement.left, statement.right
        swap = (0, 2, 1)
        for operand, a, b in (
            (left, g, right.transposed(*swap)),
            (right, g.transposed(*swap), left.transposed(*swap)),
        ):
            if not self.adjoints.is_active(operand):
                continue
            if a.batched and not b.batched:  # the operand without a batch axis comes first
                target = operand.transposed(*swap)
                a, b = b, a
            else:
                target = operand
            if not operand.injective:
                whole = self.adjoints.temporary(operand.batched, target.shape)
                self.written.append(MatMul(whole, "=", a, b))
                if sign < 0:
                    self.written.append(Linear(whole, "=", ((-1, (whole,)),)))
                self.adjoints.put(target, whole)
                continue
            self.written.append(MatMul(target.gradient, self.adjoints.signed_mode(sign, target), a, b))

    def _total(self, statement: Total, adjoint: View) -> None:
        source = statement.source
        self.adjoints.add(_sign(statement), source, _spread(adjoint, source.shape), ())

    def _take(self, statement: Take, adjoint: View) -> None:
        source = statement.source
        if self.adjoints.is_active(source):
            self.adjoints.prepare(source)
            g = adjoint
            if g.batched and not source.batched:
                total = self.adjoints.temporary(False, statement.target.shape)
                self.written.append(Total(total, "=", g, ()))
                g = total
            self.written.append(Put(source.gradient, statement.index, g, statement.positions))

    def _segments(self, statement: Segments, adjoint: View) -> None:
        source = statement.source
        if self.adjoints.is_active(source):
            lengths = np.diff(np.append(statement.starts, source.size))
            spread = self.adjoints.temporary(statement.target.batched, source.shape)
            owner: Index = np.repeat(np.arange(len(lengths)), lengths)
            self.written.append(Take(spread, adjoint, owner))
            self.adjoints.add(_sign(statement), source, spread, ())

    def _reduce(self, statement: Reduce, adjoint: View) -> None:
        source, y = statement.source, statement.target
        self._chain(statement.op, 0, _spread(adjoint, source.shape), _spread(y, source.shape), source, (source,))


def _sign(statement: MatMul | Total | Segments) -> int:
    return -1 if statement.mode == "-=" else 1


def _spread(view: View, shape: tuple[int, ...]) -> View:
    """A view repeated along a last axis: what is summed or reduced in the forward pass."""
    return replace(view, shape=shape, strides=(*view.strides, 0))


# Piecewise constant: their derivative is 0 wherever it exists.
_FLAT = frozenset((ops.step, ops.compare, ops.stop_gradient))


def may_be_infinite(op: Op, args: Sequence[object]) -> bool:
    """Whether a partial can be infinite or nan where the operands are finite, overflow apart: so says the domain."""
    if op is ops.mul_no_nan:  # infinite operands are what it is for
        return not any(isinstance(a, float) and isfinite(a) for a in args)
    if op is ops.where or (op is ops.pow and isinstance(args[1], float) and args[1] >= 1.0):
        return False
    domains = op.domain if op.arity else op.domain * len(args)
    return any(d != REAL and not (isinstance(a, float) and a in d) for d, a in zip(domains, args, strict=True))


def _operands(statement: Statement) -> Sequence[Operand]:
    """What a statement of the forward pass reads and has a derivative by."""
    if isinstance(statement, Map):
        return () if statement.op in _FLAT else statement.args
    if isinstance(statement, Linear):
        return [factor for _, factors in statement.terms for factor in factors]
    if isinstance(statement, MatMul):
        return (statement.left, statement.right)
    return () if isinstance(statement, Fill) else (statement.source,)  # type: ignore[union-attr]
