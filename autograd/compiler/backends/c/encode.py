"""Programs in normal form as tapes for the runtime: whole numbers in a row, checked before they are run."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.library import Library
from autograd.compiler.scalars.expressions import Expression, Term, symbols, whole_symbols
from autograd.compiler.scalars.normal import Normal, Sum
from autograd.compiler.scalars.partials import FITTED
from autograd.compiler.scalars.tape import FIXED, PARAMETER
from autograd.op import Op

__all__ = ["Encoded", "encode", "row_of"]

Numbers = npt.NDArray[np.int32]

_MISSING = "a program has an operand that is not there before its result; record it anew"


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


# Numbers of operations, counts and slots stand among operands until all slots are known: they are so much larger.
_AS_IT_IS = 1 << 40


class _Encoder:
    def __init__(self, normal: Normal, library: Library) -> None:
        self.normal = normal
        self.library = library
        self.codes, self.arities = library.codes, library.arities
        self.constants = {x.hex(): -1 - k for k, x in enumerate(normal.constants)}
        # Constants follow the nodes, backwards, so that operand -1 - k finds constant k.
        self.slots = [0] * len(normal.ops) + list(range(-len(normal.constants), 0))
        self.size = normal.sizes[PARAMETER] + normal.sizes[FIXED]
        self.code: list[int] = []
        self.whole: dict[Op, int | None] = {}

    def encoded(self) -> Encoded:
        normal = self.normal
        first = (normal.passes or [len(normal.ops)])[0]
        given = self.size
        self._write(0, first)
        forward = len(self.code)
        self._write(first, len(normal.ops))
        code, outputs, derivatives = map(self._found, (self.code, normal.outputs, normal.derivatives))
        constants = np.array([float.fromhex(text) for text in self.constants])
        count = self.library.check_tape(
            ctypes.c_void_p(code.ctypes.data),
            *map(ctypes.c_int64, (len(code), forward, len(constants), given)),
        )
        slots = np.concatenate([outputs, derivatives])
        if count != self.size or (len(slots) and not -len(constants) <= slots.min() <= slots.max() < self.size):
            raise ValueError(_MISSING)
        return Encoded(code, forward, constants, self.size, outputs, derivatives)

    def _found(self, operands: list[int]) -> Numbers:
        """The slots of operands, among numbers that stay as they are."""
        numbers = np.fromiter(operands, np.int64, len(operands))
        kept = numbers > _AS_IT_IS // 2
        numbers[kept] -= _AS_IT_IS
        nodes = numbers[~kept]
        if len(nodes) and not -len(self.normal.constants) <= nodes.min() <= nodes.max() < len(self.normal.ops):
            raise ValueError(_MISSING)
        numbers[~kept] = np.array(self.slots)[nodes]
        return numbers.astype(np.int32)

    def _write(self, start: int, stop: int) -> None:
        """The code of some nodes."""
        normal, slots, code, whole = self.normal, self.slots, self.code, self.whole
        sums = self._short_sums()
        size = self.size
        for i, (op, args) in enumerate(zip(normal.ops[start:stop], normal.args[start:stop], strict=True), start):
            if args.__class__ is Sum:
                left, right, plus, minus, negative = args
                number = sums.get((len(left), len(plus), len(minus), negative))
                head = self._long_sum(args) if number is None else (number,)
                code += (*head, *left, *right, *plus, *minus)
            elif op is None:
                place, slot = args
                slots[i] = slot if place == PARAMETER else normal.sizes[PARAMETER] + slot
                continue
            elif (number := whole[op] if op in whole else self._whole(op)) and (op not in FITTED or min(args) >= 0):
                code += (number, *args)
            else:
                row = row_of(op, tuple([normal.constants[-1 - a].hex() if a < 0 else None for a in args]))
                self.size = size
                slots[i] = self._expand(row, args)
                size = self.size
                continue
            slots[i] = size
            size += 1
        self.size = size

    def _whole(self, op: Op) -> int | None:
        """The number of an operation that is one of the runtime's own."""
        if op.arity:
            operands = tuple(range(op.arity))
            steps = row_of(op, (None,) * op.arity).steps
            if len(steps) == 1 and steps[0][1] == operands:
                self.whole[op] = self.codes[steps[0][0]] + _AS_IT_IS
        return self.whole.setdefault(op, None)

    def _short_sums(self) -> dict[tuple[int, ...], int]:
        """Sums of known length: by how many products, what is added and what is subtracted, and whether negative."""
        shapes = [(name.split("_"), number) for name, number in self.codes.items() if name.startswith("total_")]
        return {(*map(int, counts), False): number + _AS_IT_IS for (_, *counts), number in shapes}

    def _long_sum(self, total: Sum) -> Sequence[int]:
        """What is in front of the operands of a sum of any length."""
        number = self.codes["negative_total" if total.negative else "total"]
        return [x + _AS_IT_IS for x in (number, len(total.left), len(total.plus), len(total.minus))]

    def _expand(self, row: _Row, args: tuple[int, ...]) -> int:
        """The functions of a row, one after the other; the slot of what they give."""
        found: list[int] = []

        def slot(a: int | float) -> int:
            if isinstance(a, float):
                return self.constants.setdefault(a.hex(), -1 - len(self.constants)) + _AS_IT_IS
            return args[a] if a >= 0 else found[-1 - a] + _AS_IT_IS

        for function, operands in row.steps:
            self.code.append(self.codes[function] + _AS_IT_IS)
            if function not in self.arities:
                self.code.append(len(operands) + _AS_IT_IS)
            self.code += map(slot, operands)
            found.append(self.size)
            self.size += 1
        result = slot(row.result)
        return result - _AS_IT_IS if result > _AS_IT_IS // 2 else self.slots[result]


@lru_cache(4096)
def row_of(op: Op, literals: tuple[str | None, ...]) -> _Row:
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
