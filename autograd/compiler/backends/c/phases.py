"""When statements run if examples come in tiles: before the tiles, in each of them, or after the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.compiler.backends.code import UnsupportedProgramError
from autograd.compiler.matrices.schedule import is_batched
from autograd.compiler.matrices.statements import Statement

__all__ = ["phases"]

BEFORE, EACH, AFTER = range(3)


def phases(sizes: dict[int, int], statements: Sequence[Statement]) -> tuple[list[Statement], ...]:
    """The statements of each phase, in the order they had: what is read has been written, as if they all ran in turn.

    Raises
    ------
    UnsupportedProgramError
        If there is no such order: an example needs what is summed over all of them.
    """
    shared = [place for place in sizes if not is_batched(place)]
    written = {place: np.zeros(sizes[place], dtype=np.int8) for place in shared}  # the phase a slot is complete after
    read = {place: np.zeros(sizes[place], dtype=np.int8) for place in shared}  # the last phase that reads it, and 1
    found: tuple[list[Statement], ...] = ([], [], [])
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
