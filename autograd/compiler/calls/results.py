"""What a call gives: by its program, and where that is not finite by the engine itself, example by example."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import functions
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.finite import is_finite
from autograd.compiler.program.entries import Entries
from autograd.compiler.scalars.tape import FIRST_BATCHED
from autograd.errors import NonFiniteError
from autograd.explain import non_finite
from autograd.recorded import gradients
from autograd.trees import flatten
from autograd.value import Value

__all__ = ["are_finite", "derivatives_of", "value_and_gradient_of", "value_of"]

Array = npt.NDArray[np.float64]


def value_of(call: Call) -> Any:
    """The result of the function, or that of each example."""
    recorded = call.ready()
    result = np.asarray(call.give(recorded.program.value))
    if call.subject.by_example:
        finite = np.isfinite(result)
        for example in np.flatnonzero(~finite.all(axis=1)).tolist():
            result[example] = _numbers(call, example)
        return result[:, 0] if recorded.bare else result
    numbers = np.ravel(result).tolist()
    if not all(map(isfinite, numbers)):
        numbers = _put_together(call, len(numbers))
    return numbers[0] if recorded.bare else recorded.output(numbers)


def _numbers(call: Call, example: int) -> list[float]:
    """The results of one example, as the engine computes them, be they finite or not."""
    found, _ = flatten(call.run(call.point(example))[0], "a compiled function gives numbers:")
    return [y._data if isinstance(y, Value) else float(y) for y in found]


def _put_together(call: Call, count: int) -> list[float]:
    """Such results of all examples, reduced."""
    rows: list[list[float]] = []
    for example in range(call.count):
        rows.append(_numbers(call, example))
        if all(map(isnan, rows[-1])):  # whatever follows, that stays
            break
    reduce = functions.mean if call.subject.reduce == "mean" else functions.sum
    return [float(reduce(column)) for column in zip(*rows, strict=True)] if rows else [0.0] * count


def value_and_gradient_of(call: Call) -> tuple[float, Array]:
    """The result and its gradient by all numbers of the arguments that are differentiated.

    Raises
    ------
    NonFiniteError
        If an example's value is not finite; the message says which, and where that began.
    """
    recorded = call.ready()
    value, gradient = call.give(recorded.program.value_and_grad)
    if not (isfinite(value) and np.isfinite(gradient).all() and call.is_defined()):
        value, gradient = 0.0, np.zeros(len(gradient))
        for example in range(call.count):
            (y,), parameters = _outputs(call, example)
            value += y._data
            gradient += gradients(y, parameters)
        value, gradient = value * call.weight, gradient * call.weight
    return value, gradient


def derivatives_of(call: Call, direction: Array | None = None, entry_by_entry: bool = False) -> tuple[Array, Array]:
    """Values and derivatives by a program that computes these: for each example, where it has its own.

    Parameters
    ----------
    direction : array, optional
        For ``hvp``.
    entry_by_entry : bool
        Whether the entries that are not always zero are wanted, or the whole matrix.

    Returns
    -------
    values : array
        If they were wanted, or have to be finite as well.
    derivatives : array
    """
    recorded = call.ready()
    entries = recorded.entries
    assert entries is not None
    parameters, fixed, batch = call.parameters(), call.fixed_numbers(), [*call.batches.values()]
    if direction is not None and call.inputs:
        direction = direction.reshape(call.count, -1)
        batch.append(direction)
    elif direction is not None:
        fixed = np.concatenate([fixed, direction])
    results = np.atleast_1d(recorded.program.value(parameters, *batch, fixed=fixed))
    values = results[..., : entries.values]
    found = entries.data(results) if entry_by_entry else entries.matrix(results)
    is_defined = call.is_defined()
    if is_defined and are_finite(entries, results, parameters, fixed, *batch):
        return values, found

    def by_engine(example: int) -> tuple[Array, Array]:
        value, data = _entries(call, example, entries, direction)
        return value, data if entry_by_entry else entries.spread(data)

    if results.ndim == 1:
        each = [by_engine(i)[1] for i in range(call.count)]
        return values, np.sum(each, axis=0) * call.weight if each else np.zeros_like(found)
    finite = np.isfinite(results).all(1) & is_defined
    if not entries.leading:
        finite &= is_finite(parameters) and is_finite(fixed)
        for x in batch:
            finite &= np.isfinite(x).all(tuple(range(1, x.ndim)))
    for i in np.flatnonzero(~finite).tolist():
        value, found[i] = by_engine(i)
        values[i] = value[: entries.values]
    return values, found


def are_finite(entries: Entries, results: Array, *given: Array, known: bool = False) -> bool:
    """Whether all results are, unless it is known, and all that was given, where the values do not show that."""
    arrays = () if results.ndim > 1 and entries.leading else given
    return (known or is_finite(results)) and all(map(is_finite, arrays))


def _entries(call: Call, example: int, entries: Entries, direction: Array | None) -> tuple[Array, Array]:
    """Values and derivatives of one example, by the engine."""
    wanted, (_, rows, columns, _) = call.wanted, entries.pattern
    assert wanted is not None
    outputs, leaves = _outputs(call, example)
    values = np.array([y._data for y in outputs])
    found: list[Any] = [*outputs]
    if wanted.order == 2:
        found = gradients(outputs[0], leaves, create_graph=True)
        if direction is not None:
            own = direction[example] if call.inputs else direction
            found = [functions.dot(found, own.tolist())]
    data, is_square = np.zeros(len(rows)), wanted.order == 2 and direction is None
    wide = columns > rows if is_square else np.zeros(len(rows), dtype=bool)
    for k, y in enumerate(found):
        of_row = np.flatnonzero((rows == k) & ~wide)
        if isinstance(y, Value) and len(of_row):
            data[of_row] = gradients(y, [leaves[c] for c in columns[of_row].tolist()])
    if is_square:  # the other side is its mirror image
        data[wide] = data[np.lexsort((rows, columns))[wide]]
    return values, data


def _outputs(call: Call, example: int) -> tuple[list[Value], list[Value]]:
    """The results of one example, as the engine computes them, and the leaves to differentiate by."""
    output, parameters, _, batched = call.run(call.point(example))
    found, _ = flatten(output, "a compiled function gives numbers:")
    outputs = [y if isinstance(y, Value) else Value(y) for y in found]
    for y in outputs:
        if not isfinite(y._data):
            raise NonFiniteError(f"example {example}: {non_finite(y)}" if call.count > 1 else non_finite(y))
    return outputs, parameters + [x for place in call.places for x in batched[place - FIRST_BATCHED]]
