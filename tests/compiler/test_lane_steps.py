"""Fewer steps in lanes give the numbers of those that there were."""

from __future__ import annotations

from functools import reduce
from itertools import count
from math import copysign
from operator import add

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import Value, cos, sin
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.c import library
from autograd.compiler.backends.c.lane_code import encode_lanes
from autograd.compiler.backends.c.lane_groups import AHEAD, grouped
from autograd.compiler.backends.c.lane_pieces import PRODUCTS, in_pieces
from autograd.compiler.backends.c.lane_steps import OVER_EXAMPLES, Counts, Step, merged, sum_of, terms_of

INPUTS = 3
NAMES = ["neg", "mul", "mul", "add", "sub", "maximum", "sin", "cos", "sum", "sum", *OVER_EXAMPLES]


def numbers(steps, inputs):
    """What each result is, and what sums over all examples get; sine and cosine are others that are whole numbers."""
    found, sums = dict(enumerate(inputs)), {}
    functions = {
        "neg": lambda a: -a, "mul": lambda a, b: a * b, "add": lambda a, b: a + b, "sub": lambda a, b: a - b,
        "maximum": max, "sin": lambda a: 3.0 - a, "cos": lambda a: 2.0 * a,
    }  # fmt: skip
    for s in steps:
        x = [found[a] for a in s.operands]
        if s.name in OVER_EXAMPLES:
            sums[s.targets] = tuple(x)
        elif s.name == "sin_and_cos":
            found |= zip(s.targets, [functions[name](*x) for name in ("sin", "cos")], strict=True)
        elif s.name == "dots":
            n, members = s.counts[:2]
            assert len(s.targets) == len(s.signs) == members > 1
            assert len(x) == n * (members + 1)
            for k, (target, signs) in enumerate(zip(s.targets, s.signs, strict=True), 1):
                terms = [
                    a * b * (-1.0 if signs >> j & 1 else 1.0)
                    for j, (a, b) in enumerate(zip(x[:n], x[n * k :][:n], strict=True))
                ]
                found[target] = reduce(add, terms)
        elif s.name == "sum":
            pairs = s.counts.products + s.counts.less
            terms = [x[2 * k] * x[2 * k + 1] for k in range(pairs)] + x[2 * pairs :]
            plus = s.counts.products, s.counts.plus
            signs = [-1.0 if plus[0] <= k < pairs or k >= pairs + plus[1] else 1.0 for k in range(len(terms))]
            found[s.targets[0]] = reduce(add, [sign * term for sign, term in zip(signs, terms, strict=True)])
        else:
            found[s.targets[0]] = functions[s.name](*x)
    return found, sums


@st.composite
def programs(draw):
    """Steps whose operands were there before, and what is wanted of them."""
    steps: list[Step] = []
    there, over = [*range(INPUTS)], INPUTS
    for target in range(INPUTS, INPUTS + draw(st.integers(1, 9))):
        operand = st.sampled_from(there)
        name = draw(st.sampled_from(NAMES))
        if name == "sum":
            terms = st.tuples(st.booleans(), st.one_of(st.tuples(operand), st.tuples(operand, operand)))
            steps.append(sum_of(target, draw(st.lists(terms, min_size=1, max_size=12))))
        else:
            arity = 1 if name in ("neg", "sin", "cos", "batch_sum") else 2
            number = over if name in OVER_EXAMPLES else target  # they are counted by themselves
            steps.append(Step(name, (number,), tuple([draw(operand) for _ in range(arity)])))
        if name in OVER_EXAMPLES:
            over += 1
        else:
            there.append(target)
    return steps, draw(st.lists(st.sampled_from(there), max_size=3))


