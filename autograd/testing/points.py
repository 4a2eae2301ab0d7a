"""Points and gradients of any library, as flat lists of numbers with names for their places."""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.convert import describe, refuse_masked
from autograd.errors import GradientError, OperandError
from autograd.trees import flatten

__all__ = ["Derivative", "Point", "number"]

#: The rounding unit of number types shorter than a float.
EPSILON = {"float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}

TAKES = "a check takes a point of"


@dataclass(frozen=True)
class Derivative:
    """One entry of a gradient: where it stands, what it is, and how finely its number type is rounded."""

    place: str
    value: float
    epsilon: float

    def allowance(self, scale: float) -> float:
        """What half the digits of its number type leave out, at some scale."""
        return math.sqrt(self.epsilon) * scale


class Point:
    """Where a function is looked at: a number, a list, an array, a dict; a tuple is several arguments."""

    def __init__(self, at: Any, f: Callable[..., Any]) -> None:
        for part in at if isinstance(at, tuple) else (at,):
            _refuse_foreign(part)
        numbers, self.rebuild = flatten(at, TAKES)
        self.at = at
        self.names = _names(f, len(at) if isinstance(at, tuple) else 1)
        self.numbers = [float(x) if isinstance(x, float | int) else _no_value(x) for x in numbers]
        if not all(map(math.isfinite, self.numbers)):
            raise OperandError(f"{TAKES} finite numbers, got {at!r}; move it into the domain of the function")

    def call(self, f: Callable[..., Any], numbers: Sequence[Any]) -> Any:
        """``f`` of other numbers in the same places; what it gets is its own, to change as it likes."""
        arguments = self.rebuild(numbers)
        return f(*arguments) if isinstance(self.at, tuple) else f(arguments)

    def value(self, f: Callable[..., Any], numbers: Sequence[float]) -> float:
        """The one number that ``f`` gives."""
        return number(self.call(f, numbers), "f")

    def along(self, f: Callable[..., Any], k: int) -> Callable[[float], float]:
        """``f`` as a function of entry ``k`` alone."""
        before, after = self.numbers[:k], self.numbers[k + 1 :]
        return lambda x: self.value(f, [*before, x, *after])

    def moved(self, k: int, x: float) -> Point:
        """The same point with another number for entry ``k``."""
        other = copy.copy(self)
        other.numbers = [*self.numbers[:k], x, *self.numbers[k + 1 :]]
        return other

    def gradient(self, grad: Callable[..., Any]) -> list[Derivative]:
        """What ``grad`` gives here, entry by entry."""
        found = self.call(grad, self.numbers)
        if isinstance(self.at, tuple):
            parts = _parts(found, len(self.at), "the point")
            return [x for part in zip(self.at, parts, self.names, strict=True) for x in _walk(*part)]
        return list(_walk(self.at, found, self.names[0]))


def _names(f: Callable[..., Any], count: int) -> list[str]:
    """What ``f`` calls its arguments, where it says so."""
    try:
        parameters = list(inspect.signature(f).parameters.values())[:count]
    except (TypeError, ValueError):  # a builtin or ufunc
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return named if len(named) == count else [f"argument {k}" for k in range(count)]


def number(y: Any, name: str) -> float:
    """The one number in a float, a Value of any library, or an array or tensor with one entry."""
    if type(y) is float or type(y) is np.float64:  # the commonest come first
        return float(y)
    array, _ = _array(y)
    if array.size != 1:
        raise OperandError(
            f"a check takes a function that gives one number, got shape {array.shape} from {name}; sum its entries"
        )
    return float(array.reshape(()))


def _no_value(x: Any) -> float:
    raise OperandError(f"{TAKES} plain numbers, got {describe(x)}; give its .data")


def _walk(at: Any, found: Any, place: str) -> Iterator[Derivative]:
    if isinstance(at, Mapping):
        if not isinstance(found, Mapping) or set(found) != set(at):
            raise GradientError(f"grad gives {describe(found)} for {place}; it must give a dict with the keys {[*at]}")
        for key in at:
            yield from _walk(at[key], found[key], f"{place}[{key!r}]")
    elif isinstance(at, list | tuple) and any(isinstance(x, list | tuple | Mapping | np.ndarray) for x in at):
        for k, (part, other) in enumerate(zip(at, _parts(found, len(at), place), strict=True)):
            yield from _walk(part, other, f"{place}[{k}]")
    else:
        shape = np.shape(at)
        array, epsilon = _array(np.zeros(shape) if found is None else found)  # no gradient has arrived there
        if array.shape != shape and not array.size == 1 == math.prod(shape):
            raise GradientError(
                f"grad gives shape {array.shape} for {place}, which has shape {shape}; it must give one derivative "
                "for each entry"
            )
        for index, value in zip(np.ndindex(shape), array.ravel().tolist(), strict=True):
            yield Derivative(f"{place}[{', '.join(map(str, index))}]" if index else place, value, epsilon)


def _refuse_foreign(x: Any) -> None:
    """Raise for a tensor, a Series, another library's array: functions are given arrays of NumPy, and convert them."""
    if isinstance(x, Mapping | list):
        for part in x.values() if isinstance(x, Mapping) else x:
            _refuse_foreign(part)
    elif hasattr(x, "__array__") and getattr(x, "ndim", None) and not isinstance(x, np.ndarray):
        raise OperandError(
            f"{TAKES} arrays of NumPy, got {describe(x)}; use numpy.asarray(...), and convert inside the functions"
        )


def _parts(found: Any, count: int, place: str) -> Sequence[Any]:
    if not isinstance(found, Sequence | np.ndarray) or len(found) != count:
        gives = f"{len(found)} part{'s' * (len(found) != 1)}" if isinstance(found, list | tuple) else describe(found)
        raise GradientError(f"grad gives {gives} for {place}, which has {count}; it must give one for each, in order")
    return [*found]


def _array(x: Any) -> tuple[np.ndarray[Any, np.dtype[Any]], float]:
    """Any library's numbers as an array of floats, and the rounding unit of their type."""
    if hasattr(x, "detach"):
        x = x.detach()  # PyTorch's own way to leave its graph
    refuse_masked(x, "a check takes functions that give real")  # what is under the mask is no derivative
    try:
        array = np.asarray(x)
    except ValueError:
        raise OperandError(
            f"a check takes functions that give numbers in rows of one length, got {describe(x)}; give an array"
        ) from None
    except TypeError as error:  # in its library's words: it is sparse, or on another device
        raise OperandError(
            f"a check takes functions that give what NumPy can read, got {describe(x)}: {error}"
        ) from error
    if array.dtype == object:
        array = np.array([_plain(entry) for entry in array.ravel().tolist()]).reshape(array.shape)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise OperandError(f"a check takes functions that give real numbers, got {describe(x)}; give floats")
    return array.astype(float), 2.0**-52 if array.dtype == float else EPSILON.get(array.dtype.name, 2.0**-52)


def _plain(entry: Any) -> float:
    """A number that may be wrapped in some scalar library's class."""
    wrapped = getattr(entry, "data", entry)
    if not isinstance(wrapped, float | int | np.number):
        raise OperandError(f"a check takes functions that give real numbers, got {describe(entry)}; give floats")
    return float(wrapped)
