"""Document 000's chains of neurons: many at once, trained as the document trains one."""

from __future__ import annotations

from functools import cache

import numpy as np
from claims import spread
from ensemble import Array, Ensemble, Layers

TARGET, CASES, DRAWS = 0.15, 100, 30
LOWEST = np.log(TARGET / (1.0 - TARGET))  # the weighted sum whose sigmoid is the target
VISIBLE = 1.0  # per cent of its axis from -320 to 320, below which a change cannot be seen


def chains(weights: Array, biases: Array) -> Ensemble:
    """One neuron a layer; weights and biases have a row a start and a column a layer."""
    layers: Layers = [
        (w[:, None, None].copy(), b[:, None, None].copy()) for w, b in zip(weights.T, biases.T, strict=True)
    ]
    return Ensemble(layers, ["sigmoid"] * len(layers))


def train(net: Ensemble, inputs: Array) -> list[Array]:
    """The document's descent, a step a case at rate 1, in place; all parameters, at first and after every step."""
    path = [parameters(net)]
    for case in inputs.T:
        values = net.values(case[:, None, None])
        a = values[-1]
        net.move(net.gradient(values, (a - TARGET) * a * (1.0 - a)), 1.0)
        path.append(parameters(net))
    return path


def parameters(net: Ensemble) -> Array:
    """Shape (starts, layers, 2): weight and bias."""
    return np.stack([np.stack([W[:, 0, 0], b[:, 0, 0]], axis=1) for W, b in net.layers], axis=1)


def uniform_inputs(draws: int = DRAWS) -> Array:
    """Inputs in [0, 1), a row a draw."""
    return np.array([np.random.default_rng(seed).random(CASES) for seed in range(draws)])


@cache
def moved(bias: float, weight: float, layers: int = 5) -> Array:
    """Changes (draws, layers, 2) in training from one constant start."""
    count = layers - 1
    path = train(chains(np.full((DRAWS, count), weight), np.full((DRAWS, count), bias)), uniform_inputs())
    return path[-1] - path[0]


@cache
def moved_at_random(layers: int = 5, bias: float = 0.0, weight: float = 0.0) -> Array:
    """Changes from starts drawn from the standard normal distribution about a weight and a bias."""
    rng = np.random.default_rng(layers)
    start = rng.standard_normal((2, DRAWS, layers - 1))
    path = train(chains(weight + start[0], bias + start[1]), uniform_inputs())
    return path[-1] - path[0]


def shares(change: Array) -> Array:
    """Of each layer in the sum of all changes."""
    size = np.abs(change).sum(axis=2)
    return size / size.sum(axis=1, keepdims=True)


def percent(number: Array) -> str:
    """As :func:`spread`."""
    return spread(number, ".1%")
