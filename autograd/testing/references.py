"""Every operation by its textbook definition, in 50-digit arithmetic and on complex numbers.

Nothing here looks at the value or the partials of a table row: these are other people's functions, found by name, or a
definition written out. An operation that is not listed yet falls back on its own row's value, evaluated with 50 digits,
so that a new row is a tested row.
"""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable
from functools import partial, reduce
from types import SimpleNamespace
from typing import Any

import mpmath
from mpmath import mp, mpf

from autograd.ops import TABLE

DIGITS = 50

# Where erfc is below 10^-400000000 already: mpmath's own has no answer much further out.
FAR = mpf(30_000)

__all__ = ["COMPLEX", "DIGITS", "HIGH_PRECISION", "NAMESPACE", "precisely"]


def precisely(name: str) -> Callable[..., Any]:
    """The operation of that name, on 50-digit numbers."""
    return HIGH_PRECISION.get(name) or partial(TABLE[name].value, NAMESPACE)


def _clip(a: Any, low: Any, high: Any) -> Any:
    return min(max(a, low), high)


def _sign(a: Any) -> Any:
    return mpf((a > 0) - (a < 0))


def _halves(args: tuple[Any, ...]) -> Any:
    return zip(args[: len(args) // 2], args[len(args) // 2 :], strict=True)


def _logsumexp(*args: Any) -> Any:
    """``log(exp(x) + ...)`` with the largest operand in front, so that small ones are not lost beside it."""
    *rest, top = sorted(args)
    return top + mp.log1p(mp.fsum(mp.exp(x - top) for x in rest))


def _lgamma(a: Any) -> Any:
    """From so far out that Stirling's series is enough, which mpmath has quicker than that of the function itself."""
    if a <= 0:
        return mp.log(abs(mp.gamma(a)))
    return mp.loggamma(a + mp.dps) - mp.log(mp.fprod(a + k for k in range(mp.dps)))


def _log_ndtr(a: Any) -> Any:
    """Where the distribution is next to 1 from what it lacks, far below 0 from the ratio of Mills."""
    if a > 0:
        return mp.log1p(-mp.erfc(min(a, FAR) / mp.sqrt(2)) / 2)
    return mp.log(_mills(0, -a) / mp.sqrt(2 * mp.pi)) - a * a / 2


def _mills(n: Any, a: Any) -> Any:
    """Far out by its asymptotic series, DLMF 7.12.1; elsewhere from the error function, with digits to lose."""
    n, a = int(n), max(a, -FAR)
    if a > 1000:
        total = term = mp.factorial(n) / a ** (n + 1)
        k = 0
        while abs(term) > abs(total) * mp.eps:
            k += 1
            term *= -mpf((n + 2 * k - 1) * (n + 2 * k)) / (2 * k * a * a)
            total += term
        return total
    with mp.workdps(mp.dps + 10 + 6 * n):
        before, after = 1, mp.sqrt(mp.pi / 2) * mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2))
        for k in range(n):
            before, after = after, max(k, 1) * before - a * after
        return +after


HIGH_PRECISION: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": mp.power,
    "abs": mp.fabs,
    "square": lambda a: a**2,
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "log2": lambda a: mp.log(a) / mp.log(2),
    "log10": mp.log10,
    "sqrt": mp.sqrt,
    "hypot": mp.hypot,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "atan2": mp.atan2,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "erf": mp.erf,
    "erfc": lambda a: mp.erfc(min(a, FAR)),
    "lgamma": _lgamma,
    "digamma": lambda a: mp.digamma(a + mp.dps) - mp.fsum(1 / (a + k) for k in range(mp.dps)),
    "polygamma": lambda n, a: mp.polygamma(int(n), a),
    "ndtr": lambda a: mp.erfc(min(-a / mp.sqrt(2), FAR)) / 2,
    "log_ndtr": _log_ndtr,
    "mills": _mills,
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "log_sigmoid": lambda a: -mp.log1p(mp.exp(-a)),
    "softplus": lambda a: mp.log1p(mp.exp(a)),
    "relu": lambda a: max(a, mpf(0)),
    "leaky_relu": lambda a, slope: a if a > 0 else slope * a,
    "elu": lambda a, alpha: a if a > 0 else alpha * mp.expm1(a),
    "gelu": lambda a: a * mp.erfc(min(-a / mp.sqrt(2), FAR)) / 2,
    "silu": lambda a: a / (1 + mp.exp(-a)),
    "maximum": max,
    "minimum": min,
    "clip": _clip,
    "where": lambda condition, a, b: a if condition != 0 else b,
    "sum": lambda *args: mp.fsum(args),
    "prod": lambda *args: mp.fprod(args),
    "dot": lambda *args: mp.fdot(_halves(args)),
    "norm": lambda *args: mp.sqrt(mp.fsum(args, squared=True)),
    "logsumexp": _logsumexp,
    "step": lambda a: mpf(a > 0),
    "compare": lambda a, b: _sign(a - b),
    "mul_no_nan": operator.mul,
    "stop_gradient": lambda a: a,
}

