"""A node that keeps its operands and partials in tuples, as the language model in 200 lines has it: no closures."""

from __future__ import annotations

import math
from typing import Any

from tests.bench import microgpt


class Value:
    """A number, what it was made of, and its derivative with respect to each of these."""

    __slots__ = ("data", "grad", "operands", "partials")

    def __init__(self, data: float, operands: tuple[Any, ...] = (), partials: tuple[float, ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.partials = partials

    def __add__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, power: float) -> Value:
        return Value(self.data**power, (self,), (power * self.data ** (power - 1),))

    def exp(self) -> Value:
        y = math.exp(self.data)
        return Value(y, (self,), (y,))

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self) -> Value:
        return Value(max(0.0, self.data), (self,), (float(self.data > 0.0),))

    def __radd__(self, other: Any) -> Value:
        return self + other

    def __rmul__(self, other: Any) -> Value:
        return self * other

    def __neg__(self) -> Value:
        return self * -1.0

    def __truediv__(self, other: Any) -> Value:
        return self * other**-1

    def backward(self) -> None:
        order: list[Value] = []
        seen = set()

        def visit(node: Value) -> None:
            if node not in seen:
                seen.add(node)
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for operand, partial in zip(node.operands, node.partials):  # noqa: B905 - as it is written there
                operand.grad += partial * node.grad


WORKS = {"microgpt": lambda: microgpt.eager(Value)}
