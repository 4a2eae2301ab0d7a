"""Document 000's networks of one neuron a layer: its formulas, its descent, and how it draws them."""

from __future__ import annotations

import numpy as np

import viz
from nn import MLP, SGD, constant, half_squared_error, normal

TARGET, LEARNING_RATE, CASES, TESTS = 0.15, 1.0, 100, 20
LOWEST = np.log(TARGET / (1.0 - TARGET))  # the weighted sum whose sigmoid is the target
LAYERS = 5  # of the document's second stage; it counts the input as a layer, and so does this script
STARTS = {f"biases {b:g}, weights {w:g}": (b, w) for b, w in ((2.0, 2.0), (0.0, 2.0), (2.0, 0.0), (0.0, 0.0))}


# %% The network, the document's formulas for its gradient, and training one case at a time.


def chain(layers: int, bias: float, weight: float, activation: str = "sigmoid", neurons: int = 1) -> MLP:
    """So many neurons in each hidden layer, and one at the end; all biases alike, and all weights."""
    sizes = [neurons] * (layers - 2) + [1]
    return MLP(1, sizes, activation=[activation] * len(sizes), init=constant(weight), bias_init=constant(bias))


def random_chain(layers: int, rng: np.random.Generator) -> MLP:
    """Biases and weights from the standard normal distribution."""
    activations = ["sigmoid"] * (layers - 1)
    return MLP(1, [1] * (layers - 1), activation=activations, init=normal(1.0), bias_init=normal(1.0), rng=rng)


def by_formula(model: MLP, x: float) -> list[float]:
    """The document's backpropagation: the derivatives by the weight and the bias of each layer in turn."""
    neurons = [(layer.weight_matrix().item(), layer.bias_vector().item()) for layer in model.layers]
    a = [x]
    for w, b in neurons:
        a.append(1.0 / (1.0 + np.exp(-(w * a[-1] + b))))
    gradient: list[float] = []
    delta = a[-1] - TARGET
    for layer in range(len(neurons), 0, -1):
        delta *= a[layer] * (1.0 - a[layer])
        gradient = [delta * a[layer - 1], delta, *gradient]
        delta *= neurons[layer - 1][0]
    return gradient


def descend(model: MLP, inputs, target=TARGET, rate=LEARNING_RATE, cost=half_squared_error) -> np.ndarray:
    """A step of gradient descent for each input; the parameters at the start and after every step."""
    optimizer, path = SGD(rate), [list(model.state_dict().values())]
    for x in inputs.tolist():
        model.zero_grad()
        c = cost(model(x), target)
        c.label = "C"
        c.backward()
        optimizer.update(model)
        path.append(list(model.state_dict().values()))
    return np.array(path)


def mean_cost(model: MLP, inputs, target: float = TARGET) -> float:
    """Half the squared error, averaged."""
    return float(np.mean(0.5 * (target - model.predict(inputs)) ** 2))


def percentages(now, before) -> np.ndarray:
    """What the document plots, its guard against division by zero included."""
    difference, small = now - before, 1.0e-10
    guarded = all(abs(difference)) > small and all(abs(before)) > small
    return difference / before * 100.0 if guarded else np.zeros(len(before))


def draw_percentages(ax, percents: np.ndarray, kind: str) -> None:
    """The document's view: layers counted from 1, red dots for weights, and blue ones a little to the right."""
    colour, aside = ("r", 0.0) if kind == "weights" else ("b", 0.15)
    ax.plot(np.arange(1, len(percents) + 1) + aside, percents, "o", color=colour, label=kind)
    ax.set(xlim=(-0.2, len(percents) + 0.7), ylim=(-320.0, 320.0), xlabel="layer", ylabel="change, %")
    ax.grid(visible=True)
    ax.legend()


def draw_descent(ax, model: MLP, inputs: np.ndarray) -> None:
    """The cost of all inputs, its minimum, and where the network stands."""
    viz.plot_cost_surface(inputs, ax, target=TARGET)
    w, b = model.state_dict().values()
    ax.plot([2.0], [2.0], "bo")
    ax.plot([b], [w], "ro")
    ax.plot([LOWEST], [0.0], "kx")
