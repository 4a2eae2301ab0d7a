"""A node as it is often taught: a set of operands, and a closure that hands its gradient on."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.bench import microgpt


class Value:
    """A number with its operands; the partials are in the closure."""

    def __init__(self, data: float, operands: tuple[Any, ...] = ()) -> None:
        self.data, self.grad, self.operands = data, 0.0, set(operands)
        self.hand_on: Callable[[], None] = lambda: None

    def made(self, data: float, *pairs: tuple[Any, float]) -> Value:
        out = Value(data, tuple(x for x, _ in pairs))

        def hand_on() -> None:
            for x, partial in pairs:
                x.grad += partial * out.grad

        out.hand_on = hand_on
        return out

    def __add__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return self.made(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return self.made(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, power: float) -> Value:
        return self.made(self.data**power, (self, power * self.data ** (power - 1)))

    def exp(self) -> Value:
        y = math.exp(self.data)
        return self.made(y, (self, y))

    def log(self) -> Value:
        return self.made(math.log(self.data), (self, 1.0 / self.data))

    def relu(self) -> Value:
        return self.made(max(0.0, self.data), (self, float(self.data > 0.0)))

    def __neg__(self) -> Value:
        return self * -1.0

    def __truediv__(self, other: Any) -> Value:
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        order, seen = [], set()

        def visit(node: Value) -> None:
            if node not in seen:
                seen.add(node)
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node.hand_on()


WORKS = {"microgpt": lambda: microgpt.eager(Value)}
