"""Laws that hold for every row of the table of operations; a new row is a tested row."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from mpmath import mp, mpf

from autograd import Value, arrays, floats, functions, gradients
from autograd.op import REAL
from autograd.ops import TABLE
from autograd.testing.expressions import record
from autograd.testing.oracles import EPSILON, TINY, derivative
from autograd.testing.references import DIGITS, NAMESPACE, precisely
from autograd.testing.strategies import ANY_FLOAT, DIFFERENTIABLE, MARGIN, arguments, room, tie_distance

EVERY_OP = pytest.mark.parametrize("op", TABLE.values(), ids=list(TABLE))
EVERY_DERIVATIVE = pytest.mark.parametrize("op", DIFFERENTIABLE, ids=lambda op: op.name)
PLACES = [(op, i) for op in DIFFERENTIABLE for i, domain in enumerate(op.domain) if not domain.whole]
EVERY_PARTIAL = pytest.mark.parametrize(("op", "i"), PLACES, ids=[f"{op.name}-{i}" for op, i in PLACES])


def differentiated(op: Any, count: int) -> list[int]:
    """The places of operands that there is a derivative with respect to: of all but orders."""
    return [k for k, domain in enumerate(op.domain if op.arity else op.domain * count) if not domain.whole]


#: Units in the last place allowed for an operation's own rounding, in its operands and its result.
ULPS = 8


def drawn(op: Any) -> SearchStrategy[list[float]]:
    """Operands from the domain that cannot overflow on the way to a result that does not."""
    if op.name in ("prod", "dot"):
        return arguments(op, largest=1e75)  # factors are multiplied one after the other
    if op.name == "pow":
        return arguments(op, margin=1e-300)  # b * a**(b - 1), where 1 / a is still a float
    if op.name == "mills":
        return arguments(op, largest=1e4)  # below 0 it grows by exp(a**2 / 2), for which even exponents are too short
    return arguments(op)


def precise_room(op: Any, args: list[float]) -> float:
    """Distance from ``args`` to the nearest point without a derivative."""
    domains = op.domain if op.arity else op.domain * len(args)
    nearest = min(room(x, domain) for x, domain in zip(args, domains, strict=True))
    nearest = min(nearest, room(args[0], REAL, op.kinks))
    return min(nearest, tie_distance(args)) if op.ties else nearest


def agrees(actual: float, exact: mpf, slack: mpf, args: list[mpf]) -> bool:
    """Whether a float is within ``slack`` of the exact number; beyond the largest float, infinity is right.

    Something on the way may have been rounded among the subnormal numbers, and multiplied by an operand since.
    """
    if math.isinf(actual):
        return actual * exact > 0 and abs(exact) + slack >= sys.float_info.max
    return abs(actual - exact) <= slack + 4 * TINY * mp.fprod(1 + abs(x) for x in args)


def last_digits(op: Any) -> float:
    """What an operation may lose near a result of 0, whatever its size."""
    return ULPS * EPSILON if op.name == "logsumexp" else 1e-300


def rounding(f: Any, inputs: list[mpf]) -> mpf:
    """How far the result may be when every input and the result itself are off by ``ULPS`` units in the last place."""
    nudge = mpf(10) ** -25  # less than the distance from any float to the next
    y = f(*inputs)
    moved = [f(*inputs[:k], x * (1 + nudge), *inputs[k + 1 :]) for k, x in enumerate(inputs)]
    return ULPS * (ulp(y) * abs(y) + sum(ulp(x) * abs(z - y) / nudge for x, z in zip(inputs, moved, strict=True)))


def ulp(x: mpf) -> mpf:
    """A unit in the last place, as a fraction of ``x``: more among the subnormal numbers."""
    return max(mpf(EPSILON), mpf(TINY) / abs(x)) if x else mpf(0)


@EVERY_OP
@given(data=st.data())
def test_value_is_the_independent_function(op: Any, data: st.DataObject) -> None:
    """A row computes the function it is named after, up to rounding of its operands and its result."""
    args = data.draw(drawn(op))
    f = precisely(op.name)
    with mp.workdps(DIGITS):
        inputs = [mpf(x) for x in args]
        assert agrees(op.value(floats, *args), f(*inputs), rounding(f, inputs) + last_digits(op), inputs)


def test_logsumexp_of_zero_and_a_small_term_is_the_small_term() -> None:
    """``log(1 + exp(-40))`` is ``exp(-40)``, as ``softplus(-40)`` and NumPy's ``logaddexp`` have it."""
    assert TABLE["logsumexp"].value(floats, 0.0, -40.0) == pytest.approx(math.exp(-40.0), abs=0.0)


@EVERY_PARTIAL
@given(data=st.data())
def test_partial_is_the_derivative_of_value(op: Any, i: int, data: st.DataObject) -> None:
    """A row's partial is the 50-digit derivative of the independent function, up to rounding of operands and result."""
    args = data.draw(drawn(op))
    place = i if op.arity else data.draw(st.integers(0, len(args) - 1))

    def partial(y: mpf, *xs: mpf) -> mpf:
        return mpf(op.differentiate(NAMESPACE, y, xs, [place])[0])

    f = precisely(op.name)
    actual = op.differentiate(floats, op.value(floats, *args), args, [place])[0]
    with mp.workdps(DIGITS):
        inputs = [mpf(x) for x in args]
        exact = derivative(f, inputs, place, precise_room(op, args))
        slack = rounding(partial, [f(*inputs), *inputs])
        if op is TABLE["pow"] and place == 0:
            slack += EPSILON * abs(exact * mp.log(inputs[0]))  # of the exponent b - 1
        assert agrees(actual, exact, slack, inputs)


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
