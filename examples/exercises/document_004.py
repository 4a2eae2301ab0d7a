"""Document 004: the softmax, its gradient, and the pieces of its backward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .exercise import Call, Exercises
from .how import Array, How

EXERCISES = Exercises()


def some_scores(rng: np.random.Generator) -> list[Call]:
    """Of three to five classes, for four points; small ones, large ones, and points far apart."""
    sixteenths = np.round(16.0 * rng.normal(size=(int(rng.integers(3, 6)), 4)))
    small = sixteenths / 16.0  # exact in single precision, even with 1000 more
    far = small + np.array([0.0, 900.0, -900.0, 0.0])
    cases = {"scores of usual size": small, "large scores": 1000.0 + small, "points far apart": far}
    return [Call((scores,), case) for case, scores in cases.items()]


def labelled(rng: np.random.Generator) -> tuple[Any, ...]:
    """Scores of five to seven points, and their classes."""
    count = int(rng.integers(5, 8))
    return rng.normal(size=(3, count)), rng.permutation(np.arange(count) % 3)


@EXERCISES("scores", some_scores)
def softmax(how: How, scores: Array) -> dict[str, Any]:
    """Turn scores into probabilities: eˢ over the sum of eˢ of the same point.

    scores has a row for each class and a column for each point; the probabilities of a point add up to 1, however large
    its scores are.
    """
    return {"": how.softmax(scores, how.classes())}


@EXERCISES("scores, label", labelled)
def softmax_gradient(how: How, scores: Array, label: Array) -> dict[str, Any]:
    """Differentiate the mean cross-entropy of n points, −log of the probability of each one's label, by the scores.

    scores has a row for each class and a column for each point, label a class for each point. Return an array shaped
    as scores.
    """
    points = np.arange(len(label))
    own = lambda p: how.mean(-how.activation("log", p[label, points]))
    probabilities = how.softmax(scores, how.classes())
    by_scores = how.by(lambda s: own(how.softmax(s, how.classes())), scores)
    return {"": how.by_scores(by_scores, how.by(own, probabilities), probabilities)}


def one_layer(rng: np.random.Generator) -> tuple[Any, ...]:
    """What comes back to a layer's output, what it was given, its weights, and the penalty's rate."""
    count = int(rng.integers(5, 8))
    out, inpt, W = (rng.normal(size=shape) for shape in ((3, count), (4, count), (3, 4)))
    return out, inpt, W, float(rng.uniform(0.2, 0.5))


@EXERCISES("dloss_dout, inpt, W, reg", one_layer)
def back_prop_parameter(how: How, dloss_dout: Array, inpt: Array, W: Array, reg: float) -> dict[str, Any]:
    """Differentiate the loss by the weights and biases of one layer, out = W · inpt + b.

    inpt and dloss_dout, the loss's derivatives by out, have a column for each point. The loss has the penalty
    ½ reg · (the sum of all W²) besides. Return two arrays: the derivatives by W and by b.
    """
    dWs, dbs = how.gradient(
        inpt.T, [W.T], [np.zeros(len(W))], ["linear"], lambda out: out * dloss_dout.T, how.total, 0.0
    )
    of_penalty = how.by(lambda w: how.penalty(w, reg), W)
    return {"dW": dWs[0].T + how.of_weights(of_penalty), "db": dbs[0].T}


def between_layers(rng: np.random.Generator) -> tuple[Any, ...]:
    """What comes back to a layer's output, its weights, and the relus before it, some of them off."""
    return rng.normal(size=(3, 5)), rng.normal(size=(3, 4)), np.maximum(rng.normal(size=(4, 5)), 0.0)


@EXERCISES("dloss_dout, W, layer_vals", between_layers)
def back_prop_layer(how: How, dloss_dout: Array, W: Array, layer_vals: Array) -> dict[str, Any]:
    """Send the derivatives by out = W · relu(z) back to z.

    layer_vals are the relus' activations, relu(z), a column for each point. Return an array shaped as they are.
    """
    z = np.where(layer_vals > 0.0, layer_vals, -1.0)
    loss = lambda z: how.total(how.weighted(how.activation("relu", z.T), W.T, W.T) * dloss_dout.T)
    return {"": how.by(loss, z)}


def a_step(rng: np.random.Generator) -> list[Call]:
    """A step that is too long and one that is not, on a bowl."""
    middle = rng.normal(size=(2, 3))
    loss: Callable[[Array], float] = lambda W: 0.4 * float(np.sum((W - middle) ** 2))
    W = middle + rng.choice([-1.0, 1.0], (2, 3)) * rng.uniform(0.5, 1.0, (2, 3))
    slope = 0.8 * (W - middle)
    return [Call((W, slope, 3.0, loss), "a step too long"), Call((W, slope, 0.6, loss), "a step that lowers the loss")]


@EXERCISES("W, dW, rate, loss", a_step)
def backtracking_step(how: How, W: Array, dW: Array, rate: float, loss: Callable[[Array], float]) -> dict[str, Any]:
    """Make a step, W − rate · dW, and take it back if the loss has grown.

    loss(W) is a number. Return the weights and the rate to go on with: after a step that was taken back the old
    ones and a fifth of the rate, else the new ones and the same rate.
    """
    (old,) = how.copy([W])
    W[...] = how.step(W, how.derivative(dW), rate)
    if how.grown(loss(W), loss(old)):
        return {"W": old, "rate": how.smaller(rate)}
    return {"W": W, "rate": rate}


@EXERCISES("scores, label", lambda rng: (rng.normal(size=(3, 9)), rng.integers(0, 3, 9)))
def misclassified(how: How, scores: Array, label: Array) -> dict[str, Any]:
    """Count the points whose largest score is not that of their label."""
    return {"": how.count(np.argmax(scores, axis=0) != label)}
