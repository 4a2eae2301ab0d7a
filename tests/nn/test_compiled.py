"""Compiled training is eager training, faster: the same history, the same parameters, the same errors."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import CompileError, NonFiniteError, Value
from nn import L1, L2, MLP, SGD, Adam, Module, datasets, evaluate, fit
from nn.measures.losses import LOSSES
from nn.training.compiled_step import CompiledStep
from nn.training.step import EagerStep, read_parameters

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


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e200])
def test_a_step_runs_its_program_and_leaves_to_graphs_what_is_not_finite(number, monkeypatch):
    """Graphs may be finite there, or can say why not; everywhere else none is made."""
    step = CompiledStep(MLP(1, [1], rng=0), LOSSES["squared_error"])
    X, y, parameters = np.array([[1.0], [-2.0]]), np.array([1.0, -2.0]), read_parameters(step.eager.values)
    expected, gradient = step.eager(parameters, X, y)
    step(parameters, X, y)
    graphs = object()
    monkeypatch.setattr(step, "eager", lambda *batch: graphs)
    found, ours = step(parameters, X, y)
    assert found == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(ours, gradient, rtol=1e-13)
    assert step(np.full_like(parameters, number), X, y) is graphs


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
    with pytest.warns(UserWarning, match="training on graphs, which is many times slower, since comparing") as warned:
        history = fit(Fork(), X, y, optimizer=SGD(0.1), epochs=3)
    assert len(warned) == 1
    assert warned[0].filename == __file__
    assert history.loss[-1] < history.loss[0]
    assert history.engine == "graphs"
    assert history.engine_reason.startswith("comparing a Value inside a compiled function would freeze")
    with pytest.raises(CompileError, match="comparing a Value inside a compiled function"):
        fit(Fork(), X, y, epochs=1, compiled=True)


class Echo(Module):
    """Behaves otherwise with arrays than with lists: ``+`` puts a list behind another, and adds arrays."""

    def __init__(self, give=list):
        self.w, self.give = Value(0.5), give

    def __call__(self, x):
        return self.give([self.w * entry for entry in (x + x)[1:3]])


def as_objects(entries):
    """Values in an array, which adds."""
    return np.array(entries, dtype=object)


@pytest.mark.parametrize("give", [list, tuple, as_objects])
def test_models_and_losses_get_what_they_get_on_graphs(give):
    """Rows and targets are lists, and the loss sees what the model gives, in training, validation and evaluation."""

    def loss(outputs, target):
        together = outputs + outputs  # longer, or larger
        return sum((entry - goal) ** 2 for entry, goal in zip(together, target + target, strict=False))

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(6, 2)), rng.normal(size=(6, 2))
    expected, gradient = EagerStep(Echo(give), loss)(np.array([0.5]), X, y)
    step = CompiledStep(Echo(give), loss)
    found, ours = step(np.array([0.5]), X, y)
    assert (found, ours[0]) == (pytest.approx(expected, rel=1e-13), pytest.approx(gradient[0], rel=1e-13))
    assert step.value(np.array([0.5]), X, y) == pytest.approx(expected, rel=1e-13)
    assert evaluate(Echo(give), X, y, loss=loss)["loss"] == pytest.approx(expected, rel=1e-13)
    model = Echo(give)
    history = fit(model, X, y, loss=loss, optimizer=SGD(0.01), epochs=2, validation=(X, y), compiled=True)
    assert history.validation_loss[0] == pytest.approx(history.loss[1], rel=1e-13)


def test_the_value_of_a_step_has_no_penalty_and_takes_other_rows():
    """As many as there are, also with targets of another shape."""
    X, y = datasets.sine_bands()
    model = MLP(2, [3, 1], rng=0)
    parameters = read_parameters(model.parameters())
    for loss in (LOSSES["squared_error"], lambda p, t: (p - (t[0] if isinstance(t, list) else t)) ** 2):
        steps = [kind(model, loss, "sum", L2(1.0)) for kind in (EagerStep, CompiledStep)]
        for step in steps:
            step(parameters, X, y)
        found = [[step.value(parameters, X[:n], y[:n]) for n in (1, 7)] for step in steps]
        np.testing.assert_allclose(found[1], found[0], rtol=1e-13)
    assert steps[1].value(parameters, X[:7], y[:7, np.newaxis]) == pytest.approx(found[0][1], rel=1e-13)


def test_the_value_of_a_step_is_that_of_graphs_also_where_a_program_does_not_do():
    """With a number that stands outside the model, as it is at the time, and with a branch, for which there is none."""
    X, y, scale = np.array([[1.0], [-2.0], [0.5]]), np.array([0.5, -1.0, 0.2]), Value(2.0)
    for model, loss in (
        (MLP(1, [2, 1], rng=0), lambda p, t: scale * (p - t) ** 2),
        (Fork(), LOSSES["squared_error"]),
    ):
        eager, step = EagerStep(model, loss), CompiledStep(model, loss, insist=False)
        parameters = read_parameters(model.parameters())
        with warnings.catch_warnings(record=True, action="always") as caught:
            for factor in (1.0, -3.0):
                scale.data = factor
                found = step.value(factor * parameters, X, y)
                assert found == pytest.approx(eager.value(factor * parameters, X, y), rel=1e-13)
                assert step(factor * parameters, X, y)[0] == pytest.approx(found, rel=1e-13)
        assert len(caught) == isinstance(model, Fork)  # that there is no program is said once
        assert step.engine == ("graphs" if isinstance(model, Fork) else "compiled")


def test_a_model_that_replaces_what_it_holds_is_trained_on_graphs():
    """A program would do so once; the attempt leaves no trace, and rows follow each other as in Python."""

    class Recurrent(Module):
        def __init__(self):
            self.w, self.h = Value(0.5), 0.0

        def __call__(self, x):
            self.h = (self.w * x[0] + 0.5 * self.h).tanh()
            return self.h

    X, y = np.array([[1.0], [-2.0], [0.5]]), np.array([0.1, 0.2, 0.3])
    models = [Recurrent() for _ in range(2)]
    with pytest.warns(UserWarning, match="training on graphs, .*, since Recurrent replaces what it holds"):
        histories = [
            fit(m, X, y, optimizer=SGD(0.1), epochs=1, compiled=c) for m, c in zip(models, (None, False), strict=True)
        ]
    assert histories[0].loss == histories[1].loss
    assert [m.h.data for m in models] == [models[0].h.data] * 2
    by_hand = Recurrent()
    costs = [(by_hand(row) - target) ** 2 for row, target in zip(X.tolist(), y, strict=True)]
    assert histories[0].loss[0] == pytest.approx(sum(cost.data for cost in costs) / 3, rel=1e-14)
    message = (
        "Recurrent replaces what it holds when it is called, which a program would do once; it is called row by row"
    )
    with pytest.raises(CompileError, match=f"^{message}$"):
        fit(Recurrent(), X, y, epochs=1, compiled=True)


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
