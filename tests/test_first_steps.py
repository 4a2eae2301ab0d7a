"""What newcomers try: something else in the place of an argument is said in words, and nothing is done."""

from __future__ import annotations

import math
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import autograd
import nn
import viz
from autograd import Value
from nn import MLP, EarlyStopping

mpl.use("Agg")

MODEL = MLP(2, [2, 1], rng=0)
X, Y = nn.datasets.xor()
HISTORY = nn.fit(MODEL, X, Y, epochs=1, record="parameters", progress=False)
SEQUENCE = "{} takes a sequence of numbers, got {}; for instance {}([x, y])"
ELSE = {"an array": (np.ones(3), "numpy.ndarray of shape (3,)"), "text": ("abc", "str 'abc'"), "None": (None, "None")}


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "norm", "logsumexp", "softmax", "dot"])
@pytest.mark.parametrize(
    ("x", "shown"), [(2.0, "float 2.0"), (None, "None"), (np.array(1.0), "numpy.ndarray of shape ()")]
)
def test_one_number_is_no_sequence(name, x, shown):
    """They take one sequence, where people from elsewhere write several arguments."""
    with pytest.raises(TypeError, match=f"^{re.escape(SEQUENCE.format(name, shown, name))}$"):
        getattr(autograd, name)(x, *([[1.0]] if name == "dot" else []))
    with pytest.raises(TypeError, match=f"^{name} takes a sequence of numbers, got autograd.value.Value Value"):
        getattr(autograd, name)(Value(2.0), *([[1.0]] if name == "dot" else []))


def test_error_of_a_generator_is_its_own():
    def numbers():
        yield 1.0
        raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        autograd.sum(numbers())


@pytest.mark.parametrize("metric", [nn.accuracy, nn.misclassified, nn.confusion_matrix])
@pytest.mark.parametrize("what", ELSE)
def test_metrics_take_the_model_first(metric, what):
    x, shown = ELSE[what]
    with pytest.raises(TypeError, match=f"^a metric takes a model first, got {re.escape(shown)}; for instance"):
        metric(x, X, Y)
    with pytest.raises(ValueError, match=r"^threshold is a number, got nan"):
        metric(MODEL, X, Y, threshold=math.nan)


FIRST = {
    "evaluate": (lambda x: nn.evaluate(x, X, Y), "model of evaluate takes Module objects, got {}; evaluate"),
    "diagnose": (lambda x: autograd.diagnose(x), "diagnose takes a Value to look below, got {}; compute"),
    "by_layer": (lambda x: viz.by_layer(x), "by_layer takes a model with named_parameters(), got {}; by_layer"),
    "graph": (lambda x: viz.graph(MODEL([1.0, 2.0]), model=x), "model is one with named_parameters(), got {}; leave"),
    "film": (lambda x: viz.animate_training(x), "animate_training takes a history first, as fit gives it, got {}"),
    "boundary": (
        lambda x: viz.plot_decision_boundary(x, X, Y),
        "plot_decision_boundary takes a model, or a function of inputs, got {}",
    ),
    "hidden": (
        lambda x: viz.plot_hidden_space(x, X, Y), "plot_hidden_space takes a network, or a function of inputs, got {}"
    ),
    "test share": (lambda x: nn.train_test_split(X, Y, test=x), "test is a real number, got {}"),
    "min_delta": (lambda x: EarlyStopping(min_delta=x), "min_delta of EarlyStopping is a real number, got {}"),
    "patience": (
        lambda x: EarlyStopping(patience=x), "patience of EarlyStopping, in epochs, is an int of at least 1, got {}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("what", ELSE)
def test_something_else_is_said_in_words(name, what):
    call, message = FIRST[name]
    x, shown = ELSE[what]
    if name == "graph" and x is None:
        return  # which is no model
    with pytest.raises(TypeError, match=f"^{re.escape(message.format(shown))}"):
        call(x)


@pytest.mark.parametrize("number", [math.nan, math.inf, -1.0])
def test_by_how_much_is_a_number(number):
    """Of nan nothing is better, and of a negative one everything."""
    with pytest.raises(ValueError, match=r"^min_delta of EarlyStopping is finite and at least 0, got"):
        EarlyStopping(min_delta=number)


@pytest.mark.parametrize("swapped", [True, False])
def test_what_is_saved_can_be_loaded(tmp_path, swapped):
    """A history in the optimiser's place has a state too, but not that of training."""
    optimizer, history = (HISTORY, nn.Adam(0.1)) if swapped else (None, {})
    with pytest.raises(TypeError, match=r"^(optimizer of save takes Optimizer|history of save takes History) objects"):
        nn.save(MODEL, tmp_path / "model.json", optimizer=optimizer, history=history)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("record", [None, 3, [None], [["parameters"]]])
def test_what_is_recorded_is_named(record):
    with pytest.raises(ValueError, match=r"^record is one of 'parameters', 'gradients', 'activations', got"):
        nn.fit(MODEL, X, Y, epochs=1, record=record)


def test_kinks_are_drawn_where_a_function_has_them():
    """Those of its last operation, if that is of the argument itself: this one has none at 0."""
    for function, kinks in ((autograd.relu, [0.0]), (lambda z: autograd.relu(z - 1.0), [])):
        ax = viz.plot_activations(function)
        plt.close(ax.figure)
        lines = ax.lines
        assert [x for line in lines if line.get_marker() == "o" for x in line.get_xdata()] == kinks
        (slopes,) = (line.get_ydata() for line in lines if "derivative" in line.get_label())
        assert np.isnan(slopes).sum() == len(kinks)
    with pytest.raises(TypeError, match=r"^a function to draw gives a Value for a Value, got float 1.0"):
        viz.plot_activations(lambda _: 1.0)
