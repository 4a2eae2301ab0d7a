"""Compiled, as users call it: ``fast.value_and_grad`` in a loop, parameters in the shape they like."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import autograd
from autograd import compile, hessian, jacobian, tanh
from tests.bench import attention, models, networks, workloads
from tests.bench.networks import RATE, WORD
from tests.bench.workloads import Loop, repeated


def loss(layers: list[tuple[Any, Any]], x: Any, y: Any) -> Any:
    """Squared error of one example: this, and nothing about matrices, is what the compiler is given."""
    for weights, biases in layers:
        x = [tanh(sum((w * a for w, a in zip(row, x, strict=True)), b)) for row, b in zip(weights, biases, strict=True)]
    return sum((a - t) ** 2 for a, t in zip(x, y, strict=True)) / len(x)


def irregular(numbers: Any) -> Any:
    return workloads.irregular_nodes(list(numbers), autograd)[-1]


def _train(layers: networks.Layers, X: np.ndarray, y: np.ndarray) -> Loop:
    fast = compile(loss, batched=("x", "y"))

    def step() -> float:
        value, slopes = fast.value_and_grad(layers, X, y)
        for (W, b), (dW, db) in zip(layers, slopes, strict=True):
            W -= RATE * dW
            b -= RATE * db
        return value

    return repeated(step)


def _attention() -> Loop:
    fast, weights = compile(attention.loss), attention.parameters(np.random.default_rng(0))
    return repeated(lambda: fast.value_and_grad(weights, WORD)[0])


def _tiny() -> Loop:
    fast = compile(workloads.tiny_expression)
    return repeated(lambda: fast.value_and_grad(-41.0, 2.0, argnums=(0, 1))[1])


def _irregular() -> Loop:
    fast, numbers = compile(irregular), np.arange(100.0)
    return repeated(lambda: fast.value_and_grad(numbers)[0])


def _heston(paths: int) -> Loop:
    fast, shocks = compile(partial(models.heston, autograd), batched="shocks"), models.shocks(paths)
    return repeated(lambda: fast.value_and_grad(models.HESTON, shocks)[0])


def _arm(count: int) -> Loop:
    arm = partial(models.arm, autograd)
    slopes = jacobian(compile(arm) if count == 1 else compile(arm, batched="q", reduce=None))
    angles = models.ANGLES[0] if count == 1 else models.ANGLES[:count]
    return repeated(lambda: np.sum(slopes(angles)))


def _gradient(name: str) -> Loop:
    f, p, seen = models.RECURRENCES[name]
    fast = compile(partial(f, autograd))
    return repeated(lambda: fast.value_and_grad(p, seen)[0])


def _hessian(name: str) -> Loop:
    f, p, seen = models.RECURRENCES[name]
    second = hessian(compile(partial(f, autograd)))
    return repeated(lambda: np.sum(second(p, seen)))


WORKS = {
    **networks.works(_train), "attention": _attention, "tiny": _tiny, "irregular": _irregular,
    **models.works(_heston, _arm, _gradient, _hessian),
}  # fmt: skip
