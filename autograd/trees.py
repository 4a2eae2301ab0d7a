"""Numbers in floats, sequences, dicts and arrays: taken out as a flat list, and put back in the same shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.convert import as_float
from autograd.value import Value

__all__ = ["flatten", "to_array"]

Rebuild = Callable[[Sequence[Any]], Any]


def flatten(x: Any, what: str) -> tuple[list[Any], Rebuild]:
    """The numbers in ``x``, in order, and a function that puts as many others in their places.

    Parameters
    ----------
    x : number, Value, array, or sequences and dicts of them, nested
        Arrays may hold numbers or Values, in any shape.
    what : str
        How an error message begins, as in "grad takes".

    Returns
    -------
    numbers : list of float and Value
    rebuild : callable
        From a sequence of as many entries to the shape of ``x``: an array for an array, of floats where all are.
    """
    numbers: list[Any] = []
    shape = _flatten(x, what, numbers)
    return numbers, lambda entries: shape(iter(entries))


def _flatten(x: Any, what: str, numbers: list[Any]) -> Callable[[Iterator[Any]], Any]:
    if isinstance(x, Value):
        numbers.append(x)
        return next
    if isinstance(x, np.ndarray) and x.ndim:
        numbers.extend(e if isinstance(e, Value) else as_float(e, what) for e in x.ravel().tolist())
        size, shape = x.size, x.shape
        return lambda entries: to_array([next(entries) for _ in range(size)]).reshape(shape)
    if isinstance(x, Mapping):
        places = {key: _flatten(entry, what, numbers) for key, entry in x.items()}
        return lambda entries: {key: place(entries) for key, place in places.items()}
    if isinstance(x, list | tuple):
        parts = [_flatten(entry, what, numbers) for entry in x]
        make: Callable[..., Any] = getattr(type(x), "_make", type(x))  # a namedtuple's own way from an iterator
        return lambda entries: make(part(entries) for part in parts)
    numbers.append(as_float(x, what))
    return next


def to_array(entries: Sequence[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    """A float array if all entries are floats, else an object array."""
    floats = all(isinstance(entry, float) for entry in entries)
    array = np.empty(len(entries), dtype=float if floats else object)
    array[:] = entries
    return array
