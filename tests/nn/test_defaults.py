"""What holds when nothing is said: the defaults of optimisers, of early stopping, and of penalties."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autograd import Value
from nn import L1, L2, MLP, SGD, Adam, AdamW, EarlyStopping, Module, Optimizer, RMSProp, fit

START, SLOPES = np.array([0.5, -2.0, 3.0]), [np.array([1.0, -2.0, 1e-7]) * scale for scale in (1.0, -0.5, 0.25)]


def adam(decay: float) -> np.ndarray:
    """Kingma and Ba's algorithm 1 with its constants, and Loshchilov and Hutter's decay beside it."""
    w, m, v = START, 0.0, 0.0
    for t, g in enumerate(SLOPES, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - 0.001 * ((m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) + decay * w)
    return w


def rms() -> np.ndarray:
    """Hinton's rule with PyTorch's constants."""
    w, v = START, 0.0
    for g in SLOPES:
        v = 0.99 * v + 0.01 * g**2
        w = w - 0.01 * g / (np.sqrt(v) + 1e-8)
    return w


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (Adam(), lambda: adam(0.0)),
        (AdamW(), lambda: adam(0.01)),
        (RMSProp(), rms),
        (SGD(0.1), lambda: START - 0.1 * np.sum(SLOPES, axis=0)),
    ],
    ids=["Adam", "AdamW", "RMSProp", "SGD"],
)
def test_optimizer_has_the_constants_of_its_paper(optimizer: Optimizer, expected: Callable[[], np.ndarray]) -> None:
    """Three steps by the written rule; the smallest slope shows the term that keeps from dividing by zero."""
    w = START
    for g in SLOPES:
        w = optimizer.step(w, g)
    np.testing.assert_allclose(w, expected(), rtol=1e-12)


def test_training_stops_after_ten_epochs_without_a_better_one() -> None:
    """Nothing is better by a million, so the first epoch stays the best."""
    X, y = np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]])
    stopping = EarlyStopping(monitor="loss", min_delta=1e6)
    history = fit(MLP(1, [1]), X, y, epochs=50, early_stopping=stopping, progress=False)
    assert len(history.loss) == 11


class Listed(Module):
    """Biases in a list."""

    def __init__(self) -> None:
        self.weights, self.biases, self.bias = [Value(3.0)], [Value(5.0), Value(7.0)], Value(11.0)


@pytest.mark.parametrize(
    ("penalty", "amount"),
    [
        (L1(2.0), 2.0 * 3),
        (L2(2.0), 3.0**2),
        (L1(2.0, biases=True), 2.0 * (3 + 5 + 7 + 11)),
        (L2(2.0, biases=True), 3.0**2 + 5.0**2 + 7.0**2 + 11.0**2),
    ],
)
def test_penalty_spares_biases_whether_one_or_a_list(penalty: L1 | L2, amount: float) -> None:
    """By the name of the attribute that holds them."""
    assert penalty(Listed()).data == amount


FIT = MLP(1, [1], rng=0), [0.0, 1.0], [0.0, 1.0]
FLAGS: dict[str, Callable[[object], object]] = {
    "biases of L1": lambda flag: L1(0.1, biases=flag),  # type: ignore[arg-type]
    "biases of L2": lambda flag: L2(0.1, biases=flag),  # type: ignore[arg-type]
    "nesterov of SGD": lambda flag: SGD(0.1, momentum=0.9, nesterov=flag),  # type: ignore[arg-type]
    "restore_best of EarlyStopping": lambda flag: EarlyStopping(restore_best=flag),  # type: ignore[arg-type]
    "shuffle of fit": lambda flag: fit(*FIT, epochs=1, shuffle=flag),  # type: ignore[arg-type]
    "progress of fit": lambda flag: fit(*FIT, epochs=1, progress=flag),  # type: ignore[arg-type]
    "compiled of fit": lambda flag: fit(*FIT, epochs=1, compiled=flag),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("what", FLAGS)
def test_flag_is_true_or_false(what: str) -> None:
    """Text and numbers in its place would count as true whatever they say; a bool of NumPy's is one."""
    for wrong in ("no", 1, 0, 0.0, [], *([None] if what != "compiled of fit" else [])):
        with pytest.raises(TypeError, match=f"^{what} is True or False, got "):
            FLAGS[what](wrong)
    for flag in (True, False, np.True_, np.False_):
        FLAGS[what](flag)
