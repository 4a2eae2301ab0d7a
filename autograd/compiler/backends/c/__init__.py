"""The back end that runs narrow programs by the C runtime: an interpreter of tapes, with nothing to compile."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.arrays import TileCode
from autograd.compiler.backends.c.encode import encode
from autograd.compiler.backends.c.entry import call_of
from autograd.compiler.backends.c.given import Given
from autograd.compiler.backends.c.lanes import LaneCode
from autograd.compiler.backends.c.library import library
from autograd.compiler.backends.c.runtime_code import RuntimeCode
from autograd.compiler.backends.code import Functions
from autograd.compiler.backends.python import PythonCode
from autograd.compiler.scalars.normal import Normal

__all__ = ["LaneCode", "TapeCode", "TileCode", "library"]

Array = npt.NDArray[np.float64]


class TapeCode(RuntimeCode):
    """A program in normal form, without batched arguments, as a tape for the C runtime.

    Parameters
    ----------
    body : Normal
    names : pair of sequences of str
        What to call the parameters and the other numbers in the source; as far as they go.

    Notes
    -----
    Python's other threads run while the runtime does; a set of buffers is for one thread at a time.
    """

    takes = Normal
    body: Normal

    def _encode(self) -> None:
        self.tape = encode(self.body, self.library)

    @cached_property
    def _text(self) -> PythonCode:
        return PythonCode(self.body, self.names)

    @property
    def source(self) -> str:  # type: ignore[override]
        """What is computed, as Python."""
        return self._text.source

    def explain(self) -> str:
        """The part of the source that does most, in which each line is an equation."""
        return self._text.explain()

    def bind(self, parameters: Array, derivatives: Array, fixed: Array, batch_size: int) -> Functions:  # noqa: ARG002
        """Functions of no arguments, on these buffers and on some of their own."""
        tape = self.tape
        values = np.zeros(len(tape.constants) + tape.size)
        values[: len(tape.constants)] = tape.constants[::-1]
        outputs = np.zeros(len(tape.outputs))
        value = self._function(values, parameters, fixed, outputs, None)
        if not self.body.passes:
            return value, None
        return value, self._function(values, parameters, fixed, outputs, derivatives)

    def _function(
        self, values: Array, parameters: Array, fixed: Array, outputs: Array, derivatives: Array | None
    ) -> Callable[[], Any]:
        tape, constants = self.tape, len(self.tape.constants)
        given = [Given(parameters), Given(fixed)]
        results = [(tape.outputs, outputs)]
        if derivatives is not None:
            results.append((tape.derivatives, derivatives))
        arguments = _Arguments(
            code=tape.code.ctypes.data,
            end=tape.code.ctypes.data + (tape.forward if derivatives is None else len(tape.code)) * tape.code.itemsize,
            values=values.ctypes.data + constants * values.itemsize,
            parameters=given[0].array.ctypes.data,
            others=given[1].array.ctypes.data,
            parameter_count=len(parameters),
            other_count=len(fixed),
            result_slots=tuple([slots.ctypes.data for slots, _ in results]),
            results=tuple([array.ctypes.data for _, array in results]),
            result_counts=tuple([len(slots) for slots, _ in results]),
        )
        run, moved = call_of(self.library.run_tape, ctypes.byref(arguments)), [g for g in given if g.moved]
        result = outputs.item if len(outputs) == 1 else outputs.copy

        def function(_alive: Any = (tape, values, given, results)) -> Any:
            for g in moved:
                g.copy()
            run()
            return result()

        return function


class _Arguments(ctypes.Structure):
    """``Tape`` of ``tape.c``."""

    _fields_ = (
        ("code", ctypes.c_void_p), ("end", ctypes.c_void_p), ("values", ctypes.c_void_p),
        ("parameters", ctypes.c_void_p), ("others", ctypes.c_void_p),
        ("parameter_count", ctypes.c_int64), ("other_count", ctypes.c_int64),
        ("result_slots", ctypes.c_void_p * 2), ("results", ctypes.c_void_p * 2), ("result_counts", ctypes.c_int64 * 2),
    )  # fmt: skip
