"""Document 002's networks from twenty starts, trained by each rule that its text allows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise

import numpy as np
from claims import Evidence, spread
from ensemble import Array, Ensemble
from working import working

from nn import datasets

POINTS, CLASSES = datasets.sine_bands()
X, COUNT = POINTS.T[None], len(CLASSES)
SEEDS, RATE = range(20), 0.1
DEEP = (20, 20, 2)

RULES: dict[str, Callable[[Array], Array]] = {  # derivatives by the output's weighted sum
    "printed, summed": lambda p: (p - CLASSES) * p * (1.0 - p),  # its derivative of the cost times that of σ
    "printed, averaged": lambda p: (p - CLASSES) * p * (1.0 - p) / COUNT,
    "cross-entropy, averaged": lambda p: (p - CLASSES) / COUNT,
    "cross-entropy, summed": lambda p: p - CLASSES,
}


def networks(hidden: tuple[int, ...], activation: str, scale: float = 0.1) -> Ensemble:
    """The document's start, 0.1 times normal from NumPy's older generator, from twenty seeds; biases 0."""
    sizes, generators = [2, *hidden, 1], [np.random.RandomState(seed) for seed in SEEDS]
    layers = [
        (np.array([scale * rng.randn(fan_in, fan_out).T for rng in generators]), np.zeros((len(SEEDS), fan_out, 1)))
        for fan_in, fan_out in pairwise(sizes)
    ]
    return Ensemble(layers, [activation] * len(hidden) + ["sigmoid"])


def descend(net: Ensemble, rule: str, epochs: int) -> Ensemble:
    """The same networks after so many steps on all points, in place."""
    for _ in working(range(epochs), "steps of descent"):
        values = net.values(X)
        net.move(net.gradient(values, RULES[rule](values[-1])), RATE)
    return net


@cache
def trained(hidden: tuple[int, ...], rule: str, epochs: int = 2000, activation: str = "tanh") -> Ensemble:
    return descend(networks(hidden, activation), rule, epochs)


def wrong(net: Ensemble) -> Array:
    """Points on the wrong side, of 25."""
    return ((net.values(X)[-1][:, 0] >= 0.5) != CLASSES).sum(axis=1)


def lines(points: Array) -> int:
    """The fewest points that any straight line leaves on the wrong side, over the lines through two of them."""
    fewest = int(min(CLASSES.sum(), (1.0 - CLASSES).sum()))
    for i, j in combinations(range(len(points)), 2):
        along = points[j] - points[i]
        if (length := np.linalg.norm(along)) < 1e-9:
            continue
        side = (points - points[i]) @ (along[::-1] * [1.0, -1.0] / length)
        side[[i, j]] = 0.0  # a line that is turned a little has these two on whichever side one likes
        above, below = side > 1e-12, side < -1e-12
        for first, second in ((above, below), (below, above)):
            fewest = min(fewest, np.count_nonzero(first & (CLASSES == 0)) + np.count_nonzero(second & (CLASSES == 1)))
    return fewest


@cache
def regressed() -> tuple[Array, Array]:
    """Logistic regression from random starts: the points wrong, and the boundary's slope and height."""
    net = descend(networks((), "tanh", scale=1.0), "cross-entropy, averaged", 500)
    return wrong(net), net.layers[0][0][:, 0]


def random_numbers(seed: int = 0, count: int = 100) -> list[float]:
    return np.random.default_rng(seed).normal(0.0, 3.0, count).tolist()


def agree(ours: Callable[[float], float], theirs: Callable[[float], float], tolerance: float = 1e-14) -> Evidence:
    """How far the engine's function and the document's are apart at random numbers."""
    apart = np.array([abs(ours(x) - theirs(x)) for x in random_numbers()])
    return Evidence(apart < tolerance, "numbers", f"the engine has the same within {apart.max():.1g}.")


def series(missed: dict[str, Array]) -> str:
    return "; ".join(f"{rule}: {spread(found, 'g')}" for rule, found in missed.items())
