"""A layer's activation on arrays, as prediction runs it, against the same function of Values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, exp, functions
from autograd.errors import OperandError
from nn.model.activations import ACTIVATIONS, Activation
from nn.training.history_fields import read_field


@given(st.sampled_from(sorted(ACTIVATIONS)), st.lists(st.floats(-800.0, 800.0), min_size=1, max_size=6))
def test_activation_of_an_array_is_that_of_each_number(name: str, numbers: list[float]) -> None:
    """With the slopes it has by default, and without a warning where an exponential overflows."""
    activation = Activation.of(name)
    found = activation.on_array(np.array([numbers]))
    expected = [activation.function(Value(x)).data for x in numbers]
    assert found.shape == (1, len(numbers))
    assert found.dtype == float
    np.testing.assert_allclose(found[0], expected, rtol=1e-12, atol=1e-300)


def relu(z: Value) -> Value:
    """A function of one's own that has the name of another."""
    return 3.0 * z


@pytest.mark.parametrize(
    "function",
    [relu, lambda z: z * z, abs, functions.leaky_relu, functions.square, partial(functions.leaky_relu, slope=0.5), exp],
)
def test_function_of_ones_own_is_asked_number_by_number(function: Callable[[Any], Any]) -> None:
    """Or is an operation of the table, whatever its name; the shape is kept."""
    z = np.array([[-2.0, -0.5, 0.0], [0.25, 1.0, 3.0]])
    found = Activation.of(function).on_array(z)
    assert found.shape == z.shape
    np.testing.assert_allclose(found, [[function(Value(x)).data for x in row] for row in z.tolist()], rtol=1e-14)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activation_of_an_infinite_array_warns_of_nothing(name: str) -> None:
    """What a network that has run away predicts is said by its numbers."""
    activation = Activation.of(name)
    numbers = np.array([np.inf, -np.inf, np.nan, 1e308, -1e308])
    expected = [activation.function(Value(x)).data for x in numbers]
    np.testing.assert_allclose(activation.on_array(numbers), expected, rtol=1e-12)


def test_field_of_a_history_that_is_no_number_of_epochs_is_named() -> None:
    """The name, the type it has, and what came instead."""
    with pytest.raises(ValueError, match=r"^epochs of a history is int, got str 'many'; save it again$"):
        read_field("epochs", "many", 0)
    with pytest.raises((ValueError, OperandError), match="loss of a history"):
        read_field("loss", ["many"], [])
