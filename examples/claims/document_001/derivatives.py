"""The network and its derivatives."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_001.starts import (
    INPUTS,
    TARGETS,
    Array,
    by_differences,
    by_formula,
    off,
    prediction,
    starts,
)

import autograd
from nn import MLP, uniform

CLAIMS = Claims()


# ── The network ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS(
    "a “squishification” function, such as relu or the logistic function, which map the whole real line into the "
    "interval (0,1)"
)
def squishification() -> Evidence:
    draws = np.random.default_rng(0).normal(0.0, 3.0, (20, 50)).tolist()
    inside = {
        f.__name__: np.array([[0.0 < f(z) < 1.0 for z in draw] for draw in draws])
        for f in (autograd.relu, autograd.sigmoid)
    }
    return Evidence(
        (inside["relu"] & inside["sigmoid"]).all(axis=1),
        "draws of 50 numbers",
        f"the logistic function does, {inside['sigmoid'].sum()} of {inside['sigmoid'].size}; relu, whose values are "
        f"[0, ∞), in {inside['relu'].sum()}.",
    )


@CLAIMS("The first layer of the neural net … will have three nodes … The second layer … will have four nodes")
def nodes() -> Evidence:
    held = [[w.shape for w in _matrices(seed)] == [(4, 3), (1, 4)] for seed in range(20)]
    return Evidence(held, "networks", "weights of shapes (4, 3) and (1, 4).")


def _matrices(seed: int) -> list[Array]:
    model = MLP(3, [4, 1], activation="relu", bias=False, init=uniform(), rng=seed)
    return [layer.weight_matrix() for layer in model.layers]


@CLAIMS("the error is just")
def forward() -> Evidence:
    apart = []
    for i, w in enumerate(starts()[:20]):
        model = _model(w)
        x, y = INPUTS[i % 4], TARGETS[i % 4]
        apart.append(abs(((model(x) - y) ** 2).data - (prediction(w[None], x)[0] - y) ** 2))
    return Evidence(
        np.array(apart) < 1e-15, "starts", f"activations and error are those of the engine within {max(apart):.1g}."
    )


def _model(weights: Array) -> MLP:
    model = MLP(3, [4, 1], activation="relu", bias=False, rng=0)
    for parameter, number in zip(model.parameters(), weights.tolist(), strict=True):
        parameter.data = number
    return model


@CLAIMS("will exist in a 5D space in this case because we have 5 weights")
def dimensions() -> Evidence:
    counts = [sum(w.size for w in _matrices(seed)) for seed in range(20)]
    return Evidence(np.array(counts) == 5, "networks", f"the gradient has {counts[0]} components, 4·3 + 4.")


@CLAIMS("will point in the direction of greatest increase in")
def steepest() -> Evidence:
    rng, held = np.random.default_rng(1), []
    for w in starts()[:40]:
        g = by_formula(w[None], INPUTS[0], 1.0)[0]
        if not g.any():
            continue
        others = rng.standard_normal((500, 16))
        others *= 1e-6 / np.linalg.norm(others, axis=1, keepdims=True)
        up = [(prediction(w[None] + step, INPUTS[0]) - 1.0) ** 2 for step in (others, 1e-6 * g / np.linalg.norm(g))]
        held.append(bool(up[1][0] > up[0].max()))
    return Evidence(held, "starts with a gradient", "none of 500 other directions raises the error as much.")


@CLAIMS("the neural net will produce completely wrong numbers")
def completely_wrong() -> Evidence:
    error = np.mean([(prediction(starts(), x) - y) ** 2 for x, y in zip(INPUTS, TARGETS, strict=True)], axis=0)
    return Evidence(
        error > 0.25,
        "starts",
        f"the mean square error is {spread(error)}; to answer ½ always would have 0.25.",
    )


# ── Derivatives ──────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("numerically evaluated derivatives, which would be much too slow for use on a large neural net")
def slow() -> Evidence:
    sizes = [MLP(width, [width, 1], rng=0) for width in range(1, 21)]
    passes = [2 * len(model.parameters()) for model in sizes]
    return Evidence(
        [p > 2 for p in passes],
        "widths",
        f"central differences take two forward passes a weight, {passes[0]} for {len(sizes[0].parameters())} weights "
        f"and {passes[-1]} for {len(sizes[-1].parameters())}; backpropagation takes one forward and one back.",
    )


@CLAIMS("routine for calculating the numerical derivatives")
def aliased() -> Evidence:
    w, pairs = starts(), list(zip(INPUTS, TARGETS, strict=True))
    as_printed = np.max([off(by_differences(w, x, y), by_formula(w, x, y)) for x, y in pairs], axis=0)
    with_copies = np.max([off(by_differences(w, x, y, copies=True), by_formula(w, x, y)) for x, y in pairs], axis=0)
    return Evidence(
        as_printed < 1e-6,
        "starts",
        f"it is off by {spread(as_printed, '.1g')}, though at first sight it should not work: left, right and the "
        "weights are one array. Its four assignments take that array to w − h, w, w + h and back to w, so two mistakes "
        "cancel. "
        f"Copies, which one would expect, leave every +h and −h behind and are off by {spread(with_copies, '.2g')}.",
    )


@CLAIMS("will allow us to make sure the analytical derivatives we calculate later are correct")
def check() -> Evidence:
    w, apart = starts()[:20], []
    for i, row in enumerate(w):
        x, y = INPUTS[i % 4], TARGETS[i % 4]
        model = _model(row)
        ((model(x) - y) ** 2).backward()
        apart.append(np.abs(np.array([p.grad for p in model.parameters()]) - by_formula(row[None], x, y)[0]).max())
    return Evidence(
        np.array(apart) < 1e-14, "starts", f"they are: formulas and engine differ by {max(apart):.1g} at most."
    )


@CLAIMS("we’ll need the derivative of relu for the analytic derivatives")
def relu_slope() -> Evidence:
    z = np.random.default_rng(2).normal(0.0, 1.0, 100)
    apart = {
        name: np.abs(slope(activation(z)) - slope(z)).max()
        for name, activation, slope in (
            ("relu", lambda v: np.maximum(v, 0.0), lambda v: v > 0.0),
            ("tanh", np.tanh, lambda v: 1.0 - np.tanh(v) ** 2),
        )
        for slope in [lambda v, f=slope: np.asarray(f(v), dtype=float)]
    }
    return Evidence(
        np.full(20, apart["relu"] == 0.0),
        "draws",
        "relu_deriv is given the activation, not the weighted sum; for relu that is the same, for tanh it would be off "
        f"by up to {apart['tanh']:.2g}.",
    )
