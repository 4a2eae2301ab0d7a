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
        "g_v4[2×n] = g_v5[2×n]",
        "g_v3[2×n] = g_v4[2×n] · exp′(v3[2×n])",
        "g_W2[2×4] = g_v3[2×n] @ v2[4×n]ᵀ",
        "g_v2[4×n] = W2ᵀ[4×2] @ g_v3[2×n]",
        "g_v1[4×n] = g_v2[4×n] · tanh′(v1[4×n])",
        "g_W1[4×3] = g_v1[4×n] @ x[3×n]ᵀ",
    ]),
    "a matrix that is subtracted, and read once more": (
        lambda w, a, b: sum(exp(z) for z in w @ a) + sum(exp(-z) for z in w @ b), ((3, 2), (2,), (2,)), {}, [
        "g_v4[6] = g_v5[6]",
        "g_v3[6] = g_v4[6] · exp′(v3[6])",
        "g_W1[3×2] = 0",
        "g_W1[3×2] -= g_v2[3] @ W3[2]",
        "g_W3[2] = 0",
        "g_W3[2] -= g_v2[3] @ W1[3×2]",
        "g_W1[3×2] += g_v1[3] @ W2[2]",
        "g_W2[2] = g_v1[3] @ W1[3×2]",
    ]),
    "a matrix that is read, and subtracted once more": (
        lambda w, a, b: sum(exp(-z) for z in w @ b) + sum(exp(z) for z in w @ a), ((3, 2), (2,), (2,)), {}, [
        "g_v4[6] = g_v5[6]",
        "g_v3[6] = g_v4[6] · exp′(v3[6])",
        "g_W1[3×2] = g_v2[3] @ W3[2]",
        "g_W3[2] = g_v2[3] @ W1[3×2]",
        "g_W1[3×2] -= g_v1[3] @ W2[2]",
        "g_W2[2] = 0",
        "g_W2[2] -= g_v1[3] @ W1[3×2]",
    ]),
    "rows of an example with rows of an example": (attention, ((3,),), {"batch": (4, 3)}, [
        "g_v7[4×n] = g_v8[4×n]",
        "g_v6[4×n] = g_v7[4×n] · exp′(v6[4×n])",
        "g_v4[2×3×n] = g_v6[2×2×n] @ v5[2×3×n]",
        "g_v5[2×3×n] = g_v6ᵀ[2×2×n] @ v4[2×3×n]",
        "g_v2[12×n] = g_v3[12×n] · tanh′(v2[12×n])",
        "v9[4×3×n] = g_v2[4×3×n] · v1[4×3×n]",
        "g_p1[3] = Σ v9[4×3×n] over axis 0, batch",
    ]),
    "a convolution": (products_of_windows, ((2, 3), (6,)), {}, [
        "g_v2[8] = g_v3[8]",
        "g_v1[8] = g_v2[8] · exp′(v1[8])",
        "g_W1[2×3] = g_v1[2×4] @ W2[4×3]",
        "v4[4×3] = g_v1ᵀ[4×2] @ W1[2×3]",
        "g_p1[6] = 0",
        "g_p1[6][12 chosen] += v4[12]",
    ]),
    "a convolution that is subtracted": (negative_products_of_windows, ((2, 3), (6,)), {}, [
        "g_v2[8] = g_v3[8]",
        "g_v1[8] = g_v2[8] · exp′(v1[8])",
        "g_W1[2×3] = 0",
        "g_W1[2×3] -= g_v1[2×4] @ W2[4×3]",
        "v4[4×3] = g_v1ᵀ[4×2] @ W1[2×3]",
        "v4[4×3] = - v4[4×3]",
        "g_p1[6] = 0",
        "g_p1[6][12 chosen] += v4[12]",
    ]),
    "a convolution of an example": (windows_of_examples, ((2, 3), (5,)), {"batch": (5,)}, [
        "g_v6[6×n] = g_v7[6×n]",
        "g_v5[6×n] = 0",
        "g_v5[6×n][6 chosen] += g_v6[6×n]",
        "g_v4[6×n] = g_v5[6×n] · exp′(v4[6×n])",
        "g_W1[2×3] = g_v4ᵀ[2×3×n] @ v3[3×3×n]ᵀ",
        "v8[3×3×n] = W1ᵀ[3×2] @ g_v4ᵀ[2×3×n]",
        "g_v2[5×n] = 0",
        "g_v2[5×n][9 chosen] += v8[9×n]",
        "g_v1[5×n] = g_v2[5×n] · tanh′(v1[5×n])",
        "v9[5×n] = g_v1[5×n] · x[5×n]",
        "g_p1[5] = Σ v9[5×n] over batch",
    ]),
    "windows and vectors": (lambda w, q: sum(exp(dot(a, b)) for a in windows(w) for b in q), ((5,), (2, 3)), {}, [
        "g_v2[6] = g_v3[6]",
        "g_v1[6] = g_v2[6] · exp′(v1[6])",
        "v4[3×3] = g_v1[3×2] @ W2[2×3]",
        "g_p1[5] = 0",
        "g_p1[5][9 chosen] += v4[9]",
        "g_W2[2×3] = g_v1ᵀ[2×3] @ W1[3×3]",
    ]),
    "windows of parameters as a matrix": (examples_times_windows, ((5,),), {"batch": (2, 3)}, [
        "g_v2[6×n] = g_v3[6×n]",
        "g_v1[6×n] = g_v2[6×n] · exp′(v1[6×n])",
        "v4[3×3] = g_v1ᵀ[3×2×n] @ xᵀ[3×2×n]ᵀ",
        "g_p1[5] = 0",
        "g_p1[5][9 chosen] += v4[9]",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", ADJOINTS)
def test_adjoints_of_a_product_are_products(name):
    """Summed over the examples where only the product has them; the gradient is that of the engine."""
    f, shapes, others, equations = ADJOINTS[name]
    found = backward(f, *shapes, **others)
    assert found == equations, "\n".join(found)
