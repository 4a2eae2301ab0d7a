"""Object arrays: from arrays of numbers to arrays of Values and back, in any shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from autograd.convert import as_float, describe, refuse_masked
from autograd.errors import OperandError
from autograd.value import Value

__all__ = ["data", "grads", "values"]

# In signatures: an array, or rows of rows of what stands for one.
Objects = NDArray[np.object_] | NDArray[np.floating[Any] | np.integer[Any] | np.bool_]
Nested = Sequence[Value | float] | Sequence[Sequence[Value | float]] | Sequence[Objects]
Key = TypeVar("Key")


def values(array: Any, label: str = "") -> NDArray[np.object_]:
    """One Value for each entry, in an object array of the same shape.

    Parameters
    ----------
    array : array_like of numbers
        Any shape.
    label : str, optional
        Each Value is labelled with it and its index, as in ``w[0,2]``.

    Examples
    --------
    >>> import numpy as np
    >>> W = values([[1.0, 2.0], [3.0, 4.0]], label="w")
    >>> y = np.tanh(W @ np.array([0.1, -0.1])).sum()
    >>> y.backward()
    >>> grads(W).shape, W[1, 0].label
    ((2, 2), 'w[1,0]')
    """
    refuse_masked(array, "values takes")
    numbers: Any = np.asarray(array)
    out = np.empty(numbers.shape, dtype=object)
    for index in np.ndindex(numbers.shape):
        out[index] = Value(numbers[index], label=f"{label}[{','.join(map(str, index))}]" if label else "")
    return out


@overload
def data(values: Value | float | Objects | Sequence[Value | float]) -> NDArray[np.float64]: ...
@overload
def data(values: Mapping[Key, Any]) -> dict[Key, Any]: ...
@overload
def data(values: Any) -> Any: ...
def data(values: Any) -> Any:
    """The numbers of Values, as a float array of the same shape; plain numbers pass through.

    Parameters
    ----------
    values : Value, array of objects, or nested sequences of Values and numbers
        What a derivative gives will do too: a dict, or a sequence of parts that are no array together.

    Returns
    -------
    array, or a dict or sequence of arrays

    Examples
    --------
    A function over Values from outside gives Values, which NumPy and SciPy do not take; this makes numbers of them:

    >>> from autograd import grad, value_and_grad
    >>> scale = Value(3.0)
    >>> f = lambda p: scale * p[0] ** 2 + p[1]
    >>> data(grad(f)(np.array([1.0, 2.0])))
    array([6., 1.])
    >>> data(value_and_grad(f)(np.array([1.0, 2.0])))
    (array(5.), array([6., 1.]))
    """
    if isinstance(values, Mapping):
        return {key: data(part) for key, part in values.items()}
    if isinstance(values, list | tuple) and not _is_array(values):
        make: Callable[..., Any] = getattr(type(values), "_make", type(values))
        return make([data(part) for part in values])
    return _read(values, lambda x: x.data if isinstance(x, Value) else as_float(x, "data takes a Value or"))


def grads(values: Value | Objects | Nested) -> NDArray[np.float64]:
    """The gradients of Values, as a float array of the same shape.

    Parameters
    ----------
    values : Value, or array or nested sequence of Values

    Raises
    ------
    OperandError
        For a plain number, which has no gradient.
    """

    def gradient(x: Any) -> float:
        if not isinstance(x, Value):
            raise OperandError(f"grads takes Values, got {describe(x)}; a plain number has no gradient")
        return x.grad

    return _read(values, gradient)


def _is_array(values: Sequence[Any]) -> bool:
    """Whether nested sequences have the shape of an array, none of them a dict."""
    try:
        entries = np.asarray(values, dtype=object).flat
    except ValueError:  # arrays of other shapes, side by side
        return False
    return not any(isinstance(x, list | tuple | Mapping | np.ndarray) for x in entries)


def _read(values: Any, read: Callable[[Any], float]) -> NDArray[np.float64]:
    refuse_masked(values, "data takes Values and")
    array = np.asarray(values, dtype=object)
    return np.array([read(x) for x in array.flat]).reshape(array.shape)
