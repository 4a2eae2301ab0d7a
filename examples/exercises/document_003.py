"""Document 003: the boxed formula, and its exercises A and B."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from . import document_002
from .exercise import Exercises
from .given import name_of, relu, sigmoid
from .given import tanh as given_tanh
from .how import Array, How

EXERCISES = Exercises()
EXERCISES["tanh"] = document_002.EXERCISES["tanh"]  # the same blank
Functions = list[Callable[..., Any]]


def a_net(rng: np.random.Generator, sizes: list[int]) -> tuple[Any, ...]:
    """Inputs, targets, and weights."""
    count = int(rng.integers(4, 8))
    X, Y = rng.normal(size=(count, sizes[0])), rng.integers(0, 2, (count, sizes[-1])).astype(float)
    return X, Y, [rng.uniform(0.3, 1.5, (i, o)) * rng.choice([-1.0, 1.0], (i, o)) for i, o in pairwise(sizes)]


def to_feed_forward(rng: np.random.Generator) -> tuple[Any, ...]:
    """Inputs, weights, activations; two or three layers."""
    X, _, weights = a_net(rng, [3, 5, 4, 2][int(rng.integers(0, 2)) :])
    return X, weights, [given_tanh, given_tanh, sigmoid][-len(weights) :]


def layers_of(how: How, X: Array, weights: list[Array], activ: Functions) -> list[Array]:
    """The inputs and what each layer makes of them; there are no biases."""
    return how.forward(X, weights, [np.zeros(1)] * len(weights), [name_of(f) for f in activ], weights)[1]


def updated(how: How, weights: list[Array], X: Array, Y: Array, alpha: float, activ: Functions) -> list[Array]:
    """A step down half the sum of all squares, which is what the boxed formula differentiates."""
    names, none = [name_of(f) for f in activ], [np.zeros(w.shape[1]) for w in weights]
    dWs, _ = how.gradient(X, weights, none, names, lambda p: 0.5 * (p - Y) ** 2, how.total, alpha)
    return [how.step(w, d, alpha) for w, d in zip(weights, dWs, strict=True)]


@EXERCISES("X, weights, activ", to_feed_forward)
def feed_forward(how: How, X: Array, weights: list[Array], activ: Functions) -> dict[str, Any]:
    """Feed N points forward, without biases: each layer is f(layer before · w).

    X has a row for each point; weights and activ have an entry for each layer. Return a list: X, then every layer.
    """
    return {"layers": layers_of(how, X, weights, activ)}


def to_update(rng: np.random.Generator) -> tuple[Any, ...]:
    """Weights of two or three layers, the layers that they make, targets, a rate, activations."""
    X, Y, weights = a_net(rng, [3, 5, 4, 2][int(rng.integers(0, 2)) :])
    activ = [given_tanh, given_tanh, sigmoid][-len(weights) :]
    layers = [np.array(layer, dtype=float) for layer in layers_of(How(), X, weights, activ)]
    return weights, layers, Y, 0.6, activ


@EXERCISES("weights, layers, Y, alpha, activ", to_update, pairs=False)
def update_weights(
    how: How, weights: list[Array], layers: list[Array], Y: Array, alpha: float, activ: Functions
) -> dict[str, Any]:
    """Make one step by the boxed formula: ∂L/∂w = (layer before)ᵀ · (δ f′), with δ = Ỹ − Y at the last layer.

    layers holds X and every layer's activations, as feed_forward gives them. Going back, δ becomes (δ f′) · wᵀ, with
    the weights that the layers were made with. Return the list of the new weights, w − alpha · ∂L/∂w.
    """
    return {"weights": updated(how, weights, layers[0], Y, alpha, activ)}


def to_train(rng: np.random.Generator) -> tuple[Any, ...]:
    """One hidden layer, as in exercise A, made small."""
    X, Y, weights = a_net(rng, [3, 4, 2])
    return X, Y, weights, [given_tanh, sigmoid], 0.7, 3


@EXERCISES("X, Y, weights, activ, alpha, maxiter", to_train, pairs=False)
def train_hidden_layer(
    how: How, X: Array, Y: Array, weights: list[Array], activ: Functions, alpha: float, maxiter: int
) -> dict[str, Any]:
    """Exercise A: train one hidden layer, so that activations can be compared.

    Feed forward and update, maxiter times. Return the weights at the end, and a list with the mean of (Ỹ − Y)² over
    all entries of Y, measured in each iteration before its update.
    """
    losses = []
    for _ in how.epochs(maxiter):
        losses.append(how.cost((layers_of(how, X, weights, activ)[-1] - Y) ** 2))
        weights = updated(how, weights, X, Y, alpha, activ)
    return {"weights": weights, "losses": np.array(losses)}


def to_compare(rng: np.random.Generator) -> tuple[Any, ...]:
    """Two hidden layers, as in exercise B, made small."""
    X, Y, weights = a_net(rng, [2, 3, 3, 1])
    return X, Y, weights, [[given_tanh, sigmoid, sigmoid], [sigmoid, relu, sigmoid]], [0.2, 1.0], 2


@EXERCISES("X, Y, weights, activs, alphas, maxiter", to_compare, pairs=False)
def best_of_two_hidden_layers(
    how: How, X: Array, Y: Array, weights: list[Array], activs: list[Functions], alphas: list[float], maxiter: int
) -> dict[str, Any]:
    """Exercise B: train two hidden layers with every combination of activations and learning rate.

    Each combination begins at the same weights and is updated maxiter times. Return an array of the mean squares
    after the last update, with a row for each entry of activs and a column for each of alphas, and the pair (row,
    column) of the lowest.
    """
    losses = np.zeros((len(activs), len(alphas)))
    for i, activ in enumerate(activs):
        for j, alpha in enumerate(alphas):
            own = how.copy(weights)
            for _ in how.epochs(maxiter):
                for w, changed in zip(own, updated(how, own, X, Y, alpha, activ), strict=True):
                    w[...] = changed
            losses[i, j] = how.cost((layers_of(how, X, own, activ)[-1] - Y) ** 2)
    return {"losses": losses, "best": np.array(np.unravel_index(how.best(losses), losses.shape))}
