"""``fit`` and ``evaluate``: what is trained, how it is measured, and how progress is shown."""

import sys
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, data
from nn import (
    L2,
    MLP,
    SGD,
    Adam,
    Layer,
    Module,
    datasets,
    evaluate,
    fit,
    squared_error,
)

SINE = datasets.sine_bands()


def by_hand(model, X, y, loss, rate, batches, reduce="mean", penalty=None):
    """Gradient descent as a person writes it: one graph a batch."""
    for rows in batches:
        costs = [loss(model(X[row]), y[row]) for row in rows]
        total = autograd.mean(costs) if reduce == "mean" else autograd.sum(costs)
        if penalty is not None:
            total = total + penalty(model)
        model.zero_grad()
        total.backward()
        SGD(rate).update(model)


@given(
    st.integers(0, 99), st.sampled_from([1, 2, 3, 5, 99, None]), st.sampled_from(["mean", "sum"]),
    st.sampled_from([None, L2(0.1)]),
)  # fmt: skip
def test_fit_takes_the_steps_of_a_loop_written_by_hand(seed, batch_size, reduce, penalty):
    """Batches in order, their mean or sum, and the penalty: the same parameters but for the rounding of sums."""
    X, y = SINE[0][::5], SINE[1][::5]
    ours, theirs = (MLP(2, [3, 1], activation="tanh", rng=seed) for _ in range(2))
    fit(
        ours, X, y, optimizer=SGD(0.05), epochs=2, batch_size=batch_size, shuffle=False, reduce=reduce, penalty=penalty
    )  # fmt: skip
    size = min(batch_size or len(X), len(X))
    batches = [range(start, min(start + size, len(X))) for start in range(0, len(X), size)] * 2
    by_hand(theirs, X, y, squared_error, 0.05, batches, reduce, penalty)
    np.testing.assert_allclose(data(ours.parameters()), data(theirs.parameters()), rtol=1e-11, atol=1e-13)


def test_the_recorded_loss_is_taken_before_each_step():
    """The first entry of a full batch is the loss of the untrained model, penalty included."""
    model, twin = MLP(2, [3, 1], rng=0), MLP(2, [3, 1], rng=0)
    history = fit(model, *SINE, epochs=2, penalty=L2(0.5))
    expected = evaluate(twin, *SINE)["loss"] + L2(0.5)(twin).data
    assert history.loss[0] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_the_loss_of_an_epoch_puts_its_batches_together(reduce):
    """With a rate next to nothing, the loss of an epoch in unequal batches is that of all rows at once."""
    model = MLP(2, [3, 1], rng=0)
    whole = evaluate(model, *SINE, reduce=reduce)["loss"]
    history = fit(model, *SINE, optimizer=SGD(1e-300), epochs=1, batch_size=7, reduce=reduce)
    assert history.loss == [pytest.approx(whole, rel=1e-13)]


def test_shuffling_comes_from_the_seed_and_changes_every_epoch():
    """Each epoch has each row once, in an order of its own that the seed decides."""
    X = np.arange(8.0)
    seen = []

    class Recorder(Module):
        def __init__(self):
            self.weight = Value(0.0)

        def __call__(self, x):
            seen.append(x)
            return self.weight * x

    def orders(**options):
        seen.clear()
        fit(Recorder(), X, X, epochs=2, batch_size=3, optimizer=SGD(1e-9), compiled=False, **options)
        return seen[1:9], seen[9:]  # the first call only counts the outputs

    first, second = orders(rng=1)
    assert sorted(first) == sorted(second) == X.tolist()
    assert first != second
    assert orders(rng=1) == (first, second)
    assert orders(rng=np.random.default_rng(1)) == (first, second)
    assert orders(rng=2) != (first, second)
    assert orders(shuffle=False) == (X.tolist(), X.tolist())


@pytest.mark.parametrize(
    ("loss", "outputs", "targets"),
    [
        ("squared_error", 1, [[0.5], [-1.0], [2.0]]),
        ("squared_error", 2, [[0.5, 1.0], [-1.0, 0.0], [2.0, 3.0]]),
        ("binary_cross_entropy_with_logits", 1, [[True], [False], [True]]),
        ("softmax_cross_entropy", 3, [0, 2, 1]),
        (lambda p, t: (p - [1.0, -1.0, 0.0][t]) ** 2, 1, [0, 2, 1]),
    ],
)
def test_validation_targets_are_read_as_those_of_training(loss, outputs, targets):
    """Columns and classes as well: measured on the examples it is trained on, it is the loss of the next epoch."""
    X = np.array([[1.0], [-2.0], [0.5]])
    model = MLP(1, [outputs], rng=0)
    history = fit(model, X, targets, loss=loss, epochs=3, validation=(X, targets), compiled=isinstance(loss, str))
    np.testing.assert_allclose(history.validation_loss[:-1], history.loss[1:], rtol=1e-12)


def test_metrics_and_validation_are_measured_after_each_epoch():
    """The last entries are those of the model one gets; validation counts no penalty."""
    X, y = SINE
    model = MLP(2, [4, 1], output_activation="sigmoid", rng=0)

    def largest(model, X, y):
        return model.predict(X).max()

    history = fit(
        model, X[::2], y[::2], loss="binary_cross_entropy", epochs=3, validation=(X[1::2], y[1::2]),
        metrics=["accuracy", largest], penalty=L2(1.0),
    )  # fmt: skip
    after = evaluate(model, X[1::2], y[1::2], loss="binary_cross_entropy", metrics=["accuracy", largest])
    assert history.validation_loss[-1] == after["loss"]
    assert history.validation_metrics["largest"][-1] == after["largest"]
    assert history.metrics["accuracy"][-1] == evaluate(model, X[::2], y[::2], metrics="accuracy")["accuracy"]
    assert [len(series) for series in history._series() if series] == [3] * 7


