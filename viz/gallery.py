"""One of each kind of picture, drawn from scratch: what ``python -m viz demo`` shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import viz
from autograd import Value
from nn import MLP, SGD, Adam, datasets, fit, mean_squared_error, squared_error

__all__ = ["EXHIBITS", "Exhibit"]


class Exhibit(NamedTuple):
    """A picture, plot or film to be, and what to say about it."""

    name: str
    caption: str
    draw: Callable[[], Any]


def expression() -> Value:
    """The README's first example, differentiated."""
    x, y = Value(2.0, label="x"), Value(-3.0, label="y")
    z = (x * y + x.tanh()) ** 2
    z.label = "z"
    z.backward()
    return z


ROW, TARGET = (1.0, 0.0, 1.0), 1.0


def document_001(labelled: bool = True) -> tuple[MLP, Value]:
    """Document 001's 3-4-1 network without biases on its first row, and its error ``ε``, differentiated."""
    model = MLP(3, [4, 1], bias=False, rng=4)
    inputs = [Value(x, label=f"x{'₀₁₂'[i]}") if labelled else x for i, x in enumerate(ROW)]
    loss = squared_error(model(inputs), Value(TARGET, label="y") if labelled else TARGET)
    loss.label = "ε"
    loss.backward()
    return model, loss


def small() -> tuple[MLP, Value]:
    """A 2-2-1 network without biases on one row."""
    model = MLP(2, [2, 1], bias=False, rng=6)
    loss = squared_error(model([Value(1.0, label="x₀"), Value(-0.5, label="x₁")]), Value(1.0, label="y"))
    loss.label = "L"
    loss.backward()
    return model, loss


def moons() -> tuple[MLP, Value]:
    """A 2-16-16-1 network on 25 points, as in micrograd's demonstration, before training."""
    X, y = datasets.moons(25, noise=0.1)
    model = MLP(2, [16, 16, 1], rng=1)
    loss = mean_squared_error([model([Value(a) for a in row]) for row in X.tolist()], y.tolist())
    loss.label = "loss"
    loss.backward()
    return model, loss


def two_paths() -> viz.Picture:
    """A weight that reaches the loss through two neurons of the next layer."""
    model = MLP(2, [1, 2, 1], activation="tanh", bias=False, rng=3)
    loss = squared_error(model([0.5, -1.0]), 1.0)
    loss.label = "L"
    return viz.chain_rule(loss, wrt=model.parameters()[0])


def overflow() -> viz.Picture:
    """A logarithm that has left its domain."""
    p = Value(-1.5, label="p")
    q = Value(0.0, label="q")
    loss = p.log() * 2.0 + q * q
    loss.label = "loss"
    loss.backward(check=False)
    return viz.graph(loss)


def network(color: str = "weight", example: bool = False) -> viz.Picture:
    """Document 001's network."""
    return viz.network(document_001()[0], color=color, example=ROW if example else None)


def graph(case: Callable[[], tuple[MLP, Value]], **arguments: Any) -> viz.Picture:
    """The graph of one of the cases above."""
    model, loss = case()
    return viz.graph(loss, model=model, **arguments)


def trained() -> tuple[MLP, Any, Any, Any]:
    """A 2-8-2-1 network that tells two moons apart, its data and the history of its training.

    The last digits of what is learnt are another machine's or another version's, and move the edge of a point by a
    shade: parameters are rounded, so that the plots are the same bytes.
    """
    X, y = datasets.moons(120, noise=0.15)
    labels = (np.asarray(y) > 0).astype(float)
    model = MLP(2, [8, 2, 1], activation="tanh", output_activation="sigmoid", rng=4)
    history = fit(
        model, X, labels, loss="binary_cross_entropy", optimizer=Adam(0.03), epochs=120, record="parameters",
        progress=False,
    )  # fmt: skip
    for parameter in model.parameters():
        parameter.data = round(parameter.data, 6)
    return model, X, labels, history


def losses() -> Any:
    """Two optimisers from the same start."""
    X, y = datasets.moons(120, noise=0.15)
    labels = (np.asarray(y) > 0).astype(float)
    histories = {}
    for name, optimizer in (("plain descent", SGD(0.5)), ("Adam", Adam(0.03))):
        model = MLP(2, [8, 2, 1], activation="tanh", output_activation="sigmoid", rng=4)
        histories[name] = fit(
            model, X, labels, loss="binary_cross_entropy", optimizer=optimizer, epochs=120, progress=False
        )
    return viz.plot_loss(histories, scale="semilogy")


def regions() -> Any:
    """What the trained network says of the plane."""
    model, X, y, _ = trained()
    return viz.plot_decision_boundary(model, X, y)


def hidden_space() -> Any:
    """What its last hidden layer sees."""
    model, X, y, _ = trained()
    return viz.plot_hidden_space(model, X, y)


def film() -> Any:
    """How the regions come about."""
    model, X, y, history = trained()
    return viz.animate_training(
        history, model, lambda ax, model: viz.plot_decision_boundary(model, X, y, ax, resolution=60), frames=10
    )


EXHIBITS = (
    Exhibit("graph", "`viz.graph`: every operation, its value, its derivative", lambda: viz.graph(expression())),
    Exhibit("graph_network", "`viz.graph` of document 001's network", lambda: graph(document_001, level="value")),
    Exhibit("graph_dark", "A 2-2-1 network with sums of products unfolded, dark",
            lambda: graph(small, level="value", unfold=True, theme="dark")),
    Exhibit("graph_not_finite", "A logarithm that has left its domain", overflow),
    Exhibit("graph_neurons", "A 2-16-16-1 network on 25 points, a box a neuron", lambda: graph(moons, level="neuron")),
    Exhibit("graph_layers", "The same, a box a layer", lambda: graph(moons, level="layer")),
    Exhibit("chain_rule", "`viz.chain_rule`: every arrow with its partial derivative",
            lambda: viz.chain_rule(document_001(labelled=False)[1])),
    Exhibit("chain_rule_two_paths", "`viz.chain_rule` with respect to one weight", two_paths),
    Exhibit("network", "`viz.network`: weights as colour and width", network),
    Exhibit("network_gradients", "Gradients instead, and the activations of one example",
            lambda: network("grad", example=True)),
    Exhibit("network_wide", "Wide layers have an ellipsis",
            lambda: viz.network(MLP(2, [20, 20, 2, 1], activation="tanh", rng=2), theme="dark")),
    Exhibit("step", "`viz.step`: walk through the backward pass", lambda: viz.step(document_001()[1])),
    Exhibit("plot_loss", "`viz.plot_loss`", losses),
    Exhibit("plot_decision_boundary", "`viz.plot_decision_boundary`", regions),
    Exhibit("plot_hidden_space", "`viz.plot_hidden_space`", hidden_space),
    Exhibit("plot_activations", "`viz.plot_activations`", lambda: viz.plot_activations(["tanh", "relu", "silu"])),
    Exhibit("plot_cost_surface", "`viz.plot_cost_surface`: document 000's cost", lambda: viz.plot_cost_surface([1.0])),
    Exhibit("plot_gradient_sizes", "`viz.plot_gradient_sizes`", lambda: viz.plot_gradient_sizes(moons()[0])),
    Exhibit("training", "`viz.animate_training`", film),
)  # fmt: skip
