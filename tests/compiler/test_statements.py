"""A statement prints as the equation it stands for."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from autograd import ops
from autograd.compiler.matrices.statements import (
    Linear,
    Map,
    MatMul,
    Reduce,
    Segments,
    Take,
    Total,
)  # fmt: skip
from autograd.compiler.matrices.views import View

A, B = View(-1, 0, (2, 3), (3, 1)), View(-1, 6, (2, 3), (3, 1))
W, X, V = View(0, 0, (1, 4, 3), (0, 3, 1)), View(3, 0, (1, 1, 3), (0, 0, 1)), View(-2, 0, (1, 4, 1), (0, 1, 0))
H, G = View(0, 20, (1, 5, 3), (0, 3, 1)), View(-1, 20, (1, 4, 5), (0, 5, 1))
R, S, K = View(0, 20, (1, 1, 3), (0, 0, 1)), View(-1, 40, (1, 4, 1), (0, 1, 0)), View(-2, 4, (1, 5, 3), (0, 3, 1))
P, Q = View(-2, 19, (1, 4, 3), (0, 3, 1)), View(-2, 31, (1, 4, 5), (0, 5, 1))
GRADIENT = replace(W, place=-3)
NAMES = {A: "a", B: "b", W: "W", X: "x", V: "v", G: "g", GRADIENT: "∂W", S: "s", P: "p", Q: "q", H: "H", K: "K", R: "r"}
NAMES |= {H.transposed(0, 2, 1): "H.T", K.transposed(0, 2, 1): "K.T", R.transposed(0, 2, 1): "r.T"}
INDEX, POSITIONS = np.array([2, 0, 0]), np.array([0, 1, 2])

EQUATIONS = [
    (Linear(A, "=", ((1, (0.0,)),)), "a = 0"),
    (Take(A, B, INDEX), "a = b[3 chosen]"),
    (Take(A, B, INDEX, POSITIONS), "a = b[3 chosen]"),
    (Map(A, ops.tanh, (B,)), "a = tanh(b)"),
    (Map(A, ops.pow, (B, 2.0)), "a = pow(b, 2)"),
    (Linear(A, "=", ((1, (A, B)), (-1, (B,)))), "a = a · b - b"),
    (Linear(A, "-=", ((-1, (B,)), (1, (2.5, A)))), "a -= - b + 2.5 · a"),
    (MatMul(V, "=", W, X), "v = W @ x"),
    (MatMul(G, "+=", W, H), "g += W @ H.T"),
    (MatMul(S, "=", W, R), "s = W @ r.T"),
    (MatMul(Q, "=", W, K), "q = W @ K.T"),
    (MatMul(Q, "=", P, K), "q = p @ K.T"),
    (MatMul(GRADIENT, "=", V, X), "∂W = v @ xᵀ"),
    (Total(A, "=", B, (1,)), "a = Σ b over axis 1"),
    (Total(GRADIENT, "+=", V, (0, 2)), "∂W += Σ v over axis 0, axis 2, batch"),
    (Total(V, "-=", X, (1,)), "v -= Σ x over axis 1"),
    (Segments(A, "=", B, np.array([0, 2])), "a = Σ b in 2 segments"),
    (Reduce(A, ops.logsumexp, B), "a = logsumexp(b) over the last axis"),
]


@pytest.mark.parametrize(("statement", "equation"), EQUATIONS, ids=[type(s).__name__ for s, _ in EQUATIONS])
def test_statement_prints_as_its_equation(statement, equation):
    """With names for its views."""
    assert statement.equation(NAMES.__getitem__) == equation


def test_statement_by_itself_names_its_slots():
    """Where nobody has given names."""
    text = str(Total(View(-1, 8, (2,), (1,)), "=", B, (1,)))
    assert text == "place-1[8 + 2:1] = Σ place-1[6 + 2:3×3:1] over axis 1"


def test_statements_are_equal_where_all_their_parts_are():
    """Arrays by their numbers, constants to the last bit, nan being equal to nan; pickled they are the same."""
    for k, (statement, _) in enumerate(EQUATIONS):
        assert [other == statement for other, _ in EQUATIONS].index(True) == k
        assert pickle.loads(pickle.dumps(statement)) == statement
    assert Linear(A, "=", ((1, (0.0,)),)) != Linear(A, "=", ((1, (-0.0,)),))
    assert Map(A, ops.pow, (B, np.nan)) == Map(A, ops.pow, (B, np.nan)) != Map(A, ops.pow, (B, 1.0))
    assert Take(A, B, INDEX) != Take(A, B, INDEX[:2]) != Take(A, B, INDEX[:2], POSITIONS)
