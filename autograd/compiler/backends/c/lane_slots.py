"""Where the results of a tile stand: in slots, few enough to stay in the cache."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["lane_slots"]


def lane_slots(
    steps: Sequence[tuple[Sequence[int], Sequence[int]]],
    count: int,
    shared: Sequence[int],
    arguments: Sequence[int],
    wanted: Sequence[int],
) -> tuple[int, list[int]]:
    """How many slots a tile has, and that of each result: one that nothing reads any more is used again.

    Parameters
    ----------
    steps : sequence of (operands, targets)
        What each operation reads and what it gives of results in lanes; all of these are numbers below ``count``. A
        single target may get the slot of an operand that is read for the last time.
    shared, arguments : sequence of int
        What is there at the start, in the first slots: what stays as it is from tile to tile, and what is taken anew.
    wanted : sequence of int
        What is read after the last operation.
    """
    last = [-1] * count
    for at, (operands, _) in enumerate(steps):
        for a in operands:
            last[a] = at
    slots = [-1] * count
    for slot, a in enumerate([*shared, *arguments]):
        slots[a] = slot
    for a in (*shared, *wanted):
        last[a] = len(steps)
    size = len(shared) + len(arguments)
    free: list[int] = []
    for at, (operands, targets) in enumerate(steps):
        read = {a for a in operands if last[a] == at}
        for a in read if len(targets) < 2 else ():
            free.append(slots[a])
        for target in targets:
            if free:
                slots[target] = free.pop()
            else:
                slots[target] = size
                size += 1
        for a in read if len(targets) > 1 else ():
            free.append(slots[a])
    return size, slots
