"""What a Value is as a number: always a float, IEEE 754 throughout, ordered by its data, equal only to itself."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, floats
from autograd.testing.expressions import OPERATORS
from autograd.testing.strategies import ANY_FLOAT, MODERATE

ARITHMETIC = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv}
RELATIONS = [operator.lt, operator.le, operator.gt, operator.ge]


def bits(x: float) -> str:
    """All there is to a float: its sign, its digits, and nan without its payload."""
    return float.hex(x)


# ── Data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (2, 2.0),
        (True, 1.0),
        (-0.0, -0.0),
        (Fraction(1, 4), 0.25),
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.float16(0.5), 0.5),
        (np.int8(-3), -3.0),
        (np.uint64(2**63), 2.0**63),
        (np.bool_(True), 1.0),
        (np.array(1.5), 1.5),
        (2**53 + 1, 2.0**53),
    ],
    ids=repr,
)
def test_data_is_a_float_whatever_real_number_came(number: Any, expected: float) -> None:
    """int, bool, Fraction and NumPy's numbers become the nearest float."""
    value = Value(number)
    assert type(value.data) is float
    assert bits(value.data) == bits(expected)


@given(x=ANY_FLOAT)
def test_float_is_taken_as_it_is(x: float) -> None:
    """Every float is a Value, nan and infinities too."""
    assert bits(Value(x).data) == bits(x)


@given(x=ANY_FLOAT, later=st.sampled_from([7, True, Fraction(1, 2), np.float32(3.0)]) | ANY_FLOAT)
def test_data_and_gradient_of_a_leaf_can_be_set(x: float, later: Any) -> None:
    """Assignment converts as the constructor does."""
    leaf = Value(x)
    leaf.data = leaf.grad = later
    assert (type(leaf.data), type(leaf.grad)) == (float, float)
    assert bits(leaf.data) == bits(leaf.grad) == bits(float(later))


def test_new_value_has_no_gradient_and_no_label() -> None:
    """A leaf begins with gradient 0 and the empty label; a label can be given and changed."""
    x = Value(1.0)
    assert (x.grad, x.label, Value(1.0, "x").label, Value(1.0, label="x").label) == (0.0, "", "x", "x")
    x.label = "weight"
    assert x.label == "weight"


# ── Arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ARITHMETIC)
@given(x=ANY_FLOAT, y=ANY_FLOAT.filter(bool))
def test_arithmetic_is_pythons_bit_for_bit(name: str, x: float, y: float) -> None:
    """``+ - * /`` round as Python's floats do, in every combination of Value and number."""
    f = ARITHMETIC[name]
    results = [f(Value(x), Value(y)), f(Value(x), y), f(x, Value(y))]
    assert [bits(r.data) for r in results] == [bits(f(x, y))] * 3


@pytest.mark.parametrize("name", OPERATORS)
@given(data=st.data())
def test_result_is_a_float_and_nothing_is_raised(name: str, data: st.DataObject) -> None:
    """Division by zero, overflow and roots of negative numbers have IEEE results: never complex, never an exception."""
    args = data.draw(st.tuples(*[ANY_FLOAT] * (1 if name in ("neg", "abs") else 2)))
    assert type(OPERATORS[name](*map(Value, args)).data) is float


@given(x=ANY_FLOAT, y=ANY_FLOAT)
def test_division_and_power_are_numpys(x: float, y: float) -> None:
    """Where Python raises or turns complex, NumPy's answer is ours: C99's."""
    with np.errstate(all="ignore"):
        quotient, power = np.float64(x) / np.float64(y), np.float64(x) ** np.float64(y)
    assert bits((Value(x) / Value(y)).data) == bits(float(quotient))
    assert (Value(x) ** Value(y)).data == pytest.approx(power, rel=1e-15, abs=5e-324, nan_ok=True)


@given(x=ANY_FLOAT, n=st.integers(-5, 5), b=st.booleans())
def test_int_and_bool_operands_are_the_floats_they_equal(x: float, n: int, b: bool) -> None:
    """Which type of number stands beside a Value makes no difference."""
    for f in ARITHMETIC.values():
        for k in (n, b, Fraction(n), np.int64(n), np.float64(n)):
            if k or f is not operator.truediv:
                assert bits(f(Value(x), k).data) == bits(f(Value(x), float(k)).data)
                assert bits(f(k, Value(x)).data) == bits(f(float(k), Value(x)).data)


