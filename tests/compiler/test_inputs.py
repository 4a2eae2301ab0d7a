"""Derivatives by what the examples hold: a batched argument is differentiated by as any other."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import CompileError, compile, exp, grad, hessian, hvp, jacobian, stop_gradient, value_and_grad
from autograd.testing.expressions import Expression, record
from autograd.testing.strategies import expressions
from tests.compiler.examples import REDUCE, RNG, W, X, Y, alike, loss, pair

REDUCED = {"mean": autograd.mean, "sum": autograd.sum}


def over_rows(f: Any, reduce: str) -> Any:
    """The same mean or sum, written with numbers alone."""

    def of_all(w: Any, x: Any, y: Any) -> Any:
        found = [f(w, a, b) for a, b in zip(x, y, strict=True)]
        if not isinstance(found[0], list):
            return REDUCED[reduce](found)
        return [REDUCED[reduce](column) for column in zip(*found, strict=True)]

    return of_all


def stacked(each: list[Any]) -> Any:
    """Arrays of all examples, from those of each."""
    if isinstance(each[0], tuple):
        return tuple(map(stacked, zip(*each, strict=True)))
    return np.stack(each)


@pytest.mark.parametrize("argnums", [1, 2, (1,), (0, 1), (2, 0, 1)])
@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_derivatives_of_all_are_those_of_the_function(reduce: str, argnums: Any) -> None:
    """Whole and sparse, by examples and by what they share, in the order in which they are named."""
    for f in (loss, pair):
        fast, plain = compile(f, batched=("x", "y"), reduce=reduce), over_rows(f, reduce)
        alike(jacobian(fast, argnums)(W, X, Y), jacobian(plain, argnums)(W, X, Y))
        pytest.importorskip("scipy.sparse")
        found = jacobian(fast, argnums, sparse=True)(W, X, Y)
        alike(found.toarray(), jacobian(plain, argnums, sparse=True)(W, X, Y).toarray())
        assert found.has_canonical_format
        if f is loss:
            alike(grad(fast, argnums)(W, X, Y), grad(plain, argnums)(W, X, Y))
            for both in (value_and_grad(fast, argnums)(W, X, Y), fast.value_and_grad(W, X, Y, argnums=argnums)):
                alike(both, value_and_grad(plain, argnums)(W, X, Y))
            found = hessian(fast, argnums, sparse=True)(W, X, Y)
            alike(found.toarray(), hessian(plain, argnums, sparse=True)(W, X, Y).toarray())
            assert (found.toarray() == found.toarray().T).all()
            pattern = fast.pattern(W, X, Y, argnums=argnums, order=2)
            assert (pattern.shape, len(pattern.rows)) == (found.shape, found.nnz)


@pytest.mark.parametrize("argnums", [1, 2, (1,), (0, 1), (2, 0, 1)])
def test_derivatives_of_each_example_are_by_its_own_numbers(argnums: Any) -> None:
    """Examples first, then the shape of one."""
    rows = list(zip(X, Y.tolist(), strict=True))
    fast = compile(loss, batched=("x", "y"), reduce=None)
    expected = stacked([grad(loss, argnums)(W, x, y) for x, y in rows])
    for values, found in (value_and_grad(fast, argnums)(W, X, Y), fast.value_and_grad(W, X, Y, argnums=argnums)):
        alike(values, np.array([loss(W, x, y) for x, y in rows]))
        alike(found, expected)
    alike(grad(fast, argnums)(W, X, Y), expected)
    alike(jacobian(fast, argnums)(W, X, Y), expected)
    several = jacobian(compile(pair, batched=("x", "y"), reduce=None), argnums)(W, X, Y)
    by_hand = [[grad(lambda *a, k=k: pair(*a)[k], argnums)(W, x, y) for k in range(2)] for x, y in rows]
    alike(several, stacked([stacked(each) for each in by_hand]))


def test_second_derivatives_keep_their_shape() -> None:
    """Blocks of each example; of the mean of all, in the array of arrays; and along a direction."""
    each, all_of_them = (compile(loss, batched=("x", "y"), reduce=how) for how in (None, "mean"))
    blocks = hessian(each, 1)(W, X, Y)
    alike(blocks, np.stack([hessian(loss, 1)(W, x, y) for x, y in zip(X, Y.tolist(), strict=True)]))
    whole = hessian(all_of_them, 1)(W, X, Y)
    alike(whole, hessian(over_rows(loss, "mean"), 1)(W, X, Y))
    alike(hessian(all_of_them, 2)(W, X, Y), hessian(over_rows(loss, "mean"), 2)(W, X, Y))
    by_both = hessian(each, (1, 0))(W, X, Y)
    alike(by_both[0][0], blocks)
    assert [[part.shape for part in row] for row in by_both] == [
        [(5, 2, 2), (5, 2, 3, 2)],
        [(5, 3, 2, 2), (5, 3, 2, 3, 2)],
    ]
    alike(by_both[0][1], np.moveaxis(by_both[1][0], -1, 1))
    direction = RNG.normal(size=X.shape)
    examples_first = lambda x, w, y: loss(w, x, y)
    for reduce, expected in (
        (None, np.einsum("nij,nj->ni", blocks, direction)),
        ("mean", np.tensordot(whole, direction)),
    ):
        alike(hvp(compile(examples_first, batched=("x", "y"), reduce=reduce))(X, direction, W, Y), expected)
        with pytest.raises(ValueError, match=r"^hvp takes a vector as long as x, 10 numbers, got 2$"):
            hvp(compile(examples_first, batched=("x", "y"), reduce=reduce))(X, direction[0], W, Y)


@given(expression=expressions(max_leaves=4, max_steps=8), data=st.data())
def test_any_function_may_have_any_of_its_numbers_in_examples(expression: Expression, data: st.DataObject) -> None:
    """Some leaves shared, some in examples; all derivatives are those of the expression at its numbers."""
    leaves = np.array(expression.leaves)
    split = data.draw(st.integers(0, len(leaves)))
    f = lambda p, x: expression.run([*p, *x], record)[-1]
    p, rows = leaves[:split], np.stack([leaves[split:]] * 2)
    plain = lambda z: f(z[:split], z[split:])
    slope, curvature = grad(plain)(leaves), hessian(plain)(leaves)
    fast = compile(f, batched="x", reduce=None, verify=False)
    by_p, by_x = grad(fast, (0, 1))(p, rows)
    alike(np.hstack([by_p, by_x]), np.stack([slope] * 2))
    blocks = hessian(fast, (0, 1))(p, rows)
    alike(np.block([[blocks[0][0], blocks[0][1]], [blocks[1][0], blocks[1][1]]]), np.stack([curvature] * 2))
    total = compile(f, batched="x", reduce="sum", verify=False)
    alike(grad(total, (1, 0))(p, rows), (np.stack([slope[split:]] * 2), 2.0 * slope[:split]))
    whole = hessian(total, 1)(p, rows)
    alike(whole[0, :, 0], curvature[split:, split:])
    assert not whole[0, :, 1].any()


# ── Structures ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_derivatives_have_the_shape_of_the_examples(kind: Any) -> None:
    """A list for a list, as without compiling; arrays where each example has its own."""
    f = lambda x, w: w["a"] * x * x + exp(w["b"][0] * x)
    x, w = kind([0.5, -1.0, 2.0]), {"a": 2.0, "b": [0.3]}
    plain = lambda x, w: autograd.mean([f(t, w) for t in x])
    found = grad(compile(f, batched="x"))(x, w)
    assert isinstance(found, type(x))
    alike(list(found), list(grad(plain)(x, w)))
    slopes, by_w = grad(compile(f, batched="x", reduce=None), (0, 1))(x, w)
    alike(slopes, np.array([grad(f)(t, w) for t in map(float, x)]))
    assert (by_w["a"].shape, by_w["b"][0].shape) == ((3,), (3,))


def test_examples_of_other_kinds_have_arrays() -> None:
    """Whatever NumPy takes for an array: a range, whole numbers, single precision."""
    for x in (range(1, 4), np.arange(1, 4), np.arange(1, 4, dtype=np.float32)):
        for reduce in (None, "sum"):
            found = grad(compile(lambda x: x**3, batched="x", reduce=reduce))(x)
            assert (found.dtype, found.tolist()) == (np.dtype(float), [3.0, 12.0, 27.0])


@REDUCE
def test_arrays_of_any_memory_order(reduce: str | None) -> None:
    """Views, transposed and backwards, have the derivatives of their numbers."""
    fast = compile(loss, batched=("x", "y"), reduce=reduce)
    expected = grad(fast, (1, 2))(W, X, Y)
    for x in (np.asfortranarray(X), np.repeat(X, 2, axis=0)[::2], X[::-1].copy()[::-1]):
        alike(grad(fast, (1, 2))(W, x, Y), expected)


@REDUCE
def test_one_example_and_none(reduce: str | None) -> None:
    """One is as many as others; of none there is no mean."""
    fast = compile(loss, batched=("x", "y"), reduce=reduce)
    alike(grad(fast, 1)(W, X[:1], Y[:1]), grad(loss, 1)(W, X[0], float(Y[0]))[None])
    if reduce == "mean":
        with pytest.raises(ValueError, match="the mean takes at least one example, got none"):
            grad(fast, 1)(W, X[:0], Y[:0])
        return
    value, found = value_and_grad(fast, 1)(W, X[:0], Y[:0])
    assert (np.shape(value), found.shape) == (() if reduce else (0,), (0, 2))
    assert jacobian(fast, 1)(W, X[:0], Y[:0]).shape == (0, 2)
    assert hessian(fast, 1)(W, X[:0], Y[:0]).shape == ((0, 2, 0, 2) if reduce else (0, 2, 2))


def test_arguments_given_by_name_stay_what_they_are() -> None:
    """Those that are differentiated by are counted, others may be named."""
    fast, plain = compile(loss, batched=("x", "y")), over_rows(loss, "mean")
    alike(grad(fast, 1)(W, X, y=Y), grad(plain, 1)(W, X, Y))
    alike(grad(fast, -1)(W, X, y=Y), grad(plain, 1)(W, X, Y))
    alike(fast.value_and_grad(y=Y, x=X, w=W, argnums=2), value_and_grad(plain, 2)(W, X, Y))


def test_constant_entries_are_no_part_of_a_matrix_of_examples() -> None:
    """What is always zero has no entry, and what is constant has one in each example."""
    fast = compile(lambda x, w: [2.0 * x[0] + w, x[1] * x[1], stop_gradient(x[0]) * w], batched="x")
    pattern = fast.pattern(X, 1.0)
    assert (pattern.shape, len(pattern.rows), pattern.is_constant.tolist()) == ((3, 10), 10, [True] * 5 + [False] * 5)
    found = compile(lambda x: 2.0 * x[0], batched="x", reduce=None).pattern(X)
    assert (found.shape, found.columns.tolist()) == ((1, 2), [0])


# ── Values, and numbers that are not finite ──────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_differentiated_by_examples_says_so() -> None:
    """A step takes the parameters as one vector; several numbers have no gradient."""
    fast = compile(loss, batched=("x", "y"))
    message = (
        "argument 'x' is batched, and step differentiates by what all examples share; use "
        "value_and_grad(..., argnums=1), or choose other argnums"
    )
    with pytest.raises(CompileError, match=f"^{re.escape(message)}$"):
        fast.step(W, X, Y, argnums=1)
    for reduce in (None, "mean"):
        several = compile(pair, batched=("x", "y"), reduce=reduce)
        with pytest.raises(CompileError, match="takes a function that gives one number"):
            several.value_and_grad(W, X, Y, argnums=1)
        for derive in (grad, hessian):
            with pytest.raises(TypeError, match="takes a function that gives one number, got list of 2 numbers"):
                derive(several, 1)(W, X, Y)
