"""Arguments of a compiled function: which numbers they hold, and the same structure filled with Values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from weakref import ref

import numpy as np
import numpy.typing as npt

from autograd.compiler.calls.spread import is_module
from autograd.compiler.captured.members import slots
from autograd.compiler.captured.state import State, state
from autograd.convert import as_float, describe, refuse_masked
from autograd.errors import CompileError
from autograd.trees import refill, refuse_endless, to_array
from autograd.value import Value

__all__ = [
    "Argument",
    "Remembered",
    "batched_argument",
    "count_of",
    "examine",
    "holds_values",
    "parts_of",
    "values_in",
]

Array = npt.NDArray[np.float64]

# So many modules are remembered; another is walked in every call.
MODULES = 8


class Argument(NamedTuple):
    """What the compiler knows of one argument of one call.

    Parameters
    ----------
    key : hashable
        Its structure: arguments with equal keys are served by one program.
    numbers : list of float and arrays
        What it holds, in order.
    fill : callable
        From an iterator of Values to what the function is to be called with.
    size : int
        How many numbers there are.
    leaves : list of Value or None
        The parameters of a module: its own leaves, which are recorded as they are.
    """

    key: Hashable
    numbers: list[Any]
    fill: Callable[[Iterator[Any]], Any]
    size: int
    leaves: list[Value] | None = None


def parts_of(x: Any) -> Iterator[Any]:
    """What sequences, dicts and arrays of objects hold, down to what is none of these; of numbers not all."""
    if isinstance(x, list | tuple):
        if set(map(type, x)) != {float}:
            for entry in x:
                yield from parts_of(entry)
    elif isinstance(x, Mapping):
        for entry in x.values():
            yield from parts_of(entry)
    elif isinstance(x, np.ndarray) and x.dtype == object:
        yield from parts_of(x.ravel().tolist())
    else:
        yield x


def values_in(x: Any) -> Iterator[Value]:
    """The Values among the numbers of an argument; the parameters of a module count as numbers."""
    return (part for part in parts_of(x) if isinstance(part, Value))


def holds_values(x: Any) -> bool:
    """Whether a Value is among the numbers of an argument."""
    if x.__class__ is float or (x.__class__ is tuple and set(map(type, x)) <= _FLOATS and not _has_objects(x)):
        return False
    try:
        return next(values_in(x), None) is not None
    except RecursionError:
        refuse_endless(x, "a compiled function takes")
        raise


_FLOATS = frozenset({float, np.ndarray})


def _has_objects(xs: tuple[Any, ...]) -> bool:
    return any(x.__class__ is not float and x.dtype == object for x in xs)


class Remembered(NamedTuple):
    """A module that was an argument before: its state, its key then, and the leaves it had."""

    module: Callable[[], Any]
    state: State
    key: Hashable
    leaves: list[Value]


def examine(
    x: Any,
    differentiated: bool,
    modules: dict[int, Remembered] | None = None,
    names: dict[str, None] | None = None,
) -> Argument:
    """Take an argument apart; ``modules`` remembers the last few that were given, by their identity.

    ``names`` are those by which the function may read modules of Python, if it finds any there; those that functions
    and texts there bring along are added.

    Floats and arrays of floats are numbers. Integers and booleans are numbers in an argument that is differentiated;
    elsewhere they belong to the structure, as text and None always do, so that they can index and count.
    """
    if x.__class__ is float:
        return _number(x)
    if x.__class__ is np.ndarray and x.ndim:  # the commonest come first
        return _examine_array(x, differentiated)
    if x.__class__ is list or x.__class__ is tuple:
        return _join(x.__class__, [examine(entry, differentiated, None, names) for entry in x], x.__class__)
    if is_module(x):
        return _examine_module(x, {} if modules is None else modules, names)
    if isinstance(x, Value):
        return _number(x._data)
    if isinstance(x, np.ndarray) and x.ndim:
        refuse_masked(x, "a compiled function takes")
        return _examine_array(x, differentiated)
    if isinstance(x, Mapping):
        keys = tuple(x)
        if names is not None:
            names.update(dict.fromkeys([key for key in keys if isinstance(key, str)]))
        entries = [examine(x[k], differentiated, None, names) for k in keys]
        make = refill(x)
        return _join((_kind(x), keys), entries, lambda parts: make(zip(keys, parts, strict=True)))
    if isinstance(x, list | tuple):
        return _join(_kind(x), [examine(entry, differentiated, None, names) for entry in x], refill(x))
    if isinstance(x, str | bytes | type(None)) or (isinstance(x, int) and not differentiated):
        return _structure(x, names)
    if isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "iub" and not differentiated:
        return _structure(x.item())
    try:
        return _number(as_float(x, "a compiled function takes"))
    except TypeError:
        if differentiated:
            raise
    return _structure(x, names)


def batched_argument(x: Any, name: str) -> tuple[Array, bool]:
    """A batched argument as an array, examples first; and whether the function is called with arrays or with lists."""
    takes = f"batched argument {name!r} takes"
    refuse_masked(x, takes)
    try:
        array = np.asarray(x)
        if array.dtype != object:
            array = array.astype(np.float64, casting="same_kind", copy=False)  # neither text nor complex numbers
    except (TypeError, ValueError):
        raise CompileError(
            f"batched argument {name!r} takes an array of numbers whose first axis is examples, got {describe(x)}; "
            "give every example the same shape"
        ) from None
    if array.dtype == object:
        array = _numbers(array, takes).reshape(array.shape)
    if array.ndim == 0:
        raise CompileError(
            f"batched argument {name!r} takes an array whose first axis is examples, got the number {array}; "
            "leave its name out of batched="
        )
    return array, isinstance(x, np.ndarray)


def count_of(batches: Iterable[Sequence[Any] | Array]) -> int:
    """How many examples there are, as many in each of the batched arguments; one where there are none of these."""
    counts = sorted({len(examples) for examples in batches})
    if len(counts) > 1:
        raise ValueError(f"batched arguments hold equally many examples, got {', '.join(map(str, counts))}; cut them")
    return counts[0] if counts else 1


def _number(x: float) -> Argument:
    return Argument("number", [x], next, 1)


def _examine_module(x: Any, modules: dict[int, Remembered], names: dict[str, None] | None) -> Argument:
    before = modules.get(id(x))
    if before is None or before.module() is not x:
        number = id(x)
        alive: Callable[[], Any]
        try:
            alive = ref(x, lambda _: modules.pop(number, None) and None)
        except TypeError:  # nor can it be remembered, then
            modules, alive = {}, lambda: x
        before = Remembered(alive, State(x, names=names), None, [])
    key = before.state.key(x)
    if key is not before.key:
        before = before._replace(key=key, leaves=list(x.parameters()))
        while len(modules) >= MODULES:
            modules.pop(next(iter(modules)))
        modules[id(x)] = before
    leaves = before.leaves
    return Argument(key, [leaf._data for leaf in leaves], lambda _: x, len(leaves), leaves)


def _kind(x: Any) -> Hashable:
    """What a sequence or dict is besides its entries: its class, with what its methods read, and its attributes."""
    kind: Any = type(x)
    if kind in _PLAIN:
        return kind  # type: ignore[no-any-return]
    attributes = [getattr(x, "__dict__", None), *[getattr(x, name, None) for name in slots(kind)]]
    return _class(kind).key(kind), state(attributes) if any(attributes) else None


_PLAIN = frozenset({list, tuple, dict})


@lru_cache(64)
def _class(kind: Any) -> State:
    return State(kind)


def _structure(x: Any, names: dict[str, None] | None = None) -> Argument:
    return Argument(state(x, names), [], lambda _: x, 0)


def _examine_array(x: npt.NDArray[Any], differentiated: bool) -> Argument:
    if x.dtype.kind in "iub" and not differentiated:
        return _structure(x)
    if x.dtype.kind in "fiub":
        flat = np.asarray(x, dtype=np.float64).ravel()
    else:
        flat = _numbers(x, "a compiled function takes")
    size, shape = x.size, x.shape
    return Argument((np.ndarray, shape), [flat], lambda values: to_array([*islice(values, size)]).reshape(shape), size)


def _numbers(objects: npt.NDArray[Any], what: str) -> Array:
    """Those that objects are, or that Values hold; NumPy would make nan of None, and read text."""
    return np.array([as_float(x._data if isinstance(x, Value) else x, what) for x in objects.ravel()], dtype=np.float64)


def _join(kind: Hashable, parts: Sequence[Argument], make: Callable[..., Any]) -> Argument:
    leaves = [leaf for part in parts for leaf in part.leaves or ()]
    if leaves:
        raise CompileError("a module is an argument of its own, got one inside a sequence or dict; pass it by itself")
    return Argument(
        (kind, tuple([part.key for part in parts])),
        [number for part in parts for number in part.numbers],
        lambda values: make([part.fill(values) for part in parts]),
        sum([part.size for part in parts]),
    )
