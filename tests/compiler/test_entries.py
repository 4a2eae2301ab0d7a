"""Derivatives entry by entry: of vector results, and of examples that have their own."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given

import autograd
from autograd import (
    NonFiniteError,
    Value,
    compile,
    exp,
    grad,
    hessian,
    hvp,
    jacobian,
    log,
    ops,
    sqrt,
    value_and_grad,
    where,
)
from autograd.op import Op
from autograd.testing.expressions import Expression, Step, record
from autograd.testing.strategies import expressions
from autograd.value import apply
from nn import MLP
from tests.compiler.examples import W, X, Y, close, loss

pytest.importorskip("scipy.sparse.linalg")


def every_node(expression: Expression) -> Any:
    """All that an expression computes, as a function of its leaves to a list."""
    return lambda p: expression.run(list(p), record)[len(expression.leaves) :]


# Left of 1.875 (x - 1.875) ** (x - 1.875) is a number at whole exponents alone: nowhere that a check looks.
NOWHERE = Expression((-0.125,), (Step("sub", (0, 1.875)), Step("pow", (1, 1))))

unverified = pytest.mark.filterwarnings("ignore:the compiled .* is not verified")  # which is said, and no fault


@unverified
@given(expression=expressions())
@example(expression=NOWHERE)
def test_jacobian_is_that_of_the_function(expression: Expression) -> None:
    """Whole and sparse, compiled and not: four ways to one matrix."""
    f, x = every_node(expression), np.array(expression.leaves)
    expected = np.array(jacobian(f)(x.tolist()))
    fast = compile(f)
    close(np.array(jacobian(fast)(x.tolist())), expected)
    for function in (f, fast):
        close(jacobian(function, sparse=True)(x).toarray(), expected)


@unverified
@given(expression=expressions(max_leaves=3, max_steps=6))
@example(expression=NOWHERE)
def test_hessian_is_that_of_the_function(expression: Expression) -> None:
    """Sparse, along a direction, and of each example, where a row is the same numbers again."""
    f = lambda p: expression.run(list(p), record)[-1]
    x = np.array(expression.leaves)
    direction, fast = np.arange(1.0, len(x) + 1.0), compile(f)
    if not np.isfinite(grad(f)(x)).all():  # which has no derivative then
        for function in (f, fast):
            with pytest.raises(NonFiniteError):
                hessian(function)(x)
        return
    expected = hessian(f)(x)
    for function in (f, fast):
        found = hessian(function, sparse=True)(x).toarray()
        close(found, expected)
        assert np.array_equal(found, found.T, equal_nan=True)
        close(hvp(function)(x, direction), expected @ direction)
    of_rows = compile(lambda p, x: f(p) * (1.0 + x), batched="x", reduce=None)
    close(hessian(of_rows)(x, [0.0, 0.0]), np.stack([expected, expected]))
    close(hvp(of_rows)(x, direction, [0.0, 0.0]), np.stack([expected @ direction] * 2))
    close(value_and_grad(of_rows)(x, [0.0, 0.0])[1], np.stack([grad(f)(x)] * 2))


def test_each_example_has_its_value_and_derivatives() -> None:
    """In the shape of the argument, examples first; and no graph is made for it."""
    fast = compile(loss, batched=("x", "y"), reduce=None)
    values, gradients = fast.value_and_grad(W, X, Y)
    assert (values.shape, gradients.shape) == ((5,), (5, 3, 2))
    close(values, [loss(W, x, y) for x, y in zip(X, Y, strict=True)])
    close(gradients, [grad(loss)(W, x, y) for x, y in zip(X, Y, strict=True)])
    for found in (value_and_grad(fast)(W, X, Y)[1], grad(fast)(W, X, Y), jacobian(fast)(W, X, Y)):
        close(found, gradients)
    curvatures = hessian(fast)(W, X, Y)
    assert curvatures.shape == (5, 3, 2, 3, 2)
    close(curvatures, [hessian(loss)(W, x, y) for x, y in zip(X, Y, strict=True)])
    close(hvp(fast)(W, W, X, Y), np.einsum("nijkl,kl->nij", curvatures, W))


@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_derivatives_of_each_example_make_those_of_all(reduce: str) -> None:
    """Their mean or their sum."""
    fast, each = [compile(loss, batched=("x", "y"), reduce=how) for how in (reduce, None)]
    total = np.mean if reduce == "mean" else np.sum
    for derive in (grad, hessian, jacobian):
        close(derive(fast)(W, X, Y), total(derive(each)(W, X, Y), axis=0))
    close(hessian(fast, sparse=True)(W, X, Y).toarray(), hessian(fast)(W, X, Y).reshape(6, 6))
    close(hvp(fast)(W, W, X, Y), total(hvp(each)(W, W, X, Y), axis=0))


def test_structures_keep_their_shape_with_an_axis_for_the_examples() -> None:
    """Numbers, lists, dicts, modules and several arguments."""
    f = lambda p, b, x: p["a"] * exp(p["w"][0] * x) + p["w"][1] ** 2 * b
    fast = compile(f, batched="x", reduce=None)
    p, x = {"a": 2.0, "w": [0.5, 3.0]}, np.array([0.0, 1.0, 2.0])
    each = [grad(f, (0, 1))(p, 1.5, float(t)) for t in x]
    values, (slopes, by_b) = fast.value_and_grad(p, 1.5, x, argnums=(0, 1))
    close(slopes["a"], [s["a"] for s, _ in each])
    close(slopes["w"][1], [s["w"][1] for s, _ in each])
    close(by_b, [s for _, s in each])
    close(hessian(fast)(p, 1.5, x)["a"]["w"][0], x * np.exp(0.5 * x))
    model = MLP(2, [2, 1], rng=np.random.default_rng(1))
    of_model = compile(lambda model, x: model(x), batched="x", reduce=None)
    values, slopes = of_model.value_and_grad(model, X)
    assert (values.shape, slopes.shape) == ((5,), (5, len(list(model.parameters()))))
    close(jacobian(of_model)(model, X), slopes)


def test_what_is_no_number_stays_where_it_is() -> None:
    """Text and None among the numbers that are differentiated by."""
    f = lambda p: p["w"] ** 2 if p["name"] == "squared" else p["w"]
    p = {"name": "squared", "none": None, "w": 3.0}
    assert jacobian(compile(f))(p) == {"name": "squared", "none": None, "w": 6.0}


def test_no_examples_have_no_rows() -> None:
    """But the shapes of those that there are not."""
    fast = compile(loss, batched=("x", "y"), reduce=None)
    values, gradients = fast.value_and_grad(W, X[:0], Y[:0])
    assert (values.shape, gradients.shape, hessian(fast)(W, X[:0], Y[:0]).shape) == ((0,), (0, 3, 2), (0, 3, 2, 3, 2))


# ── Where numbers are not finite ─────────────────────────────────────────────────────────────────────────────────────


def test_example_that_is_not_finite_is_named() -> None:
    """With the operation where that began, as for a mean."""
    fast = compile(lambda w, x: log(w * x), batched="x", reduce=None)
    for derive in (value_and_grad, grad, jacobian, hessian):
        with pytest.raises(NonFiniteError, match=r"^example 2: the root is nan; it began at log"):
            derive(fast)(1.0, [1.0, 2.0, -3.0, 4.0])


def test_zero_adjoints_win_in_each_example() -> None:
    """The branch that is not taken has no derivative, be its own infinite: in every row, and beside other rows."""
    f = lambda w, x: where(x, sqrt(w * x), w)
    fast = compile(f, batched="x", reduce=None)
    close(jacobian(fast)(4.0, [0.0, 1.0]), [1.0, 0.25])
    with_root = compile(lambda w, x: sqrt(w * x), batched="x", reduce=None)
    assert jacobian(with_root)(0.0, [1.0, 4.0]).tolist() == [np.inf, np.inf]


@pytest.mark.parametrize(
    "f", [lambda x: log(x) * 0.0 + x, lambda x: sqrt(x) - sqrt(x) + x * x, log, lambda x: x * x + np.inf]
)
@pytest.mark.parametrize("whole", [True, False])
def test_value_that_is_not_defined_has_no_derivative(f: Any, whole: bool) -> None:
    """Also where derivatives alone would be finite."""
    fast = compile(f, verify=False)
    derivatives = [jacobian(fast), hessian(fast), hvp(fast)]
    if not whole:
        derivatives = [jacobian(fast, sparse=True), hessian(fast, sparse=True)]
    for derive in derivatives:
        with pytest.raises(NonFiniteError):
            derive(-1.0, 1.0) if derive is derivatives[-1] and whole else derive(-1.0)


def beside_a_product(op: Op, others: tuple[float, ...]) -> Callable[..., Any]:
    """A function whose derivatives by ``x`` are finite, whatever an operation gives of ``y``."""
    return lambda x, y: apply(op, y, *others) + x[0] * x[1]


ROWS = [
    *[(op, (y,) * ((op.arity or 2) - 1)) for op in ops.TABLE.values() for y in (-2.5, 0.0, 2.5)],
    *[(ops.pow, (k,)) for k in (1.5, 0.5, -1.0, -2.0, 2.5, 3.0)],
]


@pytest.mark.parametrize("y", [-2.5, -1.0, 0.0, 2.5])
def test_value_that_another_argument_leaves_undefined_has_no_derivative(y: float) -> None:
    """For every row: where the function is nan or infinite, its derivative by something else is refused."""
    refused = 0
    for op, others in ROWS:
        is_defined = math.isfinite(apply(op, Value(y), *others).data)
        fast = compile(beside_a_product(op, others), verify=False)
        for derive in (jacobian, hessian):
            with nullcontext() if is_defined else pytest.raises(NonFiniteError):
                assert np.isfinite(np.array(derive(fast)([1.0, 2.0], y), dtype=float)).all()
            refused += not is_defined
    assert refused or y > 0.0


def test_number_that_is_not_finite_is_refused() -> None:
    """Though the derivative knows nothing of it."""
    with pytest.raises(NonFiniteError, match="a constant that no variable made"):
        jacobian(lambda x: [x[0], np.nan], sparse=True)([1.0])
    fast = compile(lambda x, y: [x[0] * 2.0 + y, x[1] * x[1]])
    for derive in (jacobian(fast), jacobian(fast, sparse=True)):
        with pytest.raises(NonFiniteError):
            derive(np.array([1.0, 2.0]), np.nan)


# ── Sparse ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_direction_is_as_long_as_the_argument() -> None:
    """Compiled or not; and what it is a direction of may have more arguments."""
    f = lambda x, scale: scale * x[0] ** 2 * x[1]
    for function in (f, compile(f)):
        assert list(hvp(function)([3.0, 5.0], [1.0, 0.0], 2.0)) == [20.0, 12.0]
        with pytest.raises(ValueError, match=r"^hvp takes a vector as long as x, 2 numbers, got 1$"):
            hvp(function)([3.0, 5.0], [1.0], 2.0)


@pytest.mark.parametrize("reduce", [None, "sum"])
def test_hessian_is_symmetric_also_where_the_engine_is_asked(reduce: str | None) -> None:
    """To the last bit, nan and infinity included: what has no derivative has none in either order."""
    f = lambda p, t: t * p[0] * autograd.atan2(p[1], p[1] * p[0]) + p[2] ** 3
    fast = compile(f, batched="t", reduce=reduce, verify=False)
    found = hessian(fast)(np.array([0.0, 0.0, 2.0]), [1.0, 2.0])
    assert np.isnan(found).any()
    np.testing.assert_array_equal(found, np.swapaxes(found, -1, -2))
    assert np.ravel(found[..., 2, :]).tolist() == ([0.0, 0.0, 12.0] * 2 if reduce is None else [0.0, 0.0, 24.0])


def test_each_derivative_is_recorded_once_and_that_is_not_many_times() -> None:
    """A function that is asked for all that there is has nothing that changes from call to call."""
    fast = compile(lambda x, y, z: x * y * z + x**3)
    for argnums in (0, 1, 2, (0, 1), (0, 1, 2)):
        for derive in (grad, jacobian, hessian):
            assert np.ndim(derive(fast, argnums)(1.0, 2.0, 3.0)) <= 2
    with pytest.warns(UserWarning, match="recorded 9 times, .* what changes from call to call is x: give"):
        list(map(grad(compile(lambda x: autograd.sum(x))), map(np.ones, range(1, 12))))


def test_program_of_the_function_stays_the_one_that_is_shown() -> None:
    """Derivatives by other programs do not change what ``source`` prints."""
    fast = compile(lambda x: [x[0] * x[1]])
    fast([1.0, 2.0])
    source = fast.source
    jacobian(fast)([1.0, 2.0])
    assert fast.source == source


def test_compiled_function_of_compiled_functions_has_its_jacobian() -> None:
    """Whatever is inside is recorded with it."""
    inner = compile(lambda x: x[0] ** 3 * x[1])
    f = compile(lambda x: [inner(x), autograd.grad(lambda t: t**4)(x[1])])
    close(np.array(jacobian(f)([2.0, 3.0])), [[36.0, 8.0], [0.0, 108.0]])


@pytest.mark.parametrize("argnums", [0, (0, 1)])
def test_hessian_stands_where_the_numbers_stood(argnums: Any) -> None:
    """Text and None stay, also in the place of a whole matrix; a module has one array."""
    f = lambda p, q: p["w"] ** 2 * q if p["name"] == "squared" else q
    p, plain = {"name": "squared", "none": None, "w": 3.0}, {"w": 3.0}
    found, expected = hessian(compile(f), argnums)(p, 2.0), hessian(lambda p, q: p["w"] ** 2 * q, argnums)(plain, 2.0)
    if argnums == 0:
        assert found == {"name": "squared", "none": None, "w": {"name": "squared", "none": None, "w": 4.0}}
    else:
        assert (found[0]["w"][0]["w"], found[0]["w"][1], found[1][1]) == (4.0, 6.0, 0.0)
        assert (expected[0]["w"][0]["w"], expected[0]["w"][1], expected[1][1]) == (4.0, 6.0, 0.0)
    model = MLP(2, [2, 1], rng=np.random.default_rng(1))
    weights = np.array([leaf.data for leaf in model.parameters()])
    of_model = hessian(compile(lambda model, x: model(x) ** 2, batched="x"))(model, X)
    each = hessian(compile(lambda model, x: model(x) ** 2, batched="x", reduce=None))(model, X)
    assert of_model.shape == (len(weights), len(weights))
    close(of_model, each.mean(0))
