"""Compiled by ``nn.fit``: a thousand epochs, each of one batch; making the program is part of the price."""

from __future__ import annotations

import numpy as np

from nn import MLP, SGD, fit
from tests.bench import networks
from tests.bench.workloads import Loop

STEPS = 1000


def _train(layers: networks.Layers, X: np.ndarray, y: np.ndarray) -> Loop:
    model = MLP(X.shape[1], [len(b) for _, b in layers], activation="tanh", output_activation="tanh")
    numbers = [x for W, b in layers for row, shift in zip(W, b, strict=True) for x in (*row, shift)]
    for p, x in zip(model.parameters(), numbers, strict=True):
        p.data = float(x)

    def loop(steps: int) -> float:
        history = fit(model, X, y, loss="mean_squared_error", optimizer=SGD(networks.RATE), epochs=steps)
        return history.loss[-1]

    return loop


WORKS = networks.works(_train)
