"""Document 000: the chain of neurons, and what its author suggests to try."""

from __future__ import annotations

from typing import Any

import numpy as np

from .exercise import Exercises
from .how import Array, How

EXERCISES = Exercises()


def a_chain(rng: np.random.Generator) -> tuple[Any, ...]:
    """An input, two to four weights and biases, and a target."""
    layers = int(rng.integers(2, 5))
    return (
        float(rng.uniform(0.3, 1.0)),
        rng.uniform(0.8, 2.5, layers) * rng.choice([-1.0, 1.0], layers),
        rng.uniform(-0.8, 0.8, layers),
        float(rng.uniform(0.1, 0.3)),
    )


def slopes(how: How, x: float, ws: Array, bs: Array, target: float, name: str, rate: float) -> tuple[Array, Array]:
    """Of half the squared error, by all weights and by all biases."""
    dws, dbs = how.gradient(
        np.array([[x]]),
        [np.array([[w]]) for w in ws],
        list(bs),
        [name] * len(ws),
        lambda a: 0.5 * (a - target) ** 2,
        how.total,
        rate,
    )
    return np.ravel(dws), np.ravel(dbs)


@EXERCISES("x, ws, bs, target", a_chain)
def chain_gradient(how: How, x: float, ws: Array, bs: Array, target: float) -> dict[str, Any]:
    """Differentiate the cost of a chain of neurons, one a layer.

    Each computes a = σ(w · a + b) of the activation before it, the first of the input x; ws and bs have a number for
    each layer. The cost is ½ (target − a)² of the last activation. Return two arrays: its derivatives by ws and by bs.
    """
    dws, dbs = slopes(how, x, ws, bs, target, "sigmoid", 1.0)
    return {"dws": dws, "dbs": dbs}


@EXERCISES("x, ws, bs, target, rate", lambda rng: (*a_chain(rng), float(rng.uniform(3.0, 6.0))))
def chain_step(how: How, x: float, ws: Array, bs: Array, target: float, rate: float) -> dict[str, Any]:
    """Make one step of gradient descent with that chain.

    Return the new ws and the new bs.
    """
    dws, dbs = slopes(how, x, ws, bs, target, "sigmoid", rate)
    return {"ws": how.step(ws, dws, rate), "bs": how.step(bs, dbs, rate)}


@EXERCISES("x, ws, bs, target", a_chain)
def linear_chain_gradient(how: How, x: float, ws: Array, bs: Array, target: float) -> dict[str, Any]:
    """Change the activation: differentiate the cost of a chain of linear neurons, a = w · a + b.

    Return its derivatives by ws and by bs, as for the sigmoids.
    """
    dws, dbs = slopes(how, x, ws, bs, target, "linear", 1.0)
    return {"dws": dws, "dbs": dbs}


@EXERCISES("target", lambda rng: (float(rng.uniform(0.1, 0.4)),), numbers=True)
def resting_bias(how: How, target: float) -> dict[str, Any]:
    """Change the target, and say where descent ends.

    Two layers, one weight and one bias, trained on all inputs of an interval, end at weight 0. Return the bias there,
    at which σ(b) is the target, for any target between 0 and 1.
    """
    return {"": how.inverse(target)}


@EXERCISES("now, before", lambda rng: (rng.normal(size=5), np.append(rng.normal(size=4), 0.0)))
def percent_changes(how: How, now: Array, before: Array) -> dict[str, Any]:
    """Guard the percentages that the document plots.

    Return the change of each number in per cent of what it was before, and 0 for each number that was 0 before.
    """
    return {"": how.percent(now, before)}
