"""An adjoint of zero wins to every order, eager and compiled: what is not used cannot make a derivative nan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, grad, hessian, log, relu, sqrt, where
from tests.programs import Program
from tests.strategies import programs

#: Functions of a variable ``d`` at 0 and of another: values or derivatives of some order are infinite or nan.
SINGULAR: dict[str, Callable[[Any, Any], Any]] = {
    "sqrt": lambda d, u: sqrt(d) * u,
    "sqrt of sqrt": lambda d, u: sqrt(sqrt(d)) + u,
    "power": lambda d, u: (d**0.3) * u,
    "negative power": lambda d, u: d**-1.5 + u,
    "power of itself": lambda d, u: d ** (d - 1.0),
    "log": lambda d, u: log(d) * u,
    "log of a negative": lambda d, u: log(-1.0 - d * d) * u,
    "sqrt of a negative": lambda d, u: sqrt(d - 1.0),
    "quotient": lambda d, u: u / d,
    "zero by zero": lambda d, u: d / d,
    "overflow": lambda d, u: autograd.exp(1e3 + d) * u,
    "overflow less overflow": lambda d, u: autograd.exp(1e3 + d) - autograd.exp(1e3 + u * u),
    "asin": lambda d, u: autograd.asin(1.0 + d),
    "acosh": lambda d, u: autograd.acosh(1.0 + d) * u,
    "atanh": lambda d, u: autograd.atanh(1.0 - d),
    "atan2": lambda d, u: autograd.atan2(d, d * u),
    "branch in a branch": lambda d, u: where(d + 1.0, sqrt(d), log(d)) * u,
    "many": lambda d, u: autograd.prod([sqrt(d), u, log(d)]),
    "dot": lambda d, u: autograd.dot([sqrt(d), u], [u, log(d)]),
}
#: Those of a finite value may be multiplied by a zero, and be none the worse.
FINITE = ["sqrt", "sqrt of sqrt", "power", "asin", "acosh"]

#: How what is singular is kept out of the result, where ``y`` is what remains and ``d`` is 0.
GUARDS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "where": lambda y, s, d: where(1.0, y, s),
    "where by a Value": lambda y, s, d: where(1.0 + d, y, s),
    "the other branch": lambda y, s, d: where(d, s, y),
    "a dead relu": lambda y, s, d: y + relu(-1.0 - d * d) * s,
    "a factor of zero": lambda y, s, d: y + 0.0 * s,
}


def orders(f: Callable[[Any], Any]) -> list[Callable[[Any], Any]]:
    """Derivatives of order one to three of a function of a sequence, each as one sequence."""
    flat = lambda x: [e for part in x for e in flat(part)] if isinstance(x, (list, tuple, np.ndarray)) else [x]
    second = lambda p: flat(hessian(f)(p))
    third = lambda p: flat([grad(lambda q, k=k: second(q)[k])(p) for k in range(len(p) ** 2)])
    return [lambda p: flat(grad(f)(p)), second, third]


@pytest.mark.parametrize("guard", GUARDS)
@given(program=programs(max_leaves=2, max_steps=4), name=st.sampled_from(sorted(SINGULAR)))
def test_derivatives_are_those_of_what_is_used(guard: str, program: Program, name: str) -> None:
    """Orders one to three, on graphs; the first two compiled too."""
    if guard in ("a dead relu", "a factor of zero") and name not in FINITE:
        name = FINITE[len(name) % len(FINITE)]
    at = list(program.leaves)

    def guarded(p: Any) -> Any:
        d = p[0] - at[0]
        return GUARDS[guard](program.of(p), SINGULAR[name](d, p[-1]), d)

    for k, (mine, used) in enumerate(zip(orders(guarded), orders(lambda p: program.of(p)), strict=True)):
        expected = used(at)
        assert mine(at) == pytest.approx(expected, rel=1e-12, abs=1e-12)
        if k < 2:
            fast = autograd.compile(guarded, verify=False)
            found = orders(fast)[k](at)
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert autograd.compile(mine, verify=False)(at) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_hessian_of_a_branch_that_is_taken_elsewhere() -> None:
    """The square root at 0 is not used."""
    f = lambda x: where(x[0], sqrt(x[0]), x[1] * x[1] * x[0])
    expected = [[0.0, 6.0], [6.0, 0.0]]
    assert hessian(f)([0.0, 3.0]) == hessian(autograd.compile(f))([0.0, 3.0]) == expected
    assert autograd.compile(hessian(f))([0.0, 3.0]) == expected


def test_square_root_of_a_square_is_none_of_this() -> None:
    """No adjoint is zero where ``sqrt(x*x)`` meets infinity times zero: nan, as everywhere."""
    x = Value(0.0)
    sqrt(x * x).backward()
    assert np.isnan(x.grad)
