"""Elementwise statements as the runtime reads them: functions of registers, on members that lie side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

from autograd.compiler.backends.code import UnsupportedProgramError
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.expressions import Expression, Term, combine

__all__ = ["REGISTERS", "linear", "runs", "steps_of"]

REGISTERS = 16
# Several functions at once, as arrays.h numbers them: c - a b, (c - a b) d, and a b + c, each of which is rounded.
REST, REST_TIMES, TIMES_PLUS = 1000, 1001, 1002


def steps_of(
    value: Term, operands: list[View], codes: Mapping[str, int], constant: Callable[[float], View]
) -> list[tuple[int, ...]]:
    """An expression as functions of registers; a leaf names an operand by its number.

    Parameters
    ----------
    value : Expression or float
    operands : list of View
        Constants are appended to them.
    codes : mapping of int
        The number of each function.
    constant : callable
        Gives a view of a number.

    Raises
    ------
    UnsupportedProgramError
        If there are not registers enough.
    """
    return _Steps(operands, codes, constant).written(value)


class _Steps:
    def __init__(self, operands: list[View], codes: Mapping[str, int], constant: Callable[[float], View]) -> None:
        self.operands, self.codes, self.constant = operands, codes, constant
        self.free = list(range(REGISTERS))
        self.steps: list[tuple[int, ...]] = []
        self.last: Expression | None = None  # what the last of them computes
        self.uses: Counter[Any] = Counter()
        self.registers: dict[Any, int] = {}

    def written(self, value: Term) -> list[tuple[int, ...]]:
        order = self._order(value)
        if not order:
            a = self._read(value)
            return [(self.codes["stop_gradient"], 0, a, a, a, a)]
        for e in order:
            read = [self._read(a) for a in e.args]
            for term in e.args:
                self._done(term)
            if not self.free:
                raise UnsupportedProgramError("a row has more parts than the runtime has room for; leave kind out")
            self.registers[e.key] = register = self.free.pop()
            code, operands = self._joined(e, read)
            a, b, c, d = [*operands, *operands * 3][:4]  # functions of fewer do not look at the others
            self.steps.append((code, register, a, b, c, d))
            self.last = e
        return self.steps

    def _joined(self, e: Expression, read: list[int]) -> tuple[int, list[int]]:
        """The number of a function and its operands; it takes in the step before it, if that is for nobody else."""
        before = self.last.key if self.last else None
        mine = [k for k, a in enumerate(e.args) if isinstance(a, Expression) and a.args and a.key == before]
        if len(mine) == 1 and len(read) == 2 and not self.uses[before]:
            code, _, *operands = self.steps[-1]
            times, other = code == self.codes["mul"], read[1 - mine[0]]
            joined: tuple[int, list[int]] | None = None
            if times and e.function == "sub" and mine == [1]:
                joined = REST, [*operands[:2], other]
            elif times and e.function == "add":
                joined = TIMES_PLUS, [*operands[:2], other]
            elif code == REST and e.function == "mul":
                joined = REST_TIMES, [*operands[:3], other]
            if joined:
                self.steps.pop()
                return joined
        return self.codes[e.function], read

    def _order(self, value: Term) -> list[Expression]:
        """The functions of an expression, each once, operands first."""
        order: list[Expression] = []
        seen: set[Any] = set()
        stack: list[tuple[Term, bool]] = [(value, False)]
        while stack:
            e, ready = stack.pop()
            if not isinstance(e, Expression) or not e.args or (e.key in seen and not ready):
                continue
            if ready:
                order.append(e)
                continue
            seen.add(e.key)
            self.uses.update([a.key for a in e.args if isinstance(a, Expression) and a.args])
            stack += [(e, True), *[(a, False) for a in reversed(e.args)]]
        return order

    def _read(self, a: Term) -> int:
        if isinstance(a, Expression) and a.args:
            return self.registers[a.key]
        if not isinstance(a, Expression):
            self.operands.append(self.constant(float(a)))
            return REGISTERS + len(self.operands) - 1
        return REGISTERS + int(a.function)

    def _done(self, a: Term) -> None:
        """Give a register back after its last reader."""
        if isinstance(a, Expression) and a.args:
            self.uses[a.key] -= 1
            if not self.uses[a.key]:
                self.free.append(self.registers[a.key])


def linear(terms: Sequence[tuple[int, list[Term]]]) -> Term:
    """A sum of products; it begins with a term above zero, if there is one, and those below are subtracted."""
    value: Term | None = None
    first = next((k for k, (sign, _) in enumerate(terms) if sign > 0), 0)
    for sign, factors in [terms[first], *terms[:first], *terms[first + 1 :]] if terms else []:
        product = reduce(partial(combine, "mul"), factors)
        if value is None:
            value = product if sign > 0 else combine("neg", product)
        else:
            value = combine("add" if sign > 0 else "sub", value, product)
    return 0.0 if value is None else value


def runs(views: Sequence[View]) -> tuple[tuple[int, ...], int, list[tuple[int, ...]], list[int]]:
    """Loops over the members of an elementwise statement, the innermost as long as may be.

    Where the target has a batch axis, the innermost loop goes over the numbers of an example: members that lie side by
    side in all views that have one, and are the same in all others.

    Parameters
    ----------
    views : sequence of View
        The target and the operands; of these, axes may be missing in front.

    Returns
    -------
    shape, length
        Of the outer loops, and of the innermost.
    strides, steps
        Of each view along these.
    """
    target = views[0]
    axes = [
        (n, [v.strides[k - len(target.shape)] if len(v.shape) >= len(target.shape) - k else 0 for v in views])
        for k, n in enumerate(target.shape)
        if n > 1
    ]
    merged: list[tuple[int, list[int]]] = []
    for n, inner in reversed(axes):
        if merged:
            count, last = merged[-1]
            if inner == [count * stride for stride in last]:
                merged[-1] = n * count, last
                continue
        merged.append((n, inner))
    one = 1, [0] * len(views)
    if target.batched:
        side_by_side = [int(v.batched) for v in views]
        found = merged[0] if merged and merged[0][1] == side_by_side else one
        steps = side_by_side
    else:
        found = max(merged, key=lambda axis: axis[0], default=one)
        steps = found[1]
    outer = [axis for axis in reversed(merged) if axis is not found]
    strides = [tuple([along[k] for _, along in outer]) for k in range(len(views))]
    return tuple([n for n, _ in outer]), found[0], strides, steps
