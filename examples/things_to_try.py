"""What document 000 suggests to try: other targets, rates, costs and activations, and wider layers."""

from __future__ import annotations

import numpy as np
from one_neuron import (
    LAYERS,
    LEARNING_RATE,
    TARGET,
    chain,
    descend,
    mean_cost,
)
from report import Report

from autograd import NonFiniteError
from nn import binary_cross_entropy


def things_to_try(report: Report, inputs: np.ndarray, tests: np.ndarray) -> None:
    """What the document suggests at its end."""
    # %% Other targets, rates, costs and activations; and what each leaves to the first layers.
    rows = []
    for name, activation, changed in (
        ("as above", "sigmoid", {}),
        ("target 0.9", "sigmoid", {"target": 0.9}),
        ("rate 0.1", "sigmoid", {"rate": 0.1}),
        ("rate 10", "sigmoid", {"rate": 10.0}),
        ("another cost, cross-entropy", "sigmoid", {"cost": binary_cross_entropy}),
        ("another activation, tanh", "tanh", {}),
        ("another activation, relu, rate 0.001", "relu", {"rate": 0.001}),
        ("another activation, linear, rate 0.001", "linear", {"rate": 0.001}),
    ):
        model = chain(LAYERS, 0.0, 2.0, activation)
        target = changed.get("target", TARGET)
        before = mean_cost(model, tests, target)
        path = descend(model, inputs, **changed)
        size = np.abs(path[-1] - path[0]).reshape(-1, 2).sum(axis=1)
        rows.append([name, before, mean_cost(model, tests, target), *(f"{d / size.sum():.0%}" for d in size)])
    report.say(
        f"Things to try with {LAYERS} layers begun at biases 0, weights 2; and each layer's share of all change:"
    )
    report.table(["", "cost before", "cost after", *(f"layer {k}" for k in range(1, LAYERS))], rows)
    try:
        descend(chain(LAYERS, 2.0, 2.0, "linear"), inputs)
    except NonFiniteError as error:
        report.say(f"Linear neurons at rate {LEARNING_RATE:g} run away, and the engine says where: {error}.")
    wide = chain(LAYERS, 2.0, 2.0, neurons=3)
    descend(wide, inputs)
    spread = max(np.ptp(layer.weight_matrix(), axis=0).max() for layer in wide.layers)
    report.say(
        "Several neurons in a layer, begun alike, get the same derivatives and stay alike: in 1-3-3-3-1 their weights "
        f"differ by {spread:g} after training. More than one neuron takes a random start.",
        holds=spread == 0.0,
    )
