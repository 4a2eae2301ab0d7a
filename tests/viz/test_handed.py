"""What a picture or a plot is handed wrongly is refused in words, before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import pytest
from matplotlib import pyplot as plt

import viz
from autograd import Value
from nn import MLP, SGD, datasets

X, Y = datasets.xor()
MODEL = MLP(2, [3, 1], rng=0)
ROOT = Value(1.0, label="a") * 2.0

WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: viz.graph(ROOT, max_nodes="3"), "max_nodes is an int of at least 1, got str '3'"),
    (lambda: viz.graph(ROOT, max_nodes=2.5), "max_nodes is an int of at least 1, got float 2.5"),
    (lambda: viz.graph(ROOT, max_nodes=0), "max_nodes is an int of at least 1, got 0"),
    (lambda: viz.graph(ROOT, model=MLP), "model is one with named_parameters(), got the class MLP; leave it out"),
    (lambda: viz.network(MODEL, max_neurons="a"), "max_neurons is an int of at least 1, got str 'a'"),
    (lambda: viz.live(MLP, X, Y), "viz.live takes a model first, got the class MLP; live(model, X, y, loss=...)"),
    (lambda: viz.live(MODEL, X, Y, optimizer=SGD), "optimizer of viz.live is one of * got the class SGD; the page"),
    (lambda: viz.animate_training(3), "animate_training takes a history first, as fit gives it, got int 3"),
    (lambda: viz.plot_loss(3), "plot_loss takes a History, as fit gives it, a list of numbers, or several * got int 3"),
    (lambda: viz.plot_loss("loss.csv"), "plot_loss takes a History, * got str 'loss.csv'"),
    (lambda: viz.plot_loss([1.0, "a"]), "a run of plot_loss is an array of numbers, got str 'a' in it"),
    (lambda: viz.plot_data("points.csv", Y), "X of plot_data is an array of numbers, got str 'points.csv' in it"),
    (lambda: viz.plot_data(3, Y), "plot_data takes points of the plane, shape (examples, 2), got shape ()"),
    (lambda: viz.plot_decision_boundary(X, Y, MODEL), "plot_decision_boundary takes a model, or a * shape (4, 2)"),
    (lambda: viz.plot_decision_boundary(MLP, X, Y), "plot_decision_boundary takes a model, * got the class MLP"),
    (lambda: viz.plot_hidden_space(MLP, X, Y), "plot_hidden_space takes a network, * got the class MLP"),
    (lambda: viz.plot_activations(3), "plot_activations takes names such as 'tanh', functions * got int 3"),
    (lambda: viz.plot_activations([]), "plot_activations takes names such as 'tanh', * got an empty list"),
    (lambda: viz.plot_activations(MLP), "activation is a name or a function of one Value, got the class MLP"),
    (lambda: viz.plot_cost_surface("a"), "inputs of plot_cost_surface is an array of numbers, got str 'a' in it"),
    (lambda: viz.plot_layer_changes(3, 4), "plot_layer_changes takes two models, or what by_layer(model) * int 3"),
    (lambda: viz.plot_layer_changes(MODEL, MLP), "plot_layer_changes takes two models, * got the class MLP"),
    (lambda: viz.plot_layer_activations(3), "plot_layer_activations takes what each layer gives, * got int 3"),
    (lambda: viz.plot_layer_activations("ab"), "plot_layer_activations takes what each layer * got str 'ab'"),
    (lambda: viz.plot_gradient_sizes(3), "plot_gradient_sizes takes a model after backward(), or the * got int 3"),
    (lambda: viz.plot_gradient_sizes(MLP), "plot_gradient_sizes takes a model after * got the class MLP"),
    (lambda: viz.plot_digits("7"), "images of plot_digits is an array of numbers, got str '7' in it"),
    (lambda: viz.by_layer(MLP), "by_layer takes a model with named_parameters(), got the class MLP"),
    (lambda: viz.by_layer(MODEL, 3), "by_layer takes one number for each parameter, or a function of one, got int 3"),
]


@pytest.mark.parametrize(("call", "words"), WRONG, ids=[words[:44] for _, words in WRONG])
def test_what_is_handed_wrongly_is_refused_in_words(call: Callable[[], Any], words: str) -> None:
    """The name of the function, what it takes, and what came; no empty figure stays behind."""
    with pytest.raises((TypeError, ValueError), match="^" + re.escape(words).replace(r"\*", ".*")):
        call()
    assert plt.get_fignums() == []
