"""The boxed equations of a matrix product: its adjoint times the one factor is that of the other."""

from __future__ import annotations

import pytest

from autograd import dot, exp, tanh
from tests.compiler.equations import backward, pairs, tanhs, windows


def two_layers(w, u, x):
    return sum(exp(z) for z in u @ tanhs(w @ x))


def attention(p, x):
    rows = [[tanh(a * b) for a, b in pairs(p, row)] for row in x]
    return sum(exp(dot(a, b)) for a in rows[:2] for b in rows[2:])


def products_of_windows(k, x):
    return sum(exp(dot(a, b)) for a in k for b in windows(x))


def negative_products_of_windows(k, x):
    return sum(exp(-dot(a, b)) for a in k for b in windows(x))


def examples_times_windows(w, x):
    return sum(exp(dot(a, b)) for b in x for a in windows(w))


def windows_of_examples(k, p, x):
    return products_of_windows(k, [tanh(a * b) for a, b in pairs(p, x)])


ADJOINTS = {
    "two layers": (two_layers, ((4, 3), (2, 4)), {"batch": (3,)}, [
        "g_v2[4×n] = W2ᵀ[4×2] @ v4[2×n]",
        "v6[4×n] = - v2[4×n] · v2[4×n] + 1",
        "g_v1[4×n] = mul(g_v2[4×n], v6[4×n])",
        "g_W2[2×4] = v4[2×n] @ v2[4×n]ᵀ",
        "g_W1[4×3] = g_v1[4×n] @ x[3×n]ᵀ",
    ]),
    "a matrix that is subtracted, and read once more": (
        lambda w, a, b: sum(exp(z) for z in w @ a) + sum(exp(-z) for z in w @ b), ((3, 2), (2,), (2,)), {}, [
        "v6[3×2] = v7[3] @ W3[2]",
        "g_W3[2] = 0",
        "g_W3[2] -= W1ᵀ[2×3] @ v7[3]",
        "g_W2[2] = W1ᵀ[2×3] @ v8[3]",
        "g_W1ᵀ[2×3] = W2[2] @ v8[3]",
        "g_W1[6] += - v6[6]",
    ]),
    "a matrix that is read, and subtracted once more": (
        lambda w, a, b: sum(exp(-z) for z in w @ b) + sum(exp(z) for z in w @ a), ((3, 2), (2,), (2,)), {}, [
        "v6[3×2] = v7[3] @ W2[2]",
        "g_W2[2] = 0",
        "g_W2[2] -= W1ᵀ[2×3] @ v7[3]",
        "g_W3[2] = W1ᵀ[2×3] @ v8[3]",
        "g_W1ᵀ[2×3] = W3[2] @ v8[3]",
        "g_W1[6] += - v6[6]",
    ]),
    "rows of an example with rows of an example": (attention, ((3,),), {"batch": (4, 3)}, [
        "v9[8×n] = v7[4×n][8 chosen]",
        "v10[12×n] = v3[12×n][12 chosen]",
        "v11[2×2×3×n] = v9[2×2×2×n] @ v10ᵀ[2×2×3×n]",
        "v12[12×n] = - v3[12×n] · v3[12×n] + 1",
        "v13[12×n] = v12[12×n][12 chosen]",
        "v14[12×n] = mul(v11[12×n], v13[12×n])",
        "v15[12×n] = v14[12×n][12 chosen]",
        "v16[12×n] = x[12×n][12 chosen]",
        "v17[3×4×n] = v15[3×4×n] · v16[3×4×n]",
        "g_p1[3] = Σ v17[3×4×n] over axis 1, batch",
    ]),
    "a convolution": (products_of_windows, ((2, 3), (6,)), {}, [
        "v4[32] = p1[12][32 chosen]",
        "v5[32] = v2[8][32 chosen]",
        "v6[8×4] = v4[8×4] · v5[8×4]",
        "v7[8] = Σ v6[8×4] over axis 1",
        "v10[2] = p2[2] · v8[2] + p3[2] · v9[2]",
        "v11[6] = W1[6][6 chosen]",
        "v12[12] = v2[8][12 chosen]",
        "g_p4[2] = v11[6] @ v12ᵀ[6×2]",
        "g_p5[8] = v13[105][8 chosen]",
        "g_p6[2] = v14[2]",
    ]),
    "a convolution that is subtracted": (negative_products_of_windows, ((2, 3), (6,)), {}, [
        "v4[32] = p1[12][32 chosen]",
        "v5[32] = v2[8][32 chosen]",
        "v6[8×4] = v4[8×4] · v5[8×4]",
        "v7[8] = 0",
        "v7[8] -= Σ v6[8×4] over axis 1",
        "v10[2] = - p2[2] · v8[2] - p3[2] · v9[2]",
        "v11[6] = W1[6][6 chosen]",
        "v12[12] = v2[8][12 chosen]",
        "g_p4[2] = 0",
        "g_p4[2] -= v11[6] @ v12ᵀ[6×2]",
        "g_p5[8] = v13[105][8 chosen]",
        "g_p6[2] = v14[2]",
    ]),
    "a convolution of an example": (windows_of_examples, ((2, 3), (5,)), {"batch": (5,)}, [
        "v10[2×n] = p2[2] · v8[2×n] + p3[2] · v9[2×n]",
        "v11[8] = W1[6][8 chosen]",
        "v12[8×n] = v5[6×n][8 chosen]",
        "v13[2×4×n] = v11[2×4] · v12[2×4×n]",
        "v14[2×n] = Σ v13[2×4×n] over axis 1",
        "v15[6] = W1[6][6 chosen]",
        "g_v16[1×n] = v15[6] @ v6[6×n]",
        "v17[5×n] = - v2[5×n] · v2[5×n] + 1",
        "v18[5×n] = v19[21×n][5 chosen]",
        "g_v1[5×n] = mul(v18[5×n], v17[5×n])",
        "g_W1[2×3] = v21[2×3×n] @ v20[3×3×n]ᵀ",
        "v22[5×n] = g_v1[5×n] · x[5×n]",
        "g_p1[5] = Σ v22[5×n] over batch",
    ]),
    "windows and vectors": (lambda w, q: sum(exp(dot(a, b)) for a in windows(w) for b in q), ((5,), (2, 3)), {}, [
        "v4[36] = p1[11][36 chosen]",
        "v5[36] = v2[6][36 chosen]",
        "v6[36] = v4[36] · v5[36]",
        "g_p1[11] = Σ v6[36] in 11 segments",
    ]),
    "windows of parameters as a matrix": (examples_times_windows, ((5,),), {"batch": (2, 3)}, [
        "v5[2×2×n] = v4[2×2×n] · x[2×2×n]",
        "v6[2] = Σ v5[2×2×n] over axis 1, batch",
        "v7[8×n] = v2[6×n][8 chosen]",
        "v8[8×n] = x[6×n][8 chosen]",
        "v9[2×4×n] = v7[2×4×n] · v8[2×4×n]",
        "v10[2] = Σ v9[2×4×n] over axis 1, batch",
        "v11[6×n] = x[6×n][6 chosen]",
        "g_p1[1] = v12[6×n] @ v11[6×n]ᵀ",
        "g_p2[2] = v6[2]",
        "g_p3[2] = v13[2]",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", ADJOINTS)
def test_adjoints_of_a_product_are_products(name):
    """Summed over the examples where only the product has them; the gradient is that of the engine."""
    f, shapes, others, equations = ADJOINTS[name]
    found = backward(f, *shapes, **others)
    assert found == equations, "\n".join(found)
