"""Document 004's eight models of data in the plane, in two classes or three, centred and scaled as it does.

Every function takes the number of examples of each class and a generator or seed, and gives ``X`` of shape
(examples, 2) in [-1, 1] x [-1, 1] and the classes, 0, 1 (and 2), one class after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nn.checks import Array, as_generator, as_size
from nn.datasets.preprocessing import centre

__all__ = [
    "PLANAR",
    "ball_and_cup",
    "bulls_eye",
    "bulls_eye_3_categories",
    "centre_and_scale",
    "crescent_moons",
    "shifted_cubics",
    "shifted_sinusoids",
    "shifted_sinusoids_3_categories",
    "two_gaussians",
]

Rng = np.random.Generator | int
Examples = tuple[Array, Array]


def centre_and_scale(X: Any) -> Array:
    """Columns moved to mean 0 and divided by their largest absolute value, so that each lies in [-1, 1]."""
    X = np.asarray(X, dtype=float)
    centred = X - centre(X)
    largest = np.abs(centred).max(axis=0)
    scaled: Array = centred / np.where(largest > 0.0, largest, 1.0)
    return scaled


def two_gaussians(per_class: int = 100, rng: Rng = 0) -> Examples:
    """Two round clouds of deviation 1 about (1.6, 1.6) and (-1.6, -1.6)."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    return _examples(rng.standard_normal((n, 2)) + 1.6, rng.standard_normal((n, 2)) - 1.6)


def ball_and_cup(per_class: int = 100, rng: Rng = 0) -> Examples:
    """A ball of radius 0.5 in a parabola with noise."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    ball = _ring(rng, n, 0.0, 0.5)
    x = rng.uniform(-1.4, 1.4, n)
    return _examples(ball, np.column_stack([x, x**2 + 0.1 * rng.standard_normal(n) - 0.8]))


def shifted_cubics(per_class: int = 100, rng: Rng = 0) -> Examples:
    """Two cubics with noise, one 150 above the other."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    x = np.linspace(-8.0, 8.0, n)
    low, high = (x**3 + shift + 20.0 * rng.standard_normal(n) for shift in (0.0, 150.0))
    return _examples(np.column_stack([x, low]), np.column_stack([x, high]))


def bulls_eye(per_class: int = 100, rng: Rng = 0) -> Examples:
    """A disc of radius 1 in a ring from 1.5 to 2.5."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    return _examples(_ring(rng, n, 0.0, 1.0), _ring(rng, n, 1.5, 2.5))


def bulls_eye_3_categories(per_class: int = 100, rng: Rng = 0) -> Examples:
    """A disc of radius 1 in a ring from 1.5 to 2.5 in a ring from 3 to 4."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    return _examples(_ring(rng, n, 0.0, 1.0), _ring(rng, n, 1.5, 2.5), _ring(rng, n, 3.0, 4.0))


def crescent_moons(per_class: int = 100, rng: Rng = 0) -> Examples:
    """The upper and the lower half of a ring from 2 to 3, the lower one shifted by (2.5, 1.7)."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    upper, lower = _ring(rng, n, 2.0, 3.0, 0.0, np.pi), _ring(rng, n, 2.0, 3.0, np.pi, 2.0 * np.pi)
    return _examples(upper, lower + np.array([2.5, 1.7]))


def shifted_sinusoids(per_class: int = 100, rng: Rng = 0) -> Examples:
    """Two sine waves with noise over two periods, one 1 above the other."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    return _examples(*(_wave(rng, n, shift) for shift in (0.0, 1.0)))


def shifted_sinusoids_3_categories(per_class: int = 100, rng: Rng = 0) -> Examples:
    """Three sine waves with noise over two periods, each 1.2 above the one before."""
    rng, n = as_generator(rng), as_size(per_class, "per_class")
    return _examples(*(_wave(rng, n, shift) for shift in (0.0, 1.2, 2.4)))


PLANAR: dict[str, Callable[[int, Rng], Examples]] = {
    model.__name__: model
    for model in (
        two_gaussians,
        ball_and_cup,
        shifted_cubics,
        bulls_eye,
        crescent_moons,
        shifted_sinusoids,
        bulls_eye_3_categories,
        shifted_sinusoids_3_categories,
    )
}


def _ring(
    rng: np.random.Generator, n: int, inner: float, outer: float, start: float = 0.0, end: float = 2.0 * np.pi
) -> Array:
    """Points with radius and angle (radians) evenly at random, which is denser towards the middle."""
    radius, angle = rng.uniform(inner, outer, n), rng.uniform(start, end, n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _wave(rng: np.random.Generator, n: int, shift: float) -> Array:
    t = rng.uniform(0.0, 4.0 * np.pi, n)
    return np.column_stack([t, np.sin(t) + shift + 0.1 * rng.standard_normal(n)])


def _examples(*classes: Array) -> Examples:
    labels = np.repeat(np.arange(len(classes)), [len(points) for points in classes])
    return centre_and_scale(np.concatenate(classes)), labels.astype(float)
