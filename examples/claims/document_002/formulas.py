"""The activations, the costs and their derivatives."""

from __future__ import annotations

import numpy as np
from claims import Claims, Evidence, spread
from claims.document_002.training import (
    CLASSES,
    COUNT,
    POINTS,
    SEEDS,
    agree,
)

import autograd
from nn import binary_cross_entropy, squared_error

CLAIMS = Claims()


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@CLAIMS("tanh(x) = \\frac{e^x - e^{-x}}{e^x + e^{-x}}")
def tanh() -> Evidence:
    return agree(autograd.tanh, lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


@CLAIMS("tanh(x)' = 1 - tanh(x)^2")
def tanh_slope() -> Evidence:
    return agree(autograd.grad(autograd.tanh), lambda x: 1.0 - np.tanh(x) ** 2)


@CLAIMS("\\sigma(x) = \\frac{1}{1 + e^{-x}}")
def logistic() -> Evidence:
    return agree(autograd.sigmoid, lambda x: 1.0 / (1.0 + np.exp(-x)))


@CLAIMS("\\sigma(x)' = \\sigma(x) \\cdot (1-\\sigma(x))")
def logistic_slope() -> Evidence:
    return agree(autograd.grad(autograd.sigmoid), lambda x: (s := autograd.sigmoid(x)) * (1.0 - s))


@CLAIMS("\\frac{1}{m}\\sum_i^m -y^i \\cdot log(\\hat y^i) - (1-y^i) \\cdot log(1-\\hat y^i)")
def cross_entropy() -> Evidence:
    apart = []
    for seed in SEEDS:
        p = np.random.default_rng(seed).uniform(0.01, 0.99, COUNT)
        ours = autograd.mean([binary_cross_entropy(a, t) for a, t in zip(p.tolist(), CLASSES.tolist(), strict=True)])
        apart.append(abs(ours - np.mean(-CLASSES * np.log(p) - (1.0 - CLASSES) * np.log(1.0 - p))))
    return Evidence(np.array(apart) < 1e-14, "predictions", f"the engine has the same within {max(apart):.1g}.")


@CLAIMS("Cross-entropy derivative$ \\hat y - y")
def cross_entropy_slope() -> Evidence:
    p = np.random.default_rng(1).uniform(0.02, 0.98, 100).tolist()
    true = [autograd.grad(lambda q: binary_cross_entropy(q, 1.0))(q) for q in p]
    by_sum = [autograd.grad(lambda z: binary_cross_entropy(autograd.sigmoid(z), 1.0))(np.log(q / (1 - q))) for q in p]
    printed = np.array(p) - 1.0
    return Evidence(
        np.isclose(true, printed, rtol=0.01),
        "predictions",
        f"by ŷ it is (ŷ − y) / (ŷ (1 − ŷ)), {spread(np.divide(true, printed))} times as large. ŷ − y is the derivative "
        f"by the weighted sum z, within {np.abs(by_sum - printed).max():.1g}, with σ′ already in it.",
    )


@CLAIMS("ReLu$ max(0,x)")
def relu() -> Evidence:
    return agree(autograd.relu, lambda x: max(0.0, x))


@CLAIMS("0 \\text{ if x <= 0 else 1}")
def relu_slope() -> Evidence:
    return agree(autograd.grad(autograd.relu), lambda x: 0.0 if x <= 0.0 else 1.0)


@CLAIMS("Mean squared error$ -\\frac{1}{m}\\sum_i^m (y^i - \\hat y^i)^2")
def squares() -> Evidence:
    costs = [-np.mean((CLASSES - np.random.default_rng(s).random(COUNT)) ** 2) for s in SEEDS]
    return Evidence(
        np.array(costs) > 0.0, "predictions", "a minus too many: it is negative, and descent would raise the error."
    )


@CLAIMS("Mean squared error$ 2 \\cdot (\\hat y - y)")
def squares_slope() -> Evidence:
    held = []
    for seed in SEEDS:
        p = np.random.default_rng(seed).random(COUNT)
        cost = lambda q: autograd.mean([squared_error(a, t) for a, t in zip(q, CLASSES.tolist(), strict=True)])
        held.append(bool(np.allclose(autograd.grad(cost)(p.tolist()), 2.0 * (p - CLASSES))))
    return Evidence(
        held, "predictions", "it has the right sign, which the cost above it has not, and lacks the 1/m of the mean."
    )


@CLAIMS("Calculate the derivatives of the individual functions and just chain them")
def chained() -> Evidence:
    right, as_printed = [], []
    for seed in SEEDS:
        w = np.random.default_rng(seed).standard_normal(3)
        p = 1.0 / (1.0 + np.exp(-(POINTS @ w[:2] + w[2])))
        inputs = np.column_stack([POINTS, np.ones(COUNT)])
        cost = lambda v, inputs=inputs: autograd.mean([
            binary_cross_entropy(autograd.sigmoid(autograd.dot(v, row)), t)
            for row, t in zip(inputs.tolist(), CLASSES.tolist(), strict=True)
        ])  # fmt: skip
        true = np.array(autograd.grad(cost)(w.tolist()))
        chain = ((p - CLASSES) / (p * (1.0 - p)) * p * (1.0 - p)) @ inputs / COUNT
        hint = ((p - CLASSES) * p * (1.0 - p)) @ inputs / COUNT
        right.append(bool(np.allclose(chain, true, rtol=1e-10)))
        as_printed.append(float(np.linalg.norm(hint - true) / np.linalg.norm(true)))
    return Evidence(
        right,
        "starts of logistic regression",
        "so it is, with the right derivative of the cost. With the printed one the gradient is off by "
        f"{spread(as_printed, '.0%')}: it is that of half the squared error.",
    )
