"""The examples of a call in parts, which threads share: sums are taken part by part, whoever computes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ctypes import c_int64
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.entry import call_of
from autograd.compiler.backends.c.given import aligned
from autograd.compiler.backends.c.runtime_code import PATIENCE
from autograd.compiler.backends.c.sharing import Shared
from autograd.compiler.matrices.schedule import RESULT, UNBATCHED, is_batched
from autograd.compiler.matrices.views import Index

__all__ = ["PARTS", "Cut", "cut_rows", "parts_of", "summed"]

Array = npt.NDArray[np.float64]

# There are so many parts at most, and no more than have so many numbers to compute: a thread is worth its start then.
PARTS, SHARE = 8, 1_000_000
# What runs beside the examples in a call of the runtime: those of arrays.c.
BEFORE, AFTER = 1, 2


class Cut(NamedTuple):
    """How the examples of a call are cut.

    Parameters
    ----------
    lanes : int
        Examples of a tile.
    step : int
        Examples until Python may be interrupted.
    bounds : list of int
        Where the parts begin, and where the last one ends.
    threads : list of int
        The first part of each thread, and how many parts there are.
    """

    lanes: int
    step: int
    bounds: list[int]
    threads: list[int]


def cut_rows(count: int, lanes: int, each: int, threads: int) -> Cut:
    """Parts of whole tiles; how many does not depend on the threads, and so the order of sums does not.

    Parameters
    ----------
    count : int
        Of the examples.
    lanes : int
        Examples of a tile.
    each : int
        How many numbers are computed for an example.
    threads : int
        As many as may be used.
    """
    tiles = -(-count // lanes)
    parts = max(1, min(PARTS, tiles, each * count // SHARE))
    threads = min(threads, parts)
    return Cut(
        lanes,
        max(lanes, PATIENCE // each // lanes * lanes),
        [min(count, tiles * k // parts * lanes) for k in range(parts + 1)],
        [parts * k // threads for k in range(threads + 1)],
    )


def parts_of(memory: dict[int, Array], cut: Cut) -> list[dict[int, Array]]:
    """The memory of each part: sums of its own, and those of a thread share what belongs to the examples."""
    found = []
    for start, stop in pairwise(cut.threads):
        own = {place: aligned(len(array)) for place, array in memory.items() if start and is_batched(place)}
        for k in range(start, stop):
            sums = {place: memory[place].copy() for place in (UNBATCHED, RESULT) if k}
            found.append({**memory, **own, **sums})
    return found


def summed(
    run: Callable[..., None],
    programs: Sequence[Any],
    parts: Sequence[dict[int, Array]],
    sums: dict[int, Index],
    cut: Cut,
) -> Callable[[], None]:
    """A function that runs all parts and adds up what they have summed, in their order.

    Parameters
    ----------
    run : callable
        That of the runtime.
    programs : sequence of pointers
        One for each part; the first is that of the memory in which the results are.
    parts, sums, cut
        The memory of each part, the slots that are summed over the examples, and how these are cut.
    """

    def pieces(k: int, beside: int = 0) -> list[Callable[[], None]]:
        """The work of a part; what comes before all examples and after them goes with its first and last piece."""
        begin, end = cut.bounds[k : k + 2]
        starts = range(begin, max(end, begin + 1), cut.step)
        flags = [beside & BEFORE * (s == begin) | beside & AFTER * (s == starts[-1]) for s in starts]
        return [
            call_of(run, programs[k], *map(c_int64, (s, min(s + cut.step, end), begin, flag)))
            for s, flag in zip(starts, flags, strict=True)
        ]

    if len(programs) == 1:
        whole = pieces(0, BEFORE | AFTER)
        return whole[0] if len(whole) == 1 else Shared([whole])
    before, after = [call_of(run, programs[0], *map(c_int64, (0, 0, 0, flag))) for flag in (BEFORE, AFTER)]
    shared = Shared([[piece for k in range(*ends) for piece in pieces(k)] for ends in pairwise(cut.threads)])
    first, *others = parts

    def work() -> None:
        before()
        for other in others:
            for place in (UNBATCHED, RESULT):
                other[place][:] = first[place]
            for place, slots in sums.items():
                other[place][slots] = 0.0
        shared()
        for other in others:
            for place, slots in sums.items():
                first[place][slots] += other[place][slots]
        after()

    return work
