"""JAX, each step under ``jit``."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tests.bench import attention, models, networks, workloads
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


def _heston(paths: int) -> Loop:
    def price(p: Any, shocks: Any) -> Any:
        """As the model has it, a step of all paths at a time."""
        spot, variance, speed, level, volatility, correlation, rate, strike = p
        dt, other = 1.0 / len(shocks), jnp.sqrt(1.0 - correlation * correlation)

        def step(state: Any, shock: Any) -> Any:
            x, variance = state
            v = jnp.maximum(variance, 1e-4)
            noise = jnp.sqrt(v * dt)
            turned = correlation * shock[0] + other * shock[1]
            x = x + (rate - 0.5 * v) * dt + noise * shock[0]
            return (x, variance + speed * (level - v) * dt + volatility * noise * turned), None

        start = jnp.full(paths, jnp.log(spot)), jnp.full(paths, variance)
        (x, _), _ = jax.lax.scan(step, start, shocks)
        return (jnp.maximum(jnp.exp(x) - strike, 0.0) * jnp.exp(-rate)).mean()

    step = jax.jit(jax.value_and_grad(price))
    given = jax.device_put((models.HESTON, models.shocks(paths).transpose(1, 2, 0)))
    return repeated(lambda: float(jax.block_until_ready(step(*given))[0]))


def _arm(count: int) -> Loop:
    slopes = jax.jacfwd(lambda q: jnp.stack(models.arm(jnp, q)))
    step = jax.jit(slopes if count == 1 else jax.vmap(slopes))
    angles = jax.device_put(models.ANGLES[0] if count == 1 else models.ANGLES[:count])
    return repeated(lambda: float(np.asarray(step(angles)).sum()))


def _recurrence(name: str) -> tuple[Any, Any]:
    """Its sum as a scan, which is compiled once for all steps, and what it takes."""
    _, p, seen = models.RECURRENCES[name]

    def f(p: Any, seen: Any) -> Any:
        def lotka_volterra(state: Any, sight: Any) -> Any:
            u, v = models.hunted(p, *state)
            return (u, v), (u - sight[0]) ** 2 + (v - sight[1]) ** 2

        def garch(variance: Any, r: Any) -> Any:
            return p[0] + p[1] * r * r + p[2] * variance, 0.5 * (jnp.log(variance) + r * r / variance)

        def kalman(state: Any, z: Any) -> Any:
            mean, spread, term = models.filtered(jnp, p, *state, z)
            return (mean, spread), 0.5 * term

        step, start = {
            "lotka-volterra": (lotka_volterra, (1.0, 0.5)), "garch": (garch, p[0] / (1.0 - p[1] - p[2])),
            "kalman": (kalman, (0.0, 1.0)),
        }[name]  # fmt: skip
        return jax.lax.scan(step, start, seen)[1].sum()

    return f, jax.device_put((p, seen))


def _gradient(name: str) -> Loop:
    f, given = _recurrence(name)
    step = jax.jit(jax.value_and_grad(f))
    return repeated(lambda: float(jax.block_until_ready(step(*given))[0]))


def _hessian(name: str) -> Loop:
    f, given = _recurrence(name)
    step = jax.jit(jax.hessian(f))
    return repeated(lambda: float(np.asarray(step(*given)).sum()))


WORKS = {
    **networks.works(_train),
    **models.works(_heston, _arm, _gradient, _hessian),
    "attention": _attention,
    "tiny": lambda: _scalars(workloads.tiny_expression, -41.0, 2.0),
    "readme": lambda: _scalars(partial(workloads.small_expression, relu=jax.nn.relu), -4.0, 2.0),
}
