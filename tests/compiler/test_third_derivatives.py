"""Third derivatives of a network are exact to twelve digits."""

from __future__ import annotations

from typing import Any

import numpy as np
from mpmath import mp, mpf

import autograd
from autograd import compile, grad, hvp, tanh


def network(p: Any, x: Any, y: Any) -> Any:
    """The squared error of two inputs, eight neurons and one output: 33 parameters."""
    hidden = [tanh(p[3 * k] * x[0] + p[3 * k + 1] * x[1] + p[3 * k + 2]) for k in range(8)]
    return (sum([p[24 + k] * h for k, h in enumerate(hidden)], p[32]) - y) ** 2


def third_derivatives(p: Any, v: Any, X: Any, Y: Any) -> list[Any]:
    """Of the mean of ``network`` twice along ``v`` and once by each parameter, with 50 digits.

    The gradient as one writes it by hand, of Taylor polynomials in the distance along ``v``: three coefficients each.
    """

    def times(a: Any, b: Any) -> Any:
        return [mp.fdot(a[: k + 1], b[k::-1]) for k in range(3)]

    numbers = [[mpf(a), mpf(b), mpf(0)] for a, b in zip(p, v, strict=True)]
    found = [mpf(0)] * 33
    for (a, b), y in zip(X.tolist(), Y.tolist(), strict=True):
        hidden, slopes = [], []
        for k in range(8):
            z = [mp.fdot((a, b, 1), column) for column in zip(*numbers[3 * k : 3 * k + 3], strict=True)]
            h = mp.tanh(z[0])
            hidden.append([h, (1 - h * h) * z[1], -h * (1 - h * h) * z[1] ** 2])
            slopes.append([1 - c if i == 0 else -c for i, c in enumerate(times(hidden[-1], hidden[-1]))])
        terms = [times(w, h) for w, h in zip(numbers[24:32], hidden, strict=True)]
        off = [2 * (mp.fsum(c) - (y if i == 0 else 0)) for i, c in enumerate(zip(*terms, numbers[32], strict=True))]
        for k in range(8):
            back = times(times(off, numbers[24 + k]), slopes[k])[2]
            for i, factor in enumerate((a, b, 1)):
                found[3 * k + i] += back * factor
            found[24 + k] += times(off, hidden[k])[2]
        found[32] += off[2]
    return [2 * c / len(Y) for c in found]


def test_third_derivatives_are_exact_to_twelve_digits() -> None:
    """Of a network of 33 parameters over a hundred rows by a compiled program, and over ten by the engine."""
    rng = np.random.default_rng(1)
    p, v, X, Y = rng.normal(size=33), rng.normal(size=33), rng.normal(size=(100, 2)), rng.normal(size=100)
    fast = compile(network, batched=("x", "y"))
    along = compile(lambda p, v, x, y: autograd.dot(hvp(network)(p, v, x, y), v), batched=("x", "y"))
    with mp.workdps(50):
        for rows, derive in (
            (100, grad(along)),
            (10, grad(lambda p, v, *data: autograd.dot(hvp(fast)(p, v, *data), v))),
        ):
            found = derive(p, v, X[:rows], Y[:rows]).tolist()
            exact = third_derivatives(p.tolist(), v.tolist(), X[:rows], Y[:rows])
            assert max(abs(a / b - 1) for a, b in zip(found, exact, strict=True)) < 1e-12
