"""Pass 7, re-roll: groups of scalars become array statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from autograd import ops
from autograd.compiler.matrices.memory import Memory
from autograd.compiler.matrices.schedule import Group
from autograd.compiler.matrices.statements import Map, MatMul, Operand, Reduce
from autograd.compiler.matrices.sums import FEW, Sums
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.normal import Normal, Sum, batch_sum

__all__ = ["reroll"]

# Sums of many lengths are cut into statements of one length each where there are as many terms to each on average.
SHORT = 1000


def reroll(normal: Normal, memory: Memory, groups: Iterable[Group], places: list[int]) -> None:
    """Array statements for the groups of a pass, in order; ``places`` are those of the schedule."""
    for group in groups:
        if group.op is ops.sum or group.op is batch_sum:
            for members in _by_length(normal, places, group.members):
                Sums(normal, memory, members, group).write()
        elif group.op.arity is None:
            _reduction(normal, memory, group)
        else:
            _elementwise(normal, memory, group)


def _elementwise(normal: Normal, memory: Memory, group: Group) -> None:
    operands = np.array([normal.args[i] for i in group.members])
    members = np.array(group.members)
    order = np.argsort(memory.slot[operands[:, 0]])
    if (np.diff(memory.slot[operands[order, 0]]) == 1).all():  # the first operands are a run, in another order perhaps
        members, operands = members[order], operands[order]
    shape, views = memory.align(list(operands.T))
    target = memory.reshape(memory.settle(members, group.batched), shape)
    outer = _outer(target, views) if group.op is ops.mul else None
    memory.statements.append(outer or Map(target, group.op, tuple(views)))


def _outer(target: View, factors: list[Operand]) -> MatMul | None:
    """A column times a row, elementwise, is a matrix product of one term, which is written faster."""
    for a, b in (factors, factors[::-1]):
        if not isinstance(a, View) or not isinstance(b, View):
            return None
        if len(target.shape) == 1 and target.batched and not (a.batched or a.repeated) and b.repeated == (0,):
            right = replace(b, shape=(1, 1, 1), strides=(0, 0, 0))  # the row is one number of each example
            return MatMul(_column(target), "=", _column(a), right)
        if len(target.shape) == 2 and not target.batched and a.repeated == (1,) and b.repeated == (0,):
            whole = replace(target, shape=(1, *target.shape), strides=(0, *target.strides))
            return MatMul(whole, "=", _column(a.without((1,))), _column(b.without((0,))))
    return None


def _column(view: View) -> View:
    """One block of rows of one term each."""
    return replace(view, shape=(1, view.size, 1), strides=(0, view.strides[0], 0))


def _reduction(normal: Normal, memory: Memory, group: Group) -> None:
    operands = np.array([normal.args[i] for i in group.members])
    source = memory.view(operands)
    target = memory.settle(np.array(group.members), group.batched)
    memory.statements.append(Reduce(target, group.op, source))


def _by_length(normal: Normal, places: list[int], members: list[int]) -> Iterable[list[int]]:
    """Sums with equally many terms of each sort; those of many lengths stay together, to be summed by segments."""
    if normal.args[members[0]].__class__ is not Sum:
        return [members]
    place = places.__getitem__
    same: dict[object, list[int]] = {}
    work = 0
    for i in members:
        total: Sum = normal.args[i]
        products = sorted(zip(map(place, total.left), map(place, total.right), strict=True))
        sorts = tuple(products), tuple(sorted(map(place, total.plus))), tuple(sorted(map(place, total.minus)))
        same.setdefault(sorts, []).append(i)
        work += len(total.left) + len(total.plus) + len(total.minus)
    lengths = list(same.values())
    return [members] if len(lengths) > FEW and work < SHORT * len(lengths) else lengths
