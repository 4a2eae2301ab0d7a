"""micrograd. It has no exp, log or tanh: two are written as its users do, and relu stands in place of the third."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from micrograd.engine import Value
from micrograd.nn import MLP

from tests.bench import workloads
from tests.bench.workloads import Loop


def _unary(x: Any, value: float, slope: float) -> Any:
    out = Value(value, (x,))

    def backward() -> None:
        x.grad += slope * out.grad

    out._backward = backward
    return out


def _exp(x: Any) -> Any:
    e = math.exp(x.data)
    return _unary(x, e, e)


def _softplus(x: Any) -> Any:
    value = max(x.data, 0.0) + math.log1p(math.exp(-abs(x.data)))
    return _unary(x, value, 1.0 / (1.0 + math.exp(-x.data)) if x.data > -700 else 0.0)


def _softmax(xs: list[Any]) -> list[Any]:
    top = max(x.data for x in xs)
    exps = [_exp(x - top) for x in xs]
    total = sum(exps)
    return [e / total for e in exps]


def _relu_network(sizes: list[int], count: int) -> Loop:
    """A loop of the compiled table; another loss, which is therefore not given."""
    loop = workloads.training(Value, workloads.forward, sizes, count)

    def run(steps: int) -> None:
        loop(steps)

    return run


WORKS = {
    **workloads.eager_works(Value, workloads.forward, lambda: MLP(2, [16, 16, 1])),
    "irregular": lambda: workloads.irregular(Value, SimpleNamespace(softplus=_softplus, softmax=_softmax, sum=sum)),
    "2-16-16-1": lambda: _relu_network([2, 16, 16, 1], 100),
    "2-20-20-2-1": lambda: _relu_network([2, 20, 20, 2, 1], 25),
}
