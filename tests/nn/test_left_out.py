"""What is left out of a call is as if it had been written: each default of each public function and class of ``nn``.

The table has another value for every default, with which the same call must give something else: else it would not
show what the default is.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock

import numpy as np
import pytest

import nn
from autograd import data
from nn import MLP, datasets, evaluate, fit, losses, micrograd, uniform

X, Y = datasets.xor()
PROBABILITIES, CLASSES, SIGNS = [0.25, 0.5, 0.875], [1.0, 0.0, 1.0], [1.0, -1.0, 1.0]


def drawn(init: Callable[..., Any], **given: Any) -> Any:
    """What an initializer draws."""
    return init(**given)(np.random.default_rng(0), 3, 2)


def built(module: Callable[..., Any], *sizes: Any, **given: Any) -> Any:
    """Parameters of a module and what it gives."""
    random.seed(0)
    made = module(*sizes, **given)
    return made.state_dict(), made.predict([[0.5, -0.25], [-1.0, -2.0]])


def settings(optimizer: Callable[..., Any], *rate: float, **given: Any) -> Any:
    """What an optimiser is made with, and three steps of it."""
    made = optimizer(*rate, **given)
    w = np.array([1.0, -2.0])
    for loss in (3.0, 3.0 + 1e-8, 2.0):
        w = made.step(w, np.array([0.5, 1e-7]), loss)
    return made.state_dict(), w


def trained(**given: Any) -> Any:
    """Parameters after training, their history, and how the bar was asked for."""
    model = MLP(2, [2, 1], activation="tanh", rng=0)
    with mock.patch("nn.training.epochs.progress_bar") as bar:
        history = fit(model, X, Y, **given)
    return data(model.parameters()).tolist(), history.state_dict(), bar.call_args


def penalized(penalty: Callable[..., Any], **given: Any) -> Any:
    """A penalty on a network with biases."""
    return penalty(1.0, **given)(MLP(2, [2], bias_init="uniform", rng=0)).data


def fields(kind: Callable[..., Any], *needed: Any, **given: Any) -> Any:
    """What a record is made of."""
    return vars(kind(*needed, **given))


#: A call, and for each default another value, with what else the call needs to show it.
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "fit": (trained, {
        "loss": "half_squared_error", "optimizer": "sgd", "epochs": 99, "reduce": "sum", "progress": False,
        "shuffle": (False, {"batch_size": 1}), "rng": (1, {"batch_size": 1}),
    }),
    "evaluate": (partial(evaluate, MLP(2, [1], rng=0), X, Y), {"loss": "half_squared_error", "reduce": "sum"}),
    "EarlyStopping": (partial(fields, nn.EarlyStopping), {
        "patience": 9, "monitor": "loss", "min_delta": 0.5, "restore_best": False,
    }),
    "History": (partial(fields, nn.History), {
        "best_epoch": 0, "stopped": "epochs", "engine": "graphs", "engine_reason": "none", "monitored": "min loss",
        "patience_from": 1,
    }),
    "MLP": (partial(built, MLP, 2, [3, 1]), {
        "activation": "tanh", "output_activation": "sigmoid", "bias": False, "bias_init": "uniform",
    }),
    "Layer": (partial(built, nn.Layer, 2, 2), {"activation": "tanh", "bias": False, "bias_init": "uniform"}),
    "Neuron": (partial(built, nn.Neuron, 2), {"activation": "tanh", "bias": False, "bias_init": "uniform"}),
    "micrograd.Layer": (partial(built, micrograd.Layer, 2, 2), {"nonlin": False}),
    "micrograd.Neuron": (partial(built, micrograd.Neuron, 2), {"nonlin": False}),
    "uniform": (partial(drawn, uniform), {"low": -0.5, "high": 0.5}),
    "normal": (partial(drawn, nn.normal), {"std": 0.2}),
    "SGD": (partial(settings, nn.SGD, 0.1), {
        "momentum": 0.5, "weight_decay": 0.5, "nesterov": (True, {"momentum": 0.5}),
    }),
    "Adam": (partial(settings, nn.Adam), {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.5}),
    "AdamW": (partial(settings, nn.AdamW), {
        "learning_rate": 0.1, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.5, "weight_decay": 0.5,
    }),
    "RMSProp": (partial(settings, nn.RMSProp), {"learning_rate": 0.1, "decay": 0.5, "epsilon": 0.5}),
    "Backtracking": (partial(settings, nn.Backtracking), {
        "learning_rate": 0.5, "factor": 2.0, "every": 2, "tolerance": 0.5,
    }),
    "StepSchedule": (partial(fields, nn.StepSchedule, 1.0, 5), {"factor": 0.5}),
    "L1": (partial(penalized, nn.L1), {"biases": True}),
    "L2": (partial(penalized, nn.L2), {"biases": True}),
    "squared_error": (partial(losses.squared_error, PROBABILITIES, CLASSES), {"reduce": "mean"}),
    "half_squared_error": (partial(losses.half_squared_error, PROBABILITIES, CLASSES), {"reduce": "mean"}),
    "binary_cross_entropy": (partial(losses.binary_cross_entropy, PROBABILITIES, CLASSES), {"reduce": "mean"}),
    "binary_cross_entropy_with_logits": (
        partial(losses.binary_cross_entropy_with_logits, PROBABILITIES, CLASSES), {"reduce": "mean"},
    ),
    "hinge": (partial(losses.hinge, PROBABILITIES, SIGNS), {"reduce": "mean"}),
    "train_test_split": (partial(nn.train_test_split, np.arange(8.0), np.arange(8.0)), {"test": 0.5, "rng": 1}),
    "datasets.random_inputs": (datasets.random_inputs, {"count": 9, "target": 0.5, "rng": 1}),
    "datasets.sequential_inputs": (datasets.sequential_inputs, {"count": 9, "target": 0.5}),
    "datasets.constant_inputs": (datasets.constant_inputs, {"count": 9, "value": 0.5, "target": 0.5}),
    "datasets.moons": (datasets.moons, {"n_samples": 9, "noise": 0.5, "rng": (1, {"noise": 0.5})}),
    **{f"datasets.{name}": (model, {"per_class": 9, "rng": 1}) for name, model in datasets.PLANAR.items()},
}  # fmt: skip


def defaults() -> dict[tuple[str, str], Any]:
    """Every default of what ``nn`` offers, by name and parameter; of None each function says what it means."""
    rooms = {"datasets.": datasets, "micrograd.": micrograd, "": nn}
    every = [(getattr(room, name), prefix + name) for prefix, room in rooms.items() for name in room.__all__]
    offered = {thing: name for thing, name in every if callable(thing)}  # once, by its shortest name
    return {
        (name, parameter.name): parameter.default
        for thing, name in offered.items()
        for parameter in inspect.signature(thing).parameters.values()
        if parameter.default not in (parameter.empty, None, ()) and "factory" not in repr(parameter.default)
    }


def same(a: Any, b: Any) -> bool:
    """Whether two results are equal, arrays to the last bit."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(same, a, b))
    return bool(np.array_equal(a, b)) if isinstance(a, np.ndarray) else bool(a == b)


def test_every_default_is_in_the_table() -> None:
    """One that comes new needs another value beside it."""
    assert {(name, parameter) for name, (_, others) in CALLS.items() for parameter in others} == {*defaults()}


@pytest.mark.parametrize(("name", "parameter"), defaults())
def test_default_is_what_it_is_said_to_be(name: str, parameter: str) -> None:
    """The same with it written down, and something else with another."""
    call, others = CALLS[name]
    other, given = others[parameter] if isinstance(others[parameter], tuple) else (others[parameter], {})
    result = call(**given)
    assert same(result, call(**given, **{parameter: defaults()[name, parameter]}))
    assert not same(result, call(**given, **{parameter: other}))
