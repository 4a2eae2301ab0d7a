"""Compiled, the program alone: ``program.bind``, where parameters are one flat vector updated in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import compile
from tests.bench import attention, networks
from tests.bench.networks import RATE, WORD
from tests.bench.systems.compiled import irregular, loss
from tests.bench.workloads import Loop, repeated


def _train(layers: networks.Layers, X: np.ndarray, y: np.ndarray) -> Loop:
    fast = compile(loss, batched=("x", "y"))
    fast.value_and_grad(layers, X, y)
    parameters = np.concatenate([part.ravel() for layer in layers for part in layer])
    bound = fast.program.bind(parameters, len(X))
    step, gradient = bound.value_and_grad, bound.gradient

    def run() -> float:
        value = step(X, y)
        np.multiply(gradient, RATE, out=gradient)  # the next call writes it anew
        np.subtract(parameters, gradient, out=parameters)
        return value

    return repeated(run)


def _alone(f: Any, numbers: np.ndarray, *args: Any) -> Loop:
    """Value and gradient of a function without examples."""
    fast = compile(f)
    fast.value_and_grad(*args)
    return repeated(fast.program.bind(numbers).value_and_grad)


def _attention() -> Loop:
    weights = attention.parameters(np.random.default_rng(0))
    return _alone(attention.loss, np.concatenate([matrix.ravel() for matrix in weights.values()]), weights, WORD)


WORKS = {
    **networks.works(_train),
    "attention": _attention,
    "irregular": lambda: _alone(irregular, np.arange(100.0), np.arange(100.0)),
}
