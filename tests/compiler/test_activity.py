"""No adjoint is computed that nobody asks for, and none is guarded against infinity without need."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import exp, log, logsumexp, ops, sqrt, values, where
from autograd.compiler import record
from autograd.compiler.differentiate import differentiate, may_be_infinite
from autograd.compiler.normalise import normalise
from autograd.compiler.reroll import reroll
from autograd.compiler.schedule import schedule
from autograd.compiler.statements import Chain
from autograd.functions import step
from tests.compiler.equations import backward, pairs

NEEDED = {
    "steps": (lambda p: sum(step(a - 1.0) * a for a in p), ((4,),), {}, ["g_W1[4] = g_v3[1] @ v2[4]"]),
    "conditions": (lambda p, q: sum(exp(where(a - 1.0, b, a)) for a, b in pairs(p, q)), ((4,), (4,)), {}, [
        "g_v3[4] = g_v4[4]",
        "g_v2[4] = g_v3[4] · exp′(v2[4])",
        "g_p2[4] = g_v2[4] · where′1(v1[4], p2[4], p1[4])",
        "g_p1[4] = g_v2[4] · where′2(v1[4], p2[4], p1[4])",
    ]),
    "divisors that are given": (lambda p, u: sum(exp(a / b) for a, b in pairs(p, u)), ((3,),), {"fixed": (3,)}, [
        "g_v2[3] = g_v3[3]",
        "g_v1[3] = g_v2[3] · exp′(v1[3])",
        "g_p1[3] = g_v1[3] · div′0(p1[3], u1[3])",
    ]),
    "factors that are given": (lambda w, u: sum(exp(z) for z in w @ u), ((2, 3),), {"fixed": (3,)}, [
        "g_v2[2] = g_v3[2]",
        "g_v1[2] = g_v2[2] · exp′(v1[2])",
        "g_W1[2×3] = g_v1[2] @ u1[3]",
    ]),
    "terms of many lengths that are given": (
        lambda p, u: sum(exp(sum(p[:n]) - sum(u[:n])) for n in range(2, 7)), ((6,),), {"fixed": (6,)}, [
        "g_v4[5] = g_v5[5]",
        "g_v2[5] = g_v4[5] · exp′(v2[5])",
        "v6[20] = g_v2[5][20 chosen]",
        "g_p1[6] = 0",
        "g_p1[6][20 chosen] += v6[20]",
    ]),
    "what stands between parameters": (
        lambda p, u, x: logsumexp([p[0], u[0], x[0]]), ((1,),), {"fixed": (1,), "batch": (1,)}, [
        "g_v1[3×n] = g_v2[3×n] · logsumexp′(v1[3×n])",
        "g_p1[1] = 0",
        "v3[3] = Σ g_v1[3×n] over batch",
        "g_p1[1][1 chosen] += v3[3]",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_nothing_is_carried_to_what_is_not_differentiated(name):
    """Steps, conditions, and numbers that are given; the gradient is that of the engine."""
    f, shapes, others, equations = NEEDED[name]
    found = backward(f, *shapes, **others)
    assert found == equations, "\n".join(found)


X = "anything that is no number"


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
    """Operations whose rule is masked: where the adjoint is zero, so is what it hands on."""
    x = values(np.linspace(0.5, 1.5, count))
    normal = normalise(record([f(list(x))], list(x)))
    memory = reroll(normal, schedule(normal))
    output = memory.view(np.array(normal.outputs))
    return [s.op.name for s in differentiate(memory, [output], [0]) if isinstance(s, Chain) and s.masked]


@pytest.mark.parametrize(
    ("f", "operations"),
    [
        (lambda x: sum(log(a) for a in x), []),
        (lambda x: -sum(log(a) for a in x) / 3.0, []),
        (lambda x: 2.0 * log(x[0]) - log(x[1]), []),
        (lambda x: 0.0 * log(x[0]) - log(x[1]), ["log"]),
        (lambda x: sum(-(log(a) * 0.5) / 3.0 for a in x), []),
        (lambda x: sum(log(a) * 0.0 for a in x) + x[0], ["log"]),
        (lambda x: sum(exp(a / b) for a in x[:2] for b in x[2:]), ["div", "div"]),
        (lambda x: sum(log(a) * b for a, b in pairs(x, x)), ["log"]),
        (lambda x: sum(log(log(a + 2.0)) for a in x), ["log"]),
        (lambda x: sum(sqrt(a) / a for a in x), ["sqrt"]),
        (lambda x: sum(log(a) / b for a, b in pairs(x, x)), ["log"]),
        (lambda x: sum(3.0 / sqrt(a) for a in x), ["sqrt"]),
        (lambda x: (lambda t: sum(t) + sum(a * b for a, b in pairs(t, t[::-1])))([sqrt(a) for a in x]), ["sqrt"]),
        (lambda x: sum(sqrt(x[0]) + exp(a) for a in x), ["sqrt"]),
    ],
)
def test_rule_is_guarded_only_where_an_adjoint_can_be_zero(f, operations):
    """A multiple of an adjoint that is not zero is not zero; sums and products may be."""
    assert guarded(f) == operations
