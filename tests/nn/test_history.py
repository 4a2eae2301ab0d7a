"""What training remembers, what callbacks see, and what ends it early."""

import re

import numpy as np
import pytest

from autograd import data
from nn import (
    MLP,
    SGD,
    Adam,
    EarlyStopping,
    History,
    LinearSchedule,
    datasets,
    evaluate,
    fit,
)

SINE = datasets.sine_bands()


def test_history_keeps_parameters_gradients_and_activations_on_request():
    """Parameters and activations from the start on, gradients of every epoch; nothing without a request."""
    model = MLP(2, [3, 1], rng=0)
    start = data(model.parameters()).tolist()
    history = fit(model, *SINE, epochs=3, optimizer=SGD(0.1), record=("parameters", "gradients", "activations"))
    assert np.shape(history.parameters) == (4, 13)
    assert history.parameters[0].tolist() == start
    assert history.parameters[-1].tolist() == data(model.parameters()).tolist()
    steps = np.diff(history.parameters, axis=0)
    np.testing.assert_allclose(steps, -0.1 * np.array(history.gradients), rtol=1e-9, atol=1e-15)
    assert [[layer.shape for layer in epoch] for epoch in history.activations] == [[(25, 3), (25, 1)]] * 4
    np.testing.assert_allclose(history.activations[-1][-1][:, 0], model.predict(SINE[0]), rtol=1e-14)
    assert fit(model, *SINE, epochs=1).parameters == []


def test_history_says_what_happened():
    """Epochs, first and last loss, learning rates, and why training ended."""
    history = fit(MLP(2, [1], rng=0), *SINE, epochs=3, optimizer=SGD(LinearSchedule(0.1, 0.0, 2)), metrics="accuracy")
    assert len(history) == 3
    assert history.stopped == "epochs"
    assert history.learning_rate == [0.05, 0.0, 0.0]
    assert re.fullmatch(r"History\(3 epochs, loss [\d.]+ → [\d.]+, accuracy [\d.]+\)", repr(history))
    assert repr(History()) == "History(no epochs)"
    one = History(loss=[0.123456], metrics={"accuracy": []})
    assert repr(one) == "History(1 epoch, loss 0.1235 → 0.1235)"
    two = History(loss=[2.0, 1.0], validation_loss=[3.0, 1.23456], metrics={"accuracy": [0.5, 1.0]})
    assert repr(two) == "History(2 epochs, loss 2 → 1, validation_loss 1.235, accuracy 1)"


def test_callbacks_see_the_model_as_it_is_and_may_end_training_or_change_it():
    """After each epoch the parameters are in the model; what a callback writes there is trained on."""
    model = MLP(2, [1], rng=0)
    seen = []

    def callback(model, history):
        seen.append(evaluate(model, *SINE)["loss"])
        model.layers[0].neurons[0].bias.data = 5.0
        return len(history) == 2

    history = fit(model, *SINE, epochs=10, callbacks=[callback])
    assert history.stopped == "callback"
    assert len(seen) == 2
    assert model.layers[0].neurons[0].bias.data == 5.0
    assert history.loss[1] > 10.0  # of the bias that the callback has set


