"""Compiled, as a loop of one's own calls it: ``fast.step``, where parameters are one flat vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import compile
from tests.bench import attention, networks
from tests.bench.networks import RATE, WORD
from tests.bench.systems.compiled import irregular, loss
from tests.bench.workloads import Loop, repeated


def _train(layers: networks.Layers, X: np.ndarray, y: np.ndarray) -> Loop:
    step = compile(loss, batched=("x", "y")).step(layers, X, y)
    parameters = np.concatenate([part.ravel() for layer in layers for part in layer])

    def run() -> float:
        value, gradient = step(parameters, X, y)
        np.multiply(gradient, RATE, out=gradient)
        np.subtract(parameters, gradient, out=parameters)
        return value

    return repeated(run)


def _alone(f: Any, numbers: np.ndarray, *args: Any) -> Loop:
    """Value and gradient of a function without examples."""
    step = compile(f).step(*args)
    return repeated(lambda: step(numbers)[0])


def _attention() -> Loop:
    weights = attention.parameters(np.random.default_rng(0))
    return _alone(attention.loss, np.concatenate([matrix.ravel() for matrix in weights.values()]), weights, WORD)


WORKS = {
    **networks.works(_train),
    "attention": _attention,
    "irregular": lambda: _alone(irregular, np.arange(100.0), np.arange(100.0)),
}
