"""Document 002's two classes in the plane: the data, the models, and the descent."""

from __future__ import annotations

import numpy as np
from ensemble import Ensemble
from report import plt

import viz
from nn import (
    MLP,
    SGD,
    binary_cross_entropy,
    constant,
    datasets,
    evaluate,
    fit,
    misclassified,
    squared_error,
)

LEARNING_RATE = 0.1
COSTS = {"cross-entropy": binary_cross_entropy, "squared error": squared_error}

# %% The data: two classes along two lines, and along two sine waves; 10 points and 15.

ALONG = np.linspace(-5.0, 5.0, 100)
LINES, SINES = datasets.linear_bands(), datasets.sine_bands()
CURVES_OF_LINES = [np.column_stack([ALONG, -2.0 * ALONG + shift]) for shift in (2.0, 4.0)]
CURVES_OF_SINES = [np.column_stack([ALONG, np.sin(ALONG) + shift]) for shift in (0.0, 1.0)]


# %% The models, and the document's descent.


def logistic_regression() -> MLP:
    """One sigmoid neuron at the document's start: weights 1 and 2, bias 0."""
    return MLP(2, [1], output_activation="sigmoid", init=lambda *_: np.array([[1.0, 2.0]]))


def network(hidden: list[int], activations: list[str], seed: int, bias: float = 0.0) -> MLP:
    """Hidden layers and a sigmoid; weights 0.1 times normal, from NumPy's older generator as in the document."""
    numbers = np.random.RandomState(seed)
    start = lambda _rng, outputs, inputs: 0.1 * numbers.randn(inputs, outputs).T
    return MLP(2, [*hidden, 1], activation=[*activations, "sigmoid"], init=start, bias_init=constant(bias))


def first_of(many: Ensemble) -> MLP:
    """The first of many networks with two hidden neurons, as one of the engine's."""
    model = network([2], ["tanh"], 0)
    for layer, (W, b) in zip(model.layers, many.layers, strict=True):
        for neuron, weights, bias in zip(layer.neurons, W[0], b[0, :, 0], strict=True):
            for parameter, number in zip(neuron.parameters(), [*weights, bias], strict=True):
                parameter.data = number
    return model


def train(model: MLP, examples, cost, epochs: int, reduce: str = "mean") -> list[float]:
    """All 25 points a step; the cost before each step."""
    return fit(model, *examples, loss=cost, optimizer=SGD(LEARNING_RATE), epochs=epochs, reduce=reduce).loss


def outcome(model: MLP, examples, cost) -> tuple[float, str]:
    """The cost now, and how many of the points are on the wrong side."""
    return evaluate(model, *examples, loss=cost)["loss"], f"{len(misclassified(model, *examples))} of 25"


def classes(numbers) -> str:
    """What the document prints as arrays of 0 and 1, at the threshold 0.5."""
    return "".join(str(int(p >= 0.5)) for p in numbers)


def plot_spaces(model: MLP):
    """The document's two plots of a network: what its last hidden layer sees, and the plane."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.2), layout="constrained")
    viz.plot_hidden_space(model, *SINES, left, curves=CURVES_OF_SINES).set_title("the last hidden layer")
    left.get_legend().remove()  # that of the plane is for both
    viz.plot_decision_boundary(model, *SINES, right, curves=CURVES_OF_SINES).set_title("the plane")
    return figure
