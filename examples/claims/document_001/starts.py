"""Document 001's network from a hundred starts: 16 weights a row, those of the hidden layer first."""

from __future__ import annotations

from functools import cache

import numpy as np

INPUTS = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
TARGETS = np.array([1.0, 1.0, 0.0, 0.0])
STARTS, RATE, PASSES, STEP = 100, 0.1, 60, 1e-4

Array = np.ndarray


def starts() -> Array:
    """Uniform in (-1, 1), a row a seed."""
    return np.array([np.random.default_rng(seed).uniform(-1.0, 1.0, 16) for seed in range(STARTS)])


def hidden(weights: Array, x: Array) -> Array:
    """Weighted sums of the hidden layer, (starts, 4)."""
    return (weights[:, :12].reshape(-1, 4, 3) * x).sum(axis=2)


def prediction(weights: Array, x: Array) -> Array:
    return (weights[:, 12:] * np.maximum(hidden(weights, x), 0.0)).sum(axis=1)


def by_formula(weights: Array, x: Array, y: float) -> Array:
    """The two formulas."""
    z = hidden(weights, x)
    slope = 2.0 * (prediction(weights, x) - y)[:, None]
    inner = (slope * weights[:, 12:] * (z > 0.0))[:, :, None] * x
    return np.concatenate([inner.reshape(-1, 12), slope * np.maximum(z, 0.0)], axis=1)


def by_differences(weights: Array, x: Array, y: float, copies: bool = False) -> Array:
    """The printed loops over the weights of a layer, which name one array left and right; or with copies of it."""
    found = np.zeros_like(weights)
    for layer in (range(12), range(12, 16)):
        here = weights.copy()
        left, right = (here.copy(), here.copy()) if copies else (here, here)
        for i in layer:
            left[:, i] = here[:, i] - STEP
            below = (prediction(left, x) - y) ** 2
            left[:, i] = here[:, i] + STEP
            right[:, i] = here[:, i] + STEP
            above = (prediction(right, x) - y) ** 2
            right[:, i] = here[:, i] - STEP
            found[:, i] = (above - below) / (2.0 * STEP)
    return found


@cache
def trained(way: str) -> tuple[Array, Array, Array]:
    """The weights after all passes, the mean error of every pass, (passes, starts), and whose gradient was ever off."""
    gradient = {"formulas": by_formula, "differences": by_differences}[way]
    weights, errors, astray = starts(), [], np.zeros(STARTS, dtype=bool)
    for _ in range(PASSES):
        total = np.zeros(len(weights))
        for x, y in zip(INPUTS, TARGETS, strict=True):
            slopes = gradient(weights, x, y)
            astray |= off(slopes, by_formula(weights, x, y)) > 1e-6
            weights = weights - RATE * slopes
            total += (prediction(weights, x) - y) ** 2
        errors.append(total / len(INPUTS))
    return weights, np.array(errors), astray


def off(found: Array, true: Array) -> Array:
    """The largest difference in each gradient."""
    return np.abs(found - true).max(axis=1)
