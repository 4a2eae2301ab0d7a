"""The workloads, written once for any engine with micrograd's interface: ``V(number)``, operators, ``backward``."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

Loop = Callable[[int], Any]
Works = dict[str, Callable[[], Loop]]
Network = list[list[tuple[list[Any], Any]]]  # layers of neurons, each weights and a bias


def tiny(V: Callable[[float], Any]) -> tuple[float, float]:
    """BurTorch's tiny graph: derivatives -35 and 1050."""
    a, b = V(-41.0), V(2.0)
    c = a + b
    d = a * b + b**3
    e = c - d
    f = e**2
    g = f / 2.0
    g.backward()
    return a.grad, b.grad


def small(V: Callable[[float], Any]) -> tuple[float, float]:
    """Micrograd's README: derivatives 138.8338 and 645.5773."""
    a, b = V(-4.0), V(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return a.grad, b.grad


def network(V: Callable[[float], Any], sizes: list[int], seed: int = 0) -> Network:
    """Weights uniform in (-1, 1) over the square root of the fan-in; biases 0."""
    rng = random.Random(seed)
    return [
        [([V(rng.uniform(-1, 1) / n**0.5) for _ in range(n)], V(0.0)) for _ in range(m)] for n, m in pairwise(sizes)
    ]


def parameters(layers: Network) -> list[Any]:
    """All weights and biases, in order."""
    return [p for layer in layers for weights, bias in layer for p in [*weights, bias]]


def rows(count: int, features: int, seed: int = 1) -> tuple[list[list[float]], list[float]]:
    """Inputs and targets, uniform in (-1, 1)."""
    rng = random.Random(seed)
    inputs = [[rng.uniform(-1, 1) for _ in range(features)] for _ in range(count)]
    return inputs, [rng.uniform(-1, 1) for _ in range(count)]


def forward(layers: Network, x: list[Any]) -> list[Any]:
    """A multilayer perceptron with relu, one binary operation at a time."""
    for k, layer in enumerate(layers):
        x = [sum((w * a for w, a in zip(weights, x, strict=True)), bias) for weights, bias in layer]
        if k < len(layers) - 1:
            x = [z.relu() for z in x]
    return x


def repeated(step: Callable[[], Any]) -> Loop:
    """A loop of steps; it gives what the last one gave."""

    def loop(steps: int) -> Any:
        result = None
        for _ in range(steps):
            result = step()
        return result

    return loop


def eager_works(V: Callable[[float], Any], forward: Callable[..., list[Any]], model: Callable[[], Any]) -> Works:
    """What every engine of scalars does; ``model`` makes a network of 2-16-16-1 as the engine's users write it."""
    return {
        "tiny": lambda: repeated(partial(tiny, V)),
        "readme": lambda: repeated(partial(small, V)),
        "network": lambda: training(V, forward, [2, 16, 16, 1], 20),
        "demo": lambda: demo(V, model()),
        "image": lambda: image(V, forward),
    }


def training(V: Callable[[float], Any], forward: Callable[..., list[Any]], sizes: list[int], count: int) -> Loop:
    """Gradient descent on the summed squared error of relu networks."""
    layers = network(V, sizes)
    inputs, targets = rows(count, sizes[0])
    weights = parameters(layers)

    def step() -> float:
        for p in weights:
            p.grad = 0.0
        loss = sum((forward(layers, [V(a) for a in x])[0] - y) ** 2 for x, y in zip(inputs, targets, strict=True))
        loss.backward()
        for p in weights:
            p.data -= 0.001 * p.grad
        return loss.data

    return repeated(step)


def demo(V: Callable[[float], Any], model: Any) -> Loop:
    """Micrograd's demo notebook: two moons, hinge loss, L2, accuracy, gradient descent whose rate falls."""
    rng = random.Random(0)
    for p in model.parameters():
        p.data = rng.uniform(-1, 1)
    angles = [math.pi * k / 49 for k in range(50)]
    outer = [[math.cos(t) + rng.gauss(0, 0.1), math.sin(t) + rng.gauss(0, 0.1)] for t in angles]
    inner = [[1 - math.cos(t) + rng.gauss(0, 0.1), 0.5 - math.sin(t) + rng.gauss(0, 0.1)] for t in angles]
    X, y = outer + inner, [-1] * 50 + [1] * 50

    def loss() -> tuple[Any, float]:
        inputs = [list(map(V, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        return data_loss + reg_loss, sum(accuracy) / len(accuracy)

    def loop(steps: int) -> float:
        for k in range(steps):
            total_loss, _ = loss()
            model.zero_grad()
            total_loss.backward()
            learning_rate = 1.0 - 0.9 * (k % 100) / 100
            for p in model.parameters():
                p.data -= learning_rate * p.grad
        return total_loss.data

    return loop


def image(V: Callable[[float], Any], forward: Callable[..., list[Any]]) -> Loop:
    """One image through 784-50-10: forward, sum of squares of the outputs, backward."""
    layers = network(V, [784, 50, 10])
    pixels = rows(1, 784)[0][0]

    def step() -> float:
        loss = sum(z * z for z in forward(layers, [V(a) for a in pixels]))
        loss.backward()
        return loss.data

    return repeated(step)


def irregular_nodes(leaves: list[Any], f: Any, size: int = 10_000) -> list[Any]:
    """Rogozhnikov's irregular graph: softplus, sums, products and softmax of nodes a few places back.

    ``f`` offers ``softplus(x)``, ``sum(xs)`` and ``softmax(xs)``; 10,000 steps make 17,600 nodes.
    """
    nodes = list(leaves)
    for k in range(size):
        if k % 4 == 0:
            nodes.append(f.softplus(nodes[-10]))
        elif k % 4 == 1:
            nodes.append(f.sum(nodes[-30:-10:5]))
        elif k % 4 == 2:
            nodes.append(nodes[-20] * nodes[-10])
        else:
            nodes.extend(f.softmax(nodes[-4:]))
    return nodes


def irregular(leaf: Callable[[float], Any], f: Any, size: int = 10_000) -> Loop:
    """The graph of :func:`irregular_nodes`, forward and backward."""

    def step() -> float:
        root = irregular_nodes([leaf(float(i)) for i in range(100)], f, size)[-1]
        root.backward()
        return float(root.data)

    return repeated(step)


def tiny_expression(a: Any, b: Any) -> Any:
    """:func:`tiny` as a function, for systems that want one."""
    e = (a + b) - (a * b + b**3)
    return e**2 / 2.0


def small_expression(a: Any, b: Any, relu: Callable[[Any], Any]) -> Any:
    """:func:`small` as a function."""
    c, d = a + b, a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + relu(b + a)
    d = d + 3 * d + relu(b - a)
    f = (c - d) ** 2
    return f / 2.0 + 10.0 / f
