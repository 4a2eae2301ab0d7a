"""Laws that hold for every row of the table of operations; a new row is a tested row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value, arrays, floats, functions, gradients
from autograd.ops import TABLE
from autograd.testing.expressions import record
from autograd.testing.oracles import derivative
from autograd.testing.references import DIGITS, precisely
from autograd.testing.strategies import ANY_FLOAT, MARGIN, arguments
from tests.rows import (
    EVERY_DERIVATIVE,
    EVERY_OP,
    EVERY_PARTIAL,
    assert_derivative,
    assert_value,
    differentiated,
    drawn,
    last_digits,
)


@EVERY_OP
@given(data=st.data())
def test_value_is_the_independent_function(op: Any, data: st.DataObject) -> None:
    """A row computes the function it is named after, up to rounding of its operands and its result."""
    args = data.draw(drawn(op))
    assert_value(op, args, op.value(floats, *args))


def test_logsumexp_of_zero_and_a_small_term_is_the_small_term() -> None:
    """``log(1 + exp(-40))`` is ``exp(-40)``, as ``softplus(-40)`` and NumPy's ``logaddexp`` have it."""
    assert TABLE["logsumexp"].value(floats, 0.0, -40.0) == pytest.approx(math.exp(-40.0), abs=0.0)


@EVERY_PARTIAL
@given(data=st.data())
def test_partial_is_the_derivative_of_value(op: Any, i: int, data: st.DataObject) -> None:
    """A row's partial is the 50-digit derivative of the independent function, up to rounding of operands and result."""
    args = data.draw(drawn(op))
    place = i if op.arity else data.draw(st.integers(0, len(args) - 1))

    assert_derivative(op, args, place, op.differentiate(floats, op.value(floats, *args), args, [place])[0])


@EVERY_DERIVATIVE
@given(data=st.data())
def test_second_partials_are_the_derivatives_of_the_recorded_partials(op: Any, data: st.DataObject) -> None:
    """A derivative that is recorded can be differentiated: each second partial agrees with 50-digit arithmetic."""
    args = data.draw(arguments(op, margin=MARGIN, largest=4.0))
    i, k = data.draw(st.tuples(*[st.sampled_from(differentiated(op, len(args)))] * 2))
    xs = [Value(x) for x in args]
    slope = gradients(record(op.name, xs), xs[i], create_graph=True)
    f = precisely(op.name)
    with mp.workdps(DIGITS):
        exact = derivative(lambda *a: derivative(f, a, i, MARGIN), args, k, MARGIN * 1e10)
        size = max(abs(exact), abs(mpf(slope.data)), 1)
    assert gradients(slope, xs[k]) == pytest.approx(float(exact), abs=float(1e-10 * size))


@EVERY_OP
@given(data=st.data())
def test_domain_is_where_value_and_partials_are_finite(op: Any, data: st.DataObject) -> None:
    """Inside the domain nothing is nan, and nothing is infinite unless it is too large for a float."""
    args = data.draw(arguments(op, largest=1e60 if op.arity != 1 else 300.0))
    y = op.value(floats, *args)
    assert not math.isnan(y)
    assert not any(map(math.isnan, op.differentiate(floats, y, args, differentiated(op, len(args)))))


ENDS = [
    (op, i, end, side)
    for op in TABLE.values()
    for i, domain in enumerate(op.domain)
    for end, sides in [(domain.low, [1]), (domain.high, [-1]), *((pole, [1, -1]) for pole in domain.poles)]
    for side in sides
    if math.isfinite(end) and op.name not in ("atan2", "hypot", "norm", "where", "step")  # kinks, cuts and jumps
    if not domain.whole  # it ends where no order is
]


@pytest.mark.parametrize(("op", "i", "end", "side"), ENDS, ids=[f"{op.name}-{i} at {end}" for op, i, end, _ in ENDS])
def test_domain_ends_where_the_function_is_singular(op: Any, i: int, end: float, side: int) -> None:
    """Just inside an end or a pole, the value or a derivative exceeds all bounds: no domain is too small."""
    args = [1.0 if domain.whole else 0.5 for domain in op.domain]
    args[i] = end + side * 1e-12
    y = op.value(floats, *args)
    assert max(map(abs, [y, *op.differentiate(floats, y, args, differentiated(op, len(args)))])) > 1e5


KINKS = [(op, kink) for op in TABLE.values() for kink in op.kinks]


@pytest.mark.parametrize(("op", "kink"), KINKS, ids=[f"{op.name} at {kink}" for op, kink in KINKS])
def test_kink_is_where_the_value_or_a_derivative_jumps(op: Any, kink: float) -> None:
    """Just before and just behind it they differ by more than any slope explains."""
    sides = []
    for x in (kink - 1e-12, kink + 1e-12):
        args = [x] + [0.25] * (len(op.domain) - 1)
        y = op.value(floats, *args)
        sides.append([y, *op.differentiate(floats, y, args)])
    assert max(abs(a - b) for a, b in zip(*sides, strict=True)) > 0.5


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity == 1], ids=lambda op: op.name)
@given(x=st.floats(allow_nan=False, allow_infinity=False))
@example(x=math.nextafter(1.0, 2.0))
@example(x=math.nextafter(1.0, 0.0))
@example(x=math.nextafter(-1.0, -2.0))
@example(x=-5e-324)
def test_undefined_value_has_an_undefined_partial(op: Any, x: float) -> None:
    """Where the value is nan the derivative is nan: a finite number would hide the fault."""
    y = op.value(floats, x)
    assert math.isnan(y) <= math.isnan(op.differentiate(floats, y, [x])[0])


@EVERY_OP
@given(data=st.data())
def test_arrays_compute_what_floats_do(op: Any, data: st.DataObject) -> None:
    """A row on NumPy arrays equals the row on floats entry by entry, for every float there is, nan and inf too."""
    count = op.arity or 2 * data.draw(st.integers(1, 2))
    rows = data.draw(st.lists(st.tuples(*[ANY_FLOAT] * count), min_size=1, max_size=4))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    results = [op.value(floats, *row) for row in rows]
    with np.errstate(all="ignore"):
        together = [op.value(arrays, *columns), *op.differentiate(arrays, np.array(results), columns, range(count))]
    for k, row in enumerate(rows):
        alone = [results[k], *op.differentiate(floats, results[k], row, range(count))]
        for a, b in zip(alone, (np.broadcast_to(c, len(rows))[k] for c in together), strict=True):
            assert a == pytest.approx(b, rel=1e-13, abs=last_digits(op), nan_ok=True), (row, alone)


@EVERY_OP
@given(data=st.data())
def test_recorded_partials_are_the_eager_ones_bit_for_bit(op: Any, data: st.DataObject) -> None:
    """The row evaluated on Values gives the numbers it gives on floats."""
    args = data.draw(arguments(op))
    y = record(op.name, [Value(x) for x in args])
    again = op.differentiate(functions, y, y.args, range(len(args)))
    numbers = [float(p.data if isinstance(p, Value) else p) for p in again]
    assert list(map(repr, numbers)) == list(map(repr, y.partials))  # nan beside nan, zeros with their signs
