"""Compiled functions as functions of JAX: statements, functions of the table, transformations, and what is refused."""

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
from hypothesis import strategies as st

from autograd import (
    CompileError,
    Value,
    compile,
    exp,
    floats,
    grad,
    hessian,
    jacobian,
    log,
    log_ndtr,
    ops,
    sqrt,
    tanh,
    where,
)
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.matrices.statements import Fill, Linear, Map, MatMul, Reduce, Segments, Take, Total
from autograd.compiler.scalars.tape import PARAMETER
from autograd.testing.expressions import Expression, record
from autograd.testing.strategies import expressions
from nn import MLP
from tests.compiler.statements import ARGUMENT, EXAMPLES, meant, numbers, program
from tests.compiler.test_javascript_statements import OPS, beside, modes, shapes, views

jax = pytest.importorskip("jax")
jnp = jax.numpy
backend = pytest.importorskip("autograd.compiler.backends.jax")

from autograd.compiler.backends.jax import run as runner  # noqa: E402 - without JAX there is nothing to import
from autograd.compiler.backends.jax.functions import FUNCTIONS  # noqa: E402
from autograd.compiler.backends.jax.memory import NOTHING, Memory  # noqa: E402

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


# ── Statements and functions ─────────────────────────────────────────────────────────────────────────────────────────


def agree(statement: Any) -> None:
    """What JAX leaves in memory and what is meant, in every slot."""
    memory = numbers()
    found = runner._Runner(program(statement), [memory[PARAMETER]], [memory[ARGUMENT].T], EXAMPLES)
    found.memory = Memory({place: len(array) for place, array in memory.items()}, EXAMPLES)
    for place, array in memory.items():
        found.memory.write(place, np.arange(len(array)), jnp.asarray(array))
    found.execute(statement)
    for place, array in meant(memory, statement).items():
        np.testing.assert_allclose(found.memory.read(place, np.arange(len(array))), array, rtol=1e-13)


@FEW
@given(shape=shapes, batched=st.booleans(), data=st.data())
def test_elementwise_statements(shape: tuple[int, ...], batched: bool, data: st.DataObject) -> None:
    """Over views of any shape and stride."""
    target = data.draw(views(shape, batched, target=True))
    op = data.draw(st.sampled_from(OPS))
    agree(Map(target, op, tuple([data.draw(beside(target)) for _ in range(op.arity)])))
    terms = st.tuples(st.sampled_from([1, -1]), st.lists(beside(target), min_size=1, max_size=3).map(tuple))
    agree(Linear(target, data.draw(modes), tuple(data.draw(st.lists(terms, min_size=1, max_size=3)))))
    agree(Fill(target, data.draw(st.sampled_from([0.0, -0.0, 2.5]))))
    source = data.draw(views(shape, batched and data.draw(st.booleans())))
    index = np.array(data.draw(st.lists(st.integers(0, shape[0] - 1), min_size=1, max_size=4)))
    into = data.draw(views((len(index), *shape[1:]), batched, True))
    agree(Take(into, source, index))
    if len(shape) == 1:
        positions = np.array(data.draw(st.permutations(range(len(index)))))
        agree(Take(into, source, index, positions))


@FEW
@given(shape=shapes, batched=st.booleans(), mode=modes, data=st.data())
def test_statements_that_sum(shape: tuple[int, ...], batched: bool, mode: str, data: st.DataObject) -> None:
    """Over axes, over the examples, over segments, by matrix products, and by operations of many operands."""
    source = data.draw(views(shape, batched))
    axes = tuple(sorted(data.draw(st.sets(st.integers(0, len(shape) - 1)))))
    kept = tuple([n for k, n in enumerate(shape) if k not in axes])
    agree(Total(data.draw(views(kept, batched and data.draw(st.booleans()), True)), mode, source, axes))
    several = data.draw(st.sampled_from([ops.logsumexp, ops.norm, ops.prod, ops.sum]))
    agree(Reduce(data.draw(views(shape[:-1], batched, True)), several, source))
    cuts = data.draw(st.sets(st.integers(1, shape[0] - 1))) if shape[0] > 1 else set()
    starts = np.array([0, *sorted(cuts)])
    agree(Segments(data.draw(views((len(starts), *shape[1:]), batched, True)), mode, source, starts))
    h, i, j, k = [data.draw(st.integers(1, 3)) for _ in range(4)]
    left, right = data.draw(views((h, i, k), batched)), data.draw(views((h, j, k), data.draw(st.booleans())))
    lanes = (left.batched or right.batched) and data.draw(st.booleans())
    agree(MatMul(data.draw(views((h, i, j), lanes, True)), mode, left, right))


