"""The numbers that the C runtime gives are those of floats, row by row and at every edge."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from mpmath import mp, mpf

import autograd
from autograd import Value, compile, floats, operation, ops
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.c import library
from autograd.testing.references import DIGITS, HIGH_PRECISION
from autograd.value import apply
from tests.compiler.runtime import chain, needs_runtime
from tests.compiler.test_runtime_functions import error, points
from tests.edges import EDGES
from tests.edges.rows import near
from tests.rows import EVERY_OP, SPECIAL


@needs_runtime
@EVERY_OP
def test_row_is_that_of_floats_at_every_special_number(op):
    """Value and derivatives, as the Python back end gives them, up to the roundings of a few functions."""
    arity = op.arity or 2
    leaves = [Value(0.5) for _ in range(arity)]
    tape = record([apply(op, *leaves)], leaves)
    c, python = [compile_tape(tape, kind=kind) for kind in ("c", "python")]
    for row in product(SPECIAL, repeat=arity):
        expected, slopes = python.value_and_grad(row)
        value, found = c.value_and_grad(row)
        for a, b in zip([value, *found], [expected, *slopes], strict=True):
            assert a == pytest.approx(b, rel=1e-14, abs=0.0, nan_ok=True), row


@needs_runtime
@EVERY_OP
def test_row_with_constants_is_that_of_floats(op):
    """Each operand in turn is a number of the program, which may be simplified by it."""
    arity = op.arity or 2
    for k, constant in product(range(arity), [0.0, -0.0, 1.0, 2.0, 3.0, -1.0, 0.5, np.inf]):
        leaf = Value(0.75)
        operands = [leaf] * arity
        operands[k] = constant
        tape = record([apply(op, *operands) + leaf], [leaf])
        for x in (0.75, 0.0, np.nan):
            expected = op.value(floats, *[constant if j == k else x for j in range(arity)]) + x
            found = compile_tape(tape, kind="c").value([x])
            assert found == pytest.approx(expected, rel=1e-14, abs=0.0, nan_ok=True), (k, constant, x)


@needs_runtime
@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_edge_is_that_of_the_engine(f, operands, value, gradient):
    """At kinks, poles and where numbers overflow; the rule of the zero adjoint among them."""
    leaves = [Value(x) for x in operands]
    tape = record([f(*leaves)], leaves)
    found, slopes = compile_tape(tape, kind="c").value_and_grad(operands)
    assert (found, *slopes) == (near(value), *map(near, gradient))


@needs_runtime
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 9, 30])
def test_sum_of_any_shape(n):
    """Products, what is added and what is subtracted, in numbers that have an operation of their own and others."""
    rng = np.random.default_rng(n)
    leaves = [Value(x) for x in rng.normal(size=n)]
    for products, plus, minus, sign in product((0, 1, 2, 3, n), (0, 1, n), (0, 1, n), (1, -1)):
        pick = lambda k: leaves[k % n]
        terms = [sign * (pick(k) * pick(k + 1)) for k in range(products)] + [pick(k) for k in range(plus)]
        if not terms and not minus:
            continue
        root = autograd.sum(terms) if terms else 0.0
        for k in range(minus):
            root = root - pick(2 * k)
        root = root + 0.0 * leaves[0]
        program = compile_tape(record([root], leaves), kind="c")
        assert np.isclose(program.value([leaf.data for leaf in leaves]), root.data, rtol=1e-13, atol=1e-13)


@needs_runtime
@pytest.mark.parametrize("name", ["norm", "logsumexp"])
def test_reduction_is_within_a_unit_and_a_half_in_the_last_place_of_the_largest(name):
    """Of any length; of numbers whose squares and exponentials overflow, and of such that are next to nothing."""
    rng = np.random.default_rng(0)
    reduction, exact = getattr(autograd, name), HIGH_PRECISION[name]
    rows = [rng.normal(size=n) * size for n in (1, 2, 4, 5, 9, 40) for size in (1e-300, 1e-3, 1.0, 30.0, 1e300)]
    rows += [np.array([0.0, -x, -x - 1.0]) for x in (1.0, 37.0, 600.0, 700.0, 720.0, 744.0, 800.0, 1e200)]
    for x in rows:
        leaves = [Value(e) for e in x]
        found = compile_tape(record([reduction(leaves)], leaves), kind="c").value(x)
        with mp.workdps(400):
            expected = exact(*map(mpf, x.tolist()))
            unit = max(math.ulp(float(expected)), math.ulp(float(max(x))) if name == "logsumexp" else 0.0)
            assert abs(mpf(found) - expected) <= 1.5 * unit, (x, found)


@needs_runtime
def test_numbers_that_stand_alone_are_within_a_unit_and_a_half_in_the_last_place():
    """A tape has its own way to some functions, for it has no others beside them."""
    leaf = Value(0.5)
    for name in ("exp", "sigmoid", "softplus"):
        value = compile_tape(record([apply(ops.TABLE[name], leaf)], [leaf]), kind="c").value
        numbers = [x for x in points(name, np.random.default_rng(1)).tolist() if x < 709.0]
        with mp.workdps(DIGITS):
            worst = max((error(value([x]), HIGH_PRECISION[name](mpf(x))), x) for x in numbers)
        assert worst[0] <= 1.5, (name, worst)


@needs_runtime
@pytest.mark.parametrize("exponent", [2.0, 3.0, -1.0, 0.5, -2.0, 7.0, 1e-3, -0.1])
def test_power_with_a_constant_exponent_is_within_a_unit_and_a_half_in_the_last_place(exponent):
    """Some are products and quotients."""
    leaf = Value(0.5)
    value = compile_tape(record([leaf**exponent], [leaf]), kind="c").value
    reach = min(abs(1000.0 / exponent), 1022.0)
    numbers = np.exp2(np.random.default_rng(0).uniform(-reach, reach, 500)).tolist()
    numbers += points("log", np.random.default_rng(1)).tolist()
    with mp.workdps(DIGITS):
        worst = max((error(value([x]), mpf(x) ** mpf(exponent)), x) for x in numbers if x > 0.0)
    assert worst[0] <= 1.5, worst


@needs_runtime
def test_every_function_that_a_row_may_call_is_there():
    """One that were not would be found out only when it is called."""
    assert {*floats.__all__} <= library().codes.keys()


@needs_runtime
def test_operation_of_the_users_own_runs():
    """It is written over the functions that the runtime has."""
    leaves = [Value(0.3), Value(2.0)]
    root = swing(leaves[0], leaves[1]) * leaves[1]
    program = compile_tape(record([root], leaves), kind="c")
    value, slopes = program.value_and_grad([0.3, 2.0])
    root.backward()
    assert np.isclose(value, root.data, rtol=1e-15)
    assert np.allclose(slopes, [leaf.grad for leaf in leaves], rtol=1e-14)


@operation(lambda m, y, a, b: b * m.cos(a), lambda m, y, a, b: m.sin(a))
def swing(m, a, b):
    """``b sin(a)``."""
    return b * m.sin(a)


@needs_runtime
def test_derivatives_of_any_order_are_programs():
    """Gradient, Jacobian and Hessian of a function that runs in C."""
    x = [0.3, -0.7, 1.1]
    fast = compile(chain)
    fast.value_and_grad(x)
    assert fast.stats.kind == "c"
    assert np.allclose(fast.value_and_grad(x)[1], autograd.grad(chain)(x), rtol=1e-12)
    assert np.allclose(autograd.hessian(fast)(x), autograd.hessian(chain)(x), rtol=1e-10)
    both = compile(lambda x: [chain(x), chain(x, 50)])
    expected = autograd.jacobian(lambda x: [chain(x), chain(x, 50)])(x)
    assert np.allclose(autograd.jacobian(both)(x), expected, rtol=1e-12)
