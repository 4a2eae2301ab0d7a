"""Shapes, and the boxed formula."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_003.training import (
    FIRST,
    SEEDS,
    by_squares,
    mean_squares,
    networks,
)
from ensemble import Array

import autograd
from nn import MLP, half_squared_error

CLAIMS = Claims()


# ── Shapes and formulas ──────────────────────────────────────────────────────────────────────────────────────────────


def shapes() -> list[tuple[int, int, int, int]]:
    """N, M, Q and P, none of which is another."""
    return [tuple(np.random.default_rng(seed).permutation(range(2, 9))[:4].tolist()) for seed in SEEDS]


@CLAIMS("\\mathcal{L}^{(l+1)} = f^{(l)}\\left( {\\mathcal{L}^{(l)}}^T \\cdot w^{(l)} \\right)")
def feed_forward() -> Evidence:
    held = []
    for N, M, Q, _ in shapes():
        try:
            held.append((np.zeros((N, M)).T @ np.zeros((M, Q))).shape == (N, Q))
        except ValueError:
            held.append(False)
    return Evidence(held, "shapes", "a transpose too many: N×M and M×Q multiply as they are, as its next section says.")


@CLAIMS("\\(H\\) is a \\(N\\times Q\\) matrix")
def hidden_shape() -> Evidence:
    held = [(np.zeros((N, M)) @ np.zeros((M, Q))).shape == (N, Q) for N, M, Q, _ in shapes()]
    return Evidence(held, "shapes", "N rows and Q columns.")


@CLAIMS("the number of columns in both the input \\(X\\) and hidden layer \\(H\\) are greater by one")
def columns_of_ones() -> Evidence:
    apart = []
    for seed, (N, M, Q, _) in zip(SEEDS, shapes(), strict=True):
        rng = np.random.default_rng(seed)
        X, W, b = rng.random((N, M)), rng.random((M, Q)), rng.random(Q)
        apart.append(np.abs(np.insert(X, 0, 1.0, axis=1) @ np.insert(W, 0, b, axis=0) - (X @ W + b)).max())
    return Evidence(np.array(apart) < 1e-14, "layers", "a column of ones does what a bias does.")


@CLAIMS("add a column of 1's to every layer except the last")
def overwritten() -> Evidence:
    held, least = [], []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        X = np.insert(FIRST[0][0].T, 0, 1.0, axis=1)
        H = 1.0 / (1.0 + np.exp(-X @ rng.uniform(-1.0, 1.0, (4, 5))))  # written over the hidden layer and its ones
        held.append(bool((H[:, 0] == 1.0).all()))
        least.append(H[:, 0].min())
    return Evidence(
        held,
        "starts",
        f"the first forward pass writes over the hidden layer's ones, with {spread(least)} at least: they become one "
        "more neuron, and the next layer has no bias.",
    )


@CLAIMS("Feed-forward (with linear activation)")
def linear_pass() -> Evidence:
    apart = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        w0, w1 = rng.uniform(-1.0, 1.0, (3, 4)), rng.uniform(-1.0, 1.0, (4, 1))
        model = MLP(3, [4, 1], activation="linear", bias=False, rng=0)
        for parameter, number in zip(model.parameters(), [*w0.T.ravel(), *w1.T.ravel()], strict=True):
            parameter.data = float(number)
        apart.append(np.abs(model.predict(FIRST[0][0].T).ravel() - (FIRST[0][0].T @ w0 @ w1).ravel()).max())
    return Evidence(
        np.array(apart) < 1e-14, "starts", "two products of matrices, which without activations are one, X·(w⁰·w¹)."
    )


def gradients(late: float = 0.0) -> tuple[list[Array], list[Array]]:
    """The boxed formula's gradients, or with weights already changed at a rate; and the engine's, for 4 sigmoids."""
    net = networks([3, 4, 1], "sigmoid")
    values = net.values(FIRST[0])
    delta = by_squares(values[-1], FIRST[1])
    last = delta @ np.swapaxes(values[1], 1, 2)
    back = np.swapaxes(net.layers[1][0] - late * last, 1, 2) @ delta * values[1] * (1.0 - values[1])
    boxed = [np.concatenate([(back @ FIRST[0].swapaxes(1, 2))[i].ravel(), last[i].ravel()]) for i in SEEDS]
    found = []
    for i in SEEDS:
        model = MLP(3, [4, 1], activation="sigmoid", output_activation="sigmoid", rng=0)
        rows = np.concatenate([np.column_stack([W[i], b[i]]).ravel() for W, b in net.layers])
        for parameter, number in zip(model.parameters(), rows.tolist(), strict=True):
            parameter.data = number
        cost = [half_squared_error(model(x), y) for x, y in zip(FIRST[0][0].T, FIRST[1][0, 0], strict=True)]
        autograd.sum(cost).backward()
        found.append(np.concatenate([neuron_slopes for layer in model.layers for neuron_slopes in _weights(layer)]))
    return boxed, found


def _weights(layer: object) -> list[Array]:
    return [autograd.grads(neuron.weights) for neuron in layer.neurons]  # type: ignore[attr-defined]


@CLAIMS("{\\partial L\\over\\partial w^{(0)}} = {\\mathcal{L}^{(0)}}^T \\cdot {\\delta^{(1)}} {f^{(0)\\prime}}")
def boxed_formula() -> Evidence:
    boxed, found = gradients()
    apart = [np.abs(a - b).max() for a, b in zip(boxed, found, strict=True)]
    return Evidence(
        np.array(apart) < 1e-14,
        "starts",
        f"for both layers the engine finds the same within {max(apart):.1g}, of half the sum of squares.",
    )


@CLAIMS("Now we’ll use the above analysis to replace the update_weights() function from earlier.")
def changed_weights() -> Evidence:
    off = {}
    for rate in (1.0, 0.1):
        coded, true = gradients(late=rate)
        off[rate] = [np.linalg.norm(a[:12] - b[:12]) / np.linalg.norm(b[:12]) for a, b in zip(coded, true, strict=True)]
    return Evidence(
        np.array(off[0.1]) < 1e-6,
        "starts",
        "the code goes back through weights that it has already changed: the first layer's gradient is off by "
        f"{spread(off[0.1], '.1%')} at rate 0.1 and by {spread(off[1.0], '.1%')} at the default rate of 1.",
    )


@CLAIMS("use MSE loss for monitoring")
def monitored() -> Evidence:
    net = networks([3, 4, 1], "sigmoid")
    half = 0.5 * ((net.values(FIRST[0])[-1] - FIRST[1]) ** 2).sum(axis=(1, 2))
    ratio = half / mean_squares(net, *FIRST)
    return Evidence(
        np.isclose(ratio, ratio[0]),
        "starts",
        f"it may: what is descended, half the sum of squares, is N·P/2 = {ratio[0]:.3g} times as large, everywhere.",
    )


@CLAIMS("np.random.seed(1) # for reproducibility")
def reproducible() -> Evidence:
    draws = [np.random.RandomState(1).random_sample((4, 5)) for _ in SEEDS]
    return Evidence([np.array_equal(draw, draws[0]) for draw in draws], "repeats", "the same weights every time.")
