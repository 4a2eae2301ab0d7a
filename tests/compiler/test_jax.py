"""Compiled functions as functions of JAX: transformations, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from autograd import (
    CompileError,
    Value,
    compile,
    exp,
    grad,
    hessian,
    jacobian,
    log,
    log_ndtr,
    sqrt,
    tanh,
    where,
)
from autograd.testing.expressions import Expression, record
from autograd.testing.strategies import expressions
from nn import MLP

jax = pytest.importorskip("jax")
jnp = jax.numpy
backend = pytest.importorskip("autograd.compiler.calls.for_jax")

RNG = np.random.default_rng(0)
W, X, Y = np.array([0.3, -0.4]), RNG.normal(size=(5, 2)), RNG.normal(size=5)
# XLA compiles every operation for every shape, which takes far longer than what is compiled.
FEW = settings(max_examples=4)


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * (1.0 + np.max(np.abs(expected), initial=0.0)))


def residual(w: Any, x: Any, y: Any) -> Any:
    return (tanh(w[0] * x[0] + w[1] * x[1]) - y) ** 2


# ── Transformations ──────────────────────────────────────────────────────────────────────────────────────────────────


@FEW
@given(expression=expressions(max_leaves=3, max_steps=6))
def test_derivatives_are_those_of_the_engine(expression: Expression) -> None:
    """Value, gradient, and the gradient of that, of random graphs."""
    f = lambda p: expression.run(list(p), record)[-1]
    x = np.array(expression.leaves)
    for_jax = compile(f).to_jax()
    close(for_jax(x), f(x.tolist()).data if isinstance(f(x.tolist()), Value) else f(x.tolist()))
    close(jax.grad(for_jax)(x), grad(f)(x))
    close(jax.jit(jax.jacrev(jax.grad(for_jax)))(x), hessian(f)(x))


def test_third_derivative_is_one_more_program() -> None:
    """Of a mean over examples, against JAX's own."""
    fast = compile(residual, batched=("x", "y")).to_jax()
    own = lambda w, X, Y: ((jnp.tanh(X @ w) - Y) ** 2).mean()
    third = lambda f: jax.jit(jax.jacrev(jax.jacrev(jax.grad(f))))(jnp.array(W), X, Y)
    close(third(fast), third(own))


@pytest.mark.parametrize("reduce", ["mean", "sum", None])
def test_examples_are_reduced_as_the_function_does(reduce: str | None) -> None:
    """With the derivative by what all share and by what each example has of its own."""
    fast = compile(residual, batched=("x", "y"), reduce=reduce)
    for_jax = fast.to_jax()
    close(for_jax(W, X, Y), fast(W, X, Y))
    close(jax.jacrev(for_jax)(jnp.array(W), X, Y), jacobian(fast)(W, X, Y))
    each = np.array([grad(residual, 1)(W, x, y) for x, y in zip(X, Y, strict=True)])
    total = lambda w, x, y: jnp.sum(for_jax(w, x, y))
    close(jax.grad(total, 1)(W, jnp.array(X), Y), each / (5 if reduce == "mean" else 1))
    mixed = np.array([jacobian(grad(residual, 1))(W, x, y) for x, y in zip(X, Y, strict=True)])
    found = jax.jacrev(jax.grad(total, 1))(jnp.array(W), jnp.array(X), Y)
    close(found, mixed / (5 if reduce == "mean" else 1))


def test_result_that_no_example_changes_is_given_for_each() -> None:
    """And its derivative is summed over all of them."""
    fast = compile(lambda w, x: w * w, batched="x", reduce=None).to_jax()
    assert fast(3.0, Y).tolist() == [9.0] * 5
    assert jax.grad(lambda w: jnp.sum(fast(w, Y)))(3.0) == 30.0


def test_results_of_every_sort_stand_side_by_side() -> None:
    """Of each example, of all, an argument as it is, a number."""
    fast = compile(lambda w, x: [w * x, w * w, x, 2.0, w], batched="x", reduce=None)
    for_jax = fast.to_jax()
    close(for_jax(3.0, Y), fast(3.0, Y))
    close(jax.jacrev(for_jax)(3.0, Y), jacobian(fast)(3.0, Y))


def test_derivatives_are_asked_for_in_any_order() -> None:
    """What is made for one is no part of another."""
    for_jax = compile(residual, batched=("x", "y")).to_jax()
    first = jax.grad(for_jax, 1)(jnp.array(W), jnp.array(X), Y)
    close(jax.grad(for_jax)(jnp.array(W), X, Y), grad(compile(residual, batched=("x", "y")))(W, X, Y))
    close(jax.grad(for_jax, 1)(jnp.array(W), jnp.array(X), Y), first)


