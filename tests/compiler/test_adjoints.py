"""The backward pass, statement by statement: what is assigned, added, summed, borrowed, and what is left out."""

from __future__ import annotations

import pytest

from autograd import dot, exp, log, norm, tanh
from tests.compiler.equations import backward, pairs, tanhs, windows


def sums(p, q):
    return sum(exp(a + b) for a, b in pairs(tanhs(p), q))


def sums_of_two_sorts(p, q):
    t = [*tanhs(p[:2]), *[log(x) for x in p[2:]]]
    return sum(exp(a + b) for a, b in pairs(t, q))


def residual(p, q):
    t = tanhs(p)
    return sum(exp(a + b) * a for a, b in pairs(t, q))


def subtracted_residual(p, q):
    t = tanhs(p)
    return sum(exp(b - a) * a for a, b in pairs(t, q))


def two_halves(p, q):
    t = tanhs(p)
    return sum(exp(a + b) for a, b in pairs(t[:3], q)) + sum(exp(a - b) for a, b in pairs(t[3:], q))


def half_with_a_second_reader(p, q):
    t = tanhs(p)
    return sum(exp(a + tanh(a)) for a in t) + sum(exp(log(b) - exp(b)) for b in q)


def every_other(p, q):
    t = tanhs(p)
    return sum(exp(a * exp(tanh(b))) for a, b in pairs(t[1::2], q)) + sum(exp(a * a) for a in t)


def overlapping_halves(p, q):
    t = tanhs(p)
    return sum(exp(a + b) for a, b in pairs(t[:4], q)) + sum(exp(a * b) for a, b in pairs(t[2:], q))


def same_number_subtracted(p, q):
    t = tanh(p[0])
    return sum(exp(a - t) for a in q)


def same_number_multiplied(p, q):
    t = tanh(p[0])
    return sum(exp(t * a) for a in q)


def with_and_without_examples(p, q, x):
    return sums(p, q) + sum(exp(a + b) for a, b in pairs([tanh(b * v) for b, v in pairs(q, x)], x))


