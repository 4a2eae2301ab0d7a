"""Document 001: the derivatives by hand, and those by differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from .exercise import Exercises
from .how import Array, How

EXERCISES = Exercises()


def a_net(rng: np.random.Generator) -> tuple[Any, ...]:
    """Weights of four relus, two of which are on, and of the output; an input and its target."""
    x = rng.uniform(0.2, 1.0, 3)
    w0 = rng.uniform(-1.0, 1.0, (4, 3))
    w0 *= np.sign(w0 @ x)[:, None] * np.array([1.0, -1.0, 1.0, 1.0])[:, None]
    return w0, rng.uniform(0.3, 1.0, (1, 4)) * rng.choice([-1.0, 1.0], (1, 4)), x, float(rng.uniform(-1.0, 1.0))


def a_function(rng: np.random.Generator) -> tuple[Any, ...]:
    """A quadratic function of an array, the array, and a step that is not small."""
    square, line, mixed = rng.uniform(0.5, 2.0, (2, 3)), rng.normal(size=(2, 3)), float(rng.uniform(0.5, 1.0))
    f = lambda w: np.sum(square * w * w) + np.sum(line * w) + mixed * np.sum(w) ** 2
    return f, rng.normal(size=(2, 3)), float(rng.uniform(0.1, 0.3))


def slopes(how: How, w0: Array, w1: Array, x: Array, y: float) -> list[Array]:
    """Of the squared error, by both layers' weights; here a row of weights is a neuron's."""
    dWs, _ = how.gradient(
        x[None], [w0.T, w1.T], [np.zeros(4), np.zeros(1)], ["relu", "linear"], lambda a: (a - y) ** 2, how.total, 0.1
    )
    return [d.T for d in dWs]


@EXERCISES("a, y", lambda rng: (rng.normal(size=4), rng.normal(size=4)), numbers=True)
def error_derivative(how: How, a: Array, y: Array) -> dict[str, Any]:
    """Differentiate the error ε = (a − y)² by the output a."""
    return {"": how.by(lambda p: np.sum((p - y) ** 2), a)}


@EXERCISES("w0, w1, x, y", a_net)
def output_derivatives(how: How, w0: Array, w1: Array, x: Array, y: float) -> dict[str, Any]:
    """Differentiate the error by the weights of the output.

    The network is a¹ = relu(w0 · x), a² = w1 · a¹, ε = (a² − y)²; w0 has the shape (4, 3), w1 (1, 4), x (3,). Return
    the derivatives by w1, in its shape.
    """
    return {"": slopes(how, w0, w1, x, y)[1]}


@EXERCISES("w0, w1, x, y", a_net)
def hidden_derivatives(how: How, w0: Array, w1: Array, x: Array, y: float) -> dict[str, Any]:
    """Differentiate the error of the same network by the weights of its hidden layer.

    Return the derivatives by w0, in its shape, (4, 3).
    """
    return {"": slopes(how, w0, w1, x, y)[0]}


@EXERCISES("f, w, h", a_function)
def central_differences(how: How, f: Any, w: Array, h: float) -> dict[str, Any]:
    """Find the derivatives of f by every number of the array w, without formulas.

    f(w) is a number. Move one number at a time by h to either side, and put it back. Return an array shaped as w.
    """
    return {"": how.derivative(how.differences(f, w, h))}