@pytest.mark.parametrize("f", [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow])
def test_assignment_with_an_operator_makes_a_new_value(f: Any) -> None:
    """``y += x`` rebinds ``y``; what others call by the old name is unchanged."""
    y = before = Value(3.0)
    y = f(y, 2.0)
    assert y is not before
    assert before.data == 3.0


def test_plus_sign_is_the_value_itself() -> None:
    """``+x`` makes no node."""
    x = Value(2.0)
    assert +x is x


@given(xs=st.lists(MODERATE, min_size=1, max_size=6))
def test_builtin_sum_and_prod_of_values_work(xs: list[float]) -> None:
    """``sum`` starts from the int 0 and ``math.prod`` from 1; both take Values."""
    values = [Value(x) for x in xs]
    total: Any = 0
    for x in xs:
        total += x
    assert sum(values).data == total  # type: ignore[union-attr]
    assert math.prod(values).data == math.prod(xs)  # type: ignore[union-attr, type-var]


# ── Order, equality, text ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda f: f.__name__)
@given(x=ANY_FLOAT, y=ANY_FLOAT)
def test_order_is_that_of_the_data(relation: Any, x: float, y: float) -> None:
    """``<``, ``<=``, ``>`` and ``>=`` compare numbers, with a Value or a number on either side."""
    expected = relation(x, y)
    assert relation(Value(x), Value(y)) is expected
    assert relation(Value(x), y) is expected
    assert relation(x, Value(y)) is expected


@pytest.mark.parametrize("number", [2, True, Fraction(3, 2), np.float32(1.5), np.int64(2)], ids=repr)
def test_order_takes_every_real_number(number: Any) -> None:
    """What may be an operand may be compared."""
    assert Value(1.0) <= number
    assert number >= Value(1.0)
    assert not Value(9.0) < number


@given(xs=st.lists(st.floats(allow_nan=False), min_size=1))
def test_sorting_and_extremes_go_by_data(xs: list[float]) -> None:
    """``sorted``, ``min`` and ``max`` work on Values as on their numbers."""
    values = [Value(x) for x in xs]
    assert [v.data for v in sorted(values)] == sorted(xs)
    assert (min(values).data, max(values).data) == (min(xs), max(xs))


@given(x=ANY_FLOAT)
def test_equality_is_identity(x: float) -> None:
    """Two Values of the same number are two Values: they live side by side in sets and dicts."""
    a, b = Value(x), Value(x)
    assert a == a
    assert a != b
    assert a != x
    assert len({a, b, a}) == 2
    assert {a: "first", b: "second"}[a] == "first"


@given(x=ANY_FLOAT)
def test_truth_is_that_of_the_number(x: float) -> None:
    """``bool(Value(0.0))`` is False."""
    assert bool(Value(x)) is bool(x)


@given(x=ANY_FLOAT, spec=st.sampled_from([".3f", "g", "+.2e", "10.4f", "%"]))
def test_format_is_that_of_the_number(x: float, spec: str) -> None:
    """A format specification applies to the data."""
    assert format(Value(x), spec) == format(x, spec)


def test_text_shows_data_gradient_and_label() -> None:
    """``repr``, ``str`` and an empty format say what the Value is."""
    x = Value(2.0, label="x")
    x.grad = -0.5
    assert repr(x) == str(x) == f"{x}" == "Value(data=2.0, grad=-0.5, label='x')"
    assert repr(Value(1)) == "Value(data=1.0, grad=0.0)"


@given(a=ANY_FLOAT, b=ANY_FLOAT)
def test_functions_of_values_never_change_their_operands(a: float, b: float) -> None:
    """Operands keep their data, gradient and history through every operator."""
    x, y = Value(a), Value(b)
    for f in ARITHMETIC.values():
        f(x, y)
    assert (bits(x.data), bits(y.data)) == (bits(a), bits(b))
    assert (x.grad, y.grad, x.op, y.op) == (0.0, 0.0, None, None)


@given(a=ANY_FLOAT, b=ANY_FLOAT)
def test_maximum_and_minimum_of_floats_let_nan_through(a: float, b: float) -> None:
    """Unlike Python's own ``max`` and ``min``, which depend on the order of a nan and a number."""
    for ours, numpys in ((floats.maximum, np.maximum), (floats.minimum, np.minimum)):
        assert ours(a, b) == pytest.approx(float(numpys(a, b)), abs=0.0, rel=0.0, nan_ok=True)
