"""Models that people fit, simulate and steer: written once, for numbers of any sort and a module ``m`` of functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import cos, pi, sin
from typing import Any

import numpy as np

from tests.bench.workloads import Loop, Works

# Spot and variance, how fast that returns to what, its own volatility, correlation, interest, strike.
HESTON = np.array([100.0, 0.04, 1.5, 0.05, 0.3, -0.6, 0.02, 105.0])
STEPS = 50
# A joint's twist, and its offset along both axes: metres and radians, as an industrial arm of seven joints has them.
JOINTS = [
    (-pi / 2, 0.0, 0.34), (pi / 2, 0.0, 0.0), (pi / 2, 0.02, 0.40), (-pi / 2, 0.0, 0.0), (-pi / 2, 0.03, 0.40),
    (pi / 2, 0.0, 0.0), (0.0, 0.08, 0.126),
]  # fmt: skip


def heston(m: Any, p: Any, shocks: Any) -> Any:
    """The discounted payoff of a call on one path, or on many whose shocks stand in arrays."""
    spot, variance, speed, level, volatility, correlation, rate, strike = [p[k] for k in range(8)]
    x, dt = m.log(spot), 1.0 / len(shocks)
    other = m.sqrt(1.0 - correlation * correlation)
    for first, second in shocks:
        v = m.maximum(variance, 1e-4)
        noise = m.sqrt(v * dt)
        x = x + (rate - 0.5 * v) * dt + noise * first
        variance = variance + speed * (level - v) * dt + volatility * noise * (correlation * first + other * second)
    return m.maximum(m.exp(x) - strike, 0.0 * strike) * m.exp(-rate)


def shocks(paths: int) -> np.ndarray:
    """Independent normal numbers: two for each step of each path."""
    return np.random.default_rng(0).normal(size=(paths, STEPS, 2))


def arm(m: Any, q: Any) -> list[Any]:
    """Where the hand of an arm is, and how it is turned: three rows of its frame, four numbers each."""
    frame: list[list[Any]] = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]
    for k, (twist, along, offset) in enumerate(JOINTS):
        c, s, ct, st = m.cos(q[k]), m.sin(q[k]), cos(twist), sin(twist)
        frame = [
            [
                x * c + y * s,
                (y * c - x * s) * ct + z * st,
                (x * s - y * c) * st + z * ct,
                (x * c + y * s) * along + z * offset + w,
            ]
            for x, y, z, w in frame
        ]
    return [x for row in frame for x in row]


def lotka_volterra(m: Any, p: Any, seen: Any) -> Any:
    """The squared distance of predators and prey from what was seen, by steps of Runge and Kutta's method."""
    u, v, total = 1.0, 0.5, 0.0
    for prey, predators in seen:
        u, v = hunted(p, u, v)
        total = total + (u - prey) ** 2 + (v - predators) ** 2
    return total


def hunted(p: Any, u: Any, v: Any, h: float = 0.05) -> tuple[Any, Any]:
    """Prey and predators a step later."""
    slope = lambda u, v: (p[0] * u - p[1] * u * v, p[3] * u * v - p[2] * v)
    k1 = slope(u, v)
    k2 = slope(u + 0.5 * h * k1[0], v + 0.5 * h * k1[1])
    k3 = slope(u + 0.5 * h * k2[0], v + 0.5 * h * k2[1])
    k4 = slope(u + h * k3[0], v + h * k3[1])
    return (
        u + h / 6.0 * (k1[0] + 2.0 * k2[0] + 2.0 * k3[0] + k4[0]),
        v + h / 6.0 * (k1[1] + 2.0 * k2[1] + 2.0 * k3[1] + k4[1]),
    )


def garch(m: Any, p: Any, returns: Any) -> Any:
    """Minus the logarithm of the likelihood of returns whose variance remembers."""
    variance, total = p[0] / (1.0 - p[1] - p[2]), 0.0
    for r in returns:
        total = total + m.log(variance) + r * r / variance
        variance = p[0] + p[1] * r * r + p[2] * variance
    return 0.5 * total


def kalman(m: Any, p: Any, seen: Any) -> Any:
    """Minus the logarithm of the likelihood of a walk that is seen through noise."""
    mean, spread, total = 0.0, 1.0, 0.0
    for z in seen:
        mean, spread, term = filtered(m, p, mean, spread, z)
        total = total + term
    return 0.5 * total


def filtered(m: Any, p: Any, mean: Any, spread: Any, z: Any) -> tuple[Any, Any, Any]:
    """Mean and variance after a sight of the walk, and what it adds to the likelihood."""
    mean, spread = p[0] * mean, p[0] * p[0] * spread + p[1]
    gain = spread / (spread + p[2])
    term = m.log(spread + p[2]) + (z - mean) ** 2 / (spread + p[2])
    return mean + gain * (z - mean), (1.0 - gain) * spread, term


def _data() -> dict[str, tuple[Callable[..., Any], np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    return {
        "lotka-volterra": (lotka_volterra, np.array([1.1, 0.4, 0.4, 0.1]), rng.uniform(0.5, 3.0, (200, 2))),
        "garch": (garch, np.array([0.1, 0.1, 0.8]), rng.normal(size=1000)),
        "kalman": (kalman, np.array([0.9, 0.3, 0.5]), rng.normal(size=200)),
    }


# Of each recurrence the function, its parameters, and what was seen.
RECURRENCES = _data()
ANGLES = np.random.default_rng(0).uniform(-1.0, 1.0, (10_000, 7))


def works(
    heston: Callable[[int], Loop],
    arm: Callable[[int], Loop],
    gradient: Callable[[str], Loop],
    hessian: Callable[[str], Loop] | None = None,
) -> Works:
    """All of it, as a system does each: so many paths or arms, and one of the recurrences."""
    found: Works = {f"heston-{paths}": partial(heston, paths) for paths in (200, 10_000)}
    found |= {f"arm-{count}": partial(arm, count) for count in (1, 10_000)}
    found |= {name: partial(gradient, name) for name in RECURRENCES}
    if hessian:
        found |= {f"{name}-hessian": partial(hessian, name) for name in RECURRENCES}
    return found
