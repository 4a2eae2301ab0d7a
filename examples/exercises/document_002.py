"""Document 002: its blanks, from activations to backpropagation through any number of layers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from .exercise import Exercises, value_and_derivative
from .given import cross_entropy as given_cross_entropy
from .given import logistic as given_logistic
from .given import name_of
from .given import tanh as given_tanh
from .how import Array, How

EXERCISES = Exercises()
Functions = list[Callable[..., Any]]

points = value_and_derivative(lambda rng: (rng.uniform(-2.5, 2.5, 6),))
points_and_zero = value_and_derivative(lambda rng: (np.append(rng.uniform(-2.5, 2.5, 6), 0.0),))


def some_predictions(rng: np.random.Generator) -> tuple[Any, ...]:
    """Of four to seven points, and the classes."""
    count = int(rng.integers(4, 8))
    return rng.uniform(0.05, 0.95, count), classes(rng, count)


def classes(rng: np.random.Generator, count: int) -> Array:
    """Both of them."""
    return rng.permutation(np.arange(count) % 2).astype(float)


predictions = value_and_derivative(some_predictions)


def of_activation(how: How, name: str, x: Array, deriv: bool) -> dict[str, Any]:
    """Its value or its slope."""
    return {"": how.derivative(how.slopes(name, x)) if deriv else how.activation(name, np.asarray(x, dtype=float))}


@EXERCISES("x, deriv=False", points, numbers=True)
def logistic(how: How, x: Array, deriv: bool = False) -> dict[str, Any]:
    """Write the logistic function, σ(x) = 1 / (1 + e⁻ˣ).

    With deriv=True return its derivative at x.
    """
    return of_activation(how, "sigmoid", x, deriv)


@EXERCISES("x, deriv=False", points, numbers=True)
def tanh(how: How, x: Array, deriv: bool = False) -> dict[str, Any]:
    """Write tanh(x); with deriv=True return its derivative at x.

    Document 003 leaves the same blank.
    """
    return of_activation(how, "tanh", x, deriv)


@EXERCISES("x, deriv=False", points_and_zero, numbers=True)
def relu(how: How, x: Array, deriv: bool = False) -> dict[str, Any]:
    """Write relu, max(0, x); with deriv=True return its derivative at x, which is 0 for x ≤ 0."""
    return of_activation(how, "relu", x, deriv)


@EXERCISES("y_preds, y, deriv=False", predictions)
def cross_entropy(how: How, y_preds: Array, y: Array, deriv: bool = False) -> dict[str, Any]:
    """Write the cross-entropy of m predictions, the mean of −y log(ŷ) − (1 − y) log(1 − ŷ): one number.

    With deriv=True return its derivatives by ŷ, one for each prediction.
    """
    if not deriv:
        return {"": how.cost(how.entropy(y_preds, y))}
    return {"": how.by(lambda p: how.mean(how.entropy(p, y)), y_preds)}


@EXERCISES("y_preds, y, deriv=False", predictions)
def mean_squared_error(how: How, y_preds: Array, y: Array, deriv: bool = False) -> dict[str, Any]:
    """Write the mean of (ŷ − y)² over m predictions: one number.

    With deriv=True return its derivatives by ŷ, one for each prediction.
    """
    costs = lambda p: (p - y) ** 2
    if not deriv:
        return {"": how.cost(costs(y_preds))}
    return {"": how.by_activation(how.by(lambda p: how.mean(costs(p)), y_preds), y_preds)}


def points_and_line(rng: np.random.Generator) -> tuple[Any, ...]:
    """Four to seven points of two classes, weights and a bias; three epochs."""
    count = int(rng.integers(4, 8))
    return rng.normal(size=(count, 2)), classes(rng, count), rng.normal(size=2), float(rng.uniform(0.3, 1.0)), 0.4, 3


@EXERCISES("x, y, ws, b, lrate, epochs", points_and_line, pairs=False)
def gradient_descent(how: How, x: Array, y: Array, ws: Array, b: float, lrate: float, epochs: int) -> dict[str, Any]:
    """Train logistic regression: Z = x · ws + b, A = σ(Z), the mean cross-entropy, and a step an epoch.

    x has a row for each of the m points, y their classes. Return ws and b after the last step, and the predictions of
    the last epoch, made before that step.
    """
    Ws, bs, A = [ws[:, None]], [np.array([b])], None
    for _ in how.epochs(epochs):
        A = how.forward(x, Ws, bs, ["sigmoid"], Ws)[1][-1]
        dWs, dbs = how.gradient(x, Ws, bs, ["sigmoid"], lambda p: how.entropy(p, y[:, None]), how.mean, lrate)
        Ws, bs = [how.step(Ws[0], dWs[0], lrate)], [how.step(bs[0], dbs[0], lrate)]
    (A,) = how.last([A], [how.forward(x, Ws, bs, ["sigmoid"], Ws)[1][-1]])
    return {"ws": Ws[0][:, 0], "b": bs[0], "y_pred": A[:, 0]}


def a_deep_net(rng: np.random.Generator) -> tuple[Any, ...]:
    """Four to seven points, two or three layers."""
    count, sizes = int(rng.integers(4, 8)), [2, 3, 4, 1][int(rng.integers(0, 2)) :]
    x, y = rng.normal(size=(count, sizes[0])), classes(rng, count)[:, None]
    ws = [0.7 * rng.normal(size=pair) for pair in pairwise(sizes)]
    bs = [rng.uniform(0.3, 0.8, (1, o)) for o in sizes[1:]]
    return x, y, ws, bs, [given_tanh, given_tanh, given_logistic][-len(ws) :]


def to_pass_forward(rng: np.random.Generator) -> tuple[Any, ...]:
    """The same without targets."""
    x, _, ws, bs, act_fs = a_deep_net(rng)
    return x, ws, bs, act_fs


@EXERCISES("x, ws, bs, act_fs", to_pass_forward)
def forward_pass(how: How, x: Array, ws: list[Array], bs: list[Array], act_fs: Functions) -> dict[str, Any]:
    """Pass m points through any number of layers: Z = A · w + b, A = f(Z), the first A being x.

    ws, bs and act_fs have an entry for each layer; an act_fs[i] is called as act_fs[i](Z). Return two lists, Zs and As,
    with an entry for each layer; x is not among them.
    """
    Zs, As = how.forward(x, ws, bs, [name_of(f) for f in act_fs], ws)
    return {"Zs": Zs, "As": As[1:]}


@EXERCISES(
    "x, y, ws, bs, act_fs, cost_f, lrate, epochs",
    lambda rng: (*a_deep_net(rng), given_cross_entropy, 0.3, 2),
    pairs=False,
)
def backprop(
    how: How, x: Array, y: Array, ws: list[Array], bs: list[Array], act_fs: Functions, cost_f: Any, lrate: float,
    epochs: int,
) -> dict[str, Any]:  # fmt: skip
    """Train that network by backpropagation, all points a step.

    cost_f(A, y, deriv=True) gives the derivatives of the mean cost by the last A, act_fs[i](Z, deriv=True) the slope
    of an activation. Return ws and bs after the last step, and Zs and As of the last epoch, made before that step.
    """
    names, Ws, rows, Zs, As = [name_of(f) for f in act_fs], ws, bs, [], []
    for _ in how.epochs(epochs):
        Zs, As = how.forward(x, Ws, rows, names, Ws)
        dWs, dbs = how.gradient(x, Ws, rows, names, lambda p: how.entropy(p, y), how.mean, lrate)
        Ws = [how.step(W, d, lrate) for W, d in zip(Ws, dWs, strict=True)]
        rows = [how.step(b, d, lrate) for b, d in zip(rows, dbs, strict=True)]
    later = how.forward(x, Ws, rows, names, Ws)
    return {"ws": Ws, "bs": rows, "Zs": how.last(Zs, later[0]), "As": how.last(As, later[1])[1:]}
