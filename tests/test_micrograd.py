"""What micrograd's users bring runs after changing only the import lines."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value
from nn import MLP
from nn.datasets import moons as make_moons
from tests.bench.workloads import small


def test_micrograd_readme_example_gives_its_printed_numbers():
    """The derivatives of the README's expression, statement by statement: 138.8338 and 645.5773."""
    assert [f"{slope:.4f}" for slope in small(Value)] == ["138.8338", "645.5773"]


def test_micrograd_sanity_check_gives_pytorchs_numbers():
    """Micrograd's first test: -20 and 46, as PyTorch has them."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


@pytest.mark.parametrize("layers", [[1], [3, 1]])
def test_single_output_is_a_value_and_not_a_list(layers):
    """As in micrograd, a network with one output gives the Value itself."""
    assert isinstance(MLP(2, layers, rng=0)([1.0, 2.0]), Value)


def test_micrograds_demo_reaches_100_percent():
    """2-16-16-1, hinge loss, L2, moons, 100 steps of gradient descent at 1.0 - 0.9 k / 100."""
    X, y = make_moons(n_samples=100, noise=0.1)
    y = y * 2 - 1
    model = MLP(2, [16, 16, 1], rng=0)
    assert len(model.parameters()) == 337

    def loss(batch_size=None):
        if batch_size is None:
            Xb, yb = X, y
        else:
            ri = np.random.permutation(X.shape[0])[:batch_size]
            Xb, yb = X[ri], y[ri]
        inputs = [list(map(Value, xrow)) for xrow in Xb]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(yb, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(yb, scores, strict=True)]
        return total_loss, sum(accuracy) / len(accuracy)

    for k in range(100):
        total_loss, acc = loss()
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
    assert acc == 1.0
    assert total_loss.data < 0.05
