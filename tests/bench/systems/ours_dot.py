"""Eager, with each sum of products as one node, as ``nn`` has it."""

from __future__ import annotations

from typing import Any

from autograd import Value, dot
from nn import MLP
from tests.bench import microgpt, workloads


def forward(layers: workloads.Network, x: list[Any]) -> list[Any]:
    """:func:`tests.bench.workloads.forward` with ``dot``."""
    for k, layer in enumerate(layers):
        x = [dot(weights, x) + bias for weights, bias in layer]
        if k < len(layers) - 1:
            x = [z.relu() for z in x]
    return x


_works = workloads.eager_works(Value, forward, lambda: MLP(2, [16, 16, 1], activation="relu"))
WORKS = {name: _works[name] for name in ("network", "demo", "image")}  # the others have no such sums
WORKS["microgpt"] = lambda: microgpt.eager(Value, lambda matrix, x: [dot(row, x) for row in matrix])
