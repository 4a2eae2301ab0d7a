"""Derivatives of compiled functions: compiled where all arguments are numbers, the function's own elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from inspect import signature
from math import isfinite
from typing import Any

import numpy as np

from autograd.compiler.arguments import holds_values
from autograd.compiler.call import Call
from autograd.compiler.subject import Subject
from autograd.derivatives import hessian, jacobian, value_and_grad
from autograd.tracing import is_recording
from autograd.trees import flatten
from autograd.variables import positions

__all__ = ["Derivable"]


class Derivable(ABC):
    """A compiled function as the transformations see it."""

    _subject: Subject

    @abstractmethod
    def _call(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: int | tuple[int, ...] | None,
        order: int | None = None,
    ) -> Call:
        """A call with its program."""

    @abstractmethod
    def _like(self, f: Callable[..., Any]) -> Derivable:
        """Another function, compiled as this one is."""

    def _derivative(
        self, transform: Callable[..., Any], argnums: int | tuple[int, ...], general: Callable[..., Any]
    ) -> Callable[..., Any]:
        """The derivative that ``transform`` gives of this function: compiled where all arguments are numbers.

        Parameters
        ----------
        transform : callable
            ``value_and_grad``, for which a program has its own way; or from a function and ``argnums`` to a derivative,
            which is compiled as any function. A mean or a sum over examples is differentiated example by example.
        argnums : int or tuple of int
        general : callable
            The same derivative of the function itself, for everything else: Values, batched arguments, results that are
            not finite.
        """
        f, batched, reduce = self._subject.f, self._subject.batched, self._subject.reduce
        derived = f if transform is value_and_grad else transform(f, argnums)
        by_example = bool(batched) and reduce is None
        # A derivative with arguments of its own, as a direction is, has no batched one, whatever its name.
        of_its_own = list(signature(derived).parameters) != list(self._subject.signature.parameters)
        if (batched and of_its_own) or (by_example and transform is not jacobian):
            return general
        compiled = self if transform is value_and_grad else self._like(derived)
        names = list(signature(derived).parameters)

        @wraps(general)
        def derivative(*args: Any, **kwargs: Any) -> Any:
            chosen = tuple(positions(argnums, len(args), transform.__name__))
            by_batch = not {names[k] for k in chosen}.isdisjoint(batched)
            if not (by_batch or is_recording() or holds_values(args) or holds_values(kwargs)):
                if transform is hessian and isinstance(argnums, int) and reduce is not None:
                    found = self._second_derivatives(args, kwargs, chosen[0])
                    if found is not None:
                        return found
                call = compiled._call(args, kwargs, chosen)
                if call.gives_numbers():
                    several = isinstance(argnums, tuple)
                    own = compiled is self
                    found = (
                        _value_and_grad(call, several)
                        if own
                        else _numbers(call, by_example, args[chosen[0]] if chosen else None)
                    )
                    if found is not None:
                        return found
            return general(*args, **kwargs)

        return derivative

    def _second_derivatives(self, args: Any, kwargs: Any, argnum: int) -> Any:
        """The Hessian by a program that was differentiated twice, for a number, an array or a list of numbers."""
        x = args[argnum]
        is_array = isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim
        if not (is_array or x.__class__ is float or (x.__class__ is list and set(map(type, x)) == {float})):
            return None
        call = self._call(args, kwargs, argnum, order=2)
        if not (call.gives_numbers() and call.recorded.bare):
            return None
        value, matrix = call.second_derivatives()
        if not (isfinite(value) and np.isfinite(matrix).all()):
            return None
        if is_array:
            return matrix.reshape(x.shape + x.shape)
        return matrix.tolist() if isinstance(x, list) else matrix.item()


def _value_and_grad(call: Call, several: bool) -> tuple[float, Any] | None:
    """Value and gradient by the program, if its function gives one number."""
    if not call.recorded.bare:
        return None
    value, gradients = call.value_and_grad()
    return value, tuple(gradients) if several else gradients[0]


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
