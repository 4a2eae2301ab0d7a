"""SciPy's solvers with our functions and their exact derivatives: the page runs, and the answers are right."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    OperandError,
    Value,
    compile,
    data,
    grad,
    hessian,
    hvp,
    jacobian,
    lgamma,
    log_ndtr,
    value_and_grad,
)

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")

PAGE = Path(__file__).parent.parent / "examples" / "under_scipy.md"

T = np.linspace(0.0, 4.0, 30)
TRUTH = np.array([2.0, 0.7, -0.3])
Y = TRUTH[0] * np.exp(-TRUTH[1] * T) + TRUTH[2] + 0.05 * np.random.default_rng(3).normal(size=len(T))


def model(t: Any, a: Any, rate: Any, floor: Any) -> Any:
    return a * autograd.exp(-rate * t) + floor


def residual(p: Any, t: Any, y: Any) -> Any:
    return model(t, *p) - y


def rosenbrock(p: Any) -> Any:
    """SciPy's ``rosen``, in scalars."""
    return sum(100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(p))


def test_page_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """A reader who pastes its blocks one after the other sees the numbers in the comments."""
    namespace: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 8
    for block in blocks:
        exec(block, namespace)
        promised = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        assert capsys.readouterr().out.splitlines() == promised


def test_least_squares_ends_where_the_gradient_is_zero() -> None:
    """With a Jacobian of exact rows; as few residuals are asked for as there are steps."""
    rows = compile(residual, batched=("t", "y"), reduce=None)
    fit = optimize.least_squares(rows, [1.0, 1.0, 0.0], jac=jacobian(rows), args=(T, Y), ftol=1e-15, gtol=1e-9)
    cost = compile(lambda p, t, y: 0.5 * residual(p, t, y) ** 2, batched=("t", "y"), reduce="sum")
    assert np.abs(grad(cost)(fit.x, T, Y)).max() < 1e-8
    assert fit.cost == pytest.approx(cost(fit.x, T, Y))
    np.testing.assert_allclose(fit.jac, [grad(residual)(list(fit.x), t, y) for t, y in zip(T, Y, strict=True)])


def test_covariance_from_the_hessian_is_the_spread_of_many_fits() -> None:
    """To within what a hundred fits can say."""
    rows = compile(residual, batched=("t", "y"), reduce=None)
    cost = compile(lambda p, t, y: 0.5 * residual(p, t, y) ** 2, batched=("t", "y"), reduce="sum")
    derive, rng = jacobian(rows), np.random.default_rng(0)
    clean = np.array([model(t, *TRUTH) for t in T], dtype=float)
    found = [
        optimize.least_squares(rows, TRUTH, jac=derive, args=(T, clean + 0.05 * rng.normal(size=len(T)))).x
        for _ in range(100)
    ]
    covariance = 0.05**2 * np.linalg.inv(hessian(cost)(TRUTH, T, clean))
    spread = np.std(found, axis=0, ddof=1)
    assert (np.abs(spread / np.sqrt(np.diag(covariance)) - 1.0) < 4.0 / np.sqrt(200.0)).all()


@pytest.mark.parametrize("method", ["trust-exact", "trust-krylov", "Newton-CG"])
def test_minimize_takes_hessian_or_product(method: str) -> None:
    """Newton's methods reach the minimum of a likelihood of counts, whose derivatives are gamma functions."""
    counts = np.array([3.0, 0.0, 7.0, 2.0, 1.0, 4.0])

    def surprise(p: Any, y: Any) -> Any:
        size, odds = autograd.exp(p[0]), p[1]  # a negative binomial distribution
        return (
            lgamma(size)
            + lgamma(y + 1.0)
            - lgamma(size + y)
            + size * autograd.softplus(odds)
            + y * autograd.softplus(-odds)
        )

    fast = compile(surprise, batched="y")
    start = np.zeros(2)
    products = [] if method == "trust-exact" else [{"hessp": hvp(fast)}]
    for options in ({"hess": hessian(fast)}, *products):
        found = optimize.minimize(value_and_grad(fast), start, (counts,), jac=True, method=method, **options)
        assert np.abs(grad(fast)(found.x, counts)).max() < 1e-4
        assert np.linalg.eigvalsh(hessian(fast)(found.x, counts)).min() > 0.0


def test_curve_fit_takes_a_row_for_each_point() -> None:
    """``argnums`` names the parameters, which come one by one; the covariance is the one that differences give."""
    fast = compile(model, batched="t", reduce=None)
    slopes = jacobian(fast, (1, 2, 3))
    best, uncertain = optimize.curve_fit(fast, T, Y, [1.0, 1.0, 0.0], jac=lambda *args: np.stack(slopes(*args), 1))
    plain, expected = optimize.curve_fit(lambda t, a, b, c: a * np.exp(-b * t) + c, T, Y, [1.0, 1.0, 0.0])
    np.testing.assert_allclose(best, plain, rtol=1e-5)
    np.testing.assert_allclose(uncertain, expected, rtol=1e-3)