@given(data=st.data())
def test_numbers_are_read_where_they_were_written_last(data: st.DataObject) -> None:
    """In any order and shape, from any number of arrays; where nothing was written they are 0."""
    size, lanes = 12, data.draw(st.sampled_from([0, 2]))
    place = ARGUMENT if lanes else RESULT
    tail = (lanes,) * (lanes > 0)
    memory, expected = Memory({place: size}, lanes), np.zeros((size, *tail))
    for turn in range(1, data.draw(st.integers(1, 12))):
        slots = np.array(data.draw(st.permutations(range(size)))[: data.draw(st.sampled_from([1, 2, 6, 12]))])
        slots = slots.reshape(data.draw(st.sampled_from([(-1,), (-1, 1)] + [(-1, 2)] * (len(slots) > 1))))
        kind = data.draw(st.sampled_from(["write", "fill", "share"]))
        if kind == "write":
            numbers = turn + np.arange(slots.size * max(lanes, 1)).reshape(*slots.shape, *tail) / 100.0
            memory.write(place, slots, data.draw(st.sampled_from([np.asarray, jnp.asarray]))(numbers))
            expected[slots] = numbers
        elif kind == "fill":
            memory.fill(place, slots, float(turn))
            expected[slots] = turn
        else:
            others = np.array(data.draw(st.lists(st.integers(0, size - 1), min_size=slots.size, max_size=slots.size)))
            memory.share(place, slots, place, others.reshape(slots.shape))
            expected[slots] = expected[others.reshape(slots.shape)]
    shape = data.draw(st.sampled_from([(12,), (3, 4), (2, 2, 3), (4, 1, 3), (0,), (2, 0)]))
    index = np.array(data.draw(st.permutations(range(size)))[: np.prod(shape)], dtype=int).reshape(shape)
    affine = np.arange(np.prod(shape)).reshape(shape) % 12
    for asked in (index, affine, affine[::-1], affine.T, affine * 0, np.array(7), affine[..., None] * [1, 0]):
        found = memory.read(place, asked)
        assert (found.shape, np.asarray(found).tolist()) == (expected[asked].shape, expected[asked].tolist())
    assert not np.any(memory.read(place, np.full(3, NOTHING)))


def test_numbers_in_order_are_read_without_an_index() -> None:
    """A matrix that is read as it is, transposed, or part by part is no gather for XLA."""
    x, slots = np.arange(12.0).reshape(4, 3), np.arange(12).reshape(3, 4)
    where = {int(slot): float(x.T.flat[slot]) for slot in range(12)}
    in_order = slots.T.ravel()[1:7].reshape(2, 3)  # from the middle of a row on
    parts = [slots, slots.T, slots[:, :1], slots[1:], slots[0], slots[:, 2], in_order]
    for asked in (*parts, np.repeat(slots[:, :, None], 2, 2)[:1]):

        def read(x: Any, asked: Any = asked) -> Any:
            memory = Memory({RESULT: 20}, 1)
            memory.write(RESULT, slots.T, x)
            return memory.read(RESULT, asked)

        assert "gather" not in str(jax.make_jaxpr(read)(x))
        assert np.ravel(read(jnp.asarray(x))).tolist() == [where[int(slot)] for slot in np.ravel(asked)]


EDGES = np.array(
    [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e308, -1e308, 26.5, 710.0, -746.0, np.inf, -np.inf, np.nan]
)
POINTS = np.concatenate([EDGES, np.linspace(-5.0, 9.0, 57)])
TWO = {"atan2", "compare", "div", "hypot", "maximum", "minimum", "mul_no_nan", "pow", "sum", "prod", "norm", "dot"}
TWO |= {"logsumexp"}


@pytest.mark.parametrize("name", floats.__all__)
def test_function_is_the_one_of_the_engine(name: str) -> None:
    """At every edge and between; below 0 JAX has no polygamma function, for which it says nan."""
    if name in ("polygamma", "mills"):
        args = [np.repeat([0.0, 2.0, 0.5], len(POINTS)), np.tile(POINTS, 3)]
        if name == "polygamma":
            args = [a[(args[1] > 0.0) | (args[0] == 0.0) | np.isnan(args[1])] for a in args]
    else:
        count = 3 if name == "where" else 2 if name in TWO else 1
        args = [a.ravel() for a in np.meshgrid(*[POINTS if count < 3 else EDGES] * count)]
    order = {"polygamma", "mills"}
    found = np.asarray(getattr(FUNCTIONS, name)(*[a if name in order and k == 0 else jnp.asarray(a)
                                                  for k, a in enumerate(args)]))  # fmt: skip
    expected = np.array([getattr(floats, name)(*row) for row in zip(*[a.tolist() for a in args], strict=True)])
    tiny = np.abs(expected) < 1e-300  # XLA takes subnormal numbers for 0
    np.testing.assert_allclose(found[~tiny], expected[~tiny], rtol=2e-12, atol=1e-14)
    assert (np.abs(found[tiny]) < 1e-300).all()


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
