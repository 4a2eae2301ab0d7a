"""The functions table rows may call, on Python floats.

``math`` raises where IEEE 754 has an answer; here ``exp(1000)`` is inf, ``log(-1)`` is nan and ``div(1, 0)`` is inf,
so that a forward pass never stops half-way and agrees with NumPy.
"""

from __future__ import annotations

import math
from builtins import abs as abs
from builtins import sum as _sum
from math import asinh as asinh
from math import atan, atan2, erf, erfc, hypot, inf, nan, tanh
from operator import mul

from autograd.special import digamma, lgamma, mills, polygamma

__all__ = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "compare", "cos", "cosh", "digamma", "div",
    "dot", "erf", "erfc", "exp", "expm1", "hypot", "lgamma", "log", "log1p", "log2", "log10", "logsumexp", "maximum",
    "mills", "minimum", "mul_no_nan", "norm", "polygamma", "pow", "prod", "sigmoid", "sin", "sinh", "softplus", "sqrt",
    "step", "stop_gradient", "sum", "tan", "tanh", "where",
]  # fmt: skip


def div(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0.0 or a != a:
            return nan
        return math.copysign(inf, a) * math.copysign(1.0, b)


def pow(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0.0 and b % 2.0 == 1.0 else inf
    except ValueError:
        if a != 0.0:  # a negative base and a fractional exponent
            return nan
        return math.copysign(inf, a) if b % 2.0 == 1.0 else inf


def exp(a: float) -> float:
    try:
        return math.exp(a)
    except OverflowError:
        return inf


def expm1(a: float) -> float:
    try:
        return math.expm1(a)
    except OverflowError:
        return inf


def log(a: float) -> float:
    return math.log(a) if a > 0.0 else _log_edge(a)


def log2(a: float) -> float:
    return math.log2(a) if a > 0.0 else _log_edge(a)


def log10(a: float) -> float:
    return math.log10(a) if a > 0.0 else _log_edge(a)


def log1p(a: float) -> float:
    return math.log1p(a) if a > -1.0 else _log_edge(1.0 + a)


def _log_edge(a: float) -> float:
    return -inf if a == 0.0 else nan


def sqrt(a: float) -> float:
    return math.sqrt(a) if a >= 0.0 else nan


def sin(a: float) -> float:
    return math.sin(a) if math.isfinite(a) else nan


def cos(a: float) -> float:
    return math.cos(a) if math.isfinite(a) else nan


def tan(a: float) -> float:
    return math.tan(a) if math.isfinite(a) else nan


def asin(a: float) -> float:
    return math.asin(a) if -1.0 <= a <= 1.0 else nan


def acos(a: float) -> float:
    return math.acos(a) if -1.0 <= a <= 1.0 else nan


def sinh(a: float) -> float:
    try:
        return math.sinh(a)
    except OverflowError:
        return math.copysign(inf, a)


def cosh(a: float) -> float:
    try:
        return math.cosh(a)
    except OverflowError:
        return inf


def acosh(a: float) -> float:
    return math.acosh(a) if a >= 1.0 else nan


def atanh(a: float) -> float:
    if -1.0 < a < 1.0:
        return math.atanh(a)
    return math.copysign(inf, a) if abs(a) == 1.0 else nan


def sigmoid(a: float) -> float:
    e = math.exp(-abs(a))
    return (1.0 if a >= 0.0 else e) / (1.0 + e)


def softplus(a: float) -> float:
    return math.log1p(math.exp(-abs(a))) + maximum(a, 0.0)


def maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def where(condition: float, a: float, b: float) -> float:
    return a if condition else b


def step(a: float) -> float:
    """1 above zero, 0 at zero and below, nan at nan."""
    return 1.0 if a > 0.0 else 0.0 if a <= 0.0 else nan


def compare(a: float, b: float) -> float:
    """1, 0 or -1 as ``a`` is above, equal to or below ``b``; nan where either is."""
    return 1.0 if a > b else -1.0 if a < b else 0.0 if a == b else nan


def stop_gradient(a: float) -> float:
    return a


def mul_no_nan(a: float, b: float) -> float:
    """``a * b``, but 0 wherever ``a`` is 0, even against inf and nan."""
    return a * b if a else 0.0


def sum(*args: float) -> float:
    return _sum(args, 0.0)


def prod(*args: float) -> float:
    return math.prod(args, start=1.0)


def dot(*args: float) -> float:
    n = len(args) // 2
    return _sum(map(mul, args[:n], args[n:]), 0.0)


def norm(*args: float) -> float:
    return hypot(*args)


def logsumexp(*args: float) -> float:
    top = max(args)
    if not math.isfinite(top):  # also the reduction that lets nan through wherever it stands
        return nan if any(a != a for a in args) else top
    terms = [math.exp(a - top) for a in args]
    terms.remove(1.0)  # the largest; log1p keeps what the others add to it
    return top + math.log1p(_sum(terms))
