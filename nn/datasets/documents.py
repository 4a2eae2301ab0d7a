"""The data of documents 000 to 003, XOR, and the moons of micrograd's demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nn.checks import Array, as_finite, as_generator, as_size

__all__ = [
    "constant_inputs",
    "first_problem",
    "four_rows",
    "linear_bands",
    "moons",
    "random_inputs",
    "sequential_inputs",
    "seven_segments",
    "sine_bands",
    "xor",
]

Examples = tuple[Array, Array]


def random_inputs(count: int = 100, target: float = 0.15, rng: np.random.Generator | int = 0) -> Examples:
    """Document 000: inputs evenly at random in [0, 1), shape (count,), all with the same target."""
    return as_generator(rng).random(as_size(count, "count")), np.full(count, as_finite(target, "target is"))


def sequential_inputs(count: int = 100, target: float = 0.15) -> Examples:
    """Document 000: inputs from 0 to 1 in equal steps, shape (count,), all with the same target."""
    return np.linspace(0.0, 1.0, as_size(count, "count")), np.full(count, as_finite(target, "target is"))


def constant_inputs(count: int = 100, value: float = 1.0, target: float = 0.15) -> Examples:
    """Document 000: the same input again and again, shape (count,), with the same target."""
    count = as_size(count, "count")
    return np.full(count, as_finite(value, "value is")), np.full(count, as_finite(target, "target is"))


def four_rows() -> Examples:
    """Document 001: four rows of three; the target is the exclusive or of the first two. Shapes (4, 3) and (4,)."""
    X = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]]
    return np.array(X), np.array([1.0, 1.0, 0.0, 0.0])


def linear_bands() -> Examples:
    """Document 002: 10 points on ``-2x + 2`` (class 0) and 15 on ``-2x + 4`` (class 1), which a line separates."""
    return _bands(lambda x: -2.0 * x + 2.0, lambda x: -2.0 * x + 4.0)


def sine_bands() -> Examples:
    """Document 002: 10 points on ``sin x`` (class 0) and 15 on ``sin x + 1`` (class 1), which no line separates."""
    return _bands(np.sin, lambda x: np.sin(x) + 1.0)


def _bands(low: Callable[[Any], Any], high: Callable[[Any], Any]) -> Examples:
    x0, x1 = np.linspace(-5.0, 5.0, 10), np.linspace(-4.5, 4.8, 15)
    X = np.column_stack([np.concatenate([x0, x1]), np.concatenate([low(x0), high(x1)])])
    return X, np.repeat([0.0, 1.0], [10, 15])


def first_problem() -> Examples:
    """Document 003: four rows of three; the target is the first column. Shapes (4, 3) and (4,)."""
    X = [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]
    return np.array(X), np.array([0.0, 0.0, 1.0, 1.0])


def xor() -> Examples:
    """The exclusive or of two inputs, as in document 003. Shapes (4, 2) and (4,)."""
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])


def seven_segments() -> Examples:
    """Document 003: the ten digits on a seven-segment display.

    Returns
    -------
    X : array
        Shape (10, 7): which of the segments a to g are lit. ``a`` is on top, ``b`` and ``c`` on the right, ``d`` below,
        ``e`` and ``f`` on the left, from below to above, ``g`` in the middle.
    y : array
        Shape (10, 10): the digit, one-hot.
    """
    lit = ["abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg"]
    return np.array([[float(segment in digit) for segment in "abcdefg"] for digit in lit]), np.eye(10)


def moons(n_samples: int = 100, noise: float = 0.0, rng: np.random.Generator | int = 0) -> Examples:
    """Two half circles that reach into each other, as in micrograd's demo.

    Parameters
    ----------
    n_samples : int
        In all; an odd one more in the lower moon.
    noise : float
        Standard deviation of the normal noise on both coordinates.
    rng : numpy.random.Generator or int
        Where the noise comes from; the seed is 0 unless told otherwise.

    Returns
    -------
    X : array
        Shape (n_samples, 2), the upper moon first.
    y : array
        0 for the upper moon, 1 for the lower.
    """
    if as_finite(noise, "noise is") < 0.0:
        raise ValueError(f"noise is a standard deviation of at least 0, got {noise}")
    above = as_size(n_samples, "n_samples", least=2) // 2
    t, u = np.linspace(0.0, np.pi, above), np.linspace(0.0, np.pi, n_samples - above)
    X = np.concatenate([np.column_stack([np.cos(t), np.sin(t)]), np.column_stack([1.0 - np.cos(u), 0.5 - np.sin(u)])])
    noisy = X + noise * as_generator(rng).standard_normal(X.shape)
    return noisy, np.repeat([0.0, 1.0], [above, n_samples - above])