@given(
    program=programs(),
    inputs=st.lists(st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0]), min_size=INPUTS, max_size=INPUTS),
)
def test_fewer_steps_give_the_same_whole_numbers(program, inputs):
    """And the same zeros: whatever the order, a sum is -0.0 only if all its terms are."""
    steps, wanted = program
    few = grouped(in_pieces(merged(steps, wanted), count(1000).__next__))
    assert all(len(terms_of(s)) <= 1 + PRODUCTS for s in few)
    (before, sums), (after, sums_after) = numbers(steps, inputs), numbers(few, inputs)
    assume(all(abs(x) < 2.0**50 for x in before.values()))
    shown = lambda x: (x, copysign(1.0, x))
    assert [shown(before[a]) for a in wanted] == [shown(after[a]) for a in wanted]
    assert {k: [*map(shown, x)] for k, x in sums.items()} == {k: [*map(shown, x)] for k, x in sums_after.items()}


@given(program=programs())
def test_nothing_is_computed_that_nothing_reads(program):
    steps, wanted = program
    found = merged(steps, wanted)
    read = {*wanted, *[a for s in found for a in s.operands]}
    assert all(s.name in OVER_EXAMPLES or read & {*s.targets} for s in found)
    assert len(found) <= len(steps)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # a b - c d, from two products and a difference
        (
            [Step("mul", (3,), (0, 1)), Step("mul", (4,), (1, 2)), Step("sub", (5,), (3, 4))],
            [Step("sum", (5,), (0, 1, 1, 2), Counts(1, 1))],
        ),
        # -(a b)
        ([Step("neg", (3,), (0,)), Step("mul", (5,), (3, 1))], [Step("sum", (5,), (0, 1), Counts(less=1))]),
        ([Step("mul", (3,), (0, 1)), Step("neg", (5,), (3,))], [Step("sum", (5,), (0, 1), Counts(less=1))]),
        # -a b + c, of which the product has no step of its own
        (
            [Step("neg", (3,), (0,)), Step("mul", (4,), (3, 1)), Step("add", (5,), (4, 2))],
            [Step("sum", (5,), (0, 1, 2), Counts(less=1, plus=1))],
        ),
        # -a * -b
        (
            [Step("neg", (3,), (0,)), Step("neg", (4,), (1,)), Step("mul", (5,), (3, 4))],
            [Step("mul", (5,), (0, 1))],
        ),
        # a product that two read is computed once
        (
            [Step("mul", (3,), (0, 1)), Step("add", (4,), (3, 2)), Step("sub", (5,), (4, 3))],
            [
                Step("mul", (3,), (0, 1)), Step("sum", (4,), (3, 2), Counts(plus=2)),
                Step("sum", (5,), (4, 3), Counts(plus=1, minus=1)),
            ],
        ),
    ],
)  # fmt: skip
def test_few_steps_do_it(steps, expected):
    assert merged(steps, [5]) == expected


def test_sums_that_share_factors_are_one_step_where_the_last_of_their_operands_is_there():
    """A step does not wait for another, and does not go before what it reads."""
    turned = [sum_of(3, [(False, (0, 1)), (True, (2, 1))]), sum_of(4, [(False, (0, 2)), (False, (1, 2))])]
    (step,) = grouped(turned)
    assert (step.targets, step.counts[:2]) == ((3, 4), (2, 2))
    apart = [sum_of(3, [(False, (0, 0)), (True, (1, 1))]), sum_of(4, [(False, (0, 2)), (False, (2, 2))])]
    assert grouped(apart) == apart
    later = [
        Step("mul", (3,), (0, 1)),
        Step("maximum", (4,), (3, 1)),
        Step("mul", (5,), (0, 4)),
        Step("mul", (6,), (0, 2)),
    ]
    assert [s.targets for s in grouped(later)] == [(3, 6), (4,), (5,)]
    # Sum 3 over the examples is not result 3.
    counted = [
        Step("mul", (4,), (0, 1)),
        Step("batch_sum", (3,), (0,)),
        Step("mul", (5,), (1, 2)),
        Step("neg", (3,), (5,)),
    ]
    counted.append(Step("mul", (6,), (1, 3)))
    assert [s.targets for s in grouped(counted)] == [(4, 5), (3,), (3,), (6,)]
    counted = [
        Step("batch_sum", (3,), (0,)),
        Step("mul", (4,), (0, 1)),
        Step("neg", (3,), (4,)),
        Step("mul", (6,), (1, 3)),
    ]
    assert [s.targets for s in grouped(counted)] == [(3,), (4,), (3,), (6,)]
    between = [Step("maximum", (5 + k,), (0, k)) for k in range(AHEAD)]
    far = [Step("mul", (3,), (0, 1)), *between, Step("mul", (4,), (0, 2))]
    assert grouped(far) == far
    assert len(grouped([far[0], *between[1:], far[-1]])) == AHEAD