# The names a table row may call, for rows evaluated with 50 digits; what is not listed is mpmath's own.
NAMESPACE: Any = SimpleNamespace(**{name: getattr(mpmath, name) for name in dir(mpmath)} | HIGH_PRECISION)


def _left_of(a: complex, b: complex) -> bool:
    return complex(a).real < complex(b).real


def _next_to(a: complex, f: Callable[[float], float], slope: Callable[[float], float]) -> complex:
    """A function that ``cmath`` does not have, to first order off the real line: a complex step is some 1e-40 long."""
    a = complex(a)
    return complex(f(a.real), a.imag * slope(a.real))


def _bell(x: float) -> float:
    return 2 / math.sqrt(math.pi) * math.exp(-x * x)


# Holomorphic continuations off the real line, where there is one; piecewise functions choose by the real part.
COMPLEX: dict[str, Callable[..., complex]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": lambda a, b: cmath.exp(b * cmath.log(a)),
    "abs": lambda a: -a if _left_of(a, 0) else a,
    "square": lambda a: a * a,
    "exp": cmath.exp,
    "log": cmath.log,
    "log2": lambda a: cmath.log(a) / cmath.log(2),
    "log10": lambda a: cmath.log(a) / cmath.log(10),
    "sqrt": cmath.sqrt,
    "hypot": lambda a, b: cmath.sqrt(a * a + b * b),
    "sin": cmath.sin,
    "cos": cmath.cos,
    "tan": cmath.tan,
    "asin": cmath.asin,
    "acos": cmath.acos,
    "atan": cmath.atan,
    "atan2": lambda a, b: cmath.atan(a / b),  # our domain is the half plane b > 0
    "sinh": cmath.sinh,
    "cosh": cmath.cosh,
    "tanh": cmath.tanh,
    "asinh": cmath.asinh,
    "acosh": cmath.acosh,
    "atanh": cmath.atanh,
    "erf": lambda a: _next_to(a, math.erf, _bell),
    "erfc": lambda a: _next_to(a, math.erfc, lambda x: -_bell(x)),
    "lgamma": lambda a: _next_to(a, math.lgamma, lambda x: float(mp.digamma(x))),
    "ndtr": lambda a: COMPLEX["erfc"](-a / math.sqrt(2)) / 2,
    "expm1": lambda a: _next_to(a, math.expm1, math.exp),
    "log1p": lambda a: _next_to(a, math.log1p, lambda x: 1 / (1 + x)),
    "sigmoid": lambda a: 1 / (1 + cmath.exp(-a)),
    "log_sigmoid": lambda a: -cmath.log(1 + cmath.exp(-a)),
    "softplus": lambda a: cmath.log(1 + cmath.exp(a)),
    "relu": lambda a: a if _left_of(0, a) else 0j,
    "leaky_relu": lambda a, slope: a if _left_of(0, a) else slope * a,
    "elu": lambda a, alpha: a if _left_of(0, a) else alpha * (cmath.exp(a) - 1),
    "gelu": lambda a: a * COMPLEX["erfc"](-a / math.sqrt(2)) / 2,
    "silu": lambda a: a / (1 + cmath.exp(-a)),
    "maximum": lambda a, b: b if _left_of(a, b) else a,
    "minimum": lambda a, b: a if _left_of(a, b) else b,
    "where": lambda condition, a, b: a if complex(condition).real else b,
    "clip": lambda a, low, high: high if _left_of(high, low) or _left_of(high, a) else low if _left_of(a, low) else a,
    "sum": lambda *args: sum(args),
    "prod": lambda *args: reduce(operator.mul, args),
    "dot": lambda *args: sum(a * b for a, b in _halves(args)),
    "norm": lambda *args: cmath.sqrt(sum(a * a for a in args)),
    "logsumexp": lambda *args: cmath.log(sum(map(cmath.exp, args))),
    "mul_no_nan": operator.mul,
}
