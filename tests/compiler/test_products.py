"""The matrices in sums of products: in which order they are written, and what is picked from them."""

from __future__ import annotations

import pytest

from autograd import dot, tanh
from tests.compiler.equations import forward, program, together


def row_by_row(w, x):
    return together(dot(a, b) for a in w for b in x)


def column_by_column(w, x):
    return together(dot(a, b) for b in x for a in w)


def heads(q, k):
    return together(dot(a, b) for rows, columns in zip(q, k, strict=True) for a in rows for b in columns)


def causal(q, k):
    """Rows and columns up to the diagonal."""
    return [dot(q[i], k[j]) for i in range(4) for j in range(i + 1)]


def bracket(w, x, b):
    """As many sums as entries of a matrix, and still not the matrix: one product has two biases."""
    return together(dot(w[i], x[j]) + v for (i, j), v in zip([(0, 0), (0, 1), (1, 0), (0, 0)], b, strict=True))


PRODUCTS = {
    "one row after the other": (row_by_row, ((2, 3), (4, 3)), {}, ["v1[2×4] = W1[2×3] @ W2ᵀ[3×4]"]),
    "one column after the other": (column_by_column, ((2, 3), (4, 3)), {}, ["v1ᵀ[2×4] = W1[2×3] @ W2ᵀ[3×4]"]),
    "vectors of an example": (row_by_row, ((2, 3),), {"batch": (4, 3)}, ["v1ᵀ[2×4×n] = W1[2×3] @ xᵀ[3×4×n]"]),
    "a matrix and a vector": (row_by_row, ((4, 3), (1, 3)), {}, ["v1[4] = W1[4×3] @ W2[3]"]),
    "a lone product": (lambda a, b: tanh(dot(a, b)), ((4,), (4,)), {}, ["v1[1] = W1[4] @ W2[4]"]),
    "heads": (heads, ((2, 3, 2), (2, 4, 2)), {}, ["v1[2×3×4] = W1[2×3×2] @ W2ᵀ[2×2×4]"]),
    "heads of an example": (heads, ((2, 3, 2),), {"batch": (2, 4, 2)}, ["v1ᵀ[2×3×4×n] = W1[2×3×2] @ xᵀ[2×2×4×n]"]),
    "a negative product": (lambda w, x: together(-z for z in w @ x), ((4, 3), (3,)), {}, [
        "v1[4] = 0",
        "v1[4] -= W1[4×3] @ W2[3]",
    ]),
    "half a matrix": (lambda q, k: together(causal(q, k)), ((4, 3), (4, 3)), {}, [
        "v1[4×4] = W1[4×3] @ W2ᵀ[3×4]",
        "v2[10] = v1[16][10 chosen]",
        "v3[10] = v2[10]",
    ]),
    "half a matrix for an example": (lambda q, x: together(causal(q, x)), ((4, 3),), {"batch": (4, 3)}, [
        "v1[4×4×n] = W1[4×3] @ xᵀ[3×4×n]",
        "v2[10×n] = v1[16×n][10 chosen]",
        "v3[10×n] = v2[10×n]",
    ]),
    "half a negative matrix": (
        lambda q, k, b: together(v - z for v, z in zip(b, causal(q, k), strict=True)), ((4, 3), (4, 3), (10,)), {}, [
        "v1[4×4] = W1[4×3] @ W2ᵀ[3×4]",
        "v2[10] = v1[16][10 chosen]",
        "v3[10] = - v2[10]",
        "v3[10] += p1[10]",
    ]),
    "an entry with two biases": (bracket, ((2, 5), (2, 5), (4,)), {}, [
        "v1[2×2] = W1[2×5] @ W2ᵀ[5×2]",
        "v2[4] = v1[4][4 chosen]",
        "v3[4] = v2[4]",
        "v3[4] += p1[4]",
    ]),
    "a product, and three more": (
        lambda w, x, u: together(z + dot(a, b) for z, a, b in zip(w @ x, w, u, strict=True)),
        ((4, 3), (3,)), {"fixed": (4, 3)}, [
        "v1[4] = W1[4×3] @ W2[3]",
        "v1[4] += p1[4] · u1[4] + p2[4] · u2[4] + p3[4] · u3[4]",
    ]),
    "two products": (lambda w, u, a, b: together(w @ a + u @ b), ((4, 3), (4, 2), (3,)), {"fixed": (2,)}, [
        "v1[4] = W1[4×3] @ W2[3]",
        "v2[4] = W3[4×2] @ u1[2]",
        "v3[4] = v2[4][4 chosen]",
        "v1[4] += v3[4]",
    ]),
    "two products in another order": (
        lambda w, a, u: together(dot(p, v) + dot(q, v) for p, q in zip(w, u, strict=True) for v in a),
        ((4, 3), (2, 3)), {"fixed": (4, 3)}, [
        "v1[4×2] = W1[4×3] @ W2ᵀ[3×2]",
        "v2[2×4] = W2[2×3] @ u1ᵀ[3×4]",
        "v3[8] = v2[8][8 chosen]",
        "v1[8] += v3[8]",
    ]),
    "a product with examples and one without": (
        lambda w, u, a, x: together(w @ a + u @ x), ((4, 3), (4, 2), (3,)), {"batch": (2,)}, [
        "v1[4] = W1[4×3] @ W2[3]",
        "v2[4] = v1[4][4 chosen]",
        "v3[4×n] = v2[4]",
        "v3[4×n] += W3[4×2] @ x[2×n]",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", PRODUCTS)
def test_sums_of_products_become_matrix_products(name):
    """Of the whole, where that is all; else what is asked for is picked from it. Numbers are those of the engine."""
    f, shapes, others, equations = PRODUCTS[name]
    found = forward(f, *shapes, **others)
    assert found == equations, "\n".join(found)


@pytest.mark.parametrize(("queries", "keys", "matmuls"), [(1, 4, 0), (4, 1, 0), (2, 3, 1)])
def test_vectors_of_one_example_are_multiplied_as_matrices_if_both_are_shared(queries, keys, matmuls):
    """One row with many has both sides differ from example to example: nothing is shared."""

    def scores(w, x):
        rows = [[tanh(a * b) for a, b in zip(w, row, strict=True)] for row in x]
        return sum(tanh(dot(a, b)) for a in rows[:queries] for b in rows[queries:])

    assert program(scores, (4,), batch=(queries + keys, 4)).stats.matmuls == matmuls
