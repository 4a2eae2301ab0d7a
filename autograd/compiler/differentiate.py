"""Pass 7, differentiate: the statements of the backward pass, from those of the forward pass.

It is the array program that is differentiated, one rule for each kind of statement. What an operation's derivative
is, the op table says: a :class:`~autograd.compiler.statements.Chain` evaluates its row when it is emitted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from autograd import ops
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
)
from autograd.compiler.views import Index, View
from autograd.op import REAL, Op

__all__ = ["differentiate"]


def differentiate(memory: Memory, outputs: Sequence[View], wanted: Sequence[int]) -> list[Statement]:
    """Statements that carry adjoints from ``outputs`` to the slots of the places ``wanted``.

    The adjoints of the outputs are there when they begin.
    """
    return _Differentiator(memory, wanted).run(outputs)


class _Differentiator:
    """Writes adjoints in reverse; ``touched`` knows which of them hold a number already, so that most are assigned.

    An adjoint is first assigned, then added to. Where a contribution covers slots some of which were written and some
    not, or leaves gaps, those not yet written are set to zero before.
    """

    def __init__(self, memory: Memory, wanted: Sequence[int]) -> None:
        self.memory = memory
        self.active = {place: np.zeros(size, dtype=bool) for place, size in memory.sizes.items()}
        for place in wanted:
            self.active[place][:] = True
        self.touched: dict[int, npt.NDArray[np.bool_]] = {}
        self.constant: set[View] = set()  # adjoints that are surely not zero
        self.written: list[Statement] = []

    def run(self, outputs: Sequence[View]) -> list[Statement]:
        for statement in self.memory.statements:
            self._propagate(statement)
        self.touched = {place: np.zeros_like(active) for place, active in self.active.items()}
        self.nonzero = {place: np.zeros_like(active) for place, active in self.active.items()}
        for view in outputs:
            self.touched[view.place][view.selection] = True
            self.nonzero[view.place][view.selection] = True
        rules = {
            Map: self._map, Linear: self._linear, MatMul: self._matmul, Total: self._total, Take: self._take,
            Segments: self._segments, Reduce: self._reduce,
        }  # fmt: skip
        for statement in reversed(self.memory.statements):
            target = statement.target
            if (
                not isinstance(statement, Fill)
                and self._is_active(target)
                and self.touched[target.place][target.selection].any()
            ):
                self._complete(target)
                rules[type(statement)](statement)  # type: ignore[operator]
        return self.written

    # ── What needs an adjoint ────────────────────────────────────────────────────────────────────────────────────────

    def _is_active(self, operand: Operand) -> bool:
        return isinstance(operand, View) and bool(self.active[operand.place][_extent(operand)].any())

    def _propagate(self, statement: Statement) -> None:
        if any(self._is_active(operand) for operand in operands(statement)):
            self.active[statement.target.place][statement.target.selection] = True

    # ── Writing to an adjoint ────────────────────────────────────────────────────────────────────────────────────────

    def _complete(self, view: View) -> None:
        """Set to zero what of this adjoint nothing has been written to."""
        touched = self.touched[view.place]
        if touched[view.selection].all():
            return
        slots = np.unique(view.slots())
        missing = slots[~touched[slots]]
        for part in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1):
            self.written.append(Fill(View(view.place, int(part[0]), (len(part),), (1,), adjoint=True), 0.0))
        touched[missing] = True

    def _mode(self, view: View) -> str:
        """``=`` if this is the first contribution to these slots, else ``+=``."""
        touched = self.touched[view.place]
        where = view.selection
        if touched[where].any():
            self._complete(view)
            self.nonzero[view.place][where] = False
            return "+="
        touched[where] = True
        return "="

    def _contribute(self, sign: int, operand: Operand, factors: tuple[Operand, ...], shape: tuple[int, ...]) -> None:
        """Add ``± Π factors``, of the given shape, to the adjoint of an operand, summing where it was repeated."""
        if not isinstance(operand, View) or not self._is_active(operand):
            return
        batched = any(isinstance(f, View) and f.batched for f in factors)
        axes = operand.repeated
        target = operand.without(axes)
        if target.injective and not axes and batched == operand.batched:
            mode = self._mode(operand)
            mode, sign = ("-=", 1) if mode == "+=" and sign < 0 else (mode, sign)
            self.written.append(Linear(operand.gradient, mode, ((sign, factors),)))
            return
        source = factors[0]
        if len(factors) > 1 or not target.injective or not isinstance(source, View):
            source = self._temporary(batched, shape)
            self.written.append(Linear(source, "=", ((1, factors),)))
        if target.injective:
            mode = self._mode(target)
            if sign < 0 and mode == "=":
                self.written.append(Fill(target.gradient, 0.0))
            self.written.append(Total(target.gradient, "-=" if sign < 0 else mode, source, axes))
            return
        if batched and not operand.batched:
            source, whole = self._temporary(False, shape), source
            self.written.append(Total(source, "=", whole, ()))
        self._put(operand, sign, source)

    def _temporary(self, batched: bool, shape: tuple[int, ...]) -> View:
        return self.memory.run(batched, *shape)

    # ── One rule for each statement ──────────────────────────────────────────────────────────────────────────────────

    def _map(self, statement: Map) -> None:
        target = statement.target
        adjoint = target.gradient
        for k, arg in enumerate(statement.args):
            if not isinstance(arg, View) or not self._is_active(arg):
                continue
            if statement.op is ops.mul:
                self._contribute(1, arg, (adjoint, statement.args[1 - k]), target.shape)
                if _is_scaling((statement.args[1 - k],)):
                    self._keep_nonzero(target, arg)
            elif statement.op is ops.neg:
                self._contribute(-1, arg, (adjoint,), target.shape)
                self._keep_nonzero(target, arg)
            elif statement.op not in _FLAT and (statement.op is not ops.where or k > 0):
                self._chain(statement.op, k, target, arg, statement.args)
                if statement.op is ops.div and k == 0 and _is_scaling(statement.args[1:]):
                    self._keep_nonzero(target, arg)

    def _chain(self, op: Op, k: int, result: View, arg: View, args: tuple[Operand, ...]) -> None:
        masked = may_be_infinite(op, args) and not self._surely_nonzero(result)
        adjoint = result.gradient
        if arg.repeated or (result.batched and not arg.batched) or not arg.injective:
            whole = self._temporary(result.batched, result.shape)
            self.written.append(Chain(whole, "=", op, k, adjoint, result, args, masked))
            self._contribute(1, arg, (whole,), result.shape)
        else:
            self.written.append(Chain(arg.gradient, self._mode(arg), op, k, adjoint, result, args, masked))

    def _linear(self, statement: Linear) -> None:
        adjoint = statement.target.gradient
        for sign, factors in statement.terms:
            sign = -sign if statement.mode == "-=" else sign
            for k, factor in enumerate(factors):
                self._contribute(sign, factor, (adjoint, *factors[:k], *factors[k + 1 :]), statement.target.shape)
                if isinstance(factor, View) and _is_scaling((*factors[:k], *factors[k + 1 :])):
                    self._keep_nonzero(statement.target, factor)

    def _matmul(self, statement: MatMul) -> None:
        sign = -1 if statement.mode == "-=" else 1
        g, left, right = statement.target.gradient, statement.left, statement.right
        swap = (0, 2, 1)
        for operand, a, b in (
            (left, g, right.transposed(*swap)),
            (right, g.transposed(*swap), left.transposed(*swap)),
        ):
            if not self._is_active(operand):
                continue
            if a.batched and not b.batched:  # the operand without a batch axis comes first
                target = operand.transposed(*swap)
                a, b = b, a
            else:
                target = operand
            if not operand.injective:
                whole = self._temporary(operand.batched, target.shape)
                self.written.append(MatMul(whole, "=", a, b))
                self._put(target, sign, whole)
                continue
            mode = self._mode(target)
            if sign < 0 and mode == "=":
                self.written.append(Fill(target.gradient, 0.0))
            self.written.append(MatMul(target.gradient, "-=" if sign < 0 else mode, a, b))

    def _put(self, view: View, sign: int, source: View) -> None:
        """Add to the adjoint of a view that reads some slots more than once."""
        if sign < 0:
            self.written.append(Linear(source, "=", ((-1, (source,)),)))
        slots = view.slots().reshape(-1)
        low, high = int(slots.min()), int(slots.max()) + 1
        run = View(view.place, low, (high - low,), (1,))
        self._complete(run)
        self.written.append(Put(run.gradient, slots - low, self.memory.reshape(source, (len(slots),))))

    def _total(self, statement: Total) -> None:
        source, g = statement.source, statement.target.gradient
        shape, strides, at = [], [], 0
        for axis, n in enumerate(source.shape):
            repeated = axis in statement.axes
            shape.append(n)
            strides.append(0 if repeated else g.strides[at])
            at += not repeated
        spread = View(g.place, g.offset, tuple(shape), tuple(strides), adjoint=True)
        self._contribute(-1 if statement.mode == "-=" else 1, source, (spread,), source.shape)
        self._keep_nonzero(statement.target, source)

    def _take(self, statement: Take) -> None:
        source = statement.source
        if self._is_active(source):
            self._complete(source)
            g = statement.target.gradient
            if g.batched and not source.batched:
                total = self._temporary(False, statement.target.shape)
                self.written.append(Total(total, "=", g, ()))
                g = total
            self.written.append(Put(source.gradient, statement.index, g, statement.positions))

    def _segments(self, statement: Segments) -> None:
        source = statement.source
        if self._is_active(source):
            lengths = np.diff(np.append(statement.starts, source.size))
            spread = self._temporary(statement.target.batched, source.shape)
            owner: Index = np.repeat(np.arange(len(lengths)), lengths)
            self.written.append(Take(spread, statement.target.gradient, owner))
            self._contribute(-1 if statement.mode == "-=" else 1, source, (spread,), source.shape)

    def _reduce(self, statement: Reduce) -> None:
        source, y = statement.source, statement.target
        spread = View(y.place, y.offset, source.shape, (*y.strides, 0))
        if self._is_active(source):
            self._chain(statement.op, 0, spread, source, (source,))

    # ── Adjoints that cannot be zero ─────────────────────────────────────────────────────────────────────────────────

    def _surely_nonzero(self, view: View) -> bool:
        return bool(self.nonzero[view.place][view.selection].all())

    def _keep_nonzero(self, target: View, operand: View) -> None:
        """After its first and so far only contribution, a multiple of an adjoint that is not zero."""
        last = self.written[-1] if self.written else None
        if isinstance(last, Linear | Chain) and last.mode == "=" and last.target == operand.gradient:
            self.nonzero[operand.place][operand.selection] = self._surely_nonzero(target)


def _is_scaling(factors: Sequence[Operand]) -> bool:
    return all(isinstance(factor, float) and factor != 0.0 for factor in factors)


# Piecewise constant: their derivative is 0 wherever it exists.
_FLAT = frozenset((ops.step, ops.compare))


def may_be_infinite(op: Op, args: Sequence[object]) -> bool:
    """Whether a partial can be infinite or nan where the operands are finite, overflow apart: so says the domain."""
    if op is ops.where or (op is ops.pow and isinstance(args[1], float) and args[1] >= 1.0):
        return False
    domains = op.domain if op.arity else op.domain * len(args)
    return any(d != REAL and not (isinstance(a, float) and a in d) for d, a in zip(domains, args, strict=True))


def operands(statement: Statement) -> Sequence[Operand]:
    """What a statement of the forward pass reads."""
    if isinstance(statement, Map):
        return statement.args
    if isinstance(statement, Linear):
        return [factor for _, factors in statement.terms for factor in factors]
    if isinstance(statement, MatMul):
        return (statement.left, statement.right)
    return () if isinstance(statement, Fill) else (statement.source,)  # type: ignore[union-attr]


def _extent(view: View) -> slice:
    steps = [s * (n - 1) for n, s in zip(view.shape, view.strides, strict=True)]
    return slice(view.offset + sum([min(s, 0) for s in steps]), view.offset + sum([max(s, 0) for s in steps]) + 1)
