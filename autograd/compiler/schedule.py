"""Pass 3, schedule: operations of one level and one kind form a group, and a group becomes one array instruction."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograd import ops
from autograd.compiler.normalise import Normal, Sum
from autograd.compiler.tape import CONSTANT, FIRST_BATCHED
from autograd.op import Op

__all__ = ["BATCHED", "UNBATCHED", "Group", "Schedule", "schedule"]

# Places of computed numbers, beside those of leaves in autograd.compiler.tape.
UNBATCHED, BATCHED = -1, -2

# Operations whose constant operand is part of the instruction: x**2 and x**3 are different programs.
_STATIC = frozenset((ops.pow, ops.leaky_relu, ops.elu, ops.clip))


@dataclass(slots=True)
class Group:
    """Members of one level with the same operation, whose operands come from the same places."""

    op: Op
    level: int
    batched: bool
    members: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        shown = ", ".join(f"%{i}" for i in self.members[:6]) + (", …" if len(self.members) > 6 else "")
        return f"level {self.level}: {len(self.members)} × {self.op.name}{' (batched)' * self.batched}: {shown}"


@dataclass(slots=True)
class Schedule:
    """Groups, operands before results, and the place of every node."""

    groups: list[Group]
    places: list[int]

    def __str__(self) -> str:
        return "\n".join(map(str, self.groups))


def is_batched(place: int) -> bool:
    """Whether numbers of that place have a batch axis."""
    return place == BATCHED or place >= FIRST_BATCHED


def schedule(normal: Normal) -> Schedule:
    """Put every operation on the level of its longest path from the leaves, and group each level."""
    # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
    places = [CONSTANT] * (len(normal.ops) + len(normal.constants))
    levels = [0] * len(places)
    groups: dict[object, Group] = {}
    place, level = places.__getitem__, levels.__getitem__
    for i, (op, args) in enumerate(zip(normal.ops, normal.args, strict=True)):
        if op is None:
            places[i] = args[0]  # type: ignore[assignment]
            continue
        if isinstance(args, Sum):
            operands = args.left + args.right + args.plus + args.minus
            key: tuple[object, ...] = _sum_key(args, place)
        else:
            operands = args
            kinds = tuple(map(place, args)) if op.arity else (frozenset(map(place, args)), len(args))
            key = (op, kinds, tuple([a for a in args if a < 0]) if op in _STATIC else ())
        batched = any(map(is_batched, set(map(place, operands))))
        levels[i] = depth = 1 + max(map(level, operands))
        places[i] = BATCHED if batched else UNBATCHED
        group = groups.get((depth, *key))
        if group is None:
            group = groups[depth, *key] = Group(op, depth, batched)
        group.members.append(i)
    return Schedule(sorted(groups.values(), key=lambda group: group.level), places)


def _sum_key(total: Sum, place) -> tuple[object, ...]:  # type: ignore[no-untyped-def]
    """What sums must have in common to be one instruction, the number of terms apart."""
    return (
        ops.sum,
        frozenset(zip(map(place, total.left), map(place, total.right), strict=True)),
        frozenset(map(place, total.plus)),
        frozenset(map(place, total.minus)),
        total.negative,
    )
