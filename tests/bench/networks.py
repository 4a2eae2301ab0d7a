"""One training step of a tanh network, written for each system: compiled scalars, NumPy, PyTorch, JAX, micrograd.

All compute the mean squared error of a batch, its gradient, and one step of gradient descent, in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import compile, tanh

RATE = 0.01
Step = Callable[[], Any]
Layers = list[tuple[np.ndarray, np.ndarray]]


def data(sizes: list[int], rows: int, seed: int = 0) -> tuple[Layers, np.ndarray, np.ndarray]:
    """Weights and biases of each layer, inputs and targets."""
    rng = np.random.default_rng(seed)
    layers = [(rng.normal(0, n**-0.5, (m, n)), np.zeros(m)) for n, m in pairwise(sizes)]
    return layers, rng.uniform(-1, 1, (rows, sizes[0])), rng.uniform(-1, 1, (rows, sizes[-1]))


def loss(layers: list[tuple[Any, Any]], x: Any, y: Any) -> Any:
    """Squared error of one example: this, and nothing about matrices, is what the compiler is given."""
    for weights, biases in layers:
        x = [tanh(sum((w * a for w, a in zip(row, x, strict=True)), b)) for row, b in zip(weights, biases, strict=True)]
    return sum((a - t) ** 2 for a, t in zip(x, y, strict=True)) / len(x)


def compiled(sizes: list[int], rows: int) -> Step:
    """The program bound to one vector of parameters, which the step updates in place."""
    layers, X, y = data(sizes, rows)
    fast = compile(loss, batched=("x", "y"), verify=False)
    fast.value_and_grad(layers, X, y)
    parameters = np.concatenate([part.ravel() for layer in layers for part in layer])
    bound = fast.program.bind(parameters, rows)
    step, gradient = bound.value_and_grad, bound.gradient

    def run() -> float:
        value = step(X, y)
        np.multiply(gradient, RATE, out=gradient)  # the next call writes it anew
        np.subtract(parameters, gradient, out=parameters)
        return value

    return run


def by_hand(sizes: list[int], rows: int) -> Step:
    """As a good NumPy programmer writes it: matrices, examples in rows, updates in place."""
    layers, X, y = data(sizes, rows)
    weights = [np.ascontiguousarray(W.T) for W, _ in layers]
    biases = [b for _, b in layers]

    def run() -> float:
        outputs = [X]
        for W, b in zip(weights, biases, strict=True):
            outputs.append(np.tanh(outputs[-1] @ W + b))
        error = outputs[-1] - y
        value = (error * error).mean()
        delta = error * (2.0 / error.size) * (1.0 - outputs[-1] ** 2)
        for k in range(len(weights) - 1, -1, -1):
            slope, shift = outputs[k].T @ delta, delta.sum(axis=0)
            if k:
                delta = (delta @ weights[k].T) * (1.0 - outputs[k] ** 2)
            weights[k] -= RATE * slope
            biases[k] -= RATE * shift
        return float(value)

    return run


def torch_step(torch: Any, sizes: list[int], rows: int) -> Step:
    """PyTorch eager."""
    layers, X, y = data(sizes, rows)
    X, y = torch.tensor(X), torch.tensor(y)
    parameters = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in layers]
    flat = [p for pair in parameters for p in pair]

    def run() -> Any:
        a = X
        for W, b in parameters:
            a = torch.tanh(torch.nn.functional.linear(a, W, b))
        value = torch.nn.functional.mse_loss(a, y)
        gradients = torch.autograd.grad(value, flat)
        with torch.no_grad():
            for p, g in zip(flat, gradients, strict=True):
                p.sub_(g, alpha=RATE)
        return value.item()

    return run


def jax_step(jax: Any, sizes: list[int], rows: int) -> Step:
    """JAX, the whole step under ``jit``."""
    numpy = jax.numpy
    layers, X, y = data(sizes, rows)

    def mean_squared_error(layers: Any, X: Any, y: Any) -> Any:
        for W, b in layers:
            X = numpy.tanh(X @ W.T + b)
        return ((X - y) ** 2).mean()

    @jax.jit
    def step(layers: Any, X: Any, y: Any) -> Any:
        value, slopes = jax.value_and_grad(mean_squared_error)(layers, X, y)
        return value, jax.tree.map(lambda p, g: p - RATE * g, layers, slopes)

    state = [jax.device_put(layers), jax.device_put(X), jax.device_put(y)]

    def run() -> float:
        value, state[0] = step(*state)
        return float(value)

    return run


def micrograd_step(Value: Any, sizes: list[int], rows: int) -> Step:
    """micrograd, which has no tanh: relu in its place."""
    layers, X, y = data(sizes, rows)
    parameters = [([[Value(w) for w in row] for row in W.tolist()], [Value(b) for b in B.tolist()]) for W, B in layers]
    flat = [p for W, B in parameters for p in [*(w for row in W for w in row), *B]]

    def run() -> float:
        for p in flat:
            p.grad = 0.0
        total = Value(0.0)
        for x, t in zip(X.tolist(), y.tolist(), strict=True):
            for W, B in parameters:
                x = [sum((w * a for w, a in zip(row, x, strict=True)), b).relu() for row, b in zip(W, B, strict=True)]
            total = total + sum((a - s) ** 2 for a, s in zip(x, t, strict=True)) / len(t)
        total = total / rows
        total.backward()
        for p in flat:
            p.data -= RATE * p.grad
        return total.data

    return run
