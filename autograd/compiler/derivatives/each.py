"""Derivatives of each example by the engine itself, one after the other: where Values take part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.calls.itself import take_apart, valued
from autograd.compiler.calls.subject import Subject
from autograd.compiler.derivatives.shaped import of_each
from autograd.derivatives import jacobian, value_and_grad
from autograd.second_derivatives import hvp
from autograd.trees import flatten, to_array
from autograd.value import Value
from autograd.variables import positions

__all__ = ["each_example"]


def each_example(
    subject: Subject,
    transform: Callable[..., Any],
    argnums: int | tuple[int, ...],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    direction: Any,
) -> Any:
    """What a transformation gives of a function whose examples have a result each, with all its derivatives.

    Parameters
    ----------
    transform : callable
        ``value_and_grad``, ``jacobian``, ``hessian`` or ``hvp``.
    direction : number, array, sequence or dict
        In the shape of the argument, for ``hvp``.
    """
    bound, batches, count = take_apart(subject, args, kwargs)
    names = [[*subject.signature.parameters][k] for k in positions(argnums, len(args), transform.__name__)]
    shared = {name: x for name, x in bound.arguments.items() if name not in batches}
    values: list[Any] = []
    matrix: list[Any] = []
    bare = True
    for i in range(count):
        given = {name: examples[i] for name, examples in batches.items()}
        numbers, rebuild = flatten([(shared | given)[name] for name in names], f"{transform.__name__} differentiates")

        def f(numbers: Any, given: dict[str, Any] = given, rebuild: Any = rebuild) -> Any:
            nonlocal bare
            bound.arguments.update(shared)
            bound.arguments.update({name: valued(x, name) for name, x in given.items()})
            bound.arguments.update(zip(names, rebuild(numbers), strict=True))
            result = subject.f(*bound.args, **bound.kwargs)
            bare = isinstance(result, Value | float | int)
            return flatten(result, "a compiled function gives numbers:")[0] if transform is jacobian else result

        if transform is value_and_grad:
            value, found = value_and_grad(f)(numbers)
            values.append(value)
        elif transform is hvp:
            found = hvp(f)(numbers, _own(direction, i, names[0] in batches))
        else:
            found = transform(f)(numbers)
        matrix += flatten(found, "derivatives are")[0]
    like: list[Any] = [
        np.empty(np.shape(np.asarray(batches[name][0], dtype=object))) if name in batches else shared[name]
        for name in names
    ]
    rows = _alike(matrix).reshape(count, -1, len(numbers))
    argument = tuple(like) if isinstance(argnums, tuple) else like[0]
    return of_each(transform, argument, _alike(values).reshape(-1, 1), rows, bare)


def _alike(numbers: list[Any]) -> Any:
    """An array of numbers, or of Values if one of them is."""
    if any(isinstance(x, Value) for x in numbers):
        numbers = [x if isinstance(x, Value) else Value(x) for x in numbers]
    return to_array(numbers)


def _own(direction: Any, example: int, is_batched: bool) -> list[Any]:
    """The numbers of a direction, or those of one example."""
    own = direction[example] if is_batched else direction
    return flatten(own, "hvp takes a vector whose every entry is")[0]
