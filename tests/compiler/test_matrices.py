"""The matrices that scalar code is made of are found, however it is written."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import compile, dot, exp, gradients, tanh, value_and_grad, values
from autograd.compiler import compile_tape, record
from tests.bench import attention

SUMS = {
    "sum of a generator": lambda ws, xs, b: sum((w * x for w, x in zip(ws, xs, strict=True)), b),
    "loop": lambda ws, xs, b: _loop(ws, xs, b),
    "factors swapped": lambda ws, xs, b: sum(x * w for w, x in zip(ws, xs, strict=True)) + b,
    "factors mixed": lambda ws, xs, b: _loop(ws[1:], xs[1:], b) + xs[0] * ws[0],
    "dot": lambda ws, xs, b: dot(ws, xs) + b,
    "autograd.sum": lambda ws, xs, b: autograd.sum([w * x for w, x in zip(ws, xs, strict=True)] + [b]),
    "subtracted": lambda ws, xs, b: b - sum(-(w * x) for w, x in zip(ws, xs, strict=True)),
    "array": lambda ws, xs, b: np.array(ws, dtype=object) @ np.array(xs, dtype=object) + b,
}  # fmt: skip


def _loop(ws, xs, b):
    for w, x in zip(ws, xs, strict=True):
        b = b + w * x
    return b


def layer(neuron):
    """One dense layer's squared error, from a way to write a neuron."""

    def loss(weights, biases, x, y):
        out = [tanh(neuron(row, x, b)) for row, b in zip(weights, biases, strict=True)]
        return sum((a - t) ** 2 for a, t in zip(out, y, strict=True))

    return loss


def numbers(rng, *shape):
    return rng.normal(size=shape)


@pytest.mark.parametrize("spelling", SUMS)
def test_dense_layer_is_one_matrix_product(spelling: str):
    """Whichever way the sum of products is written."""
    rng = np.random.default_rng(0)
    fast = compile(layer(SUMS[spelling]), batched=("x", "y"))
    args = numbers(rng, 4, 3), numbers(rng, 4), numbers(rng, 6, 3), numbers(rng, 6, 4)
    value, gradient = fast.value_and_grad(*args)
    W, b, X, y = args
    A = np.tanh(X @ W.T + b)
    delta = 2 * (A - y) * (1 - A**2) / 6
    assert fast.stats.matmuls == 1
    assert np.isclose(value, ((A - y) ** 2).sum(axis=1).mean(), rtol=1e-12)
    assert np.allclose(gradient, delta.T @ X, rtol=1e-12)


def test_source_of_two_layers_shows_the_boxed_equations():
    """The forward products, the error carried back through the weights, and its product with a layer's inputs."""

    def loss(W1, b1, W2, b2, x, y):
        hidden = [tanh(dot(row, x) + b) for row, b in zip(W1, b1, strict=True)]
        out = [tanh(dot(row, hidden) + b) for row, b in zip(W2, b2, strict=True)]
        return sum((a - t) ** 2 for a, t in zip(out, y, strict=True)) / 2

    rng = np.random.default_rng(0)
    fast = compile(loss, batched=("x", "y"))
    shapes = (5, 3), (5,), (2, 5), (2,)
    fast.value_and_grad(
        *[numbers(rng, *s) for s in shapes], numbers(rng, 7, 3), numbers(rng, 7, 2), argnums=(0, 1, 2, 3)
    )
    equations = fast.explain()
    assert re.search(r"v1\[5×n\] = W1\[5×3\] @ x\[3×n\]", equations)
    assert re.search(r"v3\[2×n\] = W2\[2×5\] @ v2\[5×n\]", equations)
    assert re.search(r"g_W2\[2×5\] = g_v3\[2×n\] @ v2\[5×n\]ᵀ", equations)  # delta times the layer's input
    assert re.search(r"g_v2\[5×n\] = W2ᵀ\[5×2\] @ g_v3\[2×n\]", equations)  # delta, one layer back
    assert re.search(r"g_W1\[5×3\] = g_v1\[5×n\] @ x\[3×n\]ᵀ", equations)
    assert "dot(W1, x, out=v1)" in fast.source
    assert fast.source.count("dot(") == 2 * 3 + 5  # both functions repeat the forward pass with its sum


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4),
    examples=st.integers(1, 4),
    choose=st.sampled_from(list(SUMS)),
    seed=st.integers(0, 1000),
)
def test_network_of_any_shape_equals_its_scalars(sizes, examples, choose, seed):
    """Loss and gradient of random perceptrons, over one example and several."""
    neuron = SUMS[choose]

    def loss(layers, x, y):
        for weights, biases in layers:
            x = [tanh(neuron(row, x, b)) for row, b in zip(weights, biases, strict=True)]
        return sum((a - t) ** 2 for a, t in zip(x, y, strict=True))

    rng = np.random.default_rng(seed)
    layers = [[numbers(rng, m, n).tolist(), numbers(rng, m).tolist()] for n, m in pairwise(sizes)]
    X, y = numbers(rng, examples, sizes[0]), numbers(rng, examples, sizes[-1])
    value, gradient = compile(loss, batched=("x", "y")).value_and_grad(layers, X, y)
    mean = lambda layers: sum(loss(layers, row, target) for row, target in zip(X, y, strict=True)) / examples
    expected, slopes = value_and_grad(mean)(layers)
    assert np.isclose(value, expected, rtol=1e-9)
    for (weights, biases), (dw, db) in zip(gradient, slopes, strict=True):
        assert np.allclose(weights, dw, rtol=1e-9, atol=1e-9)
        assert np.allclose(biases, db, rtol=1e-9, atol=1e-9)


