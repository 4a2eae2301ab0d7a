"""PyTorch, eager, on one thread."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from tests.bench import attention, models, networks, workloads
from tests.bench.networks import RATE, WORD
from tests.bench.workloads import Loop, repeated

torch.set_num_threads(1)


def _train(layers: networks.Layers, X: Any, y: Any) -> Loop:
    X, y = torch.tensor(X), torch.tensor(y)
    parameters = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in layers]
    flat = [p for pair in parameters for p in pair]

    def step() -> Any:
        a = X
        for W, b in parameters:
            a = torch.tanh(torch.nn.functional.linear(a, W, b))
        value = torch.nn.functional.mse_loss(a, y)
        gradients = torch.autograd.grad(value, flat)
        with torch.no_grad():
            for p, g in zip(flat, gradients, strict=True):
                p.sub_(g, alpha=RATE)
        return value.item()

    return repeated(step)


def _attention() -> Loop:
    weights = attention.parameters(np.random.default_rng(0))
    tensors = {name: torch.tensor(matrix, requires_grad=True) for name, matrix in weights.items()}

    def step() -> float:
        value = attention.loss_of_arrays(torch, tensors, WORD)
        torch.autograd.grad(value, list(tensors.values()))
        return value.item()

    return repeated(step)


def _scalars(work: Any) -> Loop:
    loop = repeated(partial(work, partial(torch.tensor, dtype=torch.float64, requires_grad=True)))
    return lambda steps: [slope.item() for slope in loop(steps)]


def _heston(paths: int) -> Loop:
    p = torch.tensor(models.HESTON, requires_grad=True)
    shocks = torch.tensor(models.shocks(paths).transpose(1, 2, 0).copy())
    least = torch.tensor(1e-4, dtype=torch.float64)
    m = SimpleNamespace(
        log=torch.log, exp=torch.exp, sqrt=torch.sqrt, maximum=lambda a, b: torch.maximum(a, least if b == 1e-4 else b)
    )

    def step() -> float:
        value = models.heston(m, p, shocks).mean()
        torch.autograd.grad(value, p)
        return value.item()

    return repeated(step)


def _arm(count: int) -> Loop:
    slopes = torch.func.jacrev(lambda q: torch.stack(models.arm(torch, q)))
    angles = torch.tensor(models.ANGLES[0] if count == 1 else models.ANGLES[:count])
    step = slopes if count == 1 else torch.func.vmap(slopes)
    return repeated(lambda: step(angles).sum().item())


def _gradient(name: str) -> Loop:
    f, p, seen = models.RECURRENCES[name]
    parameters = torch.tensor(p, requires_grad=True)

    def step() -> float:
        value = f(torch, parameters, seen.tolist())
        torch.autograd.grad(value, parameters)
        return value.item()

    return repeated(step)


WORKS = {
    **networks.works(_train),
    **models.works(_heston, _arm, _gradient),
    "attention": _attention,
    "tiny": lambda: _scalars(workloads.tiny),
    "readme": lambda: _scalars(workloads.small),
}
