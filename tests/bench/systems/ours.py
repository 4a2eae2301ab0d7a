"""Eager, one binary operation at a time: micrograd's code after changing its import lines."""

from __future__ import annotations

from typing import Any

import autograd
from autograd import Value
from tests.bench import microgpt, workloads


class Model:
    """micrograd's MLP of 2-16-16-1, with its sums of products written out."""

    def __init__(self) -> None:
        self.layers = workloads.network(Value, [2, 16, 16, 1])

    def __call__(self, x: list[Any]) -> Any:
        return workloads.forward(self.layers, x)[0]

    def parameters(self) -> list[Value]:
        return workloads.parameters(self.layers)

    def zero_grad(self) -> None:
        for p in self.parameters():
            p.grad = 0.0


WORKS = {
    **workloads.eager_works(Value, workloads.forward, Model),
    "irregular": lambda: workloads.irregular(Value, autograd),
    "microgpt": lambda: microgpt.eager(Value),
}
