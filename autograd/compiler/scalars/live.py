"""The part of a program that its outputs need, as a program of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd.compiler.scalars.normal import Normal, Sum, operands_of
from autograd.compiler.scalars.tape import COUNT

__all__ = ["live"]

Slot = tuple[int, int]


def live(normal: Normal, outputs: Sequence[int] | None = None, moved: Mapping[Slot, Slot] | None = None) -> Normal:
    """A program of ``outputs``, in one pass: leaves first, then what is needed of the rest.

    Parameters
    ----------
    normal : Normal
    outputs : sequence of int, optional
        Operands; its own by default.
    moved : mapping, optional
        For each leaf that it is called with its place and slot, and where these are from now on; all stay by default.
    """
    wanted = normal.outputs if outputs is None else outputs
    needed = [False] * len(normal.ops)
    for a in wanted:
        if a >= 0:
            needed[a] = True
    for i in reversed(range(len(normal.ops))):
        if needed[i] and normal.ops[i] is not None:
            for a in operands_of(normal.args[i]):
                if a >= 0:
                    needed[a] = True
    found = Normal(constants=normal.constants, sizes=normal.sizes)
    new: dict[int, int] = {}

    def renamed(operands: Sequence[int]) -> tuple[int, ...]:
        return tuple([new[a] if a >= 0 else a for a in operands])

    leaves = [i for i, op in enumerate(normal.ops) if op is None and (needed[i] or normal.args[i][0] != COUNT)]
    for i in [*leaves, *[i for i, op in enumerate(normal.ops) if op is not None and needed[i]]]:
        op, args = normal.ops[i], normal.args[i]
        if op is None:
            if moved is not None and args[0] != COUNT:
                if args not in moved:
                    continue
                args = moved[args]
        elif isinstance(args, Sum):
            left, right, plus, minus, negative = args
            args = Sum(renamed(left), renamed(right), renamed(plus), renamed(minus), negative)
        else:
            args = renamed(args)
        new[i] = len(found.ops)
        found.ops.append(op)
        found.args.append(args)
        found.order.append(normal.order[i])
    found.origin = {new[i]: new[y] for i, y in normal.origin.items() if i in new and y in new}
    found.outputs = list(renamed(wanted))
    return found