def test_programs_of_many_structures_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is made again is the same."""
    monkeypatch.setattr(backend, "KEPT", 1)
    for_jax = compile(lambda w: sum(w[k] ** 2 for k in range(len(w)))).to_jax()
    assert [float(for_jax(np.ones(n))) for n in (1, 2, 1)] == [1.0, 2.0, 1.0]


def test_vmap_and_jit_take_it_like_any_function() -> None:
    """In either order, with derivatives inside."""
    fast = compile(lambda w, x: exp(w[0] * x) * w[1])
    for_jax = fast.to_jax()
    many = jnp.stack([jnp.array(W), 2.0 * jnp.array(W)])
    close(jax.jit(jax.vmap(for_jax, (0, None)))(many, 0.7), [fast(w, 0.7) for w in np.asarray(many)])
    close(jax.vmap(jax.jit(jax.grad(for_jax)), (0, 0))(many, jnp.array([0.7, 0.1])),
          [grad(fast)(w, x) for w, x in zip(np.asarray(many), [0.7, 0.1], strict=True)])  # fmt: skip


def test_structures_come_as_they_are() -> None:
    """Dicts whose keys are out of order, lists, results in a dict, whole numbers that index."""
    f = lambda p, k: {"b": [p["z"][k] * p["a"], p["a"] ** 2], "a": np.array([p["z"][0], p["z"][1]])}
    fast = compile(f)
    for_jax = fast.to_jax()
    p = {"z": [2.0, 3.0], "a": 5.0}
    for k in (0, 1):
        found, expected = for_jax(p, k), fast(p, k)
        close(found["b"], expected["b"])
        close(found["a"], expected["a"])
    slopes = jax.grad(lambda p: for_jax(p, 1)["b"][0] * 2.0)(p)
    assert (slopes["z"][0], slopes["z"][1], slopes["a"]) == (0.0, 10.0, 6.0)


def test_zero_adjoints_win() -> None:
    """In the derivative, and in the derivative of that, where JAX's own give nan."""
    f = lambda x: where(x, sqrt(x), x * x)
    for_jax, own = compile(f).to_jax(), lambda x: jnp.where(x != 0.0, jnp.sqrt(x), x * x)
    assert np.isnan(jax.grad(own)(0.0))
    assert jax.grad(for_jax)(0.0) == 0.0
    assert jax.jit(jax.grad(jax.grad(for_jax)))(0.0) == 2.0 == hessian(f)(0.0)
    scaled = compile(lambda x, a: a * sqrt(x)).to_jax()
    assert jax.grad(scaled)(0.0, 0.0) == 0.0
    assert jax.jit(jax.grad(jax.grad(scaled), 1))(4.0, 0.0) == 0.25  # through an adjoint that happens to be 0
    root = compile(lambda x: sqrt(x)).to_jax()
    outside = lambda x, a: a * root(x)
    assert jax.grad(outside)(0.0, 0.0) == 0.0  # where the factor is JAX's
    assert jax.grad(jax.grad(outside), 1)(4.0, 0.0) == 0.25


def test_tails_are_exact() -> None:
    """Where JAX's own derivative has no digit left."""
    for_jax = compile(lambda x: log_ndtr(x)).to_jax()
    assert jax.grad(for_jax)(-1e7) == pytest.approx(1e7 + 1e-7, rel=1e-15)
    assert jax.grad(jax.grad(for_jax))(-1e7) == pytest.approx(-1.0, rel=1e-12)


def test_what_is_not_finite_is_what_it_is() -> None:
    """JAX has no place for an error."""
    for_jax = compile(lambda x: log(x)).to_jax()
    assert np.isnan(for_jax(-1.0))
    assert np.isnan(jax.grad(for_jax)(-1.0))
    assert jax.grad(for_jax)(0.0) == np.inf


def test_forward_mode_is_refused_in_words() -> None:
    """JAX knows the pullback alone."""
    for_jax = compile(lambda x: x * x).to_jax()
    for transform in (lambda x: jax.jvp(for_jax, (x,), (1.0,)), jax.jacfwd(for_jax), jax.hessian(for_jax)):
        with pytest.raises(TypeError, match=r"can't apply forward-mode .*custom_vjp"):
            transform(2.0)


# ── What is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def refused(call: Any, message: str) -> None:
    with pytest.raises(CompileError, match=f"^{re.escape(message)}"):  # JAX adds a note
        call()


