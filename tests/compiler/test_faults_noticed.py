"""Faults put into programs, at random places: verification notices each that shows, and refuses no right program."""

from __future__ import annotations

import math
import random
import warnings

import numpy as np
import pytest
from mpmath import mp, mpf

from autograd import (
    CompileError,
    NonFiniteError,
    Value,
    atanh,
    compile,
    hessian,
    jacobian,
    ops,
    relu,
    sqrt,
    step,
    value_and_grad,
    where,
)
from autograd.compiler.calls.rounding import rounding
from autograd.compiler.program import entries, passes
from autograd.compiler.scalars.normal import Sum, operands_of
from autograd.testing.references import DIGITS, precisely
from autograd.value import apply

TRANSFORMS = {"gradient": value_and_grad, "Hessian": hessian, "Jacobian": jacobian}
SMOOTH = [
    *[ops.add, ops.sub, ops.mul, ops.dot, ops.sum] * 3,
    *[ops.tanh, ops.sin, ops.exp, ops.sigmoid, ops.square, ops.atan, ops.hypot, ops.div, ops.prod, ops.silu, ops.erf],
]
OTHERS = [*SMOOTH, *[op for op in ops.TABLE.values() if op not in (ops.polygamma, ops.mills)]]
SIZES = [1.0, 1e-12, 1e-5, 1e4]


def random_steps(rng, operations):
    """Operations on the numbers of a list and on earlier results, and a list."""
    n = rng.randint(1, 4)
    steps = []
    for count in range(n, n + rng.randint(2, 14)):
        op = rng.choice(operations)
        steps.append((op, [count - 1 - min(int(rng.expovariate(0.4)), count - 1) for _ in range(op.arity or 4)]))
    return steps, [rng.uniform(0.3, 1.5) * rng.choice([1.0, -1.0]) for _ in range(n)]


def run(steps, x, apply):
    """The last three results, the last first."""
    nodes = [*x]
    for op, operands in steps:
        nodes.append(apply(op, *[nodes[k] for k in operands]))
    return nodes[:-4:-1]


def random_function(rng, operations, several):
    """A function of a list, one number or several, where to call it, and of what sizes the numbers are."""
    steps, x = random_steps(rng, operations)
    scales = [rng.choice(SIZES) for _ in range(3)]

    def f(x):
        results = [scale * y for scale, y in zip(scales, run(steps, x, apply), strict=False)]
        return results if several else results[0]

    return f, x, np.array(scales)


def changed(normal, rng):
    """Another program: in one place another operand, another sign, a term fewer."""
    reached, stack = set(), [a for a in (*normal.outputs, *normal.derivatives) if a >= 0]
    while stack:
        if (i := stack.pop()) not in reached and normal.ops[i] is not None:
            reached.add(i)
            stack += [a for a in operands_of(normal.args[i]) if a >= 0]
    for i in sorted(reached, key=lambda _: rng.random()):
        args, way = normal.args[i], rng.randrange(3)
        if isinstance(args, Sum) and way == 0 and (args.left or len(args.plus) > 1):
            cut = {"left": args.left[1:], "right": args.right[1:]} if args.left else {"plus": args.plus[1:]}
            normal.args[i] = args._replace(**cut)
        elif isinstance(args, Sum) and way == 1 and (args.left or args.plus):
            normal.args[i] = args._replace(plus=args.minus, minus=args.plus, negative=not args.negative)
        elif not isinstance(args, Sum) and i > 0:
            k = rng.randrange(len(args))
            normal.args[i] = (*args[:k], rng.randrange(i), *args[k + 1 :])
        else:
            continue
        return


def flat(found):
    return np.concatenate([np.ravel(np.asarray(x, dtype=float)) for x in (found if type(found) is tuple else [found])])


@pytest.mark.parametrize("name", TRANSFORMS)
def test_fault_that_shows_is_noticed(name, monkeypatch):
    """Of values, first and second derivatives, whatever their size, and whatever stands beside them."""
    transform, shown = TRANSFORMS[name], 0
    assemble = passes.assemble
    for seed in range(80):
        rng = random.Random(seed)
        f, x, scales = random_function(rng, SMOOTH, transform is jacobian)
        right = flat(transform(f)(x))
        if not np.isfinite(right).all():
            continue

        def faulty(normal, *args, seed=seed, **options):
            changed(normal, random.Random(seed))  # the same fault each time
            return assemble(normal, *args, **options)

        for module in (passes, entries):
            monkeypatch.setattr(module, "assemble", faulty)
        with np.errstate(all="ignore"):
            try:
                wrong = flat(transform(compile(f, verify=False))(x))
            except NonFiniteError:
                continue  # which is no number
        noise = 1e-13 * (np.repeat(scales, len(x))[: right.size] if transform is jacobian else scales[0])
        if (np.abs(wrong - right) > 1e-5 * np.abs(right) + noise).any():
            shown += 1
            with pytest.raises(CompileError, match="differs from f itself"):
                transform(compile(f))(x)
    assert shown >= 40


@pytest.mark.parametrize("name", TRANSFORMS)
def test_no_right_program_is_refused(name):
    """All operations, where numbers cancel, overflow, fade and stand on kinks."""
    transform, finite = TRANSFORMS[name], 0
    for seed in range(100):
        f, x, _ = random_function(random.Random(seed), OTHERS, transform is jacobian)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "the compiled f is not verified")
            try:
                transform(compile(f))(x)
            except NonFiniteError:
                continue
        finite += 1
    assert finite >= 50


def test_terms_that_cancel_in_another_order_are_rounding():
    """Of a row that fades beside them: the engine has their difference first, a program may have their sum."""

    def f(x):
        y = atanh(x[0] * x[0])
        return [x[0], x[0] ** 4 + (y - y)]

    assert np.allclose(jacobian(compile(f))([-6e-9]), jacobian(f)([-6e-9]), atol=1e-20)


# ── How much of a number is rounding ─────────────────────────────────────────────────────────────────────────────────


def test_no_rounding_is_larger_than_what_is_said():
    """The same graphs with 50 digits: the engine is nowhere off by more, and often by not much less."""
    nearly = 0
    for seed in range(60):
        steps, x = random_steps(random.Random(seed), SMOOTH)
        y = run(steps, map(Value, x), apply)[0]
        if not np.isfinite(y.data):
            continue
        with mp.workdps(DIGITS):
            off = abs(run(steps, map(mpf, x), lambda op, *args: precisely(op.name)(*args))[0] - mpf(y.data))
        (said,) = rounding([y])
        assert off <= said
        nearly += off * 100.0 >= said
    assert nearly >= 20


X = Value(0.3)
CANCELS = (X + 1e18) - 1e18


@pytest.mark.parametrize(
    ("y", "least", "most"),
    [
        (X, 0.0, 0.0),
        (X - X, 1e-16, 1e-15),
        (where(X - X, 1.0, X + X), 1e-16, 1e-15),
        (CANCELS, 100.0, 1000.0),
        (relu(CANCELS), 100.0, 1000.0),
        (step(CANCELS), 1.0, 1.0),
        (step(X), 0.0, 0.0),
        (X * 1e-200 * 1e-200, 5e-324, 5e-324),
        (sqrt(X - X), math.inf, math.inf),
    ],
)
def test_rounding_of(y, least, most):
    """What is exact has none, what cancels that of its terms, on both sides of a kink and of a jump."""
    (said,) = rounding([y])
    assert least <= said <= most
