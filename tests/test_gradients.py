"""Gradients of random expressions, proved by independent ways to a derivative."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, gradients
from autograd.ops import TABLE
from autograd.testing import exact
from autograd.testing.expressions import IMPORTS, Expression
from autograd.testing.oracles import absolute_gradient, complex_step, finite_difference, hessian, high_precision
from autograd.testing.references import COMPLEX
from autograd.testing.strategies import expressions

ANALYTIC = [op for op in TABLE.values() if op.name in COMPLEX]
RATIONAL = [op for op in TABLE.values() if op.name in exact.RATIONAL]
POLYNOMIAL = [TABLE[name] for name in ("add", "sub", "mul", "neg", "square", "sum", "prod", "dot")]

#: These prove every gradient of every expression; they may take longer than other tests.
THOROUGH = settings(max_examples=4 * settings.default.max_examples)

INTEGERS = st.integers(-3, 3).map(float)


def backward(expression: Expression) -> tuple[Value, list[Value]]:
    """Root and leaves of a expression after ``backward()``."""
    leaves, root = expression.record()
    root.backward()
    return root, leaves


@THOROUGH
@given(expression=expressions())
def test_value_and_gradient_equal_fifty_digit_arithmetic(expression: Expression) -> None:
    """Value and gradient are right to ten digits of what is added up in them."""
    root, leaves = backward(expression)
    value, gradient = high_precision(expression)
    scales = absolute_gradient(root, leaves)
    assert abs(root.data - value) <= 1e-10 * abs(value) + 1e-12 * (1 + sum(scales))
    for leaf, derivative, scale in zip(leaves, gradient, scales, strict=True):
        assert abs(leaf.grad - derivative) <= 1e-10 * scale + 1e-13


@THOROUGH
@given(expression=expressions(max_leaves=2, max_steps=8))
def test_gradient_lies_within_the_error_bound_of_finite_differences(expression: Expression) -> None:
    """Each gradient is as near its finite difference as step, curvature and rounding allow."""
    root, leaves = backward(expression)
    for i, (leaf, scale) in enumerate(zip(leaves, absolute_gradient(root, leaves), strict=True)):
        estimate = finite_difference(expression, i)
        assert abs(leaf.grad - estimate.value) <= estimate.bound + 1e-12 * scale


@THOROUGH
@given(expression=expressions(ANALYTIC))
def test_gradient_equals_the_complex_step(expression: Expression) -> None:
    """Each gradient is the imaginary part of the expression at a leaf moved off the real line."""
    root, leaves = backward(expression)
    for i, (leaf, scale) in enumerate(zip(leaves, absolute_gradient(root, leaves), strict=True)):
        assert abs(leaf.grad - complex_step(expression, i)) <= 1e-10 * scale + 1e-13


@THOROUGH
@given(expression=expressions(RATIONAL))
def test_chain_rule_in_fractions_equals_dual_numbers_exactly(expression: Expression) -> None:
    """The engine's graph, table and chain rule, run on fractions, give the exact derivative: no tolerance."""
    assert exact.backward(expression) == exact.forward(expression)


@THOROUGH
@given(expression=expressions(POLYNOMIAL, leaves=INTEGERS, constants=INTEGERS))
def test_gradient_of_whole_numbers_is_exact(expression: Expression) -> None:
    """Where floats do not round, ``backward()`` gives the exact derivative: no tolerance."""
    _, leaves = backward(expression)
    assert [leaf.grad for leaf in leaves] == exact.forward(expression)


@given(expression=expressions(max_leaves=2, max_steps=6))
def test_hessian_equals_fifty_digit_arithmetic(expression: Expression) -> None:
    """Derivatives of recorded derivatives are the second derivatives."""
    leaves, root = expression.record()
    slopes = gradients(root, leaves, create_graph=True)
    rows = [gradients(slope, leaves) for slope in slopes]
    for slope, row, expected in zip(slopes, rows, hessian(expression), strict=True):
        scales = absolute_gradient(slope, leaves)
        assert row == [
            pytest.approx(float(x), rel=1e-12, abs=1e-10 * scale + 1e-12)
            for x, scale in zip(expected, scales, strict=True)
        ]


@given(expression=expressions(max_leaves=3, max_steps=6))
def test_hessian_is_symmetric(expression: Expression) -> None:
    """The order of two differentiations does not matter."""
    leaves, root = expression.record()
    slopes = gradients(root, leaves, create_graph=True)
    rows = [gradients(slope, leaves) for slope in slopes]
    sizes = [absolute_gradient(slope, leaves) for slope in slopes]
    for i in range(len(leaves)):
        for k in range(i):
            assert abs(rows[i][k] - rows[k][i]) <= 1e-10 * (sizes[i][k] + sizes[k][i]) + 1e-13


@given(expression=expressions())
def test_printed_program_is_the_program(expression: Expression) -> None:
    """What a failing test prints can be pasted, and computes the same value and gradients."""
    root, leaves = backward(expression)
    pasted: dict[str, Value] = {}
    exec(f"{IMPORTS}; {expression!r}", pasted)  # the line a reader would paste
    again = list(pasted.values())[-1]
    again.backward()
    assert again.data == root.data
    assert [pasted[f"x{k}"].grad for k in range(len(leaves))] == [leaf.grad for leaf in leaves]


def test_backward_takes_no_gradient_as_pytorchs_does():
    """It was taken for ``check`` once, and the derivatives came without that factor."""
    with pytest.raises(TypeError, match="takes 1 positional argument"):
        Value(1.0).backward(2.0)
