"""Document 004's networks from many starts: descended as its program does, and with the backtracking that it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from ensemble import Array, Ensemble
from working import working

from nn import datasets

PER_CLASS = 100
REGULARIZATION = 1e-5  # times half the sum of the squared weights; biases are left out
COMPARE_EVERY = 500  # steps
SEEDS = range(20)


def networks(
    kind: str, hidden: Sequence[int], seeds: Sequence[int] = SEEDS, activation: str = "relu"
) -> tuple[Ensemble, Array, Array]:
    """Networks as the document draws them, each with data of its own (seeds, 2, points), and the points' classes."""
    data = [datasets.PLANAR[kind](PER_CLASS, seed) for seed in seeds]
    classes = data[0][1].astype(int)
    sizes = [2, *hidden, classes.max() + 1]
    generators = [np.random.default_rng([seed, 1]) for seed in seeds]  # not the stream that drew the data
    layers = [
        (
            np.array([np.sqrt(2.0 / fan_in) * rng.standard_normal((fan_out, fan_in)) for rng in generators]),
            np.zeros((len(seeds), fan_out, 1)),
        )
        for fan_in, fan_out in pairwise(sizes)
    ]
    return Ensemble(layers, [activation] * len(hidden) + ["softmax"]), np.array([X.T for X, _ in data]), classes


def losses(net: Ensemble, probabilities: Array, classes: Array) -> Array:
    """The cross-entropy of every network, its penalty included."""
    with np.errstate(divide="ignore"):  # a point whose class has probability 0 costs infinitely much
        of_points = -np.log(probabilities[:, classes, np.arange(len(classes))])
    penalty = sum(0.5 * REGULARIZATION * (W**2).sum(axis=(1, 2)) for W, _ in net.layers)
    return of_points.mean(axis=1) + penalty


def by_cross_entropy(probabilities: Array, targets: Array) -> Array:
    """The derivative of the mean cross-entropy by the scores."""
    return (probabilities - targets) / targets.shape[-1]


def descend(
    net: Ensemble,
    X: Array,
    classes: Array,
    steps: int,
    *,
    compare: str = "never",
    every: int = 1,
    rate: float = 1.0,
    slope: Callable[[Array, Array], Array] = by_cross_entropy,
    watch: Callable[[int, list[Array]], None] | None = None,
) -> tuple[int, Array]:
    """Descend in place; how often any network went back, and the last rate of each.

    ``compare="never"`` is the printed program, whose loss is nan. ``"previous"`` puts its loss right and keeps copies:
    every so many steps the loss is held against that of the step before. ``"lowest"`` holds it against the lowest so
    far. Where it has grown, the network goes back to what it is compared with, at a fifth of the rate.
    """
    targets = np.eye(classes.max() + 1)[classes].T
    rates, kept, best, returns = np.full((len(X), 1, 1), rate), net.copy(), np.full(len(X), np.inf), 0
    for step in working(range(steps), "steps of descent"):
        values = net.values(X)
        if watch is not None:
            watch(step, values)
        moving = np.full(len(X), True)
        if compare != "never":
            loss = losses(net, values[-1], classes)
            moving = ~((loss - best > 1e-9) & (step % every == 0))
            returns += int((~moving).sum())
            improved = moving & ((loss < best) | (compare == "previous"))
            for now, then in zip(_arrays(net), _arrays(kept), strict=True):
                now[~moving] = then[~moving]
                then[improved] = now[improved]
            best = np.where(improved, loss, best)
            rates[~moving] /= 5.0
        gradient = net.gradient(values, slope(values[-1], targets))
        for (W, _), (dW, _) in zip(net.layers, gradient, strict=True):
            dW += REGULARIZATION * W
        net.move(gradient, np.where(moving[:, None, None], rates, 0.0))
    return returns, rates[:, 0, 0]


def wrong(net: Ensemble, X: Array, classes: Array) -> Array:
    """How many points each network puts into another class than theirs."""
    return (net.values(X)[-1].argmax(axis=1) != classes).sum(axis=1)


def alive(values: list[Array]) -> Array:
    """Of every network, the fewest relus in any hidden layer that are on for at least one point."""
    return np.min([(layer > 0.0).any(axis=2).sum(axis=1) for layer in values[1:-1]], axis=0)


def _arrays(net: Ensemble) -> list[Array]:
    return [array for pair in net.layers for array in pair]
