"""Numbers in floats, sequences, dicts and arrays: taken out as a flat list, and put back in the same shape."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from autograd.convert import as_float, kind_of, refuse_masked
from autograd.errors import OperandError
from autograd.value import Value

__all__ = ["flatten", "refill", "refuse_endless", "to_array"]

# So deep may sequences and dicts be nested that are too deep for Python's stack.
DEEPEST = 100

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
    try:
        shape = _flatten(x, what, numbers)
    except RecursionError:
        refuse_endless(x, what)
        raise
    return numbers, lambda entries: shape(iter(entries))


def refuse_endless(x: Any, what: str) -> None:
    """Raise if a sequence, dict or array of objects in ``x`` holds itself, or if they are nested beyond reason."""
    above: dict[int, Any] = {}  # those that the one at hand is in
    todo: list[tuple[Any, bool]] = [(x, False)]
    while todo:
        part, done = todo.pop()
        if done:
            del above[id(part)]
            continue
        entries = part.values() if isinstance(part, Mapping) else part if isinstance(part, list | tuple) else ()
        if isinstance(part, np.ndarray) and part.dtype.hasobject:
            entries = part.ravel().tolist()
        if not entries:
            continue
        if id(part) in above:
            raise OperandError(
                f"{what} real numbers, got a {kind_of(part)} that contains itself; take it out of itself"
            )
        if len(above) == DEEPEST:
            raise OperandError(
                f"{what} real numbers, got a {kind_of(x)} nested more than {DEEPEST} deep; make it flatter"
            )
        above[id(part)] = part
        todo += [(part, True), *[(entry, False) for entry in entries]]


def _flatten(x: Any, what: str, numbers: list[Any]) -> Callable[[Iterator[Any]], Any]:
    if isinstance(x, Value):
        numbers.append(x)
        return next
    if isinstance(x, np.ndarray) and x.ndim:
        refuse_masked(x, what)
        size, shape = x.size, x.shape
        if x.dtype.kind in "fiub":
            numbers.extend(x.ravel().astype(float).tolist())
            return lambda entries: to_array(list(islice(entries, size))).reshape(shape)
        places = [_flatten(e, what, numbers) for e in x.ravel().tolist()]
        return lambda entries: to_array([place(entries) for place in places]).reshape(shape)
    if isinstance(x, Mapping):
        by_key = {key: _flatten(entry, what, numbers) for key, entry in x.items()}
        make = refill(x)
        return lambda entries: make((key, place(entries)) for key, place in by_key.items())
    if isinstance(x, list | tuple):
        parts = [_flatten(entry, what, numbers) for entry in x]
        make, count = refill(x), len(parts)
        if all(part is next for part in parts):  # numbers alone
            return lambda entries: make(islice(entries, count))
        return lambda entries: make([part(entries) for part in parts])
    numbers.append(as_float(x, what))
    return next


def refill(x: Any) -> Callable[[Iterable[Any]], Any]:
    """From other entries to a list, tuple or dict that is as ``x`` besides: its class, and what attributes it has.

    A mapping that is no dict becomes one. The entries of ``x`` are not kept alive.
    """
    kind: Any = type(x)
    if kind is list or kind is tuple:
        return kind
    if kind is dict or not isinstance(x, list | tuple | dict):
        return dict
    if isinstance(x, tuple):
        make: Callable[..., Any] = getattr(kind, "_make", kind)  # a namedtuple's own way from an iterator
        attributes = dict(getattr(x, "__dict__", ()))
        return lambda entries: _with_attributes(make(entries), attributes)
    empty: Any = copy.copy(x)  # attributes too, whatever its class asks for to make one
    empty.clear()
    put: Any = list.extend if isinstance(x, list) else _put_in_order if isinstance(x, OrderedDict) else dict.update

    def fill(entries: Iterable[Any]) -> Any:
        made = copy.copy(empty)
        put(made, entries)
        return made

    return fill


def _put_in_order(x: OrderedDict[Any, Any], entries: Iterable[Any]) -> None:
    for key, entry in entries:  # dict.update would leave the order out, and with it all entries
        OrderedDict.__setitem__(x, key, entry)


def _with_attributes(x: Any, attributes: dict[str, Any]) -> Any:
    if attributes:
        vars(x).update(attributes)
    return x


def to_array(entries: Sequence[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    """A float array if all entries are floats, else an object array."""
    kinds = set(map(type, entries))  # the commonest case is quick
    if kinds <= {float} or all(issubclass(kind, float) for kind in kinds):
        return np.array(entries, dtype=float)
    array = np.empty(len(entries), dtype=object)
    for i, entry in enumerate(entries):  # one by one, since an entry may be a sequence
        array[i] = entry
    return array
