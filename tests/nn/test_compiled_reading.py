"""Losses and models that read numbers, or are changed between epochs: trained as on graphs, or refused in words."""

from __future__ import annotations

import gc
import warnings

import numpy as np
import pytest

import autograd
from autograd import CompileError, Value
from nn import MLP, SGD, Activation, Adam, Layer, Module, datasets, fit
from nn.training.compiled_step import CompiledStep
from nn.training.step import EagerStep, read_parameters


def huber(p, t):
    """As people write it."""
    d = p - t
    return 0.5 * d * d if abs(d.data) <= 1 else abs(d) - 0.5


def micrograd(score, target):
    """As in micrograd's demo, whose accuracy reads the score; here it weighs the loss."""
    right = (score.data > 0) == (target > 0)
    return (1.0 - target * score).relu() * (0.5 if right else 1.0)


@pytest.mark.filterwarnings("ignore:training on graphs")
@pytest.mark.parametrize("loss", [huber, micrograd])
def test_loss_that_reads_a_number_is_trained_on_graphs(loss):
    """Not frozen at the branch of the first row: by default as with ``compiled=False``."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(30, 1))
    y = 3.0 * X[:, 0] if loss is huber else np.sign(X[:, 0])
    found = []
    for compiled in (None, False):
        model = MLP(1, [1], rng=0)
        history = fit(model, X, y, loss=loss, optimizer=Adam(0.1), epochs=40, compiled=compiled)
        found.append((history.loss, read_parameters(model.parameters()).tolist(), history.engine))
    assert found[0] == found[1]


class Dropout(Module):
    """Of four units hardly ever drops one, so that two recordings are alike, as a rule."""

    def __init__(self):
        self.hidden, self.out = Layer(2, 4, activation="tanh", rng=0), Layer(4, 1, rng=1)
        self.rng = np.random.default_rng(0)

    def __call__(self, x):
        return self.out([h * (self.rng.random() > 1e-6) for h in self.hidden(x)])


def test_dropout_is_trained_on_graphs():
    """A program would drop the same units in every step."""
    with pytest.warns(UserWarning, match="training on graphs, .*, since costs draws random numbers"):
        history = fit(Dropout(), np.ones((3, 2)), np.ones((3, 1)), epochs=1)
    assert history.engine == "graphs"


def test_classes_as_indices_are_trained_on_graphs():
    """A whole number is an index for Python, and a Value for a program."""
    X, y = np.array([[1.0], [-1.0], [2.0]]), np.array([0, 1, 0])
    with pytest.warns(UserWarning, match="training on graphs, .*, since using a Value as an index"):
        history = fit(MLP(1, [1], rng=0), X, y, loss=lambda p, t: (p - [1.0, -1.0][t]) ** 2, epochs=2)
    assert history.engine == "graphs"


def test_other_errors_of_a_loss_are_raised():
    """They are its own, and no reason to try something else; the note says what differs."""
    loss = lambda p, t: (p - 1.0 * t.is_integer()) ** 2  # which floats have
    with pytest.raises(AttributeError, match="is_integer") as caught:
        fit(MLP(1, [1], rng=0), [[1.0], [2.0]], [0.0, 1.0], loss=loss)
    assert "fit(..., compiled=False) does not" in caught.value.__notes__[0]
    assert fit(MLP(1, [1], rng=0), [[1.0]], [0.0], loss=loss, compiled=False).loss


def test_remainders_of_targets_are_trained_on_graphs():
    """A program would freeze those of its first example."""
    loss = lambda p, t: (p - t % 2) ** 2
    model, other = (MLP(1, [1], rng=0) for _ in range(2))
    with pytest.warns(UserWarning, match="training on graphs, .*, since % of a Value"):
        history = fit(model, [[1.0], [2.0]], [3.0, 2.0], loss=loss, epochs=3)
    assert history.engine == "graphs"
    assert history.loss == fit(other, [[1.0], [2.0]], [3.0, 2.0], loss=loss, epochs=3, compiled=False).loss


class Annealed(Module):
    """A model with a temperature."""

    def __init__(self):
        self.w, self.T = Value(0.5), 1.0

    def __call__(self, x):
        return (self.w * x[0] / self.T).tanh()


class Cooling:
    """A schedule of one's own that reaches into the model."""

    def __init__(self, model):
        self.model = model

    def __call__(self, steps):
        self.model.T = 0.9**steps
        return 0.1


