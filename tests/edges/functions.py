"""Where functions stop being smooth or finite: kinks, ends of domains, saturation, infinities."""

from __future__ import annotations

import math
from math import inf, nan
from typing import Any

import pytest

from autograd import (
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
    softplus,
    sqrt,
    tanh,
    where,
)
from autograd.testing.oracles import EPSILON, TINY
from tests.edges.rows import at

EXP_MINUS_40 = 4.248354255291589e-18


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
