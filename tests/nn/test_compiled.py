"""Compiled training is eager training, faster: the same history, the same parameters, the same errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import CompileError, NonFiniteError, Value
from nn import L1, L2, MLP, SGD, Adam, Module, datasets, fit
from nn.compiled import CompiledStep, choose_step
from nn.losses import LOSSES
from nn.steps import EagerStep, read_parameters

ACTIVATIONS = st.sampled_from(["relu", "tanh", "sigmoid", "softplus", "linear"])


def problem(loss, outputs, seed):
    """Inputs and targets a loss is happy with."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(6, 3))
    if loss == "softmax_cross_entropy":
        return X, np.eye(outputs)[rng.integers(outputs, size=6)]
    y = rng.integers(2, size=(6, outputs)).astype(float)
    return X, y * 2 - 1 if loss == "hinge" else y


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    activation=ACTIVATIONS,
    loss=st.sampled_from(sorted(LOSSES)),
    reduce=st.sampled_from(["mean", "sum"]),
    penalty=st.sampled_from([None, L1(0.01), L2(0.01)]),
    bias=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=25)
def test_compiled_step_is_the_eager_step(sizes, activation, loss, reduce, penalty, bias, seed):
    """Loss and gradient of a batch agree for random networks, losses and penalties."""
    outputs = sizes[-1] if loss != "softmax_cross_entropy" else max(2, sizes[-1])
    last = "sigmoid" if loss == "binary_cross_entropy" else "linear"
    model = MLP(3, [*sizes[:-1], outputs], activation=activation, output_activation=last, bias=bias, rng=seed)
    X, y = problem(loss, outputs, seed)
    y = y[:, 0] if outputs == 1 else y
    parameters = read_parameters(model.parameters())
    expected, gradient = EagerStep(model, LOSSES[loss], reduce, penalty)(parameters, X, y)
    found, ours = CompiledStep(model, LOSSES[loss], reduce, penalty)(parameters, X, y)
    assert found == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(ours, gradient, rtol=1e-9, atol=1e-12 * max(1.0, np.abs(gradient).max()))


@pytest.mark.parametrize("batch_size", [None, 4, 1])
def test_compiled_training_has_the_history_of_eager_training(batch_size):
    """Losses and final parameters agree within rounding, whatever the batches; the last batch may be smaller."""
    X, y = datasets.sine_bands()
    found = []
    for compiled in (False, True):
        model = MLP(2, [5, 1], activation="tanh", output_activation="sigmoid", rng=3)
        history = fit(
            model, X, y, loss="binary_cross_entropy", optimizer=Adam(0.01), epochs=15, batch_size=batch_size,
            penalty=L2(1e-3), validation=(X, y), metrics="accuracy", compiled=compiled,
        )  # fmt: skip
        found.append((history.loss, history.validation_loss, read_parameters(model.parameters())))
    for eager, fast in zip(*found, strict=True):
        np.testing.assert_allclose(fast, eager, rtol=1e-10)


def test_callbacks_see_and_change_the_parameters_of_compiled_training():
    """Before every callback the model holds the newest numbers, and what the callback writes is trained on."""
    X, y = datasets.xor()
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    seen = []

    def freeze_first_weight(model, history):
        seen.append(model.parameters()[1].data)
        model.parameters()[0].data = 0.25

    fit(model, X, y, epochs=4, callbacks=[freeze_first_weight], compiled=True)
    assert len(set(seen)) == 4
    last = model.parameters()[0].data
    assert last == 0.25


class Fork(Module):
    """A model whose path depends on its numbers, which no program can follow."""

    def __init__(self):
        self.w = Value(0.5)

    def __call__(self, x):
        z = self.w * x[0]
        return z if z > 0 else 0.1 * z


def test_what_cannot_be_compiled_is_trained_eagerly_unless_told_otherwise():
    """By default a model with a branch is trained on graphs; ``compiled=True`` refuses and says why."""
    X, y = np.array([[1.0], [-2.0]]), np.array([1.0, 0.0])
    assert isinstance(choose_step(Fork(), LOSSES["squared_error"], "mean", None, (X, y), None), EagerStep)
    history = fit(Fork(), X, y, optimizer=SGD(0.1), epochs=3)
    assert history.loss[-1] < history.loss[0]
    with pytest.raises(CompileError, match="comparing a Value inside a compiled function"):
        fit(Fork(), X, y, epochs=1, compiled=True)


def test_compiled_training_explains_what_is_not_finite():
    """The diagnosis has epoch, row and operation, as in eager training, and the last good parameters stay."""
    X, y = np.array([[1.0], [2.0]]), np.array([0.0, 0.0])
    model = MLP(1, [1], activation="linear", output_activation="linear", rng=0)
    with pytest.raises(NonFiniteError, match=r"training stopped in epoch \d+, row 0: .* try a learning rate below"):
        fit(model, X, y, optimizer=SGD(1e200), epochs=50, compiled=True)
    assert np.isfinite(read_parameters(model.parameters())).all()


def test_interrupted_compiled_training_resumes_to_the_last_bit():
    """Seven epochs, then eight more, are fifteen."""
    X, y = datasets.sine_bands()

    def trained(*epochs):
        model = MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", rng=1)
        optimizer, history = Adam(0.02), None
        for count in epochs:
            history = fit(
                model, X, y, loss="binary_cross_entropy", optimizer=optimizer, epochs=count, batch_size=8,
                history=history, compiled=True,
            )  # fmt: skip
        return read_parameters(model.parameters()).tolist(), history.loss

    assert trained(7, 8) == trained(15)