@pytest.mark.filterwarnings("ignore:costs has been recorded")
@pytest.mark.parametrize("how", ["callback", "metric", "schedule", "global"])
def test_what_code_of_others_changes_between_epochs_counts(how, monkeypatch):
    """A model's temperature, annealed while it is trained: compiled as on graphs."""
    X, y = np.array([[1.0], [-2.0], [0.5]]), np.array([0.5, -1.0, 0.2])

    def trained(compiled):
        model, scale = Annealed(), [1.0]
        options = {"optimizer": SGD(0.1)}
        loss = lambda p, t: (p - t) ** 2

        def cool(*_):
            model.T *= 0.5
            return 0.0

        def rescale(*_):
            scale[0] *= 0.5

        if how == "callback":
            options["callbacks"] = [cool]
        elif how == "metric":
            options["metrics"] = [cool]
        elif how == "schedule":
            options["optimizer"] = SGD(Cooling(model))
        else:
            options["callbacks"], loss = [rescale], lambda p, t: scale[0] * (p - t) ** 2
        history = fit(model, X, y, loss=loss, epochs=6, compiled=compiled, validation=(X, y), **options)
        return history.loss, history.validation_loss, model.w.data

    for fast, eager in zip(trained(True), trained(False), strict=True):
        np.testing.assert_allclose(fast, eager, rtol=1e-12)


def test_callback_that_makes_a_branch_ends_the_program():
    """Training goes on, on graphs, from where it was."""

    def branch(model, history):
        model.layers[0].neurons[0].activation = Activation("bent", lambda z: z if z > 0 else 0.5 * z)

    X, y = datasets.xor()
    found = []
    for compiled in (None, False):
        model = MLP(2, [2, 1], activation="tanh", rng=0)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "training on graphs")
            history = fit(model, X, y, epochs=4, callbacks=[branch], compiled=compiled)
        found.append((history.loss, history.engine))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-12)
    assert found[0][1] == "graphs"


def test_parameters_may_not_be_exchanged_while_they_are_trained():
    """The new ones would not be trained."""
    model = MLP(2, [1], rng=0)

    def exchange(model, history):
        model.layers[0].neurons[0].bias = Value(1.0)

    for compiled in (True, False):
        with pytest.raises(ValueError, match="stay the same Values while it is trained, got others after epoch 1"):
            fit(model, *datasets.xor(), epochs=3, callbacks=[exchange], compiled=compiled)


def test_loss_made_anew_where_another_was_is_another():
    """Losses and models that are freed and rebuilt at the same addresses are trained as what they are."""
    X, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    seen = set()
    for k in range(60):
        model = MLP(1, [1], rng=k)
        loss = lambda p, t, k=k: (p - k * t) ** 2
        seen.add(id(loss))
        parameters = read_parameters(model.parameters())
        expected, gradient = EagerStep(model, loss)(parameters, X, y)
        found, ours = CompiledStep(model, loss)(parameters, X, y)
        assert found == pytest.approx(expected, rel=1e-12)
        np.testing.assert_allclose(ours, gradient, rtol=1e-12)
        del model, loss
        gc.collect()
    assert len(seen) < 60  # addresses are used again, or this shows nothing


def test_updating_a_model_that_keeps_a_result_is_refused():
    """Its number would stay while its operands move; a result that the call renews is fine."""

    class Stale(Module):
        def __init__(self):
            self.a = Value(3.0)
            self.w = self.a * 2.0

        def __call__(self, x):
            return self.w * x

    class Recurrent(Module):
        def __init__(self):
            self.w, self.h = Value(0.5), 0.0

        def __call__(self, x):
            self.h = (self.w * x + 0.5 * self.h).tanh()
            return self.h

    def train(model):
        optimizer = SGD(0.1)
        for _ in range(3):
            model.zero_grad()
            model(1.0).backward()
            optimizer.update(model)

    train(Recurrent())
    with pytest.raises(ValueError, match=r"attribute 'w' of Stale is a result of mul, .* compute it in __call__"):
        train(Stale())


