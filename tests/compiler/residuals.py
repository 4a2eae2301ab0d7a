"""Functions of a few numbers that are compiled."""

from __future__ import annotations

import numpy as np

from autograd import tanh

RNG = np.random.default_rng(0)
X, Y, W = RNG.normal(size=(5, 2)), RNG.normal(size=5), np.array([0.5, -1.0])


def cube(x):
    return x * x * x


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def residual(w, x, y):
    return tanh(sum(wi * xi for wi, xi in zip(w, x, strict=True))) - y


def squared(w, x, y):
    return residual(w, x, y) ** 2
