"""As a good NumPy programmer writes it: matrices, examples in rows, updates in place."""

from __future__ import annotations

import numpy as np

from tests.bench import networks
from tests.bench.networks import RATE
from tests.bench.workloads import Loop, repeated


def _train(layers: networks.Layers, X: np.ndarray, y: np.ndarray) -> Loop:
    weights = [np.ascontiguousarray(W.T) for W, _ in layers]
    biases = [b for _, b in layers]

    def step() -> float:
        outputs = [X]
        for W, b in zip(weights, biases, strict=True):
            outputs.append(np.tanh(outputs[-1] @ W + b))
        error = outputs[-1] - y
        value = (error * error).mean()
        delta = error * (2.0 / error.size) * (1.0 - outputs[-1] ** 2)
        for k in range(len(weights) - 1, -1, -1):
            slope, shift = outputs[k].T @ delta, delta.sum(axis=0)
            if k:
                delta = (delta @ weights[k].T) * (1.0 - outputs[k] ** 2)
            weights[k] -= RATE * slope
            biases[k] -= RATE * shift
        return float(value)

    return repeated(step)


WORKS = networks.works(_train)
