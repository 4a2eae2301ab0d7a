"""A function of which something is changed, and what its compiled form has to give then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from autograd import Value, compile
from nn import Module


class Scaled(Module):
    """A model with a number of its own, and one of its class."""

    offset = 1.0

    def __init__(self):
        self.w = Value(3.0)
        self.T = 2.0
        self.powers = [1]
        self.bias = np.array([0.5])

    def __call__(self, x):
        return self.w * x ** self.powers[0] * self.T + self.offset + self.bias[0]


@dataclass(eq=True, frozen=False)
class Setting:
    """An object that is equal to every other of its kind, and cannot be hashed."""

    name: str = ""
    T: float = 1.0

    def __eq__(self, other):
        return isinstance(other, Setting)

    __hash__ = None


def assert_change_is_seen(f, args, change):
    """Value and gradient are those of the function as it is now, also back and forth."""

    def eager():
        x = Value(3.0)
        y = f(x, *args)
        y.backward()
        for leaf in args[0].parameters() if args and isinstance(args[0], Module) else ():
            leaf.grad = 0.0
        return y.data, x.grad

    fast = compile(f)
    first = eager()
    assert fast.value_and_grad(3.0, *args) == pytest.approx(first)
    assert fast.value_and_grad(3.0, *args) == pytest.approx(first)
    change()
    second = eager()
    assert second != first
    assert fast.value_and_grad(3.0, *args) == pytest.approx(second)
    value = fast(3.0, *args)
    assert (value.data if isinstance(value, Value) else value) == pytest.approx(second[0])
