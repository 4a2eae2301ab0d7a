"""Derivatives of compiled functions: compiled where all arguments are numbers, the function's own elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiler.arguments import holds_values
from autograd.derivatives import hessian, jacobian, value_and_grad
from autograd.tracing import is_recording
from autograd.trees import flatten
from autograd.variables import positions

if TYPE_CHECKING:
    from autograd.compiler.call import Call
    from autograd.compiler.function import CompiledFunction

__all__ = ["derivative_of"]


def derivative_of(
    fast: CompiledFunction,
    transform: Callable[..., Any],
    argnums: int | tuple[int, ...],
    general: Callable[..., Any],
) -> Callable[..., Any]:
    """The derivative that ``transform`` gives of a compiled function.

    Parameters
    ----------
    fast : CompiledFunction
    transform : callable
        ``value_and_grad``, for which a program has its own way; or from a function and ``argnums`` to a derivative,
        which is compiled as any function. A mean or a sum over examples is differentiated example by example.
    argnums : int or tuple of int
    general : callable
        The same derivative of the function itself, for everything else: Values, batched arguments, results that are
        not finite.
    """
    derived = fast.f if transform is value_and_grad else transform(fast.f, argnums)
    by_example = bool(fast.batched) and fast.reduce is None
    # A derivative with arguments of its own, as a direction is, has no batched one, whatever its name.
    of_its_own = list(signature(derived).parameters) != list(signature(fast).parameters)
    if (fast.batched and of_its_own) or (by_example and transform is not jacobian):
        return general
    compiled = fast if transform is value_and_grad else type(fast)(derived, fast.batched, fast.reduce, fast.verify)
    names = list(signature(derived).parameters)

    @wraps(general)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        chosen = tuple(positions(argnums, len(args), transform.__name__))
        by_batch = not {names[k] for k in chosen}.isdisjoint(fast.batched)
        if not (by_batch or is_recording() or holds_values(args) or holds_values(kwargs)):
            if transform is hessian and isinstance(argnums, int) and fast.reduce is not None:
                found = _second_derivatives(fast, args, kwargs, chosen[0])
                if found is not None:
                    return found
            call = compiled._call(args, kwargs, chosen)
            if call.gives_numbers():
                several = isinstance(argnums, tuple)
                own = compiled is fast
                found = (
                    _value_and_grad(call, several)
                    if own
                    else _numbers(call, by_example, args[chosen[0]] if chosen else None)
                )
                if found is not None:
                    return found
        return general(*args, **kwargs)

    return derivative


def _value_and_grad(call: Call, several: bool) -> tuple[float, Any] | None:
    """Value and gradient by the program, if its function gives one number."""
    if not call.recorded.bare:
        return None
    value, gradients = call.value_and_grad()
    return value, tuple(gradients) if several else gradients[0]


def _second_derivatives(fast: CompiledFunction, args: Any, kwargs: Any, argnum: int) -> Any:
    """The Hessian by a program that was differentiated twice, for a number, an array or a list of numbers."""
    x = args[argnum]
    is_array = isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim
    if not (is_array or x.__class__ is float or (x.__class__ is list and set(map(type, x)) == {float})):
        return None
    call = fast._call(args, kwargs, argnum, order=2)
    if not (call.gives_numbers() and call.recorded.bare):
        return None
    value, matrix = call.second_derivatives()
    if not (isfinite(value) and np.isfinite(matrix).all()):
        return None
    if is_array:
        return matrix.reshape(x.shape + x.shape)
    return matrix.tolist() if isinstance(x, list) else matrix.item()


def _numbers(call: Call, by_example: bool, argument: Any) -> Any:
    """What the program gives, if that is finite and, example by example, has the shape of an array."""
    found = call.value()
    if not all(map(isfinite, flatten(found, "a derivative gives")[0])):
        return None
    if not by_example or call.recorded.bare:
        return found
    if not isinstance(argument, float | int | np.ndarray):
        return None
    shape, one = np.shape(argument), call.recorded.output(found[0].tolist())
    alone = isinstance(one, np.ndarray) and one.shape == shape  # the function gives a number for each example
    return found.reshape(len(found), *(() if alone else (-1,)), *shape)
