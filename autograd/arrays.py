"""The functions table rows may call, on NumPy arrays of float64.

The same names as :mod:`autograd.floats`, elementwise. NumPy already has the IEEE results; callers silence its
warnings with ``np.errstate``, because an infinity is a result here and not an accident.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy import abs as abs
from numpy import arccos as acos
from numpy import arccosh as acosh
from numpy import arcsin as asin
from numpy import arcsinh as asinh
from numpy import arctan as atan
from numpy import arctan2 as atan2
from numpy import arctanh as atanh
from numpy import cos, cosh, exp, expm1, hypot, log, log1p, log2, log10, maximum, minimum, sin, sinh, sqrt, tan, tanh
from numpy import divide as div
from numpy import power as pow

from autograd import special

__all__ = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "compare", "cos", "cosh", "digamma", "div",
    "dot", "erf", "erfc", "exp", "expm1", "hypot", "lgamma", "log", "log1p", "log2", "log10", "logsumexp", "maximum",
    "mills", "minimum", "mul_no_nan", "norm", "polygamma", "pow", "prod", "sigmoid", "sin", "sinh", "softplus", "sqrt",
    "step", "stop_gradient", "sum", "tan", "tanh", "where",
]  # fmt: skip

Array = Any  # float64 arrays and NumPy scalars alike


def _elementwise(f: Callable[..., float], operands: int) -> Callable[..., Array]:
    """A function that NumPy does not have; SciPy is not a dependency."""
    of_objects = np.frompyfunc(f, operands, 1)
    return lambda *args: np.asarray(of_objects(*args), dtype=float)


erf = _elementwise(math.erf, 1)
erfc = _elementwise(math.erfc, 1)
lgamma = _elementwise(special.lgamma, 1)
digamma = _elementwise(special.digamma, 1)
polygamma = _elementwise(special.polygamma, 2)
mills = _elementwise(special.mills, 2)


def sigmoid(a: Array) -> Array:
    e = np.exp(-np.abs(a))
    return np.where(np.asarray(a) >= 0.0, 1.0, e) / (1.0 + e)


def softplus(a: Array) -> Array:
    return np.log1p(np.exp(-np.abs(a))) + np.maximum(a, 0.0)


def where(condition: Array, a: Array, b: Array) -> Array:
    return np.where(np.asarray(condition) != 0.0, a, b)


def step(a: Array) -> Array:
    return np.heaviside(a, 0.0)


def compare(a: Array, b: Array) -> Array:
    unordered = np.isnan(a) | np.isnan(b)
    return np.where(unordered, np.nan, np.subtract(np.greater(a, b), np.less(a, b), dtype=float))


def stop_gradient(a: Array) -> Array:
    return np.positive(a)


def mul_no_nan(a: Array, b: Array) -> Array:
    return np.where(np.asarray(a) == 0.0, 0.0, np.multiply(a, b))


def sum(*args: Array) -> Array:
    return reduce(np.add, args, 0.0)


def prod(*args: Array) -> Array:
    return reduce(np.multiply, args, 1.0)


def dot(*args: Array) -> Array:
    n = len(args) // 2
    return reduce(np.add, map(np.multiply, args[:n], args[n:]), 0.0)


def norm(*args: Array) -> Array:
    return reduce(np.hypot, args, 0.0)


def logsumexp(*args: Array) -> Array:
    return reduce(np.logaddexp, args)
