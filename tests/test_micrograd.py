"""What micrograd's users bring runs after changing only the import lines."""

from __future__ import annotations

import pytest

from autograd import Value
from nn import MLP
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
    assert isinstance(MLP(2, layers)([1.0, 2.0]), Value)
