"""Arguments, checked: names, counts, seeds, one example, many examples."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Integral
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.convert import as_float, describe, refuse_masked

__all__ = [
    "Array",
    "as_array",
    "as_examples",
    "as_finite",
    "as_flag",
    "as_fresh_generator",
    "as_function",
    "as_generator",
    "as_inputs",
    "as_row",
    "as_size",
    "as_sizes",
    "find",
]

Array = NDArray[np.float64]

Name = TypeVar("Name", bound=str)
Row = TypeVar("Row")


def find(table: Mapping[Name, Row], name: Any, what: str) -> Row:
    """The row called ``name``, or an error that lists the names there are and the nearest one."""
    if isinstance(name, str) and name in table:
        return table[name]  # type: ignore[index]
    nearest = get_close_matches(str(name).lower(), table, n=1, cutoff=0.5)
    advice = f"did you mean {nearest[0]!r}?" if nearest else "choose one of these"
    raise ValueError(f"{what} is one of {', '.join(map(repr, table))}, got {name!r}; {advice}")


def as_size(n: Any, what: str, least: int = 1) -> int:
    """``n`` as an int that is large enough."""
    if isinstance(n, bool) or not isinstance(n, Integral):
        raise TypeError(f"{what} is an int of at least {least}, got {describe(n)}")
    if int(n) < least:
        raise ValueError(f"{what} is an int of at least {least}, got {n}")
    return int(n)


def as_sizes(sizes: Any) -> Sequence[int]:
    """Layer sizes, at least one; each is looked at by the layer that has it."""
    if isinstance(sizes, (str, bytes)) or not hasattr(sizes, "__len__"):
        raise TypeError(f"MLP takes a list of layer sizes such as [16, 16, 1], got {describe(sizes)}")
    if len(sizes) == 0:
        raise ValueError("MLP takes at least one layer size, got an empty list; [1] is a single output neuron")
    return sizes  # type: ignore[no-any-return]


def as_finite(x: Any, what: str) -> float:
    """``x`` as a finite float, or an error that begins with ``what``."""
    number = as_float(x, what)
    if not math.isfinite(number):
        raise ValueError(f"{what} a finite number, got {number}")
    return number


def as_flag(flag: Any, what: str, advice: str) -> bool:
    """``flag`` as a bool; a number or text in its place means something else."""
    if not isinstance(flag, (bool, np.bool_)):
        raise TypeError(f"{what} is True or False, got {describe(flag)}; {advice}")
    return bool(flag)


def as_function(function: Any, what: str, rule: str) -> Any:
    """``function``, if it can be called, and is no class of such functions as yet."""
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"{what} is {rule}, got {describe(function)}")
    return function


def as_generator(rng: Any) -> np.random.Generator:
    """A generator: the one given, or a new one from an int seed. There is no global state to fall back on."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, Integral) and not isinstance(rng, bool) and int(rng) >= 0:
        return np.random.default_rng(int(rng))
    raise TypeError(
        f"rng is a numpy.random.Generator or an int seed of at least 0, got {describe(rng)}; "
        "for other numbers in every run pass numpy.random.default_rng()"
    )


def as_fresh_generator(rng: Any) -> np.random.Generator:
    """The generator meant by ``rng``; without one, a new one for every model, seeded from Python's own ``random``."""
    return as_generator(random.getrandbits(128) if rng is None else rng)


def as_inputs(x: Any) -> Sequence[Value | float]:
    """One example as a sequence of numbers or Values; a lone number is a sequence of one."""
    if isinstance(x, (list, tuple)):
        return x
    if isinstance(x, (Value, float, int)):
        return [x]
    if hasattr(x, "ndim"):
        if x.ndim == 0:
            return [x.item()]
        if x.ndim == 1:
            refuse_masked(x, "a module takes")
            return x.tolist()  # type: ignore[no-any-return]
        raise ValueError(
            f"a module takes one example, got {describe(x)}; "
            "use model.predict(X) for many, or [model(row) for row in X] for their graphs"
        )
    if isinstance(x, (str, bytes, dict, set)) or not isinstance(x, Iterable):
        raise TypeError(f"a module takes a number or a sequence of numbers or Values, got {describe(x)}")
    return list(x)


def as_row(x: Any) -> Any:
    """One example of a compiled function as a module is called with it: a list, where the compiler gives an array."""
    return x.tolist() if isinstance(x, np.ndarray) else x


def as_array(X: Any, what: str) -> Array:
    """``X`` as a float array, never a text or a Value among its entries."""
    refuse_masked(X, f"{what} is an array of")
    try:
        array = np.asarray(X)
    except ValueError:
        raise ValueError(f"{what} is an array of numbers, got rows of different lengths; give all the same") from None
    if array.dtype.kind not in "biuf":
        entries = np.asarray(X, dtype=object).ravel().tolist() or [X]
        entry = next((x for x in entries if not isinstance(x, int | float | np.number)), entries[0])
        advice = "autograd.data(...) gives its number" if isinstance(entry, Value) else "convert it to floats"
        raise TypeError(f"{what} is an array of numbers, got {describe(entry)} in it; {advice}")
    return array.astype(float)


def as_examples(X: Any, what: str = "X") -> Array:
    """``X`` as a float array of shape (examples, inputs); for a single input (examples,) will do, and is kept.

    Parameters
    ----------
    X : array_like
    what : str
        How messages call it.
    """
    array = as_array(X, what)
    if array.ndim not in (1, 2):
        raise ValueError(
            f"{what} has shape (examples, inputs), a row an example, got shape {array.shape}; one example is X[None]"
        )
    return array
