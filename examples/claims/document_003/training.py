"""Document 003's networks from twenty starts, descended by squares and by cross-entropy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from ensemble import Array, Ensemble
from working import working

from nn import datasets

SEEDS = range(20)
XOR, FIRST = ((X.T[None], y[None, None]) for X, y in (datasets.xor(), datasets.first_problem()))

Rule = Callable[[Array, Array], Array]  # the derivative by the output's weighted sum, from predictions and targets


def by_squares(p: Array, y: Array) -> Array:
    """Of half the sum of squares behind a sigmoid, which the boxed formula descends."""
    return (p - y) * p * (1.0 - p)


def by_entropy(p: Array, y: Array) -> Array:
    """Of the mean cross-entropy behind a sigmoid."""
    return (p - y) / (y.shape[-1] * y.shape[-2])


def networks(sizes: Sequence[int], hidden: str | Sequence[str], start: str = "uniform") -> Ensemble:
    """Weights and biases uniform in (-1, 1) as in the document; or as Keras has them, by Glorot, with biases 0."""
    generators = [np.random.default_rng(seed) for seed in SEEDS]
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        reach = 1.0 if start == "uniform" else np.sqrt(6.0 / (fan_in + fan_out))
        W = np.array([rng.uniform(-reach, reach, (fan_out, fan_in)) for rng in generators])
        b = np.array([rng.uniform(-reach, reach, (fan_out, 1)) for rng in generators])
        layers.append((W, b if start == "uniform" else np.zeros_like(b)))
    names = [hidden] * (len(sizes) - 2) if isinstance(hidden, str) else list(hidden)
    return Ensemble(layers, [*names, "sigmoid"])


def descend(net: Ensemble, X: Array, Y: Array, rate: float, steps: int, rule: Rule = by_squares) -> Ensemble:
    """In place, on all examples at each step."""
    for _ in working(range(steps), "steps of descent"):
        values = net.values(X)
        net.move(net.gradient(values, rule(values[-1], Y)), rate)
    return net


def adam(net: Ensemble, X: Array, Y: Array, steps: int, rule: Rule = by_entropy, batch: int = 0) -> Ensemble:
    """Adam(0.1), in place, on all examples or on so many at a time, in a new order every epoch."""
    parameters = [array for pair in net.layers for array in pair]
    first, second = ([np.zeros_like(array) for array in parameters] for _ in range(2))
    rng, order = np.random.default_rng(0), np.arange(X.shape[-1])
    for step in working(range(1, steps + 1), "steps of Adam"):
        chosen = order
        if batch:
            at = (step - 1) * batch % len(order)
            order = rng.permutation(order) if at == 0 else order
            chosen = order[at : at + batch]
        values = net.values(X[..., chosen])
        gradient = [g for pair in net.gradient(values, rule(values[-1], Y[..., chosen])) for g in pair]
        for parameter, slope, mean, square in zip(parameters, gradient, first, second, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            unbiased = mean / (1.0 - 0.9**step)
            parameter -= 0.1 * unbiased / (np.sqrt(square / (1.0 - 0.999**step)) + 1e-7)
    return net


def mean_squares(net: Ensemble, X: Array, Y: Array) -> Array:
    return ((net.values(X)[-1] - Y) ** 2).mean(axis=(1, 2))


def farthest(net: Ensemble, X: Array, Y: Array) -> Array:
    return np.abs(net.values(X)[-1] - Y).max(axis=(1, 2))


@cache
def first_problem(count: int, hidden: str = "sigmoid") -> Array:
    """Mean squares after the document's 5,000 steps of rate 0.1."""
    sizes = [3, *[count] * bool(count), 1]
    return mean_squares(descend(networks(sizes, hidden), *FIRST, 0.1, 5000), *FIRST)
