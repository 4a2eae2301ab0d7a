"""Document 003's boxed formula as its code has it, and the same networks with the engine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from working import working

import nn
from nn import MLP

Array = np.ndarray

# %% The document's code, without its bookkeeping.

# Derivatives by the activation itself; that of tanh is left to the student.
SLOPES = {"sigmoid": lambda a: a * (1.0 - a), "relu": lambda a: 1.0 * (a > 0.0), "tanh": lambda a: 1.0 - a**2}


def updates(layers: list[Array], weights: list[Array], Y: Array, names: Sequence[str], late: float) -> list[Array]:
    """The gradients: by the boxed formula with ``late`` 0; as coded, through weights already changed at that rate."""
    delta, found = layers[-1] - Y, []
    for layer, output, w, name in reversed(list(zip(layers, layers[1:], weights, names, strict=False))):
        slope = delta * SLOPES[name](output)
        found.insert(0, layer.T @ slope)
        delta = slope @ (w - late * found[0]).T
    return found


def printed_fit(layers: list[Array], Y: Array, names: Sequence[str], alpha: float, steps: int) -> tuple[list[Any], ...]:
    """``fit``, which writes into its caller's layers: first weights, mean squares, errors of the first gradient."""
    layers[:-1] = [np.insert(layer, 0, 1.0, axis=1) for layer in layers[:-1]]  # a column of ones
    rng = np.random.RandomState(1)  # the document's
    weights = [2.0 * rng.random_sample((a.shape[1], b.shape[1])) - 1.0 for a, b in pairwise(layers)]
    start, losses, errors = [w.copy() for w in weights], [], []
    for _ in working(range(steps), "steps of the document's code"):
        for i, (w, name) in enumerate(zip(weights, names, strict=True)):
            layers[i + 1] = nn.ACTIVATIONS[name].on_array(layers[i] @ w)  # over the column of ones, too
        losses.append(float(np.mean((layers[-1] - Y) ** 2)))
        boxed, coded = (updates(layers, weights, Y, names, late) for late in (0.0, alpha))
        errors.append(float(np.linalg.norm(coded[0] - boxed[0]) / np.linalg.norm(boxed[0])))
        for w, gradient in zip(weights, coded, strict=True):
            w -= alpha * gradient
    return start, losses, errors


# %% The same with the engine.


def network(inputs: int, sizes: Sequence[int], hidden: Any, rng: int, bias: bool = True) -> MLP:
    """Weights and biases uniform in (-1, 1), outputs in (0, 1); ``hidden`` names one activation or one a layer."""
    hidden = [hidden] * (len(sizes) - 1) if isinstance(hidden, str) else hidden
    return MLP(inputs, sizes, activation=[*hidden, "sigmoid"], init="uniform", bias_init="uniform", bias=bias, rng=rng)


def network_of(start: list[Array], hidden: str) -> MLP:
    """What the document's code trains: no biases, but one more input and one more hidden neuron."""
    model = network(len(start[0]), [w.shape[1] for w in start], hidden, 0, bias=False)
    for parameter, number in zip(model.parameters(), np.concatenate([w.T.ravel() for w in start]), strict=True):
        parameter.data = number
    return model


def train(model: MLP, X: Array, Y: Array, optimizer: Any, epochs: int, **objective: Any) -> Array:
    """The losses; as the boxed formula descends by default, on half the sum of squares, but shown as their mean."""
    objective = objective or {"loss": "half_squared_error", "reduce": "sum"}
    history = nn.fit(model, X, Y, optimizer=optimizer, epochs=epochs, progress=False, **objective)
    return np.array(history.loss) * (2.0 / np.size(Y) if objective.get("reduce") == "sum" else 1.0)


def in_pytorch(model: MLP, X: Array, y: Array, steps: int) -> Array | None:
    """Cross-entropies of the same network from the same start, trained by PyTorch; None where that is missing."""
    try:
        import torch
    except ModuleNotFoundError:
        return None
    nodes = torch.nn.Linear(2, 20), torch.nn.ReLU(), torch.nn.Linear(20, 1), torch.nn.Sigmoid()
    net, inputs, targets, losses = torch.nn.Sequential(*nodes).double(), torch.tensor(X), torch.tensor(y)[:, None], []
    for linear, layer in zip(net[::2], model.layers, strict=True):
        linear.weight.data, linear.bias.data = torch.tensor(layer.weight_matrix()), torch.tensor(layer.bias_vector())
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    for _ in working(range(steps), "steps in PyTorch"):
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy(net(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)