def test_accuracy_of_logits_goes_by_their_sign():
    """Trained on logits, a score of 0.2 is class 1 although it is below one half."""
    model = Layer(1, 1, "linear", init="zeros", bias_init=lambda *_: np.array([[0.2]]), rng=0)
    X, y = [0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0]
    logits = evaluate(model, X, y, loss="binary_cross_entropy_with_logits", metrics="accuracy")
    assert logits["accuracy"] == 0.75
    assert evaluate(model, X, y, metrics="accuracy")["accuracy"] == 0.25


def test_classes_may_be_integers_or_one_hot_rows():
    """Softmax cross-entropy trains the same on both."""
    X, y = datasets.bulls_eye_3_categories(4)
    first, second = MLP(2, [4, 3], rng=0), MLP(2, [4, 3], rng=0)
    fit(first, X, y, loss="softmax_cross_entropy", epochs=2)
    fit(second, X, datasets.one_hot(y), loss="softmax_cross_entropy", epochs=2)
    assert data(first.parameters()).tolist() == data(second.parameters()).tolist()


def test_a_column_of_targets_is_as_good_as_a_row():
    """Shape (25, 1) against 25 outputs is no 25 by 25 table."""
    X, y = SINE
    first, second = MLP(2, [2, 1], rng=0), MLP(2, [2, 1], rng=0)
    assert fit(first, X, y, epochs=2).loss == fit(second, X, y[:, np.newaxis], epochs=2).loss


@pytest.mark.parametrize("compiled", [True, False])
def test_a_list_of_one_output_is_trained_on_either_shape(compiled):
    """As a lone number is."""

    class Listed(Layer):
        def __call__(self, x):
            return [super().__call__(x)]

    X, y = SINE
    trained = [Listed(2, 1, rng=0), Listed(2, 1, rng=0), Layer(2, 1, rng=0)]
    histories = [fit(m, X, t, epochs=2, compiled=compiled) for m, t in zip(trained, (y, y[:, None], y), strict=True)]
    assert histories[0].loss == histories[1].loss
    np.testing.assert_allclose(histories[0].loss, histories[2].loss, rtol=1e-13)


def test_a_loss_of_ones_own_gets_the_targets_as_they_are():
    """A scalar function of prediction and target, here with methods of a Value and an integer target."""
    seen = set()

    def loss(outputs, target):
        seen.add(type(target))
        return (outputs[target] - 1.0).abs()

    model = MLP(2, [2], rng=0)
    history = fit(model, [[0.0, 1.0], [1.0, 0.0]], [0, 1], loss=loss, epochs=30, optimizer=Adam(0.1), compiled=False)
    assert seen == {int}
    assert history.loss[-1] < 0.2 * history.loss[0]
    assert evaluate(model, [[0.0, 1.0]], [0], loss=loss)["loss"] < 0.2


def test_a_module_of_ones_own_is_trained():
    """Any scalar model: here y = a exp(b x) through three points that it can meet."""

    class Growth(Module):
        def __init__(self):
            self.a, self.b = Value(1.0, label="a"), Value(0.0, label="b")

        def __call__(self, x):
            return self.a * autograd.exp(self.b * x)

    x = np.array([0.0, 1.0, 2.0])
    model = Growth()
    fit(model, x, 3.0 * np.exp(0.5 * x), epochs=800, optimizer=Adam(0.05))
    assert model.a.data == pytest.approx(3.0, abs=1e-6)
    assert model.b.data == pytest.approx(0.5, abs=1e-6)


# ── Progress ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Terminal:
    """Standard error with somebody in front of it."""

    def isatty(self):
        return True

    def write(self, text):
        raise AssertionError(f"nobody asked for {text!r}")

    flush = close = lambda self: None


@pytest.fixture
def bars(monkeypatch):
    """A stand-in for tqdm that keeps what it was told."""
    made = []

    class Bar:
        def __init__(self, **options):
            made.append([options])

        def set_postfix(self, **options):
            made[-1].append(options)

        def update(self, n):
            made[-1].append(n)

        def close(self):
            made[-1].append("closed")

    monkeypatch.setitem(sys.modules, "tqdm", types.SimpleNamespace(tqdm=Bar))
    return made


def test_progress_is_drawn_on_a_terminal_with_tqdm(bars, monkeypatch):
    """One bar, one update an epoch with its loss, closed at the end; none on request."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    first, second = fit(MLP(2, [1], rng=0), *SINE, epochs=2).loss
    options = {"total": 2, "unit": "epoch"}
    shown = [{"loss": f"{loss:.4g}", "refresh": False} for loss in (first, second)]
    assert bars == [[options, shown[0], 1, shown[1], 1, "closed"]]
    fit(MLP(2, [1], rng=0), *SINE, epochs=2, progress=False)
    assert len(bars) == 1


def test_progress_is_silent_without_a_terminal_or_without_tqdm(bars, monkeypatch, capsys):
    """Nothing is drawn into a file, and nothing is missed where tqdm is not installed."""
    fit(MLP(2, [1], rng=0), *SINE, epochs=1)
    assert bars == []
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    fit(MLP(2, [1], rng=0), *SINE, epochs=1)
    assert capsys.readouterr() == ("", "")
