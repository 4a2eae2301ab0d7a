"""Functions of examples, one result or two, and equality up to the rounding of sums in another order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import tanh

RNG = np.random.default_rng(0)
W, X, Y = RNG.normal(size=(3, 2)), RNG.normal(size=(5, 2)), RNG.normal(size=5)
REDUCE = pytest.mark.parametrize("reduce", [None, "mean", "sum"])


def loss(w: Any, x: Any, y: Any) -> Any:
    hidden = [tanh(row[0] * x[0] + row[1] * x[1]) for row in w]
    return (hidden[0] * hidden[1] - hidden[2] - y) ** 2


def pair(w: Any, x: Any, y: Any) -> list[Any]:
    return [loss(w, x, y), x[0] * y * w[0][0]]


def close(found: Any, expected: Any) -> None:
    """Equal up to the rounding of sums in another order."""
    assert np.shape(found) == np.shape(expected)
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    scale = 1.0 + np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * scale)


def alike(found: Any, expected: Any) -> None:
    """Equal up to rounding, and alike in structure."""
    if isinstance(expected, list | tuple):
        assert (type(found), len(found)) == (type(expected), len(expected))
        for a, b in zip(found, expected, strict=True):
            alike(a, b)
    else:
        close(found, expected)
