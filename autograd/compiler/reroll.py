"""Pass 6, re-roll: groups of scalars become array statements."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd import ops
from autograd.compiler.memory import Memory
from autograd.compiler.normalise import Normal, Sum
from autograd.compiler.schedule import Group, Schedule
from autograd.compiler.statements import Map, Reduce
from autograd.compiler.sums import FEW, Sums

__all__ = ["reroll"]

# Sums of many lengths are cut into statements of one length each where there are as many terms to each on average.
SHORT = 1000


def reroll(normal: Normal, schedule: Schedule) -> Memory:
    """Array statements for every group, in order."""
    memory = Memory(normal, schedule.places)
    for group in schedule.groups:
        if group.op is ops.sum:
            for members in _by_length(normal, schedule.places, group.members):
                Sums(normal, memory, members, group.batched).write()
        elif group.op.arity is None:
            _reduction(normal, memory, group)
        else:
            _elementwise(normal, memory, group)
    return memory


def _elementwise(normal: Normal, memory: Memory, group: Group) -> None:
    operands = np.array([normal.args[i] for i in group.members])
    members = np.array(group.members)
    order = np.argsort(memory.slot[operands[:, 0]])
    if (np.diff(memory.slot[operands[order, 0]]) == 1).all():  # the first operands are a run, in another order perhaps
        members, operands = members[order], operands[order]
    shape, views = memory.align(list(operands.T))
    target = memory.settle(members, group.batched)
    memory.statements.append(Map(memory.reshape(target, shape), group.op, tuple(views)))


def _reduction(normal: Normal, memory: Memory, group: Group) -> None:
    operands = np.array([normal.args[i] for i in group.members])
    source = memory.view(operands)
    target = memory.settle(np.array(group.members), group.batched)
    memory.statements.append(Reduce(target, group.op, source))


def _by_length(normal: Normal, places: list[int], members: list[int]) -> Iterable[list[int]]:
    """Sums with equally many terms of each sort; those of many lengths stay together, to be summed by segments."""
    place = places.__getitem__
    same: dict[object, list[int]] = {}
    work = 0
    for i in members:
        total: Sum = normal.args[i]  # type: ignore[assignment]
        products = sorted(zip(map(place, total.left), map(place, total.right), strict=True))
        sorts = tuple(products), tuple(sorted(map(place, total.plus))), tuple(sorted(map(place, total.minus)))
        same.setdefault(sorts, []).append(i)
        work += len(total.left) + len(total.plus) + len(total.minus)
    lengths = list(same.values())
    return [members] if len(lengths) > FEW and work < SHORT * len(lengths) else lengths
