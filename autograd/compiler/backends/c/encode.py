"""Programs in normal form as tapes for the runtime: whole numbers in a row, checked before they are run."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.library import Library
from autograd.compiler.expressions import Expression, Term, symbols, whole_symbols
from autograd.compiler.normal import Normal, Sum
from autograd.compiler.tape import FIXED, PARAMETER
from autograd.op import Op

__all__ = ["Encoded", "encode"]

Numbers = npt.NDArray[np.int32]


class Encoded(NamedTuple):
    """A program as the runtime reads it; slot ``k >= 0`` is a number given or computed, ``-1 - k`` is constant ``k``.

    Parameters
    ----------
    code : array of int32
        For each operation its number, how many operands it has where that is not fixed, and their slots.
    forward : int
        How much of it the outputs take.
    constants : array of float
    size : int
        How many slots there are from 0 on: the parameters, the other numbers, and a result for each operation.
    outputs, derivatives : array of int32
        Their slots.
    """

    code: Numbers
    forward: int
    constants: npt.NDArray[np.float64]
    size: int
    outputs: Numbers
    derivatives: Numbers


class _Row(NamedTuple):
    """What an operation is made of: functions of operands ``k``, of earlier functions ``-1 - k``, and of floats."""

    steps: tuple[tuple[str, tuple[int | float, ...]], ...]
    result: int | float


def encode(normal: Normal, library: Library) -> Encoded:
    """The tape of a program without batched arguments.

    Raises
    ------
    ValueError
        If an operand is not there before its result.
    """
    return _Encoder(normal, library).encoded()


class _Encoder:
    def __init__(self, normal: Normal, library: Library) -> None:
        self.normal = normal
        self.library = library
        self.codes, self.arities = library.codes, library.arities
        self.constants = {x.hex(): -1 - k for k, x in enumerate(normal.constants)}
        # Constants follow the nodes, backwards, so that operand -1 - k finds constant k; what is not there yet is
        # beyond every slot.
        self.slots = [2**31 - 1] * len(normal.ops) + list(range(-len(normal.constants), 0))
        self.size = normal.sizes[PARAMETER] + normal.sizes[FIXED]
        self.code: list[int] = []

    def encoded(self) -> Encoded:
        normal = self.normal
        first = (normal.passes or [len(normal.ops)])[0]
        given = self.size
        self._write(0, first)
        forward = len(self.code)
        self._write(first, len(normal.ops))
        code = np.array(self.code, dtype=np.int32)
        constants = np.array([float.fromhex(text) for text in self.constants])
        outputs, derivatives = [
            np.array([self.slots[a] for a in found], dtype=np.int32) for found in (normal.outputs, normal.derivatives)
        ]
        count = self.library.check_tape(
            ctypes.c_void_p(code.ctypes.data),
            *map(ctypes.c_int64, (len(code), forward, len(constants), given)),
        )
        slots = np.concatenate([outputs, derivatives])
        if count != self.size or (len(slots) and not -len(constants) <= slots.min() <= slots.max() < self.size):
            raise ValueError("a program has an operand that is not there before its result; record it anew")
        return Encoded(code, forward, constants, self.size, outputs, derivatives)

    def _write(self, start: int, stop: int) -> None:
        """The code of some nodes."""
        normal, slots, code = self.normal, self.slots, self.code
        whole: dict[Op, int] = {}  # operations that are one of the runtime's own
        size = self.size
        for i in range(start, stop):
            op, args = normal.ops[i], normal.args[i]
            if op is None:
                place, slot = args
                slots[i] = slot if place == PARAMETER else normal.sizes[PARAMETER] + slot
                continue
            if args.__class__ is Sum:
                self._sum(args)
            elif op in whole and min(args) >= 0:
                code.append(whole[op])
                code += [slots[a] for a in args]
            else:
                row = _row(op, tuple([normal.constants[-1 - a].hex() if a < 0 else None for a in args]))
                if row.result == -1 and row.steps == ((row.steps[0][0], tuple(range(len(args)))),) and op.arity:
                    whole[op] = self.codes[row.steps[0][0]]
                self.size = size
                slots[i] = self._expand(row, args)
                size = self.size
                continue
            slots[i] = size
            size += 1
        self.size = size

    def _sum(self, total: Sum) -> None:
        """A sum of known length if the runtime has one of that, else of any."""
        left, right, plus, minus, negative = total
        number = None if negative else self.codes.get(f"total_{len(left)}_{len(plus)}_{len(minus)}")
        if number is None:
            number = self.codes["negative_total" if negative else "total"]
            self.code += (number, len(left), len(plus), len(minus))
        else:
            self.code.append(number)
        slots = self.slots
        self.code += [slots[a] for a in (*left, *right, *plus, *minus)]

    def _expand(self, row: _Row, args: tuple[int, ...]) -> int:
        """The functions of a row, one after the other; the slot of what they give."""
        found: list[int] = []

        def slot(a: int | float) -> int:
            if isinstance(a, float):
                return self.constants.setdefault(a.hex(), -1 - len(self.constants))
            return self.slots[args[a]] if a >= 0 else found[-1 - a]

        for function, operands in row.steps:
            self.code.append(self.codes[function])
            if function not in self.arities:
                self.code.append(len(operands))
            self.code += map(slot, operands)
            found.append(self.size)
            self.size += 1
        return slot(row.result)


@lru_cache(4096)
def _row(op: Op, literals: tuple[str | None, ...]) -> _Row:
    """The value of an operation, some of whose operands are constants, as functions of the runtime."""
    leaves = [Expression(str(k)) if x is None else float.fromhex(x) for k, x in enumerate(literals)]
    steps: dict[object, int] = {}  # by what they compute
    written: list[tuple[str, tuple[int | float, ...]]] = []

    def step(e: Term) -> int | float:
        if not isinstance(e, Expression):
            return e
        if not e.args:
            return int(e.function)
        found = steps.get(e.key)
        if found is None:
            operands = tuple([step(a) for a in e.args])
            found = steps[e.key] = -1 - len(written)
            written.append((e.function, operands))
        return found

    result = step(op.value(symbols if op.arity else whole_symbols, *leaves))
    return _Row(tuple(written), result)