@pytest.mark.parametrize("method", ["BDF", "Radau", "LSODA"])
def test_stiff_system_is_solved_with_its_jacobian(method: str) -> None:
    """Robertson's reaction, whose rates differ by nine powers of ten; the sum of the parts is kept."""

    def slope(u: Any) -> Any:
        first, second, third = 0.04 * u[0], 1e4 * u[1] * u[2], 3e7 * u[1] * u[1]
        return np.array([second - first, first - second - third, third])

    fast = compile(slope)
    J = jacobian(fast, sparse=method != "LSODA")
    way = integrate.solve_ivp(
        lambda t, u: fast(u), (0.0, 40.0), [1.0, 0.0, 0.0], method=method, jac=lambda t, u: J(u), rtol=1e-8, atol=1e-10
    )
    assert way.success
    np.testing.assert_allclose(way.y[:, -1], [0.7158270688, 9.185534765e-06, 0.2841637457], rtol=1e-5)
    np.testing.assert_allclose(way.y.sum(axis=0), 1.0, rtol=1e-9)


def test_root_converges_as_newtons_method_does() -> None:
    """A probability that is looked for in its tail, by its logarithm."""
    equations = compile(lambda x: np.array([log_ndtr(x[0]) + 500.0, x[0] * x[1] - 1.0]))
    found = optimize.root(equations, [-30.0, -0.1], jac=jacobian(equations))
    assert found.success
    assert found.nfev < 15
    assert log_ndtr(found.x[0]) == pytest.approx(-500.0)


def test_what_scipy_moves_out_of_bounds_is_an_error() -> None:
    """Not a number: a residual that is undefined is refused by the Jacobian, with the example's number."""
    rows = compile(lambda p, t: autograd.log(p[0] - t), batched="t", reduce=None)
    with pytest.raises(autograd.NonFiniteError, match=r"^example 3: the root is nan; it began at log"):
        jacobian(rows)([2.5], np.arange(5.0))


@given(st.lists(st.floats(-3.0, 3.0).map(lambda x: round(x, 3)), min_size=2, max_size=5).map(np.array))
def test_gradient_and_hessian_are_those_scipy_derives_by_hand(x: Any) -> None:
    """The Rosenbrock function's gradient and Hessian agree with SciPy's formulas."""
    value, slope = value_and_grad(rosenbrock)(x)
    assert value == pytest.approx(optimize.rosen(x), rel=1e-12)
    np.testing.assert_allclose(slope, optimize.rosen_der(x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(hessian(rosenbrock)(x), optimize.rosen_hess(x), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("f", [rosenbrock, compile(rosenbrock)], ids=["engine", "compiled"])
def test_minimum_is_found_with_our_gradient_and_hessian(f: Any) -> None:
    """``jac=True``, ``jac=`` and ``hess=`` take what we give; the minimum of the Rosenbrock function is at 1."""
    start = np.array([-1.2, 1.0, 0.7])
    by_both = optimize.minimize(value_and_grad(f), start, jac=True)
    by_gradient = optimize.minimize(optimize.rosen, start, jac=grad(f))
    by_hessian = optimize.minimize(optimize.rosen, start, jac=grad(f), hess=hessian(f), method="trust-exact")
    for found in (by_both, by_gradient, by_hessian):
        np.testing.assert_allclose(found.x, 1.0, atol=1e-5)


def test_exponential_is_fitted_with_our_jacobian() -> None:
    """``least_squares`` finds its amplitude and rate from exact data; the function is not compiled."""
    residuals = lambda p: p[0] * np.exp(p[1] * T) - 3.0 * np.exp(-1.5 * T)
    found = optimize.least_squares(residuals, [1.0, -1.0], jac=jacobian(residuals)).x
    np.testing.assert_allclose(found, [3.0, -1.5])


def test_function_of_a_value_from_outside_says_how_to_give_numbers() -> None:
    """Its derivatives are Values; whoever forgets to make numbers of them is told."""
    scale, start = Value(2.0), np.array([-1.2, 1.0])
    f = lambda p: scale * rosenbrock(p)
    calls = [lambda: optimize.minimize(value_and_grad(f), start, jac=True)]
    for method in ("BFGS", "L-BFGS-B", "CG"):
        calls.append(lambda m=method: optimize.minimize(lambda p: data(f(p)), start, jac=grad(f), method=m))
    for call in calls:
        with pytest.raises((TypeError, ValueError)) as caught:
            call()
        error = caught.value
        ours = error if isinstance(error, OperandError) else error.__cause__  # SciPy puts words of its own around it
        assert isinstance(ours, OperandError)
        assert "autograd.data(...)" in str(ours)
    found = optimize.minimize(lambda p: data(value_and_grad(f)(p)), start, jac=True)
    np.testing.assert_allclose(found.x, 1.0, atol=1e-4)
    found = optimize.minimize(lambda p: data(f(p)), start, jac=lambda p: data(grad(f)(p)))
    np.testing.assert_allclose(found.x, 1.0, atol=1e-4)
