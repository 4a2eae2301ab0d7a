"""What micrograd's users bring runs after changing only the import lines."""

from __future__ import annotations

import random

import pytest

from autograd import Value
from nn import MLP


def test_micrograd_readme_example_gives_its_printed_numbers():
    """The README's expression, statement by statement: 24.7041, 138.8338, 645.5773."""
    a = Value(-4.0)
    b = Value(2.0)
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
    assert (f"{g.data:.4f}", f"{a.grad:.4f}", f"{b.grad:.4f}") == ("24.7041", "138.8338", "645.5773")


def test_micrograd_sanity_check_gives_pytorchs_numbers():
    """Micrograd's first test: -20 and 46, as PyTorch has them."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def test_micrograd_demo_network_trains():
    """``MLP(2, [16, 16, 1])``, a hinge loss over lists of Values, and updates by hand bring the loss down."""
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    X = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(20)]
    y = [1 if a * b > 0 else -1 for a, b in X]
    losses = []
    for _ in range(20):
        inputs = [list(map(Value, row)) for row in X]
        scores = list(map(model, inputs))
        hinges = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
        total = sum(hinges) * (1.0 / len(hinges)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= 0.5 * p.grad
        losses.append(total.data)
    assert len(model.parameters()) == 337
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("layers", [[1], [3, 1]])
def test_single_output_is_a_value_and_not_a_list(layers):
    """As in micrograd, a network with one output gives the Value itself."""
    assert isinstance(MLP(2, layers)([1.0, 2.0]), Value)