ADJOINTS = {
    # ── Readers ──
    "below a sum an adjoint is borrowed, where it is no gradient": (sums, ((4,), (4,)), {}, [
        "g_v3[4] = g_v4[4]",
        "g_v2[4] = g_v3[4] · exp′(v2[4])",
        "g_p2[4] = g_v2[4]",
        "g_p1[4] = g_v2[4] · tanh′(p1[4])",
    ]),
    "part of a borrowed adjoint is part of the other": (sums_of_two_sorts, ((4,), (4,)), {}, [
        "g_v5[4] = g_v6[4]",
        "g_v4[4] = g_v5[4] · exp′(v4[4])",
        "g_p3[4] = g_v4[4]",
        "g_p2[2] = g_v7[2] · log′(p2[2])",  # v7 and v8 are the halves of v4
        "g_p1[2] = g_v8[2] · tanh′(p1[2])",
    ]),
    "a second reader adds": (residual, ((4,), (4,)), {}, [
        "g_v3[4] = g_v4[1] @ v1[4]",
        "g_v1[4] = g_v4[1] @ v3[4]",
        "g_v2[4] = g_v3[4] · exp′(v2[4])",
        "g_v1[4] += g_v2[4]",
        "g_p2[4] = g_v2[4]",
        "g_p1[4] = g_v1[4] · tanh′(p1[4])",
    ]),
    "a second reader subtracts": (subtracted_residual, ((4,), (4,)), {}, [
        "g_v3[4] = g_v4[1] @ v1[4]",
        "g_v1[4] = g_v4[1] @ v3[4]",
        "g_v2[4] = g_v3[4] · exp′(v2[4])",
        "g_p2[4] = g_v2[4]",
        "g_v1[4] -= g_v2[4]",
        "g_p1[4] = g_v1[4] · tanh′(p1[4])",
    ]),
    "two borrowed halves are copied when the whole is read": (two_halves, ((6,), (3,)), {}, [
        "g_v7[6] = g_v8[6]",
        "g_v6[6] = g_v7[6] · exp′(v6[6])",
        "g_p2[3] = - g_v5[3]",
        "g_p2[3] += g_v3[3]",
        "g_v4[3] = g_v5[3]",
        "g_v2[3] = g_v3[3]",
        "g_p1[6] = g_v1[6] · tanh′(p1[6])",
    ]),
    "one borrowed half is copied when something is added to it": (half_with_a_second_reader, ((3,), (3,)), {}, [
        "g_v10[6] = g_v11[6]",
        "g_v9[6] = 0",
        "g_v9[6][6 chosen] += g_v10[6]",
        "g_v6[3] = g_v8[3] · exp′(v6[3])",
        "g_v5[3] = g_v7[3] · exp′(v5[3])",
        "g_v3[3] = - g_v5[3]",
        "g_v1[3] = g_v6[3]",
        "g_v1[3] += g_v6[3] · tanh′(v1[3])",
        "g_p2[3] = g_v3[3] · exp′(p2[3])",
        "g_p2[3] += g_v5[3] · log′(p2[3])",
        "g_p1[3] = g_v1[3] · tanh′(p1[3])",
    ]),
    "what is missing between others is set to zero": (every_other, ((5,), (2,)), {}, [
        "g_v11[7] = g_v10[7]",
        "g_v7[2] = g_v9[2] · exp′(v7[2])",
        "g_v5[5] = g_v8[5] · exp′(v5[5])",
        "g_v6[2] = g_v7[2] · v3[2]",  # the second and the fourth of v4
        "g_v3[2] = g_v7[2] · v6[2]",
        "g_v12[1] = 0",
        "g_v13[1] = 0",
        "g_v14[1] = 0",
        "g_v4[5] += g_v5[5] · v4[5]",
        "g_v4[5] += g_v5[5] · v4[5]",
        "g_v2[2] = g_v3[2] · exp′(v2[2])",
        "g_p1[7] = g_v1[7] · tanh′(p1[7])",
    ]),
    "what is missing where halves overlap is set to zero": (overlapping_halves, ((6,), (4,)), {}, [
        "g_v7[8] = g_v8[8]",
        "g_v6[8] = g_v7[8] · exp′(v6[8])",
        "g_p2[4] = g_v5[4] · v4[4]",
        "g_v4[4] = g_v5[4] · p2[4]",
        "g_v9[2] = 0",
        "g_v2[4] += g_v3[4]",
        "g_p2[4] += g_v3[4]",
        "g_p1[6] = g_v1[6] · tanh′(p1[6])",
    ]),
    "both factors of a square": (lambda p: sum(exp(a * a) for a in p), ((3,),), {}, [
        "g_v2[3] = g_v3[3]",
        "g_v1[3] = g_v2[3] · exp′(v1[3])",
        "g_p1[3] = g_v1[3] · p1[3]",
        "g_p1[3] += g_v1[3] · p1[3]",
    ]),
    "a negative": (lambda p: sum(exp(-tanh(a)) for a in p), ((3,),), {}, [
        "g_v3[3] = g_v4[3]",
        "g_v2[3] = g_v3[3] · exp′(v2[3])",
        "g_v1[3] = - g_v2[3]",
        "g_p1[3] = g_v1[3] · tanh′(p1[3])",
    ]),
    "what borrows lies apart with examples and without": (with_and_without_examples, ((2,), (2,)), {"batch": (2,)}, [
        "g_v9[1] = Σ g_v8[1×n] over batch",
        "g_v5[2] = g_v9[2]",
        "g_v7[2×n] = g_v8[2×n]",
        "g_v6[2×n] = g_v7[2×n] · exp′(v6[2×n])",
        "g_v3[2] = g_v5[2] · exp′(v3[2])",
        "g_v2[2×n] = g_v6[2×n] · tanh′(v2[2×n])",
        "g_p2[2] = g_v3[2]",
        "v10[2×n] = g_v2[2×n] · x[2×n]",
        "g_p2[2] += Σ v10[2×n] over batch",
        "g_p1[2] = g_v3[2] · tanh′(p1[2])",
    ]),
    # ── Repeated operands ──
    "a number with many readers gets the sum over them": (same_number_multiplied, ((1,), (4,)), {}, [
        "g_v3[4] = g_v4[4]",
        "g_v2[4] = g_v3[4] · exp′(v2[4])",
        "g_p2[4] = g_v2[4] · v1[4]",
        "v5[4] = g_v2[4] · p2[4]",
        "g_v1[1] = Σ v5[4] over axis 0",
        "g_p1[1] = g_v1[1] · tanh′(p1[1])",
    ]),
    "a number that many subtract gets less their sum": (same_number_subtracted, ((1,), (4,)), {}, [
        "g_v3[4] = g_v4[4]",
        "g_v2[4] = g_v3[4] · exp′(v2[4])",
        "g_p2[4] = g_v2[4]",
        "g_v1[1] = 0",
        "g_v1[1] -= Σ g_v2[4] over axis 0",
        "g_p1[1] = g_v1[1] · tanh′(p1[1])",
    ]),
    "rows and columns of quotients": (lambda p, q: sum(exp(a / b) for a in p for b in q), ((2,), (3,)), {}, [
        "g_v2[6] = g_v3[6]",
        "g_v1[6] = g_v2[6] · exp′(v1[6])",
        "v4[2×3] = g_v1[2×3] · div′0(p1[2×3], p2[2×3])",
        "g_p1[2] = Σ v4[2×3] over axis 1",
        "v5[2×3] = g_v1[2×3] · div′1(p1[2×3], p2[2×3])",
        "g_p2[3] = Σ v5[2×3] over axis 0",
    ]),
    "a parameter gets the sum over the examples": (
        lambda p, x: sum(exp(a / b) for a, b in pairs(p, x)), ((4,),), {"batch": (4,)}, [
        "g_v2[4×n] = g_v3[4×n]",
        "g_v1[4×n] = g_v2[4×n] · exp′(v1[4×n])",
        "v4[4×n] = g_v1[4×n] · div′0(p1[4], x[4×n])",
        "g_p1[4] = Σ v4[4×n] over batch",
    ]),
    "windows that overlap": (lambda w: sum(exp(sum(v)) for v in windows(w, 4)), ((6,),), {}, [
        "g_v2[3] = g_v3[3]",
        "g_v1[3] = g_v2[3] · exp′(v1[3])",
        "v4[3×4] = g_v1[3×4]",
        "g_p2[6] = 0",
        "g_p2[6][12 chosen] += v4[12]",
    ]),
    "windows that overlap, subtracted": (
        lambda w, q: sum(exp(b - sum(v)) for b, v in pairs(q, windows(tanhs(w), 4))), ((6,), (3,)), {}, [
        "g_v4[3] = g_v5[3]",
        "g_v2[3] = g_v4[3] · exp′(v2[3])",
        "g_p2[3] = g_v2[3]",
        "v6[3×4] = - g_v2[3×4]",
        "g_v1[6] = 0",
        "g_v1[6][12 chosen] += v6[12]",
        "g_p1[6] = g_v1[6] · tanh′(p1[6])",
    ]),
    "windows of parameters, each with an example": (
        lambda w, x: sum(exp(dot(a, b)) for a, b in pairs(windows(w, 4), x)), ((6,),), {"batch": (3, 4)}, [
        "g_v3[3×n] = g_v4[3×n]",
        "g_v2[3×n] = g_v3[3×n] · exp′(v2[3×n])",
        "g_v1[3×4×n] = g_v2[3×4×n]",
        "v5[3×4×n] = g_v1[3×4×n] · x[3×4×n]",
        "v6[3×4] = Σ v5[3×4×n] over batch",
        "g_p2[6] = 0",
        "g_p2[6][12 chosen] += v6[12]",
    ]),
    "windows whose elements are divided": (
        lambda p, q: sum(exp(a / b) for b, w in pairs(q, windows(p, 4)) for a in w), ((6,), (3,)), {}, [
        "g_v2[12] = g_v3[12]",
        "g_v1[12] = g_v2[12] · exp′(v1[12])",
        "v4[3×4] = g_v1[3×4] · div′0(p1[3×4], p2[3×4])",
        "v5[3×4] = v4[3×4]",
        "g_p3[6] = 0",
        "g_p3[6][12 chosen] += v5[12]",
        "v6[3×4] = g_v1[3×4] · div′1(p1[3×4], p2[3×4])",
        "g_p2[3] = Σ v6[3×4] over axis 1",
    ]),
    "lengths of windows that overlap": (lambda p: norm(p[:3]) * norm(p[1:4]), ((4,),), {}, [
        "g_v2[1] = g_v4[1] · v3[1]",
        "g_v3[1] = g_v4[1] · v2[1]",
        "v5[2×3] = g_v1[2×3] · norm′(p1[2×3])",
        "v6[2×3] = v5[2×3]",
        "g_p2[4] = 0",
        "g_p2[4][6 chosen] += v6[6]",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", ADJOINTS)
def test_backward_pass_is_as_short_as_its_chain_rule(name):
    """The statements of a small program; the gradient is that of the engine."""
    f, shapes, others, equations = ADJOINTS[name]
    found = backward(f, *shapes, **others)
    assert found == equations, "\n".join(found)
