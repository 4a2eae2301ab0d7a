"""A language model in plain scalars: one layer of causal attention with four heads, 4,192 parameters.

Token and position embeddings, RMS normalisation, attention and a relu network each with a residual connection, and the
mean cross-entropy of the next letter. Every number is a Python number or a Value; a word is a list of letters' indices.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

LETTERS, WIDTH, HEADS, CONTEXT = 27, 16, 4, 16
SHAPES = {
    "tokens": (LETTERS, WIDTH), "positions": (CONTEXT, WIDTH), "query": (WIDTH, WIDTH), "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH), "mix": (WIDTH, WIDTH), "up": (4 * WIDTH, WIDTH), "down": (WIDTH, 4 * WIDTH),
    "head": (LETTERS, WIDTH),
}  # fmt: skip

Vector = list[Any]
Linear = Callable[[Any, Vector], Vector]


def parameters(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Normal weights, small."""
    return {name: rng.normal(0.0, 0.08, shape) for name, shape in SHAPES.items()}


def linear(matrix: Any, x: Vector) -> Vector:
    """The matrix times the vector."""
    return [sum(w * a for w, a in zip(row, x, strict=True)) for row in matrix]


def normalise(x: Vector) -> Vector:
    """Divided by the root of the mean square."""
    scale = (sum(a * a for a in x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def softmax(x: Vector) -> Vector:
    """Exponentials over their sum; the logits here are small."""
    powers = [a.exp() for a in x]
    total = sum(powers)
    return [p / total for p in powers]


def loss(weights: dict[str, Any], word: list[int]) -> Any:
    """Mean cross-entropy of each letter after the first, given those before it; 0 begins and ends a word."""
    return loss_by(linear, weights, word)


def loss_by(linear: Linear, weights: dict[str, Any], word: list[int]) -> Any:
    """The same, by another product of a matrix and a vector."""
    keys: list[Vector] = []
    values: list[Vector] = []
    costs = []
    letters = [0, *word, 0]
    for position, (letter, following) in enumerate(itertools.pairwise(letters)):
        x = normalise([a + b for a, b in zip(weights["tokens"][letter], weights["positions"][position], strict=True)])
        x = [a + b for a, b in zip(x, attend(linear, weights, normalise(x), keys, values), strict=True)]
        hidden = [a.relu() for a in linear(weights["up"], normalise(x))]
        x = [a + b for a, b in zip(x, linear(weights["down"], hidden), strict=True)]
        costs.append(-softmax(linear(weights["head"], x))[following].log())
    return sum(costs) / len(costs)


def attend(linear: Linear, weights: dict[str, Any], x: Vector, keys: list[Vector], values: list[Vector]) -> Vector:
    """Each head's mixture of the values so far, by the softmax of query times key."""
    query = linear(weights["query"], x)
    keys.append(linear(weights["key"], x))
    values.append(linear(weights["value"], x))
    size = WIDTH // HEADS
    out: Vector = []
    for head in range(0, WIDTH, size):
        q = query[head : head + size]
        scores = [sum(a * b for a, b in zip(q, k[head : head + size], strict=True)) / size**0.5 for k in keys]
        share = softmax(scores)
        out += [sum(s * v[j] for s, v in zip(share, values, strict=True)) for j in range(head, head + size)]
    return linear(weights["mix"], out)


def loss_of_arrays(m: Any, weights: dict[str, Any], word: list[int]) -> Any:
    """The same loss as a programmer of arrays writes it, for PyTorch (``m`` is torch) and JAX (jax.numpy)."""

    def normalised(x: Any) -> Any:
        return x * ((x * x).mean(axis=-1, keepdims=True) + 1e-5) ** -0.5

    def softmax_of_arrays(x: Any) -> Any:
        powers = m.exp(x)
        return powers / powers.sum(axis=-1, keepdims=True)

    letters, following = [0, *word], [*word, 0]
    count = len(letters)
    index = m.arange(count)
    x = normalised(weights["tokens"][m.asarray(letters)] + weights["positions"][:count])
    heads = [
        (normalised(x) @ weights[name].T).reshape(count, HEADS, WIDTH // HEADS).swapaxes(0, 1)
        for name in ("query", "key", "value")
    ]
    scores = heads[0] @ heads[1].swapaxes(1, 2) / (WIDTH // HEADS) ** 0.5
    share = softmax_of_arrays(m.where(index[None, :] <= index[:, None], scores, -m.inf))
    mixed = (share @ heads[2]).swapaxes(0, 1).reshape(count, WIDTH)
    x = x + mixed @ weights["mix"].T
    hidden = normalised(x) @ weights["up"].T
    x = x + m.where(hidden > 0.0, hidden, 0.0) @ weights["down"].T
    chances = softmax_of_arrays(x @ weights["head"].T)
    return -m.log(chances[index, m.asarray(following)]).mean()
