"""Derivatives entry by entry: which of a Jacobian or a Hessian are not always zero, and the program of those that vary.

Which they are is read off the graph, so it holds at all numbers: an entry that happens to be zero at some stays.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import isfinite
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.program.collector import collector_at_rest
from autograd.compiler.program.passes import assemble
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.differentiate import differentiate_entries
from autograd.compiler.scalars.live import live
from autograd.compiler.scalars.normal import Normal, Sum, Terms
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.reduction import reduce_examples
from autograd.compiler.scalars.tape import FIXED, PARAMETER, Tape
from autograd.compiler.scalars.undefined import may_be_infinite, may_be_undefined

__all__ = ["Entries", "Index", "Pattern", "Wanted", "compile_entries"]

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]


# A matrix is computed as a whole if it has no more than SMALL entries, or if one in DENSE of them is not always zero.
SMALL, DENSE = 1000, 4


class Wanted(NamedTuple):
    """What is wanted of a function besides its value.

    Parameters
    ----------
    order : int
        1 for the Jacobian, 2 for the Hessian of the one result.
    along : bool
        Of the Hessian its product with a direction, whose numbers follow those that are not differentiated; where
        batched arguments are, it is one more of them.
    whole : bool
        The whole matrix as it stands, zeros as well, unless most of a large one are; else its entries.
    values : bool
        The values of the function, too.
    """

    order: int
    along: bool = False
    whole: bool = False
    values: bool = False


class Pattern(NamedTuple):
    """Which entries of a matrix of derivatives are not always zero, row by row.

    Parameters
    ----------
    shape : (int, int)
        Results by numbers to differentiate by.
    rows, columns : array of int
        Where the entries are. They may not be written to; copy them.
    is_constant : array of bool
        Which of them are the same number wherever it is.
    """

    shape: tuple[int, int]
    rows: Index
    columns: Index
    is_constant: npt.NDArray[np.bool_]


class Entries(NamedTuple):
    """A matrix of derivatives and the program that computes what varies of it.

    Parameters
    ----------
    pattern : Pattern
    constants : array
        For each entry its number if that is constant, else 0.
    source : array of int
        For each entry that is not constant which of the program's results it is; one may serve several.
    values : int
        How many results of the program are those of the function, which come first; 0 where nobody needs them.
    leading : int
        How many results come before the entries: those, and slopes that have to be finite as well.
    whole : bool
        Whether what follows those is the matrix row by row, all of it, so that there is nothing left to put together.
    program : Program
        Where nothing varies, of one number that nobody reads.
    """

    pattern: Pattern
    constants: Array
    source: Index
    values: int
    leading: int
    whole: bool
    program: Program

    def data(self, results: Array) -> Array:
        """The entries, from the results of the program; of each example, where there is a row for each."""
        if self.whole:
            return _gathered(results, self.leading + self.pattern.rows * self.pattern.shape[1] + self.pattern.columns)
        if not self.pattern.is_constant.any():
            return _gathered(results, self.source)
        data = np.empty((*results.shape[:-1], len(self.constants)))
        data[...] = self.constants
        _put(data, np.flatnonzero(~self.pattern.is_constant), _gathered(results, self.source))
        return data

    def matrix(self, results: Array) -> Array:
        """The whole matrix, from the results of the program; of each example, where there is a row for each."""
        if not self.whole:
            return self.spread(self.data(results))
        found = results[self.leading :] if results.ndim == 1 else np.ascontiguousarray(results[..., self.leading :])
        return found.reshape(*results.shape[:-1], *self.pattern.shape)

    def spread(self, data: Array) -> Array:
        """The whole matrix, from its entries."""
        (m, p), rows, columns, _ = self.pattern
        if len(rows) == m * p:
            return data.reshape(*data.shape[:-1], m, p)
        matrix = np.zeros((*data.shape[:-1], m * p))
        _put(matrix, rows * p + columns, data)
        return matrix.reshape(*data.shape[:-1], m, p)


def _gathered(results: Array, source: Index) -> Array:
    """Some columns."""
    found = np.empty((*results.shape[:-1], len(source)))
    for start, stop in _runs(source):
        found[..., start:stop] = results[..., source[start] : source[start] + stop - start]
    return found


def _put(target: Array, at: Index, columns: Array) -> None:
    """Columns into columns of another array."""
    for start, stop in _runs(at):
        target[..., at[start] : at[start] + stop - start] = columns[..., start:stop]


def _runs(index: Index) -> list[tuple[int, int]]:
    """Where whole numbers rise by one: copies of neighbours take a fraction of the time of copies one by one."""
    ends = [0, *(np.flatnonzero(np.diff(index) != 1) + 1).tolist(), len(index)]
    return list(pairwise(ends)) if len(index) else []


@collector_at_rest()
def compile_entries(
    tape: Tape,
    wanted: Wanted,
    arguments: Sequence[tuple[str, tuple[int, ...]]] = (),
    reduce: str | None = "mean",
    names: tuple[Sequence[str], Sequence[str]] = ((), ()),
    inputs: Sequence[int] = (),
) -> Entries:
    """Run the passes, from a recorded tape to the entries of its derivatives; see :func:`compile_tape`.

    Examples have entries of their own where nothing reduces them, or where some of what they hold is differentiated by.

    Parameters
    ----------
    inputs : sequence of int
        Places of batched arguments to differentiate by: their numbers follow the parameters.
    """
    start = time.perf_counter()
    builder = normalise(tape)
    by_example = bool(arguments) and (reduce is None or bool(inputs))
    if arguments and not by_example:
        reduce_examples(builder, str(reduce))
    normal, outputs = builder.out, list(builder.out.outputs)
    places = [PARAMETER, *inputs]
    *starts, count = accumulate([normal.sizes[place] for place in places], initial=0)
    columns = dict(zip(places, starts, strict=True))
    leading = outputs if wanted.values or _may_be_undefined(normal) else []
    found = differentiate_entries(builder, outputs, columns, by_example)
    if leading and wanted.order == 2:
        leading = [*outputs, *[operand for *_, operand in found]]
    if wanted.along:
        slope = _along(builder, found, count, bool(inputs))
        if inputs:
            arguments = [*arguments, ("direction", (count,))]
        found = differentiate_entries(builder, [slope], columns, by_example)
    elif wanted.order == 2:
        found = _symmetric(builder, found, columns, by_example)
    rows = 1 if wanted.along else count if wanted.order == 2 else len(outputs)
    found.sort()
    operands = [operand for _, _, operand in found]
    is_constant = np.array([a < 0 for a in operands], dtype=bool)
    constants = np.array([builder.number(a) if a < 0 else 0.0 for a in operands])
    distinct = {a: k for k, a in enumerate(dict.fromkeys([a for a in operands if a >= 0]), len(leading))}
    # Where examples are put together later, it is entry by entry.
    whole = wanted.whole and not (inputs and reduce) and 0 < rows * count <= max(SMALL, DENSE * len(found))
    if whole:
        matrix = [builder.constant(0.0)] * (rows * count)
        for row, column, operand in found:
            matrix[row * count + column] = operand
    normal.outputs = [*leading, *(matrix if whole else distinct)] or [builder.constant(0.0)]
    source = np.array([distinct[a] for a in operands if a >= 0], dtype=np.int64)
    where = np.array([entry[:2] for entry in found], dtype=np.int64).reshape(-1, 2)
    pattern = Pattern((rows, count), where[:, 0], where[:, 1], is_constant)
    for array in pattern[1:]:
        array.flags.writeable = False  # callers get it, and other calls read it
    sizes = normal.sizes[PARAMETER], normal.sizes[FIXED]
    program = assemble(live(normal), sizes, arguments, by_example, None, names, tape.operations, start)
    return Entries(pattern, constants, source, len(outputs) if leading else 0, len(leading), whole, program)


def _may_be_undefined(normal: Normal) -> bool:
    """Whether a result may be nan or infinite at finite numbers, overflow apart, beside finite derivatives."""
    for op, args in zip(normal.ops, normal.args, strict=True):
        if op is not None and not isinstance(args, Sum):
            literals = [normal.constants[-1 - a] if a < 0 else None for a in args]
            if may_be_infinite(op, literals) or may_be_undefined(op, literals):
                return True
    return not all(map(isfinite, normal.constants))


def _symmetric(
    builder: Builder, slopes: list[tuple[int, int, int]], columns: Mapping[int, int], by_example: bool
) -> list[tuple[int, int, int]]:
    """Second derivatives, one side computed and the other its mirror image."""
    numbers = [column for _, column, _ in slopes]
    lower = differentiate_entries(builder, [operand for _, _, operand in slopes], columns, by_example)
    found = {(numbers[row], column): operand for row, column, operand in lower if column <= numbers[row]}
    found |= {(column, row): operand for (row, column), operand in found.items()}
    return [(row, column, operand) for (row, column), operand in found.items()]


def _along(builder: Builder, slopes: list[tuple[int, int, int]], count: int, by_example: bool) -> int:
    """The slope along a direction, of which each example has its own or all have one."""
    out = builder.out
    if by_example:
        place, first = len(out.sizes), 0
        out.sizes.append(count)
    else:
        place, first = FIXED, out.sizes[FIXED]
        out.sizes[FIXED] += count
    terms = Terms()
    terms.pairs += [(a, builder.leaf(place, first + column)) for _, column, a in slopes]
    slope = builder.sum(terms)
    out.order += range(len(out.order), len(out.ops))
    return slope
