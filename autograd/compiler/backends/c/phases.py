"""When statements and nodes run if examples come in tiles: before the tiles, in each of them, or after the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from autograd.compiler.backends.code import UnsupportedProgramError
from autograd.compiler.matrices.schedule import is_batched
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.normal import Normal, batch_sum, operands_of
from autograd.compiler.scalars.tape import FIRST_BATCHED

__all__ = ["AFTER", "BEFORE", "EACH", "node_phases", "phases"]

BEFORE, EACH, AFTER = range(3)


class _Ordered(Protocol):
    """A statement, as far as its place among others depends on it."""

    @property
    def target(self) -> View: ...

    @property
    def operands(self) -> list[View]: ...


S = TypeVar("S", bound=_Ordered)


def phases(sizes: dict[int, int], statements: Sequence[S]) -> tuple[list[S], ...]:
    """The statements of each phase, in the order they had: what is read has been written, as if they all ran in turn.

    Raises
    ------
    UnsupportedProgramError
        If there is no such order: an example needs what is summed over all of them.
    """
    shared = [place for place in sizes if not is_batched(place)]
    written = {place: np.zeros(sizes[place], dtype=np.int8) for place in shared}  # the phase a slot is complete after
    read = {place: np.zeros(sizes[place], dtype=np.int8) for place in shared}  # the last phase that reads it, and 1
    found: tuple[list[S], ...] = ([], [], [])
    for s in statements:
        views = s.operands
        slots = [(view.place, view.slots()) for view in views if not view.batched]
        needs = max([int(written[place][at].max(initial=0)) for place, at in slots], default=BEFORE)
        target: Any = None if s.target.batched else (s.target.place, s.target.slots())
        if target:
            place, at = target
            needs = max(needs, int(written[place][at].max(initial=0)), int(read[place][at].max(initial=0)) - 1)
        if s.target.batched or any(view.batched for view in views):
            if needs == AFTER or any(int(written[place][at].max(initial=0)) for place, at in slots):
                raise UnsupportedProgramError("an example needs what is summed over all of them; leave kind out")
            phase = EACH
        else:
            phase = AFTER if needs else BEFORE
        for place, at in slots:
            read[place][at] = np.maximum(read[place][at], phase + 1)
        if target:
            written[target[0]][target[1]] = phase
        found[phase].append(s)
    return found


def node_phases(normal: Normal, wanted: Sequence[int]) -> list[int | None]:
    """The phase of each node that is needed for what is wanted: what is summed over the examples is there at the end.

    Raises
    ------
    UnsupportedProgramError
        If an example needs what is summed over all of them.
    ValueError
        If an operand is not there before its result.
    """
    needed = [False] * len(normal.ops)
    for i in reversed(range(len(normal.ops) + 1)):
        if i == len(normal.ops):
            read: Sequence[int] = wanted
        elif needed[i] and normal.ops[i] is not None:
            read = operands_of(normal.args[i])
        else:
            continue
        if max(read, default=-1) >= i or min(read, default=0) < -len(normal.constants):
            raise ValueError("a program has an operand that is not there before its result; record it anew")
        for a in read:
            if a >= 0:
                needed[a] = True
    found: list[int | None] = [None] * len(normal.ops)
    for i, (op, args) in enumerate(zip(normal.ops, normal.args, strict=True)):
        if not needed[i]:
            continue
        if op is None:
            found[i] = EACH if args[0] >= FIRST_BATCHED else BEFORE
            continue
        before = {found[a] for a in operands_of(args) if a >= 0}
        if op is not batch_sum and EACH not in before:
            found[i] = AFTER if AFTER in before else BEFORE
        elif AFTER in before:
            raise UnsupportedProgramError("an example needs what is summed over all of them; leave kind out")
        else:
            found[i] = AFTER if op is batch_sum else EACH
    return found
