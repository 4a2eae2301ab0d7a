"""What document 004 prints: its formulas for the gradient, its loss and its descent."""

from __future__ import annotations

import numpy as np
from ensemble import Array
from relus import REGULARIZATION

from nn import MLP

Weights = list[tuple[Array, Array]]  # shapes (outputs, inputs) and (outputs,), layer by layer


# %% The document's formulas, with the softmax shifted so that it cannot overflow.


def weights_of(model: MLP) -> Weights:
    """The model's parameters as arrays."""
    return [(layer.weight_matrix(), layer.bias_vector()) for layer in model.layers]


def by_formula(weights: Weights, X: Array, y: Array) -> tuple[float, Weights]:
    """The loss with its penalty, and its gradient propagated from layer to layer as the document does it."""
    layers = [X]
    for W, b in weights[:-1]:
        layers.append(np.maximum(layers[-1] @ W.T + b, 0.0))
    scores = layers[-1] @ weights[-1][0].T + weights[-1][1]
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    probability = exponentials / exponentials.sum(axis=1, keepdims=True)
    loss = -np.log(probability[np.arange(len(y)), y]).mean()
    loss += sum(0.5 * REGULARIZATION * np.sum(W**2) for W, _ in weights)
    slope = (probability - np.eye(scores.shape[1])[y]) / len(y)
    gradient = []
    for (W, _), layer in zip(reversed(weights), reversed(layers), strict=True):
        gradient.insert(0, (slope.T @ layer + REGULARIZATION * W, slope.sum(axis=0)))
        slope = slope @ W * (layer > 0.0)
    return float(loss), gradient


def farthest(engine: dict[str, list[Array]], formula: Weights) -> float:
    """The largest difference between two gradients, over all parameters."""
    pairs = zip(formula, engine["weights"], engine["biases"], strict=True)
    return max(np.abs(np.append(dW.ravel() - w, db - b)).max() for (dW, db), w, b in pairs)


# %% What the document prints instead.


def printed_losses(scores: Array, y: Array) -> Array:
    """Each point's term in ``calc_loss``: exponentials over the sum of the shifted scores themselves."""
    shifted = scores - scores.max()
    with np.errstate(invalid="ignore"):
        return -np.log((np.exp(shifted) / shifted.sum(axis=1, keepdims=True))[np.arange(len(y)), y])


def printed_training(weights: Weights, X: Array, y: Array, rate: float, steps: int) -> tuple[float, bool]:
    """``train`` with its loss put right and compared at every step: the last rate, and if anything came back."""
    previous, before, restored = weights, 1e10, False
    for _ in range(steps):
        loss, gradient = by_formula(weights, X, y)
        if loss - before > 1e-9:
            rate /= 5
            restored |= by_formula(previous, X, y)[0] != loss
            weights = previous  # the list whose arrays were changed in place all along
            continue
        for (W, b), (dW, db) in zip(weights, gradient, strict=True):
            W -= rate * dW
            b -= rate * db
        before, previous = loss, weights
    return rate, restored
