"""Pass 6, re-roll: groups of scalars become array statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from autograd import ops
from autograd.compiler.memory import Memory
from autograd.compiler.normalise import Normal, Sum
from autograd.compiler.schedule import Group, Schedule
from autograd.compiler.statements import Map, Reduce
from autograd.compiler.sums import FEW, Sums
from autograd.compiler.views import Index

__all__ = ["reroll"]


def reroll(normal: Normal, schedule: Schedule) -> Memory:
    """Array statements for every group, in order."""
    memory = Memory(normal, schedule.places)
    for group in schedule.groups:
        if group.op is ops.sum:
            for members in _by_length(normal, memory, group.members):
                Sums(normal, memory, members, group.batched).write()
        elif group.op.arity is None:
            _reduction(normal, memory, group)
        else:
            _elementwise(normal, memory, group)
    return memory


def _elementwise(normal: Normal, memory: Memory, group: Group) -> None:
    operands = np.array([normal.args[i] for i in group.members], dtype=np.int64)
    members = np.array(group.members, dtype=np.int64)
    if len(members) > 1:
        order = _order(memory, operands[:, 0])
        members, operands = members[order], operands[order]
    shape, views = memory.align(list(operands.T))
    target = memory.settle(members, group.batched)
    memory.statements.append(Map(memory.reshape(target, shape), group.op, tuple(views)))


def _order(memory: Memory, operands: Index) -> Index | slice:
    """Members in the order of their first operand's slots, if those are scattered but distinct."""
    slots = memory.slot[operands]
    steps = np.diff(slots)
    if (steps > 0).all() or (memory.place[operands] != memory.place[operands[0]]).any():
        return slice(None)
    order = np.argsort(slots, kind="stable")
    return order if (np.diff(slots[order]) == 1).all() else slice(None)


def _reduction(normal: Normal, memory: Memory, group: Group) -> None:
    operands = np.array([normal.args[i] for i in group.members], dtype=np.int64)
    source = memory.view(operands)
    target = memory.settle(np.array(group.members, dtype=np.int64), group.batched)
    memory.statements.append(Reduce(target, group.op, source))


def _by_length(normal: Normal, memory: Memory, members: list[int]) -> Iterable[list[int]]:
    """Sums with equally many terms of each sort; those of many lengths stay together, to be summed by segments."""
    place = memory.place
    same: dict[object, list[int]] = {}
    work = 0
    for i in members:
        total: Sum = normal.args[i]  # type: ignore[assignment]
        key: tuple[object, ...] = (len(total.left), len(total.plus), len(total.minus))
        if len(total.left) > 1:
            kinds = Counter(zip(place[list(total.left)].tolist(), place[list(total.right)].tolist(), strict=True))
            key += (frozenset(kinds.items()),) if len(kinds) > 1 else ()
        for terms in (total.plus, total.minus):
            if len(terms) > 1:
                key += (frozenset(Counter(place[list(terms)].tolist()).items()),)
        same.setdefault(key, []).append(i)
        work += len(total.left) + len(total.plus)
    lengths = list(same.values())
    return [members] if len(lengths) > FEW and work < 1000 * len(lengths) else lengths