def test_early_stopping_ends_when_validation_no_longer_improves_and_restores_the_best():
    """On noise a large network gets better on what it sees only; the best epoch's parameters come back."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(10, 2)), rng.normal(size=10)
    model = MLP(2, [10, 1], activation="tanh", rng=0)
    history = fit(
        model, X[:5], y[:5], epochs=200, optimizer=Adam(0.05), validation=(X[5:], y[5:]),
        early_stopping=EarlyStopping(patience=7), record="parameters",
    )  # fmt: skip
    best = int(np.argmin(history.validation_loss))
    assert history.stopped == "early stopping"
    assert len(history) == best + 1 + 7
    assert history.best_epoch == best
    assert data(model.parameters()).tolist() == history.parameters[best + 1].tolist()
    assert evaluate(model, X[5:], y[5:])["loss"] == pytest.approx(min(history.validation_loss), rel=1e-14)


def test_early_stopping_may_watch_a_metric_that_should_rise():
    """Accuracy that stays where it is counts as no improvement."""
    history = fit(
        MLP(2, [1], init="zeros", rng=0), *SINE, epochs=50, optimizer=SGD(1e-9), validation=SINE, metrics="accuracy",
        early_stopping=EarlyStopping(patience=3, monitor="accuracy"),
    )  # fmt: skip
    assert (len(history), history.best_epoch) == (4, 0)


def series(numbers, name="score", **attributes):
    """A metric that gives these numbers, one a call, in turn for the training data and the validation data."""
    numbers = iter([number for number in numbers for _ in range(2)])

    def metric(model, X, y):
        return next(numbers)

    metric.__name__ = name
    metric.__dict__.update(attributes)
    return metric


def best_epoch(metric, monitor, mode=None):
    """The epoch that early stopping took for the best of four."""
    return fit(
        MLP(2, [1], rng=0), *SINE, epochs=4, optimizer=SGD(1e-9), validation=SINE, metrics=metric,
        early_stopping=EarlyStopping(patience=9, monitor=monitor, mode=mode),
    ).best_epoch  # fmt: skip


def test_the_best_accuracy_is_the_highest():
    """Nobody has to say so: the metric knows it. Under logits too, where it has another threshold."""
    history = fit(
        MLP(2, [8, 1], activation="tanh", rng=0), *SINE, epochs=40, optimizer=Adam(0.05), validation=SINE,
        loss="binary_cross_entropy_with_logits", metrics="accuracy",
        early_stopping=EarlyStopping(patience=40, monitor="accuracy"),
    )  # fmt: skip
    accuracies = history.validation_metrics["accuracy"]
    assert min(accuracies) < max(accuracies)
    assert history.best_epoch == int(np.argmax(accuracies))


@pytest.mark.parametrize(("attributes", "mode", "best"), [
    ({"mode": "max"}, None, 1), ({"mode": "min"}, None, 0), ({}, "max", 1), ({}, "min", 0), ({"mode": "max"}, "min", 0),
])  # fmt: skip
def test_a_metric_of_ones_own_says_its_direction_or_is_told(attributes, mode, best):
    """By its attribute, or by early stopping, which has the last word."""
    assert best_epoch(series([0.6, 0.9, 0.7, 0.8], **attributes), "score", mode) == best


@pytest.mark.parametrize("attributes", [{}, {"mode": "up"}])
def test_a_metric_that_does_not_say_its_direction_is_not_watched(attributes):
    """Half of all guesses would keep the worst epoch."""
    message = (
        "early stopping needs to know whether metric 'score' should fall or rise, got mode "
        f"{attributes.get('mode')!r}; give EarlyStopping(monitor='score', mode='max') or 'min', or set the metric's "
        "attribute mode"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        best_epoch(series([0.6, 0.9], **attributes), "score")


@pytest.mark.parametrize("monitor", ["loss", "validation_loss"])
@pytest.mark.parametrize("rate", [0.3, 2.0, 20.0])
@pytest.mark.parametrize("compiled", [True, False])
def test_restored_model_has_the_best_value_itself(monitor, rate, compiled):
    """Not that of a step later, which may have left everything behind; whether training converges or not."""
    X, y = datasets.xor()
    model = MLP(2, [3, 1], activation="tanh", rng=3)
    history = fit(
        model, X, y, optimizer=SGD(rate), epochs=12, validation=(X, y), compiled=compiled,
        early_stopping=EarlyStopping(patience=4, monitor=monitor),
    )  # fmt: skip
    found = evaluate(model, X, y)["loss"]
    assert found == pytest.approx(min(getattr(history, monitor)), rel=1e-12)
    assert rate < 1.0 or found < history.loss[-1] / 2.0


KEEPING = {
    "parameters": {"record": "parameters"},
    "gradients": {"record": "gradients"},
    "best": {"early_stopping": EarlyStopping(monitor="loss")},
}


@pytest.mark.parametrize("kept", KEEPING)
def test_history_of_another_model_is_refused(kept):
    """Before anything is trained or recorded: its arrays would be those of two models."""
    history = fit(MLP(2, [3, 1], rng=0), *SINE, epochs=2, **KEEPING[kept])
    model = MLP(2, [5, 1], rng=0)
    before, state = history.state_dict(), model.state_dict()
    with pytest.raises(
        ValueError,
        match=r"^history of fit is that of an earlier run of the model, got one of 13 parameters for a model of 21",
    ):
        fit(model, *SINE, epochs=1, history=history)
    np.testing.assert_equal(history.state_dict(), before)
    assert model.state_dict() == state


@pytest.mark.parametrize(("min_delta", "epochs"), [(0.0, 20), (1e-3, 3)])
def test_early_stopping_counts_only_what_is_better_by_min_delta(min_delta, epochs):
    """A loss that falls by less than a thousandth an epoch is no improvement if that much is asked for."""
    stopping = EarlyStopping(patience=2, monitor="loss", min_delta=min_delta)
    history = fit(MLP(2, [1], init="zeros", rng=0), *SINE, epochs=20, optimizer=SGD(1e-5), early_stopping=stopping)
    assert (np.diff(history.loss) < 0.0).all()
    assert len(history) == epochs
