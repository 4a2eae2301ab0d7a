"""The array program is written with the calls of NumPy that cost least, and scratch space serves again and again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import ops
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map, MatMul, Reduce, Take, Total
from autograd.compiler.scalars.tape import CONSTANT, PARAMETER
from tests.compiler.statements import ARGUMENT, emitted, view


def lines(*statements: Any) -> list[str]:
    """What runs in every step."""
    return emitted(*statements)[0]


def bound(*statements: Any) -> list[str]:
    """What is prepared once, apart from views: scratch space and numbers."""
    views = emitted(*statements)[1].views
    return [f"{name} = {text}" for name, (_, text) in views.bound.items() if "[" not in text]


W, K = view(PARAMETER, 0, 1, 3, 2), view(CONSTANT, 0, 1, 2, 2)
SPACED = view(UNBATCHED, 0, 1, 3, 2, strides=(0, 4, 2))
COLUMNS = (0, 1, 3)
delta, x = view(BATCHED, 9, 1, 3, 1), view(ARGUMENT, 0, 1, 2, 1)
gradient, turned = [view(RESULT, 0, 1, 3, 2, strides=s) for s in ((), COLUMNS)]
blocks, left, right = [view(place, 0, 2, 3, 3) for place in (UNBATCHED, PARAMETER, CONSTANT)]

PRODUCTS = {
    "matrix and vector": (
        MatMul(view(UNBATCHED, 0, 1, 3, 1), "=", W, view(CONSTANT, 0, 1, 1, 2)),
        ["dot(W1, c1, out=v1)"],
    ),
    "vector and matrix": (
        MatMul(view(UNBATCHED, 0, 1, 1, 3), "=", view(PARAMETER, 0, 1, 1, 2), view(CONSTANT, 0, 1, 3, 2)),
        ["dot(W1, c1, out=v1)"],
    ),
    "matrix and batch": (
        MatMul(view(BATCHED, 0, 1, 3, 1), "=", W, view(ARGUMENT, 0, 1, 1, 2)),
        ["dot(W1, x_2, out=v1)"],
    ),
    "sum over the batch": (MatMul(gradient, "=", delta, x), ["dot(v1, x_T, out=g_p1)"]),
    "the same by columns": (MatMul(turned, "=", delta, x), ["dot(x_2, v1, out=g_p1)"]),
    "result by columns": (
        MatMul(view(UNBATCHED, 0, 1, 3, 2, strides=COLUMNS), "=", W, K),
        ["dot(c1, W1, out=v1)"],
    ),
    "spaced result": (MatMul(SPACED, "=", W, K), ["matmul(W1, c1, out=v1)"]),
    "spaced columns": (
        MatMul(view(UNBATCHED, 0, 1, 3, 2, strides=(0, 1, 4)), "=", W, K),
        ["matmul(W1, c1, out=v1)"],
    ),
    "added to it": (MatMul(SPACED, "+=", W, K), ["dot(W1, c1, out=t1)", "add(v1, t1, out=v1)"]),
    "two blocks": (MatMul(blocks, "=", left, right), ["matmul(W1, c1, out=v1)"]),
    "two blocks subtracted": (
        MatMul(blocks, "-=", left, right),
        ["matmul(W1, c1, out=t1)", "subtract(v1, t1, out=v1)"],
    ),
    "two columns and a batch": (
        MatMul(view(BATCHED, 0, 1, 3, 2), "=", W, view(ARGUMENT, 0, 1, 2, 2)),
        ["matmul(W1, x_2x2, out=v1)"],
    ),
    "two terms over the batch": (
        MatMul(gradient, "=", view(BATCHED, 9, 1, 3, 2), view(ARGUMENT, 0, 1, 2, 2)),
        ["matmul(v1, x_T, out=t1)", "add.reduce(t1, 0, None, g_p1)"],
    ),
}


@pytest.mark.parametrize("case", PRODUCTS)
def test_product_of_two_matrices_is_a_dot_and_of_more_a_matmul(case: str):
    """Dot has half the overhead, but takes two axes and a result without gaps."""
    statement, expected = PRODUCTS[case]
    assert lines(statement) == expected


def test_numbers_have_names_and_are_arrays():
    """NumPy takes an array twice as fast as a float; the two zeros are different numbers."""
    x, y = view(UNBATCHED, 0, 4), view(UNBATCHED, 30, 4)
    terms = [(1, (x, number)) for number in (0.0, -0.0, 0.5, 1.0, 2.0, 3.0, np.nan, 3.0)]
    assert bound(Linear(y, "=", tuple(terms))) == [
        "zero = array(0.0)",
        "minus_zero = array(-0.0)",
        "half = array(0.5)",
        "one = array(1.0)",
        "two = array(2.0)",
        "k6 = array(3.0)",
        "k7 = array(nan)",
        "t1 = empty((4))",
    ]


def test_sum_begins_with_a_product_and_not_with_a_minus():
    """So that nothing is copied or negated; one scratch array serves all products."""
    a, b, c, d, e, y = [view(UNBATCHED, 4 * k, 4) for k in range(6)]
    statement = Linear(y, "=", ((-1, (a,)), (1, (b,)), (-1, (a, b)), (1, (c, d)), (1, (d, e))))
    assert lines(statement) == [
        "multiply(v3, v4, out=v6)",
        "multiply(v4, v5, out=t1)",
        "add(v6, t1, out=v6)",
        "add(v6, v2, out=v6)",
        "multiply(v1, v2, out=t1)",
        "subtract(v6, t1, out=v6)",
        "subtract(v6, v1, out=v6)",
    ]
    assert bound(statement) == ["t1 = empty((4))"]


def test_sum_begins_with_two_terms_in_one_call():
    """Or with a difference, without a copy of the first; products are subtracted after them."""
    a, b, y = [view(UNBATCHED, 4 * k, 4) for k in range(3)]
    assert lines(Linear(y, "=", ((1, (a,)), (-1, (b,))))) == ["subtract(v1, v2, out=v3)"]
    assert lines(Linear(y, "=", ((1, (a,)), (1, (b,)), (-1, (a, b))))) == [
        "add(v1, v2, out=v3)",
        "multiply(v1, v2, out=t1)",
        "subtract(v3, t1, out=v3)",
    ]


def test_run_in_another_shape_has_the_shape_in_its_name():
    """Where an operation reads it so."""
    a, b = [Map(view(UNBATCHED, 20, *shape), ops.exp, (view(UNBATCHED, 0, *shape),)) for shape in ((4,), (2, 2))]
    assert lines(a, b) == ["exp(v1, out=v2)", "exp(v1_2x2, out=v2_2x2)"]


def test_function_writes_over_an_operand_that_nobody_needs_any_more():
    """Two scratch arrays for the two branches of gelu, and the third for what is no ufunc."""
    statement = Map(view(BATCHED, 30, 4), ops.gelu, (view(BATCHED, 0, 4),))
    assert lines(statement) == [
        "multiply(half, v1, out=t1)",
        "negative(v1, out=t2)",
        "divide(t2, k2, out=t2)",
        "t3[...] = erfc(t2)",
        "multiply(t1, t3, out=v2)",
    ]
    assert [line for line in bound(statement) if "empty" in line] == [
        f"t{k} = empty((4, batch_size))" for k in (1, 2, 3)
    ]


def test_comparison_with_a_number_is_the_sign_of_a_difference():
    """And of the operand itself where the number is zero."""
    x, y = view(UNBATCHED, 0, 4), view(UNBATCHED, 4, 4)
    assert lines(Map(y, ops.compare, (x, 2.0))) == ["subtract(v1, two, out=v2)", "sign(v2, out=v2)"]
    assert lines(Map(y, ops.compare, (x, 0.0))) == ["sign(v1, out=v2)"]
    assert lines(Map(y, ops.compare, (x, np.inf))) == ["v2[...] = compare(v1, k1)"]


def test_step_is_one_call_and_a_choice_is_two_copies():
    """Without a new array for the result."""
    a, b, y = [view(UNBATCHED, 4 * k, 4) for k in range(3)]
    assert lines(Map(y, ops.step, (a,))) == ["heaviside(v1, zero, out=v2)"]
    assert lines(Map(y, ops.where, (a, b, 2.0))) == [
        "not_equal(v1, zero, out=t1)",
        "copyto(v3, two)",
        "copyto(v3, v2, where=t1)",
    ]


def test_every_statement_may_use_the_same_scratch_space():
    """The program needs as much as its neediest statement, for each shape."""
    x, y = view(UNBATCHED, 0, 4), view(UNBATCHED, 4, 4)
    program = [
        Map(y, ops.silu, (x,)),
        Map(x, ops.silu, (y,)),
        Map(view(BATCHED, 4, 4), ops.silu, (view(BATCHED, 8, 4),)),
    ]
    assert bound(*program) == ["t1 = empty((4))", "t2 = empty((4, batch_size))"]


pair, spaced = view(UNBATCHED, 9, 2), view(UNBATCHED, 9, 2, strides=(2,))
matrix, examples, tensor = view(UNBATCHED, 0, 2, 3), view(BATCHED, 0, 2), view(BATCHED, 0, 2, 3)
TOTALS = {
    "rows": (Total(pair, "=", matrix, (1,)), "dot(v2, ones_3, out=v1)"),
    "columns": (Total(pair, "=", view(UNBATCHED, 0, 3, 2), (0,)), "add.reduce(v2, 0, None, v1)"),
    "a vector": (Total(view(UNBATCHED, 9), "=", view(UNBATCHED, 0, 3), (0,)), "add.reduce(v2, 0, None, v1)"),
    "spaced rows": (Total(pair, "=", view(UNBATCHED, 0, 2, 3, strides=(4, 1)), (1,)), "add.reduce(v2, 1, None, v1)"),
    "rows to a spaced vector": (Total(spaced, "=", matrix, (1,)), "add.reduce(v2, 1, None, v1)"),
    "examples": (Total(pair, "=", examples, ()), "dot(v2, ones_of_batch, out=v1)"),
    "spaced examples": (Total(pair, "=", view(BATCHED, 0, 2, strides=(2,)), ()), "add.reduce(v2, 1, None, v1)"),
    "examples to a spaced vector": (Total(spaced, "=", examples, ()), "add.reduce(v2, 1, None, v1)"),
    "examples of a matrix": (Total(view(UNBATCHED, 9, 2, 3), "=", tensor, ()), "add.reduce(v2, 2, None, v1)"),
    "rows and examples": (Total(pair, "=", tensor, (1,)), "add.reduce(v2, (1, 2), None, v1)"),
    "rows of each example": (Total(view(BATCHED, 9, 2), "=", tensor, (1,)), "add.reduce(v2, 1, None, v1)"),
}


@pytest.mark.parametrize("case", TOTALS)
def test_total_is_a_product_with_ones_where_that_is_possible(case: str):
    """Which is faster than a reduction, for a matrix without gaps."""
    statement, expected = TOTALS[case]
    assert lines(statement) == [expected]


def test_ones_are_bound_once_for_each_length():
    """For two sums over three numbers and one over the batch."""
    sums = [Total(view(UNBATCHED, 9 + k, 2), "=", view(UNBATCHED, 0, 2, 3), (1,)) for k in range(2)]
    over_batch = Total(view(UNBATCHED, 20, 2), "=", view(BATCHED, 0, 2), ())
    assert bound(*sums, over_batch) == ["ones_3 = ones(3)", "ones_of_batch = ones(batch_size)"]


u, chosen = view(UNBATCHED, 0, 3), np.array([2, 0, 1])
WHOLE = {
    "take": (Take(view(UNBATCHED, 9, 3), u, chosen), "take(v1, i1, 0, v2, 'clip')"),
    "one number": (Linear(view(UNBATCHED, 9, 3), "=", ((1, (0.0,)),)), "copyto(v1, zero)"),
    "reduce": (Reduce(pair, ops.norm, matrix), "hypot.reduce(v1, 1, None, v2)"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_statement_on_whole_arrays_is_one_line(case: str):
    """With indices that are data and not text."""
    statement, expected = WHOLE[case]
    assert lines(statement) == [expected]
