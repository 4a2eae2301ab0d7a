"""No adjoint is computed that nobody asks for, and none is guarded against infinity without need."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import compile, dot, exp, grad, hessian, log, logsumexp, ops, sqrt, values, where
from autograd.compiler import record
from autograd.compiler.scalars.differentiate import differentiate
from autograd.compiler.scalars.normalise import normalise
from autograd.compiler.scalars.undefined import may_be_infinite
from autograd.functions import step
from autograd.value import apply
from tests.compiler.equations import backward, pairs

NEEDED = {
    "steps": (lambda p: sum(step(a - 1.0) * a for a in p), ((4,),), {}, [
        "g_W1[4] = v2[4]",
    ]),
    "conditions": (lambda p, q: sum(exp(where(a - 1.0, b, a)) for a, b in pairs(p, q)), ((4,), (4,)), {}, [
        "v5[4×2] = where(v1[4×2], c1[4×2], c2[4×2])",
        "g_p3[2×4] = mul(v3[2×4], v6[2×4])",
    ]),
    "divisors that are given": (lambda p, u: sum(exp(a / b) for a, b in pairs(p, u)), ((3,),), {"fixed": (3,)}, [
        "v4[3] = div(1, u1[3])",
        "g_p1[3] = mul_no_nan(v2[3], v4[3])",
    ]),
    "factors that are given": (lambda w, u: sum(exp(z) for z in w @ u), ((2, 3),), {"fixed": (3,)}, [
        "g_W1[2×3] = v2[2] @ u1[3]",
    ]),
    "terms of many lengths that are given": (
        lambda p, u: sum(exp(sum(p[:n]) - sum(u[:n])) for n in range(2, 7)), ((6,),), {"fixed": (6,)}, [
        "g_p2[1] = Σ v6[4] over axis 1",
        "g_p3[1] = Σ v7[3] over axis 1",
        "g_p4[1] = Σ v8[2] over axis 1",
        "g_p5[2] = v5[2]",
        "g_p6[1] = v9[1]",
    ]),
    "what stands between parameters": (
        lambda p, u, x: logsumexp([p[0], u[0], x[0]]), ((1,),), {"fixed": (1,), "batch": (1,)}, [
        "v4[1×n] = p1[1] - v2[1×n]",
        "v5[1×n] = exp(v4[1×n])",
        "g_p1[1] = Σ v5[1×n] over batch",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_nothing_is_carried_to_what_is_not_differentiated(name):
    """Steps, conditions, and numbers that are given; the gradient is that of the engine."""
    f, shapes, others, equations = NEEDED[name]
    found = backward(f, *shapes, **others)
    assert found == equations, "\n".join(found)


X = None  # no literal


@pytest.mark.parametrize(
    ("op", "args", "infinite"),
    [
        (ops.exp, (X,), False),
        (ops.log, (X,), True),
        (ops.div, (X, X), True),
        (ops.div, (X, 3.0), False),
        (ops.div, (X, 0.0), True),
        (ops.div, (3.0, X), True),
        (ops.pow, (X, X), True),
        (ops.pow, (X, 2.0), False),
        (ops.pow, (X, 1.0), False),
        (ops.pow, (X, 0.5), True),
        (ops.pow, (X, -1.0), True),
        (ops.pow, (2.0, X), False),
        (ops.pow, (-2.0, X), True),
        (ops.where, (X, X, X), False),
        (ops.mul_no_nan, (X, X), True),
        (ops.mul_no_nan, (X, 3.0), False),
        (ops.mul_no_nan, (3.0, X), False),
        (ops.logsumexp, (X, X, X), False),
        (ops.norm, (X, X, X), True),
        (ops.norm, (X, 0.0, 1.0), True),
        (ops.norm, (2.0, 1.0, X), True),
    ],
)
def test_partial_may_be_infinite_where_the_domain_has_an_end(op, args, infinite):
    """A number inside the domain keeps its distance; any other operand may not. A power above 1 has a slope at 0.

    The product that respects a zero adjoint is made for infinite operands.
    """
    assert may_be_infinite(op, args) is infinite


def guarded(f, count=4):
    """How many contributions are masked: where the adjoint is zero, so is what it hands on."""
    x = values(np.linspace(0.5, 1.5, count))
    builder = normalise(record([f(list(x))], list(x)))
    differentiate(builder, builder.out.outputs)
    return builder.out.ops.count(ops.mul_no_nan)


@pytest.mark.parametrize(
    ("f", "masks"),
    [
        (lambda x: sum(log(a) for a in x), 0),
        (lambda x: -sum(log(a) for a in x) / 3.0, 0),
        (lambda x: 2.0 * log(x[0]) - log(x[1]), 0),
        (lambda x: 0.0 * log(x[0]) - log(x[1]), 0),
        (lambda x: sum(-(log(a) * 0.5) / 3.0 for a in x), 0),
        (lambda x: sum(log(a) * 0.0 for a in x) + x[0], 0),
        (lambda x: sum(exp(a / b) for a in x[:2] for b in x[2:]), 8),
        (lambda x: sum(log(a) * b for a, b in pairs(x, x)), 4),
        (lambda x: sum(log(log(a + 2.0)) for a in x), 4),
        (lambda x: sum(sqrt(a) / a for a in x), 4),
        (lambda x: sum(log(a) / b for a, b in pairs(x, x)), 4),
        (lambda x: sum(3.0 / sqrt(a) for a in x), 4),
        (lambda x: (lambda t: sum(t) + sum(a * b for a, b in pairs(t, t[::-1])))([sqrt(a) for a in x]), 4),
        (lambda x: sum(sqrt(x[0]) + exp(a) for a in x), 0),
    ],
)
def test_rule_is_guarded_only_where_an_adjoint_can_be_zero(f, masks):
    """A multiple of an adjoint that is not zero is not zero; sums and products may be. A zero stays where it is."""
    assert guarded(f) == masks


# Numbers that make a partial simpler, and others, which all share one.
CONSTANTS = (0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 0.5, 0.25, -0.75, 2.5, 7.25)
OPERANDS = {
    f"{op.name}, operand {k}": (op, k)
    for op in ops.TABLE.values()
    if op.arity and op.arity > 1
    for k in range(op.arity)
    if not any(domain.whole for j, domain in enumerate(op.domain) if j != k)  # by an order nothing is differentiated
}


@pytest.mark.parametrize("name", OPERANDS)
def test_each_constant_among_the_operands_has_the_derivatives_of_its_own(name):
    """Of first and second order, side by side in one program: the engine says which."""
    op, k = OPERANDS[name]
    constants = [c for c in CONSTANTS if c in op.domain[k]]
    point = [next((x for x in (0.37, 1.62) if x in domain), 2.0) for domain in op.domain]

    def f(x):
        terms = [apply(op, *x[:k], c, *x[k + 1 :]) for c in constants]
        return dot(terms, [1.0 + n for n in range(len(terms))])

    fast = compile(f, verify=False)
    assert np.allclose(fast.value_and_grad(point)[1], grad(f)(point), rtol=1e-13, atol=1e-14, equal_nan=True)
    assert np.allclose(hessian(fast)(point), hessian(f)(point), rtol=1e-12, atol=1e-13, equal_nan=True)
