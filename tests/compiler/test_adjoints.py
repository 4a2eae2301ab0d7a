"""The backward pass, statement by statement: what is assigned, added, summed, and what is left out."""

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
    "below a sum an adjoint is that of the sum": (sums, ((4,), (4,)), {}, [
        "v5[4] = - v1[4] · v1[4] + 1",
        "g_p1[4] = mul(v3[4], v5[4])",
        "g_p2[4] = v3[4]",
    ]),
    "the two halves of it have rules of their own": (sums_of_two_sorts, ((4,), (4,)), {}, [
        "v7[2] = compare(p2[2], 0)",
        "v8[2] = div(1, p2[2])",
        "v9[2] = v7[2] + 1",
        "v10[2] = - v1[2] · v1[2] + 1",
        "v11[2] = where(v9[2], v8[2], nan)",
        "g_p1[2] = mul(v12[2], v10[2])",
        "g_p2[2] = mul_no_nan(v13[2], v11[2])",
        "g_p3[4] = v5[4]",
    ]),
    "a second reader adds": (residual, ((4,), (4,)), {}, [
        "g_v2[4] = mul(v1[4], v3[4])",
        "v5[4] = - v1[4] · v1[4] + 1",
        "g_v1[4] = g_v2[4] + v3[4]",
        "g_p1[4] = mul(g_v1[4], v5[4])",
        "g_p2[4] = g_v2[4]",
    ]),
    "a second reader subtracts": (subtracted_residual, ((4,), (4,)), {}, [
        "g_v2[4] = mul(v1[4], v3[4])",
        "v5[4] = - v1[4] · v1[4] + 1",
        "g_v1[4] = v3[4] - g_v2[4]",
        "g_p1[4] = mul(g_v1[4], v5[4])",
        "g_p2[4] = g_v2[4]",
    ]),
    "two halves with a reader each": (two_halves, ((6,), (3,)), {}, [
        "v9[6] = - v1[6] · v1[6] + 1",
        "g_p2[3] = v10[3] - v11[3]",
        "g_p1[6] = mul(v6[6], v9[6])",
    ]),
    "a half with a second reader": (half_with_a_second_reader, ((3,), (3,)), {}, [
        "v12[3] = compare(p2[3], 0)",
        "v13[3] = div(1, p2[3])",
        "v14[3] = v12[3] + 1",
        "v16[3×2] = - v15ᵀ[3×2] · v15ᵀ[3×2] + 1",
        "v17[3] = where(v14[3], v13[3], nan)",
        "g_v3[3] = neg(v7[3])",
        "g_v1[3] = v8[3] · v18[3] + v8[3]",
        "v19[3] = mul_no_nan(v7[3], v17[3])",
        "g_p1[3] = mul(g_v1[3], v20[3])",
        "g_p2[3] = g_v3[3] · v3[3] + v19[3]",
    ]),
    "every other has a second reader": (every_other, ((5,), (2,)), {}, [
        "v13[2] = v9[2] · v2[2] + v12[2] · v7[2] + v12[2] · v7[2]",
        "v16[3] = v14[3] · v15[3] + v14[3] · v15[3]",
        "v17[7] = v1[7][7 chosen]",
        "v18[7] = - v17[7] · v17[7] + 1",
        "g_v2[2] = mul(v9[2], v7[2])",
        "v19[7] = v20[21][7 chosen]",
        "v21[7] = v22[29][7 chosen]",
        "v23[7] = mul(v19[7], v21[7])",
        "g_p2[2] = mul(v24[2], v25[2])",
        "g_p3[5] = v26[5]",
    ]),
    "halves that overlap": (overlapping_halves, ((6,), (4,)), {}, [
        "g_v9[2] = mul(p3[2], v10[2])",
        "v11[6] = - v1[6] · v1[6] + 1",
        "g_v14[2] = p4[2] · v12[2] + v13[2]",
        "g_p2[4] = v15[4] · v5[4] + v16[4]",
        "v17[6] = v18[19][6 chosen]",
        "g_p1[6] = mul(v17[6], v11[6])",
    ]),
    "both factors of a square": (lambda p: sum(exp(a * a) for a in p), ((3,),), {}, [
        "g_p1[3] = p1[3] · v2[3] + p1[3] · v2[3]",
    ]),
    "a negative": (lambda p: sum(exp(-tanh(a)) for a in p), ((3,),), {}, [
        "g_v1[3] = neg(v3[3])",
        "v5[3] = - v1[3] · v1[3] + 1",
        "g_p1[3] = mul(g_v1[3], v5[3])",
    ]),
    "the same with examples and without": (with_and_without_examples, ((2,), (2,)), {"batch": (2,)}, [
        "v11[2×n] = - v4[2×n] · v4[2×n] + 1",
        "g_v2[2×n] = mul(v7[2×n], v11[2×n])",
        "g_v3[2] = mul(count[2], v5[2])",
        "v12[2] = - v1[2] · v1[2] + 1",
        "v13[2×n] = g_v2[2×n] · x[2×n]",
        "v14[2] = Σ v13[2×n] over batch",
        "g_p1[2] = mul(g_v3[2], v12[2])",
        "g_p2[2] = v14[2] + g_v3[2]",
    ]),
    # ── Repeated operands ──
    "a number with many readers gets the sum over them": (same_number_multiplied, ((1,), (4,)), {}, [
        "g_v1[1] = p2[4] @ v3[4]",
        "v5[1] = - v1[1] · v1[1] + 1",
        "g_p2[4] = mul(v3[4], v1[4])",
        "g_p1[1] = mul(g_v1[1], v5[1])",
    ]),
    "a number that many subtract gets less their sum": (same_number_subtracted, ((1,), (4,)), {}, [
        "g_v1[1] = 0",
        "g_v1[1] -= Σ v3[4] over axis 1",
        "v5[1] = - v1[1] · v1[1] + 1",
        "g_p1[1] = mul(g_v1[1], v5[1])",
        "g_p2[4] = v3[4]",
    ]),
    "rows and columns of quotients": (lambda p, q: sum(exp(a / b) for a in p for b in q), ((2,), (3,)), {}, [
        "v4[3] = div(1, p2[3])",
        "v5[2×3] = div(v1[2×3], p2[2×3])",
        "v6[12] = v7[9][12 chosen]",
        "v8[6×2] = mul_no_nan(v2[6×2], v6[6×2])",
        "g_p2[3] = - v9[3] - v10[3]",
        "g_p1[2] = v11[2] + v12[2] + v13[2]",
    ]),
    "a parameter gets the sum over the examples": (
        lambda p, x: sum(exp(a / b) for a, b in pairs(p, x)), ((4,),), {"batch": (4,)}, [
        "v4[4×n] = div(1, x[4×n])",
        "v5[4×n] = mul_no_nan(v2[4×n], v4[4×n])",
        "g_p1[4] = Σ v5[4×n] over batch",
    ]),
    "windows that overlap": (lambda w: sum(exp(sum(v)) for v in windows(w, 4)), ((6,),), {}, [
        "v6[2] = v4[2] + v5[2]",
        "g_p2[6] = v7[6][6 chosen]",
    ]),
    "windows that overlap, subtracted": (
        lambda w, q: sum(exp(b - sum(v)) for b, v in pairs(q, windows(tanhs(w), 4))), ((6,), (3,)), {}, [
        "v6[2] = neg(v7[2])",
        "v8[6] = - v1[6] · v1[6] + 1",
        "v10[2] = - v7[2] - v9[2]",
        "g_v11[1] = 0",
        "g_v11[1] -= Σ v4[3] over axis 1",
        "v12[6] = v13[11][6 chosen]",
        "g_p1[6] = mul(v12[6], v8[6])",
        "g_p2[3] = v4[3]",
    ]),
    "windows of parameters, each with an example": (
        lambda w, x: sum(exp(dot(a, b)) for a, b in pairs(windows(w, 4), x)), ((6,),), {"batch": (3, 4)}, [
        "v6[2×n] = v5[2×n] · x[2×n]",
        "v7[2] = Σ v6[2×n] over batch",
        "v9[2×2×n] = v8[2×2×n] · x[2×2×n]",
        "v10[2] = Σ v9[2×2×n] over axis 1, batch",
        "g_p2[2] = v11[3×n] @ x[2×3×n]ᵀ",
        "g_p3[2] = v7[2]",
        "g_p4[2] = v12[2]",
    ]),
    "windows whose elements are divided": (
        lambda p, q: sum(exp(a / b) for b, w in pairs(q, windows(p, 4)) for a in w), ((6,), (3,)), {}, [
        "v4[3] = div(1, p2[3])",
        "v5[3×4] = div(v1[3×4], p2[3×4])",
        "v6[24] = v7[15][24 chosen]",
        "v8[12×2] = mul_no_nan(v2[12×2], v6[12×2])",
        "g_p2[3] = 0",
        "g_p2[3] -= Σ v9[3×4] over axis 1",
        "v12[2] = v10[2] + v11[2]",
        "g_p3[2] = v13[2] + v14[2] + v15[2]",
        "g_p4[2] = v16[2]",
        "g_p5[2] = v17[2]",
    ]),
    "lengths of windows that overlap": (lambda p: norm(p[:3]) * norm(p[1:4]), ((4,),), {}, [
        "v5[2] = where(v1[2], v1[2], 1)",
        "v6[2×3] = div(p1[2×3], v5[2×3])",
        "v7[2×3] = mul_no_nan(v8[2×3], v6[2×3])",
        "g_p2[2] = v9[2] + v10[2]",
        "g_p3[1] = v11[1]",
        "g_p4[1] = v12[1]",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", ADJOINTS)
def test_backward_pass_is_as_short_as_its_chain_rule(name):
    """The statements of a small program; the gradient is that of the engine."""
    f, shapes, others, equations = ADJOINTS[name]
    found = backward(f, *shapes, **others)
    assert found == equations, "\n".join(found)
