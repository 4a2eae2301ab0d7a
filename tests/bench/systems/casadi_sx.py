"""CasADi, a function of symbols that is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import casadi

from tests.bench import workloads
from tests.bench.workloads import Loop, repeated


def _scalars(f: Callable[..., Any], *point: float) -> Loop:
    a, b = casadi.SX.sym("a"), casadi.SX.sym("b")
    y = f(a, b)
    function = casadi.Function("f", [a, b], [y, casadi.gradient(y, casadi.vertcat(a, b))])
    loop = repeated(lambda: function(*point))
    return lambda steps: loop(steps)[1].elements()


WORKS = {
    "tiny": lambda: _scalars(workloads.tiny_expression, -41.0, 2.0),
    "readme": lambda: _scalars(partial(workloads.small_expression, relu=lambda x: casadi.fmax(x, 0)), -4.0, 2.0),
}