def check(f, *arrays, kind="arrays"):
    """Compile an unbatched function of arrays; compare with the engine; give its program."""
    leaves = [values(a) for a in arrays]
    flat = [leaf for array in leaves for leaf in array.ravel()]
    root = f(*leaves)
    program = compile_tape(record([root], flat), kind=kind)
    value, gradient = program.value_and_grad(np.concatenate([a.ravel() for a in arrays]))
    assert np.isclose(value, root.data, rtol=1e-10)
    assert np.allclose(gradient, gradients(root, flat), rtol=1e-9, atol=1e-9)
    return program


@given(heads=st.integers(1, 3), rows=st.integers(2, 4), columns=st.integers(2, 4), seed=st.integers(0, 99))
def test_blocks_of_products_are_one_batched_product(heads, rows, columns, seed):
    """Query times key in several heads."""
    rng = np.random.default_rng(seed)

    def f(q, k):
        return sum(exp(dot(q[h, i], k[h, j])) for h in range(heads) for i in range(rows) for j in range(columns))

    program = check(f, numbers(rng, heads, rows, 3), numbers(rng, heads, columns, 3))
    assert program.stats.matmuls == 1


@given(heads=st.integers(1, 3), count=st.integers(2, 5), seed=st.integers(0, 99))
def test_half_of_a_grid_is_picked_from_the_whole(heads, count, seed):
    """Causal scores: the entries on and below the diagonal of a product."""
    rng = np.random.default_rng(seed)

    def f(q, k):
        return sum(exp(dot(q[h, i], k[h, j])) for h in range(heads) for i in range(count) for j in range(i + 1))

    program = check(f, numbers(rng, heads, count, 3), numbers(rng, heads, count, 3))
    assert program.stats.matmuls == 1
    assert "take" in program.source


def test_rows_and_columns_are_told_apart_where_products_are_written_both_ways():
    """``q·k`` here and ``k·q`` there are one grid."""
    rng = np.random.default_rng(0)

    def f(q, k):
        q, k = np.tanh(q), np.tanh(k)
        terms = [dot(q[i], k[j]) if (i + j) % 2 else dot(k[j], q[i]) for i in range(4) for j in range(5)]
        return sum(exp(t) for t in terms)

    assert check(f, numbers(rng, 4, 3), numbers(rng, 5, 3)).stats.matmuls == 1


@given(lengths=st.lists(st.integers(0, 6), min_size=5, max_size=8), seed=st.integers(0, 99))
def test_sums_of_many_lengths_are_one_ragged_sum(lengths, seed):
    """Products and plain terms, empty ones among them."""
    rng = np.random.default_rng(seed)
    width = max(lengths) or 1

    def f(a, b, c):
        sums = [sum((a[i, k] * b[i, k] for k in range(n)), c[i]) for i, n in enumerate(lengths)]
        return sum(exp(s) * sum(a[i, :n]) for i, (s, n) in enumerate(zip(sums, lengths, strict=True)))

    check(f, numbers(rng, len(lengths), width), numbers(rng, len(lengths), width), numbers(rng, len(lengths)))


def test_windows_that_overlap_are_a_product_with_a_gradient_that_adds_up():
    """A convolution: every input is in several windows."""
    rng = np.random.default_rng(0)

    def f(kernels, x):
        return sum(tanh(dot(kernel, x[i : i + 3])) for kernel in kernels for i in range(8))

    assert check(f, numbers(rng, 4, 3), numbers(rng, 10)).stats.matmuls == 1


@given(seed=st.integers(0, 99), pick=st.lists(st.integers(0, 7), min_size=6, max_size=12))
def test_gathered_operands_get_the_sum_of_their_readers(seed, pick):
    """Indices in any order, with repeats."""
    rng = np.random.default_rng(seed)
    check(lambda x, y: sum(exp(x[i]) * y[k] for k, i in enumerate(pick)), numbers(rng, 8), numbers(rng, len(pick)))


@pytest.mark.parametrize("kind", ["arrays", "python"])
def test_attention_model_equals_its_scalars(kind):
    """Embedding, normalisation, causal attention, cross-entropy: the whole of it, in both forms."""
    weights = attention.parameters(np.random.default_rng(0))
    word = [3, 1, 4]
    names = list(weights)
    f = lambda *arrays: attention.loss(dict(zip(names, arrays, strict=True)), word)
    program = check(f, *weights.values(), kind=kind)
    assert program.stats.kind == kind


def test_attention_model_is_as_long_as_its_layers_and_not_as_its_graph():
    """Eleven products, and fewer statements than a hundredth of the operations."""
    fast = compile(attention.loss, verify=False)
    fast.value_and_grad(attention.parameters(np.random.default_rng(0)), [5, 1, 2, 3, 4, 9, 8, 7, 6, 5])
    assert fast.stats.scalar_nodes > 80_000
    assert fast.stats.matmuls >= 8
    assert fast.stats.instructions < 250
