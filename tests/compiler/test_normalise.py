"""Pass 2: sums of products are found and what is computed twice is merged; one law for all of it, then its listing."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, dot, exp, floats, logsumexp, prod, tanh, where
from autograd.compiler import record
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Normal, Sum, Terms
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.tape import CONSTANT

# Four parameters, two other numbers and three of an example.
LEAVES = {"w0": 2.0, "w1": 3.0, "w2": 5.0, "w3": 7.0, "u0": -2.0, "u1": 1.0, "x0": -1.0, "x1": 4.0, "x2": 0.0}


def normal(f) -> tuple[Normal, list[float]]:
    """The normalised program of a function of those, and its results."""
    w, u, x = ([Value(LEAVES[name]) for name in LEAVES if name[0] == kind] for kind in "wux")
    results = f(w, u, x)
    results = results if isinstance(results, list) else [results]
    return normalise(record(results, w, u, [x])).out, [r.data if isinstance(r, Value) else r for r in results]


def run(program: Normal) -> list[float]:
    """The results of a normalised program, by the definition of a sum and the rows of the table."""
    values = list(LEAVES.values())

    def number(a: int) -> float:
        return values[a] if a >= 0 else program.constants[-1 - a]

    for op, args in list(zip(program.ops, program.args, strict=True))[len(LEAVES) :]:
        if isinstance(args, Sum):
            products = sum([number(a) * number(b) for a, b in zip(args.left, args.right, strict=True)])
            others = sum(map(number, args.plus)) - sum(map(number, args.minus))
            values.append((-products if args.negative else products) + others)
        else:
            values.append(op.value(floats, *map(number, args)))
    return [number(a) for a in program.outputs]


def combine(kind, a, b, c):
    return {
        "add": lambda: a + b, "subtract": lambda: a - b, "multiply": lambda: a * b, "negate": lambda: -a,
        "sum": lambda: autograd.sum([a, b, c, 1.0]), "dot": lambda: dot([a, b, 2.0], [c, 3.0, b]),
        "product": lambda: prod([a, 2.0, b]), "shift": lambda: a + 1.0, "scale": lambda: -1.0 * a,
        "choose": lambda: where(1.0, a, b), "choose the other": lambda: where(0.0, b, 2.0), "nothing": lambda: a - a,
    }[kind]()  # fmt: skip


KINDS = [
    "add", "add", "subtract", "subtract", "multiply", "multiply", "negate", "sum", "dot", "product", "shift", "scale",
    "choose", "choose the other", "nothing",
]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), max_size=14
)


@given(steps=STEPS, results=st.lists(st.integers(0, 4), min_size=1, max_size=3))
def test_normalising_changes_no_number(steps, results):
    """On polynomials of whole numbers, where no sum is rounded; the newest nodes are the results."""

    def f(w, u, x):
        nodes = [*w, *u, *x]
        for kind, *operands in steps:
            made = combine(kind, *[nodes[-1 - k % len(nodes)] for k in operands])
            if abs(made if isinstance(made, float) else made.data) < 2.0**40:
                nodes.append(made)
        return [nodes[-1 - k] for k in results]

    program, expected = normal(f)
    assert run(program) == expected
    entries = list(zip(program.ops, program.args, strict=True))[len(LEAVES) :]
    assert len(set(entries)) == len(entries)  # nothing is computed twice
    assert all(len(a.left) + len(a.plus) + len(a.minus) > 1 for _, a in entries if isinstance(a, Sum))
    assert program.sizes[CONSTANT] == len(program.constants) == len({c.hex() for c in program.constants})


def listed(f) -> str:
    """The listing of the operations and results, with names for the leaves, in one line."""
    text = "; ".join(str(normal(f)[0]).splitlines()[len(LEAVES) :])
    names = list(LEAVES)
    return re.sub(r"%(\d+)", lambda m: names[int(m[1])] if int(m[1]) < len(names) else m[0], text)


LISTINGS = {
    # Sums and what is below them.
    "chain": (lambda w, u, x: w[0] + w[1] - w[2] + 2.0 - 0.5, "%9 = + w0 + w1 + 1.5 - w2; return %9"),
    "negated": (lambda w, u, x: -(w[0] - (w[1] - w[2])), "%9 = + w1 - w2 - w0; return %9"),
    "twice negated": (lambda w, u, x: (lambda s: -s)(-(w[0] + w[1])), "%9 = + w0 + w1; return %9"),
    "longer first": (
        lambda w, u, x: (w[0] + w[1]) - (w[2] + w[3] + u[0]),
        "%9 = + w0 + w1 - w2 - w3 - u0; return %9",
    ),
    "as long": (lambda w, u, x: (w[0] - w[1]) - (w[2] - w[3]), "%9 = + w0 + w3 - w1 - w2; return %9"),
    "autograd.sum": (
        lambda w, u, x: autograd.sum([w[0], 1.0, w[1] * x[0], w[2] - w[3]]),
        "%9 = + w1*x0 + w0 + w2 + 1 - w3; return %9",
    ),
    "products": (lambda w, u, x: w[0] * x[0] + w[1] * x[1] + u[0], "%9 = + w0*x0 + w1*x1 + u0; return %9"),
    "products subtracted": (lambda w, u, x: u[0] - w[0] * x[0] - w[1] * x[1], "%9 = - w0*x0 - w1*x1 + u0; return %9"),
    "products of both signs": (
        lambda w, u, x: w[0] * x[0] - w[1] * x[1] - w[2] * x[2],
        "%9 = mul(w1, x1); %10 = mul(w2, x2); %11 = + w0*x0 - %9 - %10; return %11",
    ),
    "dot": (lambda w, u, x: w[3] + dot(w[:2], x[:2]), "%9 = + w0*x0 + w1*x1 + w3; return %9"),
    "dot subtracted": (lambda w, u, x: w[3] - dot(w[:2], x[:2]), "%9 = - w0*x0 - w1*x1 + w3; return %9"),
    "dot of sums": (
        lambda w, u, x: dot([w[0] + w[1], w[2]], [x[0], x[1]]),
        "%9 = + w0 + w1; %10 = + %9*x0 + w2*x1; return %10",
    ),
    "dot of numbers": (
        lambda w, u, x: dot([w[0], 2.0, 3.0], [x[0], 5.0, 7.0]) - dot([w[1], 2.0], [x[1], 5.0]),
        "%9 = mul(w1, x1); %10 = + w0*x0 + 21 - %9; return %10",
    ),
    # What has one term is no sum.
    "a product alone": (lambda w, u, x: dot(w[:1], x[:1]), "%9 = mul(w0, x0); return %9"),
    "a product less nothing": (lambda w, u, x: 0.0 + w[0] * x[0], "%9 = mul(w0, x0); return %9"),
    "a product negated": (lambda w, u, x: -(w[0] * x[0]), "%9 = mul(w0, x0); %10 = neg(%9); return %10"),
    "a number negated": (lambda w, u, x: -w[0], "%9 = neg(w0); return %9"),
    "a number": (lambda w, u, x: 0.0 + (w[0] - 0.0), "return w0"),
    "nothing": (lambda w, u, x: where(1.0, 0.0, w[0]) + where(0.0, w[0], -0.0), "return 0"),
    "constants": (lambda w, u, x: 3.0 - where(1.0, 2.0, w[0]), "return 1"),
    # One use, and that in a sum; else it is computed by itself.
    "sum used twice": (
        lambda w, u, x: (lambda s: (s + w[2]) * (s + w[3]))(w[0] + w[1]),
        "%9 = + w0 + w1; %10 = + %9 + w2; %11 = + %9 + w3; %12 = mul(%10, %11); return %12",
    ),
    "product used twice": (
        lambda w, u, x: (lambda p: p + (p - w[3]))(w[0] * x[0]),
        "%9 = mul(w0, x0); %10 = + %9 + %9 - w3; return %10",
    ),
    "sum that is a result": (
        lambda w, u, x: (lambda s: [s + w[2], s])(w[0] + w[1]),
        "%9 = + w0 + w1; %10 = + %9 + w2; return %10, %9",
    ),
    "sum used twice that is a result": (
        lambda w, u, x: (lambda s: [s + w[2], s + w[3], s])(w[0] + w[1]),
        "%9 = + w0 + w1; %10 = + %9 + w2; %11 = + %9 + w3; return %10, %11, %9",
    ),
    "beside constant results": (
        lambda w, u, x: [1.0, 2.0, 3.0, w[0] * x[0] + w[1]],
        "%9 = + w0*x0 + w1; return 1, 2, 3, %9",
    ),
    "below another operation": (
        lambda w, u, x: tanh(w[0] + w[1]) + tanh(w[0] * w[1]),
        "%9 = + w0 + w1; %10 = tanh(%9); %11 = mul(w0, w1); %12 = tanh(%11); %13 = + %10 + %12; return %13",
    ),
    # Factors in order: constant, parameter, other number, computed, of an example.
    "factors": (
        lambda w, u, x: [w[0] * 2.0, u[0] * w[0], tanh(w[0]) * u[0], x[0] * tanh(w[0]), tanh(x[0]) * tanh(u[0])],
        "%9 = mul(2, w0); %10 = mul(w0, u0); %11 = tanh(w0); %12 = mul(u0, %11); %13 = mul(%11, x0); "
        "%14 = tanh(x0); %15 = tanh(u0); %16 = mul(%15, %14); return %9, %10, %12, %13, %16",
    ),
    "factors in a sum": (
        lambda w, u, x: w[0] * 2.0 + u[0] * w[0] + x[0] * u[0] + u[0] * exp(x[0]) + exp(x[0]) * tanh(w[0]),
        "%9 = exp(x0); %10 = tanh(w0); %11 = + 2*w0 + w0*u0 + u0*x0 + u0*%9 + %10*%9; return %11",
    ),
    "factors of one sort": (
        lambda w, u, x: [w[1] * w[0], u[1] * u[0], x[1] * x[0], exp(x[1]) * x[0], x[1] * exp(x[0])],
        "%9 = mul(w1, w0); %10 = mul(u1, u0); %11 = mul(x1, x0); %12 = exp(x1); %13 = mul(%12, x0); "
        "%14 = exp(x0); %15 = mul(x1, %14); return %9, %10, %11, %13, %15",
    ),
    "reached by an example": (
        lambda w, u, x: [
            exp(w[0] + x[0]) * tanh(w[0]),
            exp(2.0 * w[0] + u[0]) * x[0],
            logsumexp([x[0], w[0]]) * exp(w[0]),
        ],
        "%9 = + w0 + x0; %10 = exp(%9); %11 = tanh(w0); %12 = mul(%11, %10); %13 = + 2*w0 + u0; %14 = exp(%13); "
        "%15 = mul(%14, x0); %16 = logsumexp(x0, w0); %17 = exp(w0); %18 = mul(%17, %16); return %12, %15, %18",
    ),
    # Constants, products of many, choices that are made.
    "times one": (lambda w, u, x: 1.0 * (w[0] * 1.0), "return w0"),
    "folded": (lambda w, u, x: exp(where(1.0, 0.0, w[0])) * tanh(where(0.0, w[0], 0.0) * 2.0) + w[1], "return w1"),
    "chosen": (lambda w, u, x: [where(1.0, w[0], w[1]), where(0.0, w[0], w[1])], "return w0, w1"),
    "not yet chosen": (lambda w, u, x: where(w[0], w[1], 2.0), "%9 = where(w0, w1, 2); return %9"),
    "product of five": (
        lambda w, u, x: prod([w[0], w[1], w[2], w[3], u[0]]),
        "%9 = mul(w0, w1); %10 = mul(w2, %9); %11 = mul(w3, %10); %12 = mul(u0, %11); return %12",
    ),
    "product of many": (
        lambda w, u, x: prod([w[0]] * 17),
        "%9 = mul(w0, w0); %10 = mul(%9, %9); %11 = mul(%10, %10); %12 = mul(%11, %11); %13 = mul(w0, %12); return %13",
    ),
    "product of one": (lambda w, u, x: prod([w[0]]), "return w0"),
    "the same twice": (
        lambda w, u, x: exp(w[0] + w[1]) * exp(w[0] + w[1]) * (w[0] * x[0]) * (x[0] * w[0]),
        "%9 = + w0 + w1; %10 = exp(%9); %11 = mul(%10, %10); %12 = mul(w0, x0); %13 = mul(%11, %12); "
        "%14 = mul(%13, %12); return %14",
    ),
}


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_shows_what_became_of_the_operations(name):
    """One expression, one normal form."""
    f, expected = LISTINGS[name]
    assert listed(f) == expected


def test_listing_begins_with_the_leaves():
    """Where each is found, and in which slot."""
    lines = str(normal(lambda w, u, x: w[0])[0]).splitlines()
    places = [*[(0, k) for k in range(4)], (2, 0), (2, 1), *[(3, k) for k in range(3)]]
    assert lines[:-1] == [f"%{i} = place {place}, slot {slot}" for i, (place, slot) in enumerate(places)]


def test_first_leaf_may_be_an_example():
    """What it reaches differs by example, and stands last in a product."""
    w, x = Value(1.0), Value(2.0)
    program = normalise(record([exp(x) * tanh(w)], [], [], [[x]])).out
    assert str(program).splitlines()[1:] == [
        "%1 = exp(%0)", "%2 = place 2, slot 0", "%3 = tanh(%2)", "%4 = mul(%3, %1)", "return %4",
    ]  # fmt: skip


def test_sum_of_nothing_is_zero():
    """As where nothing contributes to an adjoint."""
    builder = Builder([], [0, 0, 0])
    assert builder.number(builder.sum(Terms())) == 0.0
    assert builder.out.ops == []


def test_constants_made_on_the_way_are_kept_by_all_of_their_bits():
    """Sums of infinities are nan, and 0 - 0 is no -0."""
    program, _ = normal(
        lambda w, u, x: [w[0] + math.inf - math.inf, where(1.0, -0.0, w[0]) * exp(w[1]), 1.5 * w[2] + 1.5]
    )
    assert [c.hex() for c in program.constants] == [
        "inf",
        "0x1.0000000000000p+0",
        "-0x0.0p+0",
        "0x1.8000000000000p+0",
        "nan",
    ]