def test_branch_not_taken_that_overflows_is_trained_by_the_program(monkeypatch):
    """Infinity below an adjoint of zero is nothing, as on graphs, which are not asked."""

    class Steep(Module):
        def __init__(self):
            self.w, self.v = Value(0.0), Value(2.0)

        def __call__(self, x):
            return autograd.where(self.w, autograd.exp(1.0 / self.w) * self.v, self.v * self.v) * x[0]

    found = []
    for compiled in (False, True):
        model = Steep()
        history = fit(model, [[1.0], [2.0]], [0.5, 1.0], optimizer=SGD(0.01), epochs=3, compiled=compiled)
        found.append((history.loss, model.v.data, model.w.data))
        monkeypatch.setattr(EagerStep, "__call__", None)
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-12)
    assert found[0][1:] == pytest.approx(found[1][1:], rel=1e-12)


@pytest.mark.filterwarnings("ignore:training on graphs")
@pytest.mark.parametrize(
    "loss",
    [
        lambda p, t: -p.log() if t == 1.0 else -(1.0 - p).log(),
        lambda p, t: (p - t) ** 2 if isinstance(t, float) else abs(p),
    ],
    ids=["equal", "type"],
)
def test_loss_that_tells_numbers_from_values_is_trained_on_graphs(loss):
    """A program is recorded with Values for targets, where graphs have numbers."""
    X, y = np.array([[1.0], [-2.0], [0.5]]), np.array([0.0, 1.0, 0.0])
    models = [MLP(1, [1], output_activation="sigmoid", rng=0) for _ in range(2)]
    histories = [fit(m, X, y, loss=loss, epochs=3, compiled=c) for m, c in zip(models, (None, False), strict=True)]
    assert histories[0].loss == histories[1].loss
    with pytest.raises(CompileError):
        fit(models[0], X, y, loss=loss, epochs=1, compiled=True)


@pytest.mark.parametrize(
    ("size", "by", "compiles"),
    [
        *((size, 1.0 + 1e-9, True) for size in (1e-6, 1.0, 1e12)),
        *((size, 1.0 + 1e-5, False) for size in (1e-6, 1.0, 1e12)),
        (1e-15, 1.0 + 1e-5, True),
    ],
)
def test_a_program_is_held_to_the_graphs_in_the_size_of_the_loss(size, by, compiles):
    """What rounding may do to it is no difference, small or large; one in 100,000 is, unless all is rounding."""
    loss = lambda p, t: size * (p - t) ** 2 * (1.0 if isinstance(t, float) else by)
    X, y = np.array([[1.0], [-2.0], [0.5]]), np.array([1.0, -2.0, 1.5])
    step = CompiledStep(MLP(1, [1], rng=0), loss)
    parameters = read_parameters(step.eager.values)
    if compiles:
        assert step(parameters, X, y)[0] == pytest.approx(step.eager(parameters, X, y)[0], rel=2e-5)
    else:
        with pytest.raises(CompileError, match="on numbers; it asks for their types, where a program has Values"):
            step(parameters, X, y)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_program_that_gives_nan_where_graphs_do_is_no_other(number):
    """A model that has run away is compiled all the same, for when its parameters are set anew."""
    step = CompiledStep(MLP(1, [1], rng=0), lambda p, t: (p - t) ** 2)
    X, y, parameters = np.array([[1.0], [-2.0]]), np.array([1.0, -2.0]), read_parameters(step.eager.values)
    assert not np.isfinite(step.value(np.full_like(parameters, number), X, y))
    assert step.value(parameters, X, y) == pytest.approx(step.eager.value(parameters, X, y), rel=1e-12)
    assert step.engine == "compiled"
