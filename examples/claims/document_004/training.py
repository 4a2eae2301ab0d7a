"""Document 004's networks from twenty starts, trained as printed and as meant."""

from __future__ import annotations

from functools import cache

import numpy as np
from ensemble import Array
from relus import alive, by_cross_entropy, descend, networks, wrong

RINGS, WAVES, THREE_WAVES = "bulls_eye_3_categories", "shifted_sinusoids", "shifted_sinusoids_3_categories"


STEPS = {"never": 1000, "previous": 1200, "lowest": 2000}  # whatever dies has died by then


@cache
def trained(kind: str, hidden: tuple[int, ...], compare: str, every: int = 1) -> dict[str, Array]:
    """What became of the networks: points wrong, relus alive, times gone back."""
    steps = 2000 if kind != RINGS else STEPS[compare]
    net, X, classes = networks(kind, hidden)
    returns, _ = descend(net, X, classes, steps, compare=compare, every=every)
    values = net.values(X)
    gradient = net.gradient(values, by_cross_entropy(values[-1], np.eye(classes.max() + 1)[classes].T))
    return {
        "wrong": wrong(net, X, classes),
        "alive": alive(values),
        "returns": np.array([returns]),
        "slope": np.abs(gradient[0][0]).max(axis=(1, 2)),
    }


def deep(compare: str, every: int, key: str) -> Array:
    """Of four and of five hidden layers of five relus, on three rings."""
    return np.concatenate([trained(RINGS, (5,) * depth, compare, every)[key] for depth in (4, 5)])
