"""Entries that a masked array says are missing are no numbers, whatever stands below the mask."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import compile, data, grad, hessian, value_and_grad, values
from nn import MLP, datasets, fit, metrics

ROWS = np.arange(12.0).reshape(6, 2) / 12.0


def total(w: Any, x: Any) -> Any:
    return sum(a * b for a, b in zip(w, x, strict=True))


square = compile(lambda w: w[0] * w[1])
mean = compile(total, batched="x")


def trained(X: Any, y: Any) -> Any:
    return fit(MLP(2, [1], rng=0), X, y, epochs=1).loss


WAYS = {
    "values": lambda x: data(values(x[0])),
    "data": lambda x: data(x),
    "grad": lambda x: grad(lambda w: w[0] * w[1])(x[0]),
    "compiled value": lambda x: square(x[0]),
    "compiled value_and_grad": lambda x: square.value_and_grad(x[0])[1],
    "compiled grad": lambda x: grad(square)(x[0]),
    "compiled hessian": lambda x: hessian(square)(x[0]),
    "not differentiated": lambda x: value_and_grad(compile(total))([1.0, 2.0], x[0])[1],
    "nested": lambda x: compile(lambda p: p["w"][0] * p["w"][1])({"w": x[0]}),
    "batched": lambda x: mean([1.0, 2.0], x),
    "batched gradient": lambda x: mean.value_and_grad([1.0, 2.0], x)[1],
    "fit X": lambda x: trained(x, [1.0] * 6),
    "fit y": lambda x: trained(ROWS, x[:, 0]),
    "predict": lambda x: MLP(2, [1], rng=0).predict(x),
    "module": lambda x: MLP(2, [1], rng=0)(x[0]).data,
    "standardize": lambda x: datasets.standardize(x),
    "split X": lambda x: datasets.train_test_split(x, [1.0] * 6)[0],
    "split y": lambda x: datasets.train_test_split(ROWS, x[:, 0])[2],
    "metric": lambda x: metrics.accuracy(MLP(2, [1], rng=0), x, np.ones(6)),
}


@pytest.mark.parametrize("name", WAYS)
def test_missing_entries_are_refused_and_none_missing_is_an_array(name: str) -> None:
    """In a first call and after others: with no entry masked it is what it is for the array."""
    way, nothing = WAYS[name], np.ma.masked_array(ROWS, mask=False)
    missing = np.ma.masked_array(ROWS, mask=ROWS[0, 0] == ROWS)
    for _ in range(2):
        with pytest.raises(TypeError, match=r"numbers, got a masked array in which 1 of .* are missing; fill them in"):
            way(missing)
        np.testing.assert_array_equal(way(nothing), way(ROWS))
