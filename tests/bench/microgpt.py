"""A thousand names through ``examples/microgpt.py``, for engines of scalars and for the compiled program."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

import examples  # noqa: F401 - which puts its folder on the path
from tests.bench import attention
from tests.bench.workloads import Loop

# What attention.py calls the weights of the example; there the end of a name is letter 0, in the example the last one.
_NAMES = ("letter", "place", "query", "key", "value", "mix", "widen", "narrow", "next")
NAMES = dict(zip(attention.SHAPES, _NAMES, strict=True))
ENDS = ("tokens", "head")


def start() -> tuple[Any, list[str], dict[str, Any]]:
    """The example, its names in some order, and its first weights."""
    microgpt = importlib.import_module("microgpt")
    rng = np.random.default_rng(0)
    return microgpt, rng.permutation(microgpt.NAMES).tolist(), microgpt.random_weights(rng)


def eager(V: Callable[[float], Any], linear: attention.Linear = attention.linear) -> Loop:
    """A binary operation at a time, but for ``linear``, with Adam in a loop over the parameters."""
    _, names, arrays = start()
    rows = {ours: np.roll(arrays[name], int(ours in ENDS), axis=0).tolist() for ours, name in NAMES.items()}
    weights = {name: [[V(x) for x in row] for row in matrix] for name, matrix in rows.items()}
    parameters = [p for matrix in weights.values() for row in matrix for p in row]
    mean, square = [0.0] * len(parameters), [0.0] * len(parameters)
    done = 0

    def loop(steps: int) -> float:
        nonlocal done
        for _ in range(steps):
            loss = attention.loss_by(linear, weights, [ord(letter) - 96 for letter in names[done % len(names)]])
            loss.backward()
            done += 1
            rate, unbiased, even = 0.01 * max(0.0, 1.0 - (done - 1) / 1000), 1.0 - 0.85**done, 1.0 - 0.99**done
            for i, p in enumerate(parameters):
                slope = p.grad
                mean[i] = 0.85 * mean[i] + 0.15 * slope
                square[i] = 0.99 * square[i] + 0.01 * slope * slope
                p.data -= rate * (mean[i] / unbiased) / ((square[i] / even) ** 0.5 + 1e-8)
                p.grad = 0.0
        return loss.data

    return loop


def compiled(steps: int) -> float:
    """The example's training, compiling included."""
    microgpt, names, weights = start()
    return float(microgpt.train(weights, names, steps)[1][-1])
