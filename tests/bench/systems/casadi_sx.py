"""CasADi, a function of symbols that is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import casadi

from tests.bench import models, workloads
from tests.bench.workloads import Loop, repeated


def _scalars(f: Callable[..., Any], *point: float) -> Loop:
    a, b = casadi.SX.sym("a"), casadi.SX.sym("b")
    y = f(a, b)
    function = casadi.Function("f", [a, b], [y, casadi.gradient(y, casadi.vertcat(a, b))])
    loop = repeated(lambda: function(*point))
    return lambda steps: loop(steps)[1].elements()


def _heston(paths: int) -> Loop:
    p, shocks = casadi.SX.sym("p", 8), casadi.SX.sym("shocks", 2, models.STEPS)
    m = SimpleNamespace(log=casadi.log, exp=casadi.exp, sqrt=casadi.sqrt, maximum=casadi.fmax)
    y = models.heston(m, p, [(shocks[0, k], shocks[1, k]) for k in range(models.STEPS)])
    every = casadi.Function("f", [p, shocks], [y, casadi.gradient(y, p)]).map(paths)
    given = casadi.DM(models.shocks(paths).transpose(2, 0, 1).reshape(2, -1))
    return repeated(lambda: float(casadi.sum2(every(models.HESTON, given)[0])) / paths)


def _arm(count: int) -> Loop:
    q = casadi.SX.sym("q", 7)
    slopes = casadi.jacobian(casadi.vertcat(*models.arm(casadi, q)), q)
    function = casadi.Function("J", [q], [casadi.densify(slopes)])
    if count == 1:
        return repeated(lambda: float(casadi.sum1(casadi.sum2(function(models.ANGLES[0])))))
    every, angles = function.map(count), casadi.DM(models.ANGLES[:count].T)
    return repeated(lambda: float(casadi.sum1(casadi.sum2(every(angles)))))


def _recurrence(name: str) -> tuple[Any, Any, Any]:
    f, p, seen = models.RECURRENCES[name]
    symbols = casadi.SX.sym("p", len(p))
    return f(casadi, symbols, seen.tolist()), symbols, p


def _gradient(name: str) -> Loop:
    y, p, at = _recurrence(name)
    function = casadi.Function("f", [p], [y, casadi.gradient(y, p)])
    return repeated(lambda: float(function(at)[0]))


def _hessian(name: str) -> Loop:
    y, p, at = _recurrence(name)
    function = casadi.Function("H", [p], [casadi.hessian(y, p)[0]])
    return repeated(lambda: float(casadi.sum1(casadi.sum2(function(at)))))


WORKS = {
    **models.works(_heston, _arm, _gradient, _hessian),
    "tiny": lambda: _scalars(workloads.tiny_expression, -41.0, 2.0),
    "readme": lambda: _scalars(partial(workloads.small_expression, relu=lambda x: casadi.fmax(x, 0)), -4.0, 2.0),
}
