"""Where functions stop being smooth or finite: one row for each convention.

The rule: the derivative where there is one; at a kink the subgradient of least norm; infinite where the limit is;
nan, never a finite number, where the value itself is undefined. An adjoint that is exactly zero is not propagated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from math import inf, nan
from typing import Any

import pytest

from autograd import (
    NonFiniteError,
    Value,
    acos,
    acosh,
    asin,
    atan2,
    atanh,
    clip,
    cos,
    elu,
    exp,
    hypot,
    leaky_relu,
    log,
    log1p,
    logsumexp,
    maximum,
    minimum,
    norm,
    prod,
    relu,
    sigmoid,
    sin,
    softmax,
    softplus,
    sqrt,
    tanh,
    where,
)
from autograd.testing.oracles import EPSILON, TINY

EXP_MINUS_40 = 4.248354255291589e-18


def at(name: str, f: Callable[..., Any], operands: Any, value: float, *gradient: Any) -> Any:
    """A row: the function, where, its value, and one derivative for each operand."""
    operands = operands if isinstance(operands, tuple) else (operands,)
    return pytest.param(f, operands, value, gradient, id=f"{name} at {', '.join(map(str, operands))}")


def power(x: Any, y: Any) -> Any:
    return x**y


def to_the(y: float) -> Callable[[Value], Value]:
    """A power with a constant exponent."""
    return lambda x: x**y


def of_the(x: float) -> Callable[[Value], Value]:
    """A power of a constant."""
    return lambda y: x**y


def divide(x: Any, y: Any) -> Any:
    return x / y


def reciprocal(x: Value) -> Value:
    return 1.0 / x


def log_sum_exp(*xs: Value) -> Any:
    return logsumexp(xs)


KINKS = [
    at("relu", relu, 0.0, 0.0, 0.0),
    at("relu", relu, -0.0, 0.0, 0.0),
    at("relu", relu, nan, nan, nan),
    at("relu", relu, inf, inf, 1.0),
    at("relu", relu, -inf, 0.0, 0.0),
    at("abs", abs, 0.0, 0.0, 0.0),
    at("abs", abs, -0.0, 0.0, 0.0),
    at("abs", abs, nan, nan, nan),
    at("abs", abs, -3.0, 3.0, -1.0),
    at("maximum", maximum, (2.0, 2.0), 2.0, 0.5, 0.5),
    at("minimum", minimum, (2.0, 2.0), 2.0, 0.5, 0.5),
    at("maximum", maximum, (0.0, -0.0), 0.0, 0.5, 0.5),
    at("minimum", minimum, (0.0, -0.0), 0.0, 0.5, 0.5),
    at("maximum", maximum, (nan, 1.0), nan, nan, nan),
    at("minimum", minimum, (nan, 1.0), nan, nan, nan),
    at("maximum", maximum, (1.0, nan), nan, nan, nan),
    at("minimum", minimum, (1.0, nan), nan, nan, nan),
    at("maximum", maximum, (inf, inf), inf, 0.5, 0.5),
    at("minimum", minimum, (inf, inf), inf, 0.5, 0.5),
    at("maximum of a node and itself", lambda x: maximum(x, x), 2.0, 2.0, 1.0),
    at("where(x > 0, x, 0)", lambda x: where(x > 0, x, 0.0), 0.0, 0.0, 0.0),
    at("leaky_relu", leaky_relu, (0.0, 0.01), 0.0, 0.01, 0.0),
    at("elu", elu, (0.0, 2.0), 0.0, 2.0, 0.0),
    *[at("clip to -1, 1", lambda x: clip(x, -1.0, 1.0), x, x, 0.0) for x in (-1.0, 1.0)],
    at("clip at its lower end", clip, (-1.0, -1.0, 1.0), -1.0, 0.0, 1.0, 0.0),
    at("clip at its upper end", clip, (1.0, -1.0, 1.0), 1.0, 0.0, 0.0, 1.0),
    at("clip below ends that are one", clip, (-2.0, 1.0, 1.0), 1.0, 0.0, 0.5, 0.5),
    at("clip above ends that are one", clip, (2.0, 1.0, 1.0), 1.0, 0.0, 0.0, 1.0),
    at("clip at ends that are one", clip, (1.0, 1.0, 1.0), 1.0, 0.0, 0.0, 1.0),
    at("clip of a node to itself", lambda x: clip(x, 0.0, x), 2.0, 2.0, 1.0),
    at("clip to ends in the wrong order", clip, (0.0, 1.0, -1.0), -1.0, 0.0, 0.0, 1.0),
    at("clip", clip, (inf, -1.0, 1.0), 1.0, 0.0, 0.0, 1.0),
    at("clip", clip, (0.0, -inf, inf), 0.0, 1.0, 0.0, 0.0),
    at("clip", clip, (nan, -1.0, 1.0), nan, nan, nan, nan),
    at("clip", clip, (0.0, nan, 1.0), nan, nan, nan, nan),
    at("clip", clip, (2.0, nan, 1.0), nan, nan, nan, nan),
    at("clip", clip, (0.0, -1.0, nan), nan, nan, nan, nan),
    at("hypot", hypot, (0.0, 0.0), 0.0, 0.0, 0.0),
    at("norm", lambda *xs: norm(xs), (0.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0.0),
    at("atan2", atan2, (0.0, 0.0), 0.0, nan, nan),
]

ROOTS_AND_LOGARITHMS = [
    at("sqrt", sqrt, 0.0, 0.0, inf),
    at("sqrt", sqrt, -0.0, 0.0, -inf),
    at("sqrt", sqrt, -1.0, nan, nan),
    at("sqrt", sqrt, inf, inf, 0.0),
    at("sqrt", sqrt, TINY, 2.0**-537, 2.0**536),
    at("log", log, 0.0, -inf, inf),
    at("log", log, -0.0, -inf, -inf),
    at("log", log, -1.0, nan, nan),  # a finite derivative of an undefined value would hide the fault
    at("log", log, inf, inf, 0.0),
    at("log", log, TINY, -744.4400719213812, inf),
    at("log", log, nan, nan, nan),
    at("log1p", log1p, -1.0, -inf, inf),
    at("log1p", log1p, -2.0, nan, nan),
]

INVERSES = [
    *[at("asin", asin, x, math.copysign(math.pi / 2, x), inf) for x in (-1.0, 1.0)],
    at("acos", acos, -1.0, math.pi, -inf),
    at("acos", acos, 1.0, 0.0, -inf),
    at("acosh", acosh, 1.0, 0.0, inf),
    *[at("atanh", atanh, x, x * inf, inf) for x in (-1.0, 1.0)],
    *[at(f.__name__, f, 2.0, nan, nan) for f in (asin, acos, atanh)],
    at("acosh", acosh, 0.5, nan, nan),
]

# Integral floats count as integers; x**0 is 1 for every x.
CONSTANT_EXPONENTS = [
    at(f"x**{exponent!r}", to_the(exponent), x, value, slope)
    for exponent, x, value, slope in [
        *[(0, x, 1.0, 0.0) for x in (0.0, 2.0, -2.0, nan, inf, -inf)],
        *[(0.0, x, 1.0, 0.0) for x in (0.0, 2.0, -2.0, nan, inf, -inf)],
        *[(1, 0.0, 0.0, 1.0), (1, -2.0, -2.0, 1.0), (1.0, 0.0, 0.0, 1.0), (1.0, -2.0, -2.0, 1.0)],
        *[(2, 0.0, 0.0, 0.0), (2, -2.0, 4.0, -4.0), (2.0, 0.0, 0.0, 0.0), (2.0, -2.0, 4.0, -4.0)],
        *[(2, -1e200, inf, -2e200), (3, -1e200, -inf, inf)],
        *[(3, 0.0, 0.0, 0.0), (3, -2.0, -8.0, 12.0), (3.0, 0.0, 0.0, 0.0), (3.0, -2.0, -8.0, 12.0)],
        *[(-1, 0.0, inf, -inf), (-1, -0.0, -inf, -inf), (-1, -2.0, -0.5, -0.25)],
        *[(-2, 0.0, inf, -inf), (-2, -0.0, inf, inf), (-2, -2.0, 0.25, 0.25)],
        *[(0.5, 0.0, 0.0, inf), (0.5, -2.0, nan, nan), (1.5, 0.0, 0.0, 0.0), (1.5, -2.0, nan, nan)],
        *[(-0.5, 0.0, inf, -inf), (-0.5, -2.0, nan, nan)],
    ]
]

POWERS = [
    at("x**y", power, (0.0, 0.0), 1.0, 0.0, 0.0),
    at("x**y", power, (0.0, 0.5), 0.0, inf, 0.0),
    at("x**y", power, (0.0, 1.0), 0.0, 1.0, 0.0),
    at("x**y", power, (0.0, 2.0), 0.0, 0.0, 0.0),
    at("x**y", power, (0.0, -1.0), inf, -inf, -inf),
    at("x**y", power, (-2.0, 2.0), 4.0, -4.0, nan),
    at("x**y", power, (-2.0, 3.0), -8.0, 12.0, nan),
    at("x**y", power, (-2.0, 0.0), 1.0, 0.0, nan),
    at("x**y", power, (-2.0, 0.5), nan, nan, nan),
    at("x**y", power, (-2.0, -1.0), -0.5, -0.25, nan),
    at("x**y", power, (1.0, inf), 1.0, inf, 0.0),
    at("x**y", power, (1.0, nan), 1.0, nan, 0.0),
    at("x**y", power, (nan, 0.0), 1.0, 0.0, nan),
    at("x**y", power, (inf, 0.0), 1.0, 0.0, inf),
    at("x**y", power, (2.0, 1100.0), inf, inf, inf),
    at("0.0**y", of_the(0.0), 0.0, 1.0, 0.0),
    at("0.0**y", of_the(0.0), 1.0, 0.0, 0.0),
    at("0.0**y", of_the(0.0), 2.0, 0.0, 0.0),
    at("0.0**y", of_the(0.0), -1.0, inf, -inf),
    at("(-2.0)**y", of_the(-2.0), 2.0, 4.0, nan),
    at("(-2.0)**y", of_the(-2.0), 0.5, nan, nan),
    at("2.0**y", of_the(2.0), -1100.0, 0.0, 0.0),
]

QUOTIENTS = [
    at("1/x", reciprocal, 0.0, inf, -inf),
    at("1/x", reciprocal, -0.0, -inf, -inf),
    at("x/y", divide, (1.0, 0.0), inf, inf, -inf),
    at("x/y", divide, (1.0, -0.0), -inf, -inf, -inf),
    at("x/y", divide, (0.0, 0.0), nan, inf, nan),
    at("x/y", divide, (0.0, -1.0), 0.0, -1.0, 0.0),
    at("x/y", divide, (inf, inf), nan, 0.0, nan),
    at("x/y", divide, (1e308, 1e-308), inf, 1e308, -inf),
    at("x/y", divide, (1e-200, 1e-200), 1.0, 1e200, -1e200),  # y*y would underflow
    at("x/y", divide, (1e200, 1e200), 1.0, 1e-200, -1e-200),  # y*y would overflow
    at("x/y", divide, (TINY, 2.0), 0.0, 0.5, 0.0),
    at("x/y", divide, (6.0, 3.0), 2.0, 1 / 3, -2 / 3),
    at("x/y", divide, (7.0, 49.0), 1 / 7, 1 / 49, -1 / 343),
]

SATURATION = [
    at("exp", exp, 709.0, 8.218407461554972e307, 8.218407461554972e307),
    *[at("exp", exp, x, inf, inf) for x in (710.0, 1000.0, inf)],
    at("exp", exp, -745.0, TINY, TINY),
    *[at("exp", exp, x, 0.0, 0.0) for x in (-746.0, -1000.0, -inf)],
    at("exp", exp, nan, nan, nan),
    *[at("sigmoid", sigmoid, x, 1.0, 0.0) for x in (40.0, 1000.0, inf)],
    *[at("sigmoid", sigmoid, x, 0.0, 0.0) for x in (-1000.0, -inf)],
    at("sigmoid", sigmoid, -40.0, EXP_MINUS_40, EXP_MINUS_40),
    at("sigmoid", sigmoid, -745.0, TINY, TINY),
    at("sigmoid", sigmoid, nan, nan, nan),
    *[at("tanh", tanh, x, math.copysign(1.0, x), 0.0) for x in (20.0, -20.0, 1000.0, -1000.0, inf, -inf)],
    at("tanh", tanh, 1e-320, 1e-320, 1.0),
    at("tanh", tanh, nan, nan, nan),
    at("softplus", softplus, 0.0, math.log(2.0), 0.5),
    at("softplus", softplus, 40.0, 40.0, 1.0),
    at("softplus", softplus, -40.0, EXP_MINUS_40, EXP_MINUS_40),
    at("softplus", softplus, 1000.0, 1000.0, 1.0),
    at("softplus", softplus, -1000.0, 0.0, 0.0),
    at("softplus", softplus, inf, inf, 1.0),
    at("softplus", softplus, -inf, 0.0, 0.0),
    at("softplus", softplus, nan, nan, nan),
    at("sin", sin, inf, nan, nan),
    at("sin", sin, 1e22, -0.8522008497671888, 0.5232147853951389),
    at("cos", cos, 0.0, 1.0, 0.0),
]

ROUNDED = pytest.approx(0.5, rel=1001 * EPSILON)  # exp(x - y) inherits the rounding of y

SUMS_OF_EXPONENTIALS = [
    at("logsumexp", log_sum_exp, (1000.0, 1000.0), 1000.6931471805599, ROUNDED, ROUNDED),
    at("logsumexp", log_sum_exp, (-1000.0, -1000.0), -999.3068528194401, ROUNDED, ROUNDED),
    at("logsumexp", log_sum_exp, (-inf, 0.0), 0.0, 0.0, 1.0),
    at("logsumexp", log_sum_exp, (-inf, -inf), -inf, nan, nan),
    at("logsumexp", log_sum_exp, (inf, 0.0), inf, nan, 0.0),
    at("logsumexp", log_sum_exp, (inf, inf), inf, nan, nan),
    at("logsumexp", log_sum_exp, (nan, 0.0), nan, nan, nan),
    at("logsumexp", log_sum_exp, (1e308, 1e308), 1e308, 1.0, 1.0),  # log 2 is lost beside 1e308, as in PyTorch
]

ZEROS_AND_INFINITIES = [
    at("x*0", lambda x: x * 0.0, inf, nan, 0.0),
    at("x*0", lambda x: x * 0.0, nan, nan, 0.0),
    at("x-x", lambda x: x - x, inf, nan, 0.0),
    at("x*x", lambda x: x * x, 1e200, inf, 2e200),
    at("x*x", lambda x: x * x, TINY, 0.0, 2 * TINY),
    at("where(x > 0, sqrt(x), 0)", lambda x: where(x > 0, sqrt(x), 0.0), 0.0, 0.0, 0.0),
    at("0*sqrt(x)", lambda x: 0.0 * sqrt(x), 0.0, 0.0, 0.0),
    at("prod", lambda *xs: prod(xs), (2.0, 0.0, 5.0), 0.0, 0.0, 10.0, 0.0),
    at("prod", lambda *xs: prod(xs), (0.0, 3.0, 0.0), 0.0, 0.0, 0.0, 0.0),
    at("sqrt(x*x)", lambda x: sqrt(x * x), 0.0, 0.0, nan),  # inf * 0, where the adjoint is not zero
]

EDGES = [
    *KINKS,
    *ROOTS_AND_LOGARITHMS,
    *INVERSES,
    *CONSTANT_EXPONENTS,
    *POWERS,
    *QUOTIENTS,
    *SATURATION,
    *SUMS_OF_EXPONENTIALS,
    *ZEROS_AND_INFINITIES,
]


def near(x: Any) -> Any:
    """``x`` up to two roundings; nan is nan, infinities have their sign, zeros are equal."""
    return pytest.approx(x, rel=2 * EPSILON, abs=0.0, nan_ok=True) if isinstance(x, float) else x


@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_edge_has_the_stated_value_and_derivatives(
    f: Callable[..., Value], operands: Sequence[float], value: float, gradient: Sequence[Any]
) -> None:
    """Nothing is raised on the way; value and every derivative are those of the row."""
    xs = [Value(x) for x in operands]
    y = f(*xs)
    y.backward(check=False)
    assert (y.data, *(x.grad for x in xs)) == (near(value), *map(near, gradient))


@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_backward_refuses_an_edge_whose_value_is_not_finite(
    f: Callable[..., Value], operands: Sequence[float], value: float, gradient: Sequence[Any]
) -> None:
    """Without ``check=False`` a root that is not finite raises and leaves gradients alone; no other root raises."""
    xs = [Value(x) for x in operands]
    y = f(*xs)
    if math.isfinite(value):
        y.backward()
        assert [x.grad for x in xs] == [*map(near, gradient)]
    else:
        with pytest.raises(NonFiniteError):
            y.backward()
        assert [x.grad for x in xs] == [0.0] * len(xs)


@pytest.mark.parametrize("c", [0.0, -1000.0, 1e6, 1e16, 1e308])
def test_softmax_shares_equally_among_equal_numbers_of_any_size(c: float) -> None:
    """The rounding of a large logsumexp is divided out: shares add up to 1."""
    assert softmax([c, c]) == [0.5, 0.5]
