"""Derivatives entry by entry, as a program gives them, in the shape of results and arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.calls.call import Call
from autograd.compiler.calls.results import are_finite, derivatives_of, value_and_gradient_of
from autograd.compiler.calls.spread import is_module, spread
from autograd.compiler.derivatives.placing import AmongAll, layout
from autograd.compiler.program.entries import Entries, Pattern
from autograd.derivatives import jacobian, value_and_grad
from autograd.second_derivatives import check_direction, hessian, hvp
from autograd.sparse import to_csr
from autograd.trees import Rebuild, flatten, to_array

__all__ = ["finishing", "of_each", "pattern_of", "shaped"]

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
    among_all = bool(call.inputs) and not call.subject.by_example
    values, found = derivatives_of(call, along, sparse or among_all)
    give = _giving(call, transform, argument)
    if call.subject.by_example:
        return give(values, _in_order(call, entries, found))
    pattern = entries.pattern
    if among_all:
        all_of = AmongAll(pattern, layout(call, True), transform is hessian, call.count)
        values, found = values.sum(0) * call.weight, found * call.weight
        pattern, found = (all_of.pattern, all_of.data(found)) if sparse else (pattern, all_of.matrix(found))
    if sparse:
        return to_csr(found, pattern.rows, pattern.columns, pattern.shape)
    return give(values, found)


def finishing(call: Call, transform: Callable[..., Any], several: bool) -> Callable[..., Any] | None:
    """What makes of a program's results, and of the numbers it was given, what a transformation gives.

    It is told whether the results are known to be finite, and holds nothing of the arguments but their structure. It
    gives None where something is not finite, and is None where there is more to do.
    """
    entries = call.recorded.entries
    if entries is None or not entries.whole or (call.inputs and (call.chosen or len(call.inputs) > 1)):
        return None
    try:
        argument = _like_it(_like(call, several))
    except _UnknownPartError:
        return None
    give = _giving(call, transform, argument)

    def finish(results: Any, known: bool, *given: Array) -> Any:
        if results.__class__ is not np.ndarray or not results.ndim:  # one number
            results = np.atleast_1d(results)
        if not are_finite(entries, results, *given, known=known):
            return None
        return give(results[..., : entries.values], entries.matrix(results))

    return finish


def _giving(call: Call, transform: Callable[..., Any], argument: Any) -> Callable[[Any, Array], Any]:
    """What makes of values and a matrix what a transformation gives; it holds nothing of the call."""
    bare, output, entries = call.recorded.bare, call.recorded.output, call.recorded.entries
    if call.subject.by_example:
        return lambda values, matrix: of_each(transform, argument, values, matrix, bare)
    if transform is jacobian and isinstance(argument, np.ndarray) and entries is not None:
        like = output([0.0] * entries.pattern.shape[0])
        if isinstance(like, np.ndarray):
            shape = like.shape + argument.shape
            return lambda values, matrix: matrix.reshape(shape)  # noqa: ARG005
    return lambda values, matrix: of_all(transform, argument, values, matrix, output)


class _UnknownPartError(Exception):
    """Something in an argument of which there is no likeness."""


def _like_it(x: Any) -> Any:
    """Zeros in the structure of an argument, in no memory."""
    if x.__class__ is float:
        return 0.0
    if x.__class__ is np.ndarray and x.ndim:
        return np.broadcast_to(0.0, x.shape)
    if x.__class__ in (list, tuple):
        return x.__class__(map(_like_it, x))
    if x.__class__ is dict:
        return {key: _like_it(part) for key, part in x.items()}
    raise _UnknownPartError


def of_all(transform: Callable[..., Any], argument: Any, values: Any, matrix: Array, output: Rebuild) -> Any:
    """What a transformation gives where all examples have one result, or there are none.

    Parameters
    ----------
    argument : number, array, sequence, dict or module
        What is differentiated by.
    values : array
        Shape ``(m,)``, if they are wanted.
    matrix : array
        Shape ``(m, p)``, or ``(p, p)`` of second derivatives.
    output : callable
        What makes the result of the function of its parts.
    """
    if transform is value_and_grad:
        return values.item(0), spread(argument, matrix[0], 0)
    if transform is hvp:
        return spread(argument, matrix[0], 0)
    if isinstance(argument, np.ndarray):
        if transform is hessian:
            return matrix.reshape(argument.shape * 2)
        rows = [*(matrix if argument.ndim == 1 else matrix.reshape(len(matrix), *argument.shape))]
    else:
        rows = [spread(argument, row, 0) for row in matrix]
    if transform is jacobian:
        return output(rows)
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


def _in_order(call: Call, entries: Entries, matrix: Array) -> Array:
    """The matrix of each example, in the order in which arguments are differentiated."""
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
