"""JAX, each step under ``jit``."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np

from tests.bench import attention, networks, workloads
from tests.bench.networks import RATE, WORD
from tests.bench.workloads import Loop, repeated


def _train(layers: networks.Layers, X: Any, y: Any) -> Loop:
    def mean_squared_error(layers: Any, X: Any, y: Any) -> Any:
        for W, b in layers:
            X = jax.numpy.tanh(X @ W.T + b)
        return ((X - y) ** 2).mean()

    @jax.jit
    def step(layers: Any, X: Any, y: Any) -> Any:
        value, slopes = jax.value_and_grad(mean_squared_error)(layers, X, y)
        return value, jax.tree.map(lambda p, g: p - RATE * g, layers, slopes)

    state = [jax.device_put(layers), jax.device_put(X), jax.device_put(y)]

    def run() -> float:
        value, state[0] = step(*state)
        return float(value)

    return repeated(run)


def _attention() -> Loop:
    step = jax.jit(jax.value_and_grad(lambda w: attention.loss_of_arrays(jax.numpy, w, WORD)))
    weights = jax.device_put(attention.parameters(np.random.default_rng(0)))
    return repeated(lambda: float(jax.block_until_ready(step(weights))[0]))


def _scalars(f: Any, *point: float) -> Loop:
    step = jax.jit(jax.value_and_grad(f, argnums=(0, 1)))
    loop = repeated(lambda: jax.block_until_ready(step(*point)))
    return lambda steps: [float(slope) for slope in loop(steps)[1]]


WORKS = {
    **networks.works(_train),
    "attention": _attention,
    "tiny": lambda: _scalars(workloads.tiny_expression, -41.0, 2.0),
    "readme": lambda: _scalars(partial(workloads.small_expression, relu=jax.nn.relu), -4.0, 2.0),
}
