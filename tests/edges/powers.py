"""Where powers and quotients stop being smooth or finite."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any

from autograd import Value
from autograd.testing.oracles import TINY
from tests.edges.rows import at


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
