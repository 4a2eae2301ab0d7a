"""Pass 4, schedule: operations of one level and one kind form a group, and a group becomes one array instruction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

from autograd import ops
from autograd.compiler.scalars.normal import Normal, Sum, batch_sum, operands_of
from autograd.compiler.scalars.tape import CONSTANT, FIRST_BATCHED
from autograd.op import Op

__all__ = ["BATCHED", "RESULT", "UNBATCHED", "Group", "Schedule", "schedule"]

# Places of computed numbers, beside those of leaves in autograd.compiler.scalars.tape; results have their own.
UNBATCHED, BATCHED, RESULT = -1, -2, -3

# Operations whose constant operand is part of the instruction: x**2 and x**3 are different programs.
_STATIC = frozenset((ops.pow, ops.leaky_relu, ops.elu, ops.clip))

# Members that read more different arrays than this are gathered from them; those of fewer, where there is a batch to
# gather with each, become an instruction for each array.
APART = 6


@dataclass(slots=True)
class Group:
    """Members of one level with the same operation, whose operands come from the same places."""

    op: Op
    level: int
    batched: bool
    members: list[int] = field(default_factory=list)
    final: bool = False  # nothing in its pass reads any of it

    def __str__(self) -> str:
        shown = ", ".join(f"%{i}" for i in self.members[:6]) + (", …" if len(self.members) > 6 else "")
        return f"level {self.level}: {len(self.members)} × {self.op.name}{' (batched)' * self.batched}: {shown}"


@dataclass(slots=True)
class Schedule:
    """For each pass its groups, operands before results; and the place of every node."""

    passes: list[list[Group]]
    places: list[int]

    def __str__(self) -> str:
        return "\n".join([str(group) for groups in self.passes for group in groups])


def is_batched(place: int) -> bool:
    """Whether numbers of that place have a batch axis."""
    return place == BATCHED or place >= FIRST_BATCHED


def schedule(normal: Normal) -> Schedule:
    """Put every operation on the level of its longest path within its pass, and group each level.

    Groups of the first pass come as soon as they can; those of derivatives as late as their readers allow, so that what
    a derivative needs stands beside it.
    """
    # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
    places = [CONSTANT] * (len(normal.ops) + len(normal.constants))
    passes: list[list[Group]] = []
    for number, (start, stop) in enumerate(pairwise([0, *normal.passes, len(normal.ops)])):
        groups = _groups(normal, places, start, stop)
        passes.append(_late(normal, _apart(normal, groups, passes), start) if number else groups)
    return Schedule(passes, places)


def _groups(normal: Normal, places: list[int], start: int, stop: int) -> list[Group]:
    levels = [0] * len(places)
    groups: dict[object, Group] = {}
    place, level, dropped = places.__getitem__, levels.__getitem__, normal.dropped
    for i in range(start, stop):
        op, args = normal.ops[i], normal.args[i]
        if op is None:
            places[i] = args[0]
            continue
        if i in dropped:
            continue
        if args.__class__ is Sum:
            operands = operands_of(args)
            key: tuple[object, ...] = (1 + max(map(level, operands)), op, *_sum_key(args, place))
        else:
            operands = args
            kinds: object = tuple(map(place, args)) if op.arity else (frozenset(map(place, args)), len(args))
            key = (1 + max(map(level, args)), op, kinds)
            if op in _STATIC:
                key += tuple([a for a in args if a < 0])
        group = groups.get(key)
        if group is None:
            batched = op is not batch_sum and any(map(is_batched, map(place, operands)))
            depth: Any = key[0]
            group = groups[key] = Group(op, depth, batched)
        levels[i] = group.level
        places[i] = BATCHED if group.batched else UNBATCHED
        group.members.append(i)
    for group in groups.values():
        group.members.sort(key=normal.order.__getitem__)
    return sorted(groups.values(), key=lambda group: group.level)


def _sum_key(total: Sum, place: Callable[[int], int]) -> tuple[object, ...]:
    """What sums must have in common to be one instruction, the number of terms apart."""
    return (
        frozenset(zip(map(place, total.left), map(place, total.right), strict=True)),
        frozenset(map(place, total.plus)),
        frozenset(map(place, total.minus)),
        total.negative,
    )


def _of_nodes(groups: Iterable[Group], count: int) -> list[int]:
    """For each node the number of its group, -1 if it has none."""
    numbers = [-1] * count
    for k, group in enumerate(groups):
        for i in group.members:
            numbers[i] = k
    return numbers


def _apart(normal: Normal, groups: list[Group], passes: list[list[Group]]) -> list[Group]:
    """Groups split by the arrays they read, if those are a few: the layers of a network are not gathered in one."""
    sources = _of_nodes(chain.from_iterable(passes), len(normal.ops))
    count = sum(map(len, passes))
    found: list[Group] = []
    for group in groups:
        parts: dict[frozenset[int], Group] = {}
        if group.batched and len(group.members) > 1:
            for i in group.members:
                read = frozenset([sources[a] for a in operands_of(normal.args[i]) if a >= 0])
                part = parts.get(read)
                if part is None:
                    part = parts[read] = Group(group.op, group.level, True)
                part.members.append(i)
        for part in parts.values() if 1 < len(parts) <= APART else [group]:
            for i in part.members:
                sources[i] = count + len(found)
            found.append(part)
    return found


def _late(normal: Normal, groups: list[Group], start: int) -> list[Group]:
    """The groups of a pass, each as late as what reads it allows."""
    group_of = _of_nodes(groups, len(normal.ops))
    last = len(groups)
    latest = [last] * (last + 1)  # the last entry is that of leaves, whose group is -1
    for k in reversed(range(last)):
        group = groups[k]
        group.final = latest[k] == last
        before = latest[k] - 1
        for i in group.members:
            for a in operands_of(normal.args[i]):
                if a >= start and latest[group_of[a]] > before:
                    latest[group_of[a]] = before
    return [groups[k] for k in sorted(range(last), key=lambda k: (latest[k], groups[k].level))]
