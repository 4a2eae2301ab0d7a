"""The back end that runs array programs by the C runtime, a few dozen examples at a time."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cached_property
from math import inf, nan, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.given import Taken, aligned
from autograd.compiler.backends.c.parts import Cut, cut_rows, parts_of, summed
from autograd.compiler.backends.c.runtime_code import RuntimeCode
from autograd.compiler.backends.c.tiles import PLACES, Tiles, bound_places, encode_arrays
from autograd.compiler.backends.code import Functions
from autograd.compiler.backends.numpy import NumPyCode
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT, is_batched
from autograd.compiler.matrices.statements import MatMul, Statement
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER

__all__ = ["TileCode"]

Array = npt.NDArray[np.float64]

# A tile has at most so many lanes, and fewer where what is computed for them would not stay in the cache (bytes).
LANES, CACHE = 128, 400_000


class TileCode(RuntimeCode):
    """An array program for the C runtime.

    Parameters
    ----------
    body : ArrayProgram
    names : pair of sequences of str
        Not needed.

    Raises
    ------
    UnsupportedProgramError
        If an example needs what is summed over all of them.
    """

    takes = ArrayProgram
    tells_finite = True
    body: ArrayProgram

    def _encode(self) -> None:
        body = self.body
        constants = body.constants.tolist()
        forward = list(body.passes[0])
        every = [s for statements in body.passes for s in statements]
        self.tiles = [encode_arrays(body, statements, constants, self.library) for statements in (forward, every)]
        self.constants = np.array(constants)

    @cached_property
    def source(self) -> str:  # type: ignore[override]
        """What is computed, as NumPy."""
        return NumPyCode(self.body, self.names).source

    def explain(self) -> str:
        """The program as equations, with shapes."""
        return str(self.body)

    def bind(self, parameters: Array, derivatives: Array, fixed: Array, batch_size: int) -> Functions:
        """Functions of the batched arguments, on these buffers and on some of their own."""
        body, sizes = self.body, self.body.sizes
        batched = sizes[BATCHED] + sum([size for place, size in sizes.items() if place >= FIRST_BATCHED])
        most = max(8, min(LANES, CACHE // (8 * max(1, batched)) // 8 * 8))
        tiles = max(1, -(-batch_size // most))
        lanes = -(-max(1, -(-batch_size // tiles)) // 8) * 8
        taken = Taken(parameters, fixed, body.arguments, batch_size)
        memory: dict[int, Array] = {PARAMETER: taken.parameters, FIXED: taken.fixed, CONSTANT: self.constants}
        memory[COUNT] = np.array([batch_size, 1.0 / batch_size if batch_size else inf])
        memory[RESULT] = derivatives
        for place in bound_places(body):
            if place not in memory:
                memory[place] = aligned(sizes[place] * (lanes if is_batched(place) else 1))
        each = max(1, sum([_work(s) for statements in body.passes for s in statements if s.target.batched]))
        cut = cut_rows(batch_size, lanes, each, self.threads)
        functions = [_function(self, tiles, memory, taken, cut) for tiles in self.tiles]
        return functions[0], functions[1] if len(body.passes) > 1 else None


class _Program(ctypes.Structure):
    """``Program`` of ``arrays.h``."""

    _fields_ = (
        ("statements", ctypes.c_void_p), ("ends", ctypes.c_int64 * 3), ("views", ctypes.c_void_p),
        ("steps", ctypes.c_void_p), ("slots", ctypes.c_void_p), ("places", ctypes.c_void_p),
        ("examples", ctypes.c_void_p), ("widths", ctypes.c_void_p), ("arguments", ctypes.c_int64),
        ("first_argument", ctypes.c_int64), ("lanes", ctypes.c_int64), ("result_slots", ctypes.c_void_p),
        ("result_place", ctypes.c_int64), ("result_count", ctypes.c_int64), ("results", ctypes.c_void_p),
        ("derivatives", ctypes.c_void_p), ("derivative_count", ctypes.c_int64), ("finite", ctypes.c_int64),
    )  # fmt: skip


def _function(code: TileCode, tiles: Tiles, memory: dict[int, Array], taken: Taken, cut: Cut) -> Callable[..., Any]:
    body, count = code.body, cut.bounds[-1]
    slots, found = np.ravel(body.outputs.slots()), memory[body.outputs.place]
    wanted = slots.astype(np.int32) if body.outputs.batched else np.zeros(0, dtype=np.int32)
    places = bound_places(body)
    parts = parts_of(memory, cut)
    addresses = [np.array([part[place].ctypes.data for place in places], dtype=np.intp) for part in parts]
    programs = [
        _Program(
            statements=tiles.statements.ctypes.data, ends=tuple(tiles.ends), views=tiles.views.ctypes.data,
            steps=tiles.steps.ctypes.data, slots=tiles.slots.ctypes.data, places=own.ctypes.data,
            examples=taken.addresses.ctypes.data, widths=taken.widths.ctypes.data, arguments=len(taken.widths),
            first_argument=len(PLACES), lanes=cut.lanes, result_slots=wanted.ctypes.data,
            result_place=places.index(body.outputs.place), result_count=len(wanted),
            derivatives=memory[RESULT].ctypes.data, derivative_count=len(memory[RESULT]),
        )
        for own in addresses
    ]  # fmt: skip
    work = summed(code.library.run_arrays, list(map(ctypes.byref, programs)), parts, tiles.sums, cut)
    batched, by_example, single, first = body.outputs.batched, body.by_example, body.single, int(slots[0])
    last = programs[0]  # it runs what comes after all examples

    def function(*batch: Any, finite: bool = False, _alive: Any = (tiles, addresses, parts, wanted)) -> Any:
        if batched:
            results = np.empty((count, len(wanted)))
            for program in programs:
                program.results = results.ctypes.data
        taken.take(batch)
        work()
        taken.release()
        if batched:
            return results
        if by_example:
            return np.tile(found[slots], (count, 1))
        if finite and not last.finite:
            return nan
        return found.item(first) if single else found[slots]

    return function


def _work(s: Statement) -> int:
    """How many numbers a statement computes for an example."""
    return prod(s.target.shape) * (s.left.shape[2] if isinstance(s, MatMul) else 1)
