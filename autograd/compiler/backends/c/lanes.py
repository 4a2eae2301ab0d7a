"""The back end that runs programs for examples number by number, a few dozen examples side by side."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.entry import call_of
from autograd.compiler.backends.c.given import Taken, aligned
from autograd.compiler.backends.c.lane_code import LaneTape, encode_lanes
from autograd.compiler.backends.c.runtime_code import PATIENCE, RuntimeCode
from autograd.compiler.backends.c.sharing import Shared
from autograd.compiler.backends.code import Functions
from autograd.compiler.backends.numpy import NumPyCode
from autograd.compiler.matrices.example_program import ExampleProgram

__all__ = ["LaneCode"]

Array = npt.NDArray[np.float64]

# A tile has so many lanes, or the few if its slots would not stay in the cache (bytes): those of lanes.c.
LANES, FEW_LANES, CACHE = 64, 32, 600_000
# Lanes come in blocks of so many numbers: BLOCK of lane_operations.c.
BLOCK = 8
# A thread is worth its start if it computes so many.
SHARE = 1_000_000


class LaneCode(RuntimeCode):
    """A program for examples in normal form, for the C runtime.

    Parameters
    ----------
    body : ExampleProgram
    names : pair of sequences of str
        Not needed.

    Raises
    ------
    UnsupportedProgramError
        If an example needs what is summed over all of them.
    """

    takes = ExampleProgram
    body: ExampleProgram

    def _encode(self) -> None:
        self.tells_finite_rows = self.body.by_example
        _ = self._value_and_grad if self.body.normal.passes else self._value

    @cached_property
    def _value(self) -> LaneTape:
        return encode_lanes(self.body, self.library, False)

    @cached_property
    def _value_and_grad(self) -> LaneTape:
        return encode_lanes(self.body, self.library, True)

    @cached_property
    def source(self) -> str:  # type: ignore[override]
        """What is computed, as NumPy."""
        return NumPyCode(self.body.arrays, self.names).source

    def explain(self) -> str:
        """The program as equations, with shapes."""
        return str(self.body.arrays)

    def bind(self, parameters: Array, derivatives: Array, fixed: Array, batch_size: int) -> Functions:
        """Functions of the batched arguments, on these buffers and on some of their own."""

        def later(which: str, *more: Array) -> Callable[..., Any]:
            made: list[Callable[..., Any]] = []

            def function(*batch: Any, **asked: bool) -> Any:
                if not made:
                    made.append(_function(self, getattr(self, which), parameters, fixed, batch_size, *more))
                return made[0](*batch, **asked)

            return function

        value = later("_value")
        return value, later("_value_and_grad", derivatives) if self.body.normal.passes else None


class _Program(ctypes.Structure):
    """``LaneProgram`` of ``lanes.c``."""

    _fields_ = (
        ("operations", ctypes.c_void_p), ("ends", ctypes.c_int64 * 3), ("operands", ctypes.c_void_p),
        ("shared", ctypes.c_void_p), ("parameters", ctypes.c_void_p), ("others", ctypes.c_void_p),
        ("counts", ctypes.c_void_p), ("parameter_count", ctypes.c_int64), ("other_count", ctypes.c_int64),
        ("spread", ctypes.c_void_p), ("spread_count", ctypes.c_int64), ("examples", ctypes.c_void_p),
        ("widths", ctypes.c_void_p), ("argument_slots", ctypes.c_void_p), ("arguments", ctypes.c_int64),
        ("sums", ctypes.c_void_p), ("sum_slots", ctypes.c_void_p), ("sum_count", ctypes.c_int64),
        ("result_slots", ctypes.c_void_p * 2), ("results", ctypes.c_void_p * 2), ("result_counts", ctypes.c_int64 * 2),
        ("row_slots", ctypes.c_void_p), ("rows", ctypes.c_void_p), ("row_count", ctypes.c_int64),
        ("finite", ctypes.c_void_p), ("lanes", ctypes.c_int64), ("count", ctypes.c_int64),
    )  # fmt: skip


def _function(
    code: LaneCode, tape: LaneTape, parameters: Array, fixed: Array, count: int, derivatives: Array | None = None
) -> Callable[..., Any]:
    body = code.body
    lanes = LANES if 8 * LANES * tape.slots <= CACHE else FEW_LANES
    tiles = -(-count // lanes)
    threads = max(1, min(code.threads, tiles, len(tape.operations) * count // SHARE))
    shared, memory = aligned(tape.shared * BLOCK), [aligned(tape.slots * lanes) for _ in range(threads)]
    if len(tape.constants):
        shared[-len(tape.constants) * BLOCK :] = np.repeat(tape.constants, BLOCK)
    taken = Taken(parameters, fixed, body.arguments, count)
    counts = np.array([count, 1.0 / count if count else inf])
    sums, told = np.zeros(tiles * len(tape.sums)), np.zeros(tiles + 1, dtype=np.int64)
    outputs = np.zeros(0 if body.by_example else len(tape.outputs))
    results = [outputs, np.zeros(0) if derivatives is None else derivatives]
    slots = [tape.outputs[: len(outputs)], tape.derivatives]
    program = _Program(
        operations=tape.operations.ctypes.data, ends=tuple(tape.ends), operands=tape.operands.ctypes.data,
        shared=shared.ctypes.data, parameters=taken.parameters.ctypes.data, others=taken.fixed.ctypes.data,
        counts=counts.ctypes.data, parameter_count=len(parameters), other_count=len(fixed),
        spread=tape.spread.ctypes.data, spread_count=len(tape.spread), examples=taken.addresses.ctypes.data,
        widths=taken.widths.ctypes.data, argument_slots=tape.arguments.ctypes.data, arguments=len(body.arguments),
        sums=sums.ctypes.data, sum_slots=tape.sums.ctypes.data, sum_count=len(tape.sums),
        result_slots=tuple([s.ctypes.data for s in slots]), results=tuple([r.ctypes.data for r in results]),
        result_counts=tuple(map(len, slots)), row_slots=tape.outputs.ctypes.data,
        row_count=len(tape.outputs) if body.by_example else 0, finite=told.ctypes.data, lanes=lanes,
        count=count,
    )  # fmt: skip
    run = _run(code, program, len(tape.operations) * lanes, memory, tiles)
    result = outputs.item if len(outputs) == 1 else outputs.copy

    alive = (tape, shared, memory, counts, sums, told, slots, results)

    def function(*batch: Any, finite: bool = False, _alive: Any = alive) -> Any:
        taken.take(batch)
        if body.by_example:
            rows = np.empty((count, len(tape.outputs)))
            program.rows = rows.__array_interface__["data"][0]
        run()
        taken.release()
        if not body.by_example:
            return result()
        return None if finite and not told.item(tiles) else rows

    return function


def _run(code: LaneCode, program: _Program, operations: int, memory: Sequence[Array], tiles: int) -> Callable[[], None]:
    """All tiles, each of which takes so many operations: in pieces, between which it can be stopped, or at once."""
    library, pointer, every = code.library, ctypes.byref(program), ctypes.c_int64(tiles)
    own = [ctypes.c_void_p(array.ctypes.data) for array in memory]
    step = max(1, PATIENCE // max(1, operations))
    if len(own) == 1 and tiles <= step:
        return call_of(library.lanes_whole, pointer, own[0], every)
    shares = [tiles * k // len(own) for k in range(len(own) + 1)]
    work = Shared(
        [
            [
                call_of(library.lanes_each, pointer, v, *map(ctypes.c_int64, (k, min(k + step, stop))))
                for k in range(start, stop, step)
            ]
            for v, (start, stop) in zip(own, pairwise(shares), strict=True)
        ]
    )

    def run() -> None:
        library.lanes_before(pointer)
        work()
        library.lanes_after(pointer, every)

    return run
