"""The networks of the compiled table: tanh throughout, mean squared error, gradient descent, float64."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from tests.bench.workloads import Loop, Works

RATE = 0.01
Layers = list[tuple[np.ndarray, np.ndarray]]
Data = tuple[Layers, np.ndarray, np.ndarray]
NETWORKS = {
    "2-16-16-1": ([2, 16, 16, 1], 100), "2-20-20-2-1": ([2, 20, 20, 2, 1], 25), "784-128-10": ([784, 128, 10], 32),
}  # fmt: skip
WORD = [14, 9, 3, 15, 12, 5, 20, 20, 1, 19]  # what the attention model reads


def data(sizes: list[int], rows: int) -> Data:
    """Weights and biases of each layer, inputs and targets."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(0, n**-0.5, (m, n)), np.zeros(m)) for n, m in pairwise(sizes)]
    return layers, rng.uniform(-1, 1, (rows, sizes[0])), rng.uniform(-1, 1, (rows, sizes[-1]))


def works(train: Callable[[Layers, np.ndarray, np.ndarray], Loop]) -> Works:
    """A training loop for each network."""
    return {name: partial(lambda sizes, rows: train(*data(sizes, rows)), *shape) for name, shape in NETWORKS.items()}
