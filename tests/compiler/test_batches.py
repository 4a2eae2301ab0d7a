"""The same matrices, windows and gathers where every operand has a batch axis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import dot, exp, gradients, logsumexp, norm, softmax, tanh, values
from autograd.compiler import compile_tape, record


def gathered(w, x):
    h = tanh_of(w, x)
    return sum(exp(h[i]) * h[j] for i, j in ((0, 1), (3, 1), (1, 1), (0, 2), (5, 4), (2, 0), (2, 2)))


def windows(w, x):
    h = tanh_of(w, x)
    return sum(tanh(dot(w[k : k + 3], h[i : i + 3])) for k in range(3) for i in range(4))


def windows_of_both(w, x):
    h = tanh_of(w, x)
    return sum(tanh(dot(h[k : k + 2], h[i : i + 2])) for k in range(2, 5) for i in range(2))


def ragged(w, x):
    h = tanh_of(w, x)
    return sum(exp(dot(h[:n], h[::-1][:n]) - sum(h[: n - 1]) - sum(w[:n])) for n in range(1, 6))


def causal(w, x):
    h = tanh_of(w, x)
    rows = [[h[i] * w[j] for j in range(3)] for i in range(6)]
    scores = [[dot(rows[i], [v + 0.5 for v in rows[k]]) for k in range(i + 1)] for i in range(6)]
    shares = [softmax(row) for row in scores]
    return sum(dot(share, [row[0] for row in rows[: len(share)]]) for share in shares) + norm(scores[5])


def reduced(w, x):
    h = tanh_of(w, x)
    return logsumexp(h[:4]) * norm(h[2:]) - logsumexp([*w[:2], *h[:2], 1.0])


def written_both_ways(w, x):
    h = tanh_of(w, x)
    left, right = [h[0:2], h[2:4], h[4:6]], [[v * v for v in h[k : k + 2]] for k in (0, 1, 3)]
    return sum(exp(dot(a, b) if (i + j) % 2 else dot(b, a)) for i, a in enumerate(left) for j, b in enumerate(right))


def shared(w, x):
    total = sum(w)
    return sum((a * total - b) ** 2 for a, b in zip(tanh_of(w, x), x, strict=True)) + total * x[0] - 3.0 * total


def one_weight_missing(w, x):
    return tanh(dot(w[:3], x[:3])) * tanh(dot(w[3:5], x[:2]))


def tanh_of(w, x):
    return [tanh(a * b + a) for a, b in zip(w, x, strict=True)]


FUNCTIONS = [gathered, windows, windows_of_both, ragged, causal, reduced, written_both_ways, shared, one_weight_missing]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
@given(examples=st.integers(0, 4), seed=st.integers(0, 1000))
def test_batch_of_a_structured_graph_is_the_sum_over_its_examples(f, examples, seed):
    """Value and gradient, as the engine gives them one example after the other."""
    rng = np.random.default_rng(seed)
    theta, X = rng.normal(size=6), rng.normal(size=(examples, 6))
    w, x = values(theta), values(np.ones(6) / 2)
    program = compile_tape(record([f(w, x)], w, [], [x]), [("x", (6,))], "sum")
    value, gradient = program.value_and_grad(theta, X)
    total, expected = 0.0, np.zeros(6)
    for row in X:
        w = values(theta)
        root = f(w, values(row))
        total += root.data
        expected += gradients(root, list(w))
    assert np.isclose(value, total, rtol=1e-9, atol=1e-9)
    assert np.allclose(gradient, expected, rtol=1e-8, atol=1e-8 * max(1.0, np.abs(expected).max()))
