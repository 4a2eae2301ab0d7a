"""What NumPy's ufuncs do with a Value on its own; in an object array it is an object like others."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.errors import OperandError
from autograd.tracing import CONSTANT, refuse_while_recording
from autograd.value import Value

__all__ = ["apply_ufunc"]

# A NumPy number beside a Value: the commonest case, and no need for arrays.
_OPERATORS = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul, np.divide: operator.truediv,
    np.power: operator.pow,
}  # fmt: skip


def apply_ufunc(self: Value, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """``ufunc`` by the methods of Values, which are named as NumPy's ufuncs are.

    Raises
    ------
    OperandError
        If the ufunc asks for the number itself, as ``np.isfinite`` does.
    """
    number = inputs[0]
    if method == "__call__" and ufunc in _OPERATORS and isinstance(number, np.generic) and number.dtype.kind in "biuf":
        return _OPERATORS[ufunc](float(number), inputs[1], **kwargs)
    objects = [_object(x) if isinstance(x, Value) else x for x in inputs]
    try:
        return getattr(ufunc, method)(*objects, **kwargs)
    except TypeError as error:
        if any(types.startswith("O" * ufunc.nin) for types in ufunc.types):
            raise
        refuse_while_recording(f"np.{ufunc.__name__} of a Value", CONSTANT)
        raise OperandError(
            f"np.{ufunc.__name__} takes numbers, got {self!r}; use value.data for its number, autograd.data(...) for "
            "those of whatever a function gives"
        ) from error


def _object(x: Value) -> Any:
    array = np.empty((), dtype=object)
    array[()] = x
    return array
