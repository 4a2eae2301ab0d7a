"""Document 004's data models point by point: each by its formula, drawn in the order in which a seed gives numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nn import datasets
from nn.datasets.planar import centre_and_scale

Draw = np.random.Generator


def polar(rng: Draw, n: int, inner: float, outer: float, start: float = 0.0, end: float = 360.0) -> np.ndarray:
    """Points in a ring, as complex numbers: first every radius, then every angle in degrees."""
    radius = inner + (outer - inner) * rng.random(n)
    return radius * np.exp(1j * np.pi / 180.0 * (start + (end - start) * rng.random(n)))


def curve(rng: Draw, x: np.ndarray, height: Callable[[np.ndarray], np.ndarray], noise: float) -> np.ndarray:
    """Points on a curve, with noise upwards and downwards."""
    return x + 1j * (height(x) + rng.normal(0.0, noise, len(x)))


def cloud(rng: Draw, n: int, centre: float) -> np.ndarray:
    """A round cloud of deviation 1 about a point of the diagonal, point by point."""
    return np.array([complex(*rng.normal(centre, 1.0, 2)) for _ in range(n)])


def wave(rng: Draw, n: int, shift: float) -> np.ndarray:
    """A sine of two periods."""
    return curve(rng, 4.0 * np.pi * rng.random(n), lambda t: np.sin(t) + shift, 0.1)


#: The classes of each model before they are centred and scaled, as complex numbers.
MODELS: dict[str, Callable[[Draw, int], list[np.ndarray]]] = {
    "two_gaussians": lambda rng, n: [cloud(rng, n, 1.6), cloud(rng, n, -1.6)],
    "ball_and_cup": lambda rng, n: [
        polar(rng, n, 0.0, 0.5), curve(rng, -1.4 + 2.8 * rng.random(n), lambda x: x * x - 0.8, 0.1),
    ],
    "shifted_cubics": lambda rng, n: [
        curve(rng, np.linspace(-8.0, 8.0, n), lambda x, up=up: x * x * x + up, 20.0) for up in (0.0, 150.0)
    ],
    "bulls_eye": lambda rng, n: [polar(rng, n, 0.0, 1.0), polar(rng, n, 1.5, 2.5)],
    "bulls_eye_3_categories": lambda rng, n: [polar(rng, n, *radii) for radii in ((0.0, 1.0), (1.5, 2.5), (3.0, 4.0))],
    "crescent_moons": lambda rng, n: [
        polar(rng, n, 2.0, 3.0, 0.0, 180.0), polar(rng, n, 2.0, 3.0, 180.0, 360.0) + complex(2.5, 1.7),
    ],
    "shifted_sinusoids": lambda rng, n: [wave(rng, n, shift) for shift in (0.0, 1.0)],
    "shifted_sinusoids_3_categories": lambda rng, n: [wave(rng, n, shift) for shift in (0.0, 1.2, 2.4)],
}  # fmt: skip


@pytest.mark.parametrize("name", datasets.PLANAR)
@pytest.mark.parametrize("seed", [0, 7])
def test_every_point_is_that_of_the_formula(name: str, seed: int) -> None:
    """In the plane in which columns have mean 0 and reach as far as 1; a class after the other."""
    X, y = datasets.PLANAR[name](13, seed)
    classes = MODELS[name](np.random.default_rng(seed), 13)
    points = np.concatenate(classes)
    columns = np.column_stack([points.real, points.imag])
    columns = columns - columns.sum(axis=0) / len(points)
    np.testing.assert_allclose(X, columns / np.abs(columns).max(axis=0), rtol=0.0, atol=1e-13)
    assert y.tolist() == [float(k) for k in range(len(classes)) for _ in range(13)]
    assert (X.dtype, y.dtype) == (float, float)


def test_column_of_one_number_is_zero_and_stays_finite() -> None:
    """It has no largest absolute value to be divided by; another column is of any size."""
    scaled = centre_and_scale([[3, 1e-300], [3, 3e-300], [3, 8e-300]])
    np.testing.assert_allclose(scaled, [[0.0, -0.75], [0.0, -0.25], [0.0, 1.0]], rtol=1e-12)
