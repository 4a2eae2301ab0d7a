"""Derivatives entry by entry, as a program gives them, in the shape of results and arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.calls.call import Call
from autograd.compiler.calls.results import derivatives_of, value_and_gradient_of
from autograd.compiler.calls.spread import is_module, spread
from autograd.compiler.derivatives.placing import AmongAll, layout
from autograd.compiler.program.entries import Entries, Pattern
from autograd.derivatives import check_direction, hessian, hvp, jacobian, value_and_grad
from autograd.sparse import to_csr
from autograd.trees import flatten, to_array

__all__ = ["of_each", "pattern_of", "shaped"]

Array = npt.NDArray[np.float64]


def shaped(
    call: Call, transform: Callable[..., Any], several: bool, sparse: bool = False, direction: Any = None
) -> Any:
    """What a transformation gives, from a call whose program computes entries, or the gradient beside the value."""
    argument, entries = _like(call, several), call.recorded.entries
    if entries is None:
        value, gradient = value_and_gradient_of(call)
        return value, spread(argument, gradient, 0)
    along = None
    if direction is not None:
        vector, _ = flatten(direction, "hvp takes a vector whose every entry is")
        check_direction(vector, layout(call, True).size if call.inputs else entries.pattern.shape[1])
        along = np.array(vector)
    values, data = derivatives_of(call, along)
    if call.subject.by_example:
        return of_each(transform, argument, values, _of_one(call, entries, data), call.recorded.bare)
    found: Entries | AmongAll = entries
    if call.inputs:
        found = AmongAll(entries.pattern, layout(call, True), transform is hessian, call.count)
        values, data = values.sum(0) * call.weight, data * call.weight
    if sparse:
        pattern = found.pattern
        entry_by_entry = found.data(data) if isinstance(found, AmongAll) else data
        return to_csr(entry_by_entry, pattern.rows, pattern.columns, pattern.shape)
    matrix = found.matrix(data)
    if transform is value_and_grad:
        return values.item(0), spread(argument, matrix[0], 0)
    if transform is hvp:
        return spread(argument, matrix[0], 0)
    if isinstance(argument, np.ndarray):
        like = call.recorded.output([0.0] * len(matrix)) if transform is jacobian else argument
        if isinstance(like, np.ndarray):
            return matrix.reshape(like.shape + argument.shape)
    rows = [spread(argument, row, 0) for row in matrix]
    if transform is jacobian:
        return call.recorded.output(rows)
    return matrix if is_module(argument) else spread(argument, to_array(rows), 0)


def of_each(transform: Callable[..., Any], argument: Any, values: Any, matrix: Any, bare: bool) -> Any:
    """What a transformation gives where each example has a result of its own.

    Parameters
    ----------
    argument : number, array, sequence, dict or module
        What is differentiated by; of what holds examples, one.
    values : array
        Shape ``(n, m)``.
    matrix : array
        Shape ``(n, m, p)``, or ``(n, p, p)`` of second derivatives.
    bare : bool
        Whether the result of an example is one number.
    """
    if transform is hessian:
        return spread(argument, matrix, 1, lambda part: spread(argument, part, part.ndim - 1))
    if bare:
        matrix = matrix[:, 0]
    found = spread(argument, matrix, matrix.ndim - 1)
    return (values[:, 0], found) if transform is value_and_grad else found


def pattern_of(call: Call, is_square: bool) -> Pattern:
    """Where the entries of a call are, in the order in which its arguments are differentiated."""
    entries = call.recorded.entries
    assert entries is not None
    if not call.inputs:
        return entries.pattern
    of_all = call.subject.reduce is not None
    return AmongAll(entries.pattern, layout(call, of_all), is_square, call.count if of_all else 1).pattern


def _of_one(call: Call, entries: Entries, data: Array) -> Array:
    """The matrix of each example, in the order in which arguments are differentiated."""
    matrix = entries.matrix(data)
    if call.inputs:
        order = np.argsort(layout(call, False).first)
        if (np.diff(order) == 1).all():
            return matrix
        matrix = matrix[..., order]
        if entries.pattern.shape[0] == len(order) and call.wanted and call.wanted.order == 2:
            matrix = matrix[:, order]
    return matrix


def _like(call: Call, several: bool) -> Any:
    """The arguments that are differentiated by; what holds examples, and is no array or list, as an array."""
    found: list[Any] = []
    for k in call.differentiated:
        x = call.values[k]
        if k in call.batches and call.subject.by_example:
            x = np.empty(call.batches[k].shape[1:])
        elif k in call.batches and not isinstance(x, np.ndarray | list | tuple):
            x = call.batches[k]
        found.append(x)
    return tuple(found) if several else found[0]