def test_float32_is_refused() -> None:
    """For all of JAX, and for one array."""
    for_jax = compile(lambda w: w[0] * w[0]).to_jax()
    refused(
        lambda: jax.grad(for_jax)(jnp.ones(1, dtype=jnp.float32)),
        "argument 'w' is of float32, and programs compute with float64; convert it, w.astype(float)",
    )
    with jax.enable_x64(False):
        refused(
            lambda: for_jax([1.0]),
            "the JAX function of <lambda> computes with float64, which JAX turns to float32 now; begin with "
            "jax.config.update('jax_enable_x64', True)",
        )


def test_numbers_of_another_kind_are_refused() -> None:
    """What JAX would lose, examples of float32 too."""
    others = "takes numbers and arrays of NumPy or JAX, got others among them; give their numbers"
    for_jax = compile(lambda w: w[0] * w[1]).to_jax()
    refused(lambda: for_jax([2.0, Fraction(3)]), f"the JAX function of <lambda> {others}")
    for w in ([2.0, Value(3.0)], [Value(2.0), Value(3.0)], np.array([2.0, Value(3.0)]), np.array([2.0, Fraction(3)])):
        refused(lambda w=w: for_jax(w), f"argument 'w' {others}")
    of_rows = compile(lambda w, x: w * x, batched="x").to_jax()
    assert of_rows(2.0, [1, 2]) == of_rows(2.0, np.array([True, True, False, True])) * 2.0 == 3.0
    refused(
        lambda: of_rows(2.0, jnp.ones(2, dtype=jnp.float32)),
        "argument 'x' is of float32, and programs compute with float64; convert it, x.astype(float)",
    )
    refused(
        lambda: of_rows(2.0, jnp.ones(2) * 1j), "argument 'x' takes real numbers, got complex128; give its real part"
    )
    refused(lambda: of_rows(2.0, [Value(1.0), 2.0]), f"argument 'x' {others}")


def test_arrays_and_numbers_of_any_order_are_arguments() -> None:
    """Numbers beside each other, matrices, and empty ones."""
    f = lambda p: p[0] * p[1][1, 2] + p[2] * p[3] * p[4][0] + sum(p[1][0]) ** 2
    p = [2.0, np.arange(6.0).reshape(2, 3), 3.0, np.float64(5.0), np.array([7.0]), np.zeros((0, 2))]
    for_jax = compile(f).to_jax()
    found = jax.jit(jax.grad(for_jax))(p)
    for a, b in zip(found, grad(f)(p), strict=True):
        assert np.shape(a) == np.shape(b)
        assert np.asarray(a).tolist() == np.asarray(b).tolist()


def test_numbers_that_are_no_arguments_are_refused() -> None:
    """What JAX would take for constants."""
    outside = Value(2.0)
    model = MLP(2, [1])
    inside = compile(lambda x: grad(lambda t: t**3)(x))
    message = (
        "the JAX function of <lambda> takes all numbers as arguments, and <lambda> finds Values elsewhere, in a "
        "module, or differentiates by itself; pass their numbers as arrays, and leave derivatives to jax.grad"
    )
    refused(lambda: compile(lambda x: outside * x).to_jax()(1.0), message)
    refused(lambda: compile(lambda model, x: model(x)).to_jax()(model, [1.0, 2.0]), message)
    refused(lambda: inside.to_jax()(1.0), message)


def test_whole_number_that_is_traced_is_refused() -> None:
    """It is part of the program."""
    for_jax = compile(lambda w, k: w[k] * 2.0).to_jax()
    assert for_jax(np.ones(2), 1) == for_jax(np.ones(2), jnp.array(1)) == 2.0
    refused(lambda: for_jax(jnp.ones(2) * 1j, 1), "argument 'w' takes real numbers, got complex128; give its real part")
    refused(
        lambda: jax.jit(for_jax)(np.ones(2), 1),
        "argument 'k' holds whole numbers, which are part of the program, and is traced; leave it out of jit and vmap, "
        "by static_argnums or a closure, or give float64",
    )


def test_no_example_has_no_mean() -> None:
    """As the function says; a sum of none is 0."""
    with pytest.raises(ValueError, match="the mean takes at least one example"):
        compile(residual, batched=("x", "y")).to_jax()(W, X[:0], Y[:0])
    assert compile(residual, batched=("x", "y"), reduce="sum").to_jax()(W, X[:0], Y[:0]) == 0.0


def test_jax_is_loaded_where_it_is_asked_for() -> None:
    """Nowhere else; and where it is not installed, it is said how to get it."""
    code = "import sys, autograd, nn, viz; assert 'jax' not in sys.modules; sys.modules['jax'] = None\n"
    code += "try: autograd.compile(lambda x: x).to_jax()\nexcept ImportError as error: print(error)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    expected = "to_jax gives a function for JAX, which is not installed; pip install 'scalar-autograd[jax]'"
    assert answer.stdout.strip() == expected