def test_long_sum_takes_each_term_as_soon_as_it_is_there():
    """So that nothing waits for the others."""
    results = [Step("maximum", (10 + k,), (0, 1)) for k in range(9)]
    whole = sum_of(5, [(False, (2, 10 + k)) for k in reversed(range(9))])
    found = in_pieces([*results, whole], count(30).__next__)
    assert [s.targets[0] for s in found] == [10, 11, 12, 13, 30, 14, 15, 16, 17, 31, 18, 5]
    assert [s.counts for s in found if s.name == "sum"] == [Counts(4), Counts(4, plus=1), Counts(1, plus=1)]


needs_runtime = pytest.mark.skipif(library() is None, reason="there is no C runtime here")


@needs_runtime
def test_sine_and_cosine_of_a_number_are_found_together():
    """With the bits that each has alone, near and far; and where either of them goes into the slot of the number."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=200), rng.choice([0.0, -0.0, 1e5, 1e7, 1e300, np.inf, np.nan], 100)])
    rng.shuffle(X)
    x = Value(1.0)
    run = lambda roots: compile_tape(record(roots, [], [], [[x]]), [("x", ())], None, "lanes")
    both = run([sin(x), cos(x)])
    assert [len(encode_lanes(p.body, library(), False).operations) for p in (both, run([sin(x)]))] == [1, 1]
    with np.errstate(invalid="ignore"):
        alone = [run([f(x)]).value([], X)[:, 0] for f in (sin, cos)]
        assert both.value([], X).tobytes() == np.stack(alone, axis=1).tobytes()


@needs_runtime
@pytest.mark.parametrize("n", [1, 8, 31, 32, 64, 200])
def test_sums_that_share_factors_give_the_numbers_of_each_alone(n):
    """All signs of one to three products; and results that go where nothing is read any more, again and again."""
    x = [Value(1.0) for _ in range(7)]
    sums = [
        autograd.sum([(-1.0 if signs >> k & 1 else 1.0) * x[k] * x[3 + (k + shift) % 4] for k in range(products)])
        for products in (1, 2, 3) for signs in range(2**products) for shift in range(4)
    ]  # fmt: skip
    a, b = x[0], x[1]
    for _ in range(6):
        a, b = a * x[2] - b * x[3], a * x[3] + b * x[2]
    X = np.random.default_rng(n).integers(-9, 10, size=(n, 7)).astype(float)  # sums of whole numbers are exact
    run = lambda roots: compile_tape(record(roots, [], [], [x]), [("x", (7,))], None, "lanes")
    together = run([*sums, a, b])
    names = library().lanes
    assert (encode_lanes(together.body, library(), False).operations["operation"] == names["dots"]).sum() >= 6
    found = together.value([], X)
    for k, root in enumerate(sums):
        assert np.array_equal(found[:, k], run([root]).value([], X)[:, 0])
    c, s = X[:, 0], X[:, 1]
    for _ in range(6):
        c, s = c * X[:, 2] - s * X[:, 3], c * X[:, 3] + s * X[:, 2]
    assert np.array_equal(found[:, -2:], np.stack([c, s], axis=1))
