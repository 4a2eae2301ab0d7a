"""``fit`` and ``evaluate``: what is trained, what is recorded, what ends training, and what is refused."""

import math
import re
import sys
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import NonFiniteError, Value
from nn import (
    L2,
    MLP,
    SGD,
    Adam,
    Backtracking,
    EarlyStopping,
    History,
    Layer,
    LinearSchedule,
    Module,
    datasets,
    evaluate,
    fit,
    squared_error,
)

SINE = datasets.sine_bands()


def parameters_of(model):
    return [p.data for p in model.parameters()]


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
    np.testing.assert_allclose(parameters_of(ours), parameters_of(theirs), rtol=1e-11, atol=1e-13)


def test_the_recorded_loss_is_taken_before_each_step():
    """The first entry of a full batch is the loss of the untrained model, penalty included."""
    model, twin = MLP(2, [3, 1]), MLP(2, [3, 1])
    history = fit(model, *SINE, epochs=2, penalty=L2(0.5))
    expected = evaluate(twin, *SINE)["loss"] + L2(0.5)(twin).data
    assert history.loss[0] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_the_loss_of_an_epoch_puts_its_batches_together(reduce):
    """With a rate next to nothing, the loss of an epoch in unequal batches is that of all rows at once."""
    model = MLP(2, [3, 1])
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


def test_metrics_and_validation_are_measured_after_each_epoch():
    """The last entries are those of the model one gets; validation counts no penalty."""
    X, y = SINE
    model = MLP(2, [4, 1], output_activation="sigmoid")

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
    model = Layer(1, 1, "linear", init="zeros", bias_init=lambda *_: np.array([[0.2]]))
    logits = evaluate(model, [0.0], [1.0], loss="binary_cross_entropy_with_logits", metrics="accuracy")
    assert logits["accuracy"] == 1.0
    assert evaluate(model, [0.0], [1.0], metrics="accuracy")["accuracy"] == 0.0


def test_classes_may_be_integers_or_one_hot_rows():
    """Softmax cross-entropy trains the same on both."""
    X, y = datasets.bulls_eye_3_categories(4)
    first, second = MLP(2, [4, 3]), MLP(2, [4, 3])
    fit(first, X, y, loss="softmax_cross_entropy", epochs=2)
    fit(second, X, datasets.one_hot(y), loss="softmax_cross_entropy", epochs=2)
    assert parameters_of(first) == parameters_of(second)


def test_a_column_of_targets_is_as_good_as_a_row():
    """Shape (25, 1) against 25 outputs is no 25 by 25 table."""
    X, y = SINE
    first, second = MLP(2, [2, 1]), MLP(2, [2, 1])
    assert fit(first, X, y, epochs=2).loss == fit(second, X, y[:, np.newaxis], epochs=2).loss


def test_a_loss_of_ones_own_gets_the_targets_as_they_are():
    """A scalar function of prediction and target, here with methods of a Value and an integer target."""
    seen = set()

    def loss(outputs, target):
        seen.add(type(target))
        return (outputs[target] - 1.0).abs()

    model = MLP(2, [2])
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


def test_history_keeps_parameters_gradients_and_activations_on_request():
    """Parameters and activations from the start on, gradients of every epoch; nothing without a request."""
    model = MLP(2, [3, 1])
    start = parameters_of(model)
    history = fit(model, *SINE, epochs=3, optimizer=SGD(0.1), record=("parameters", "gradients", "activations"))
    assert np.shape(history.parameters) == (4, 13)
    assert history.parameters[0].tolist() == start
    assert history.parameters[-1].tolist() == parameters_of(model)
    steps = np.diff(history.parameters, axis=0)
    np.testing.assert_allclose(steps, -0.1 * np.array(history.gradients), rtol=1e-9, atol=1e-15)
    assert [[layer.shape for layer in epoch] for epoch in history.activations] == [[(25, 3), (25, 1)]] * 4
    np.testing.assert_array_equal(history.activations[-1][-1][:, 0], model.predict(SINE[0]))
    assert fit(model, *SINE, epochs=1).parameters == []


def test_history_says_what_happened():
    """Epochs, first and last loss, learning rates, and why training ended."""
    history = fit(MLP(2, [1]), *SINE, epochs=3, optimizer=SGD(LinearSchedule(0.1, 0.0, 2)), metrics="accuracy")
    assert len(history) == 3
    assert history.stopped == "epochs"
    assert history.learning_rate == [0.05, 0.0, 0.0]
    assert re.fullmatch(r"History\(3 epochs, loss [\d.]+ → [\d.]+, accuracy [\d.]+\)", repr(history))
    assert repr(History()) == "History(no epochs)"


def test_callbacks_see_the_model_as_it_is_and_may_end_training_or_change_it():
    """After each epoch the parameters are in the model; what a callback writes there is trained on."""
    model = MLP(2, [1])
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
    model = MLP(2, [10, 1], activation="tanh")
    history = fit(
        model, X[:5], y[:5], epochs=200, optimizer=Adam(0.05), validation=(X[5:], y[5:]),
        early_stopping=EarlyStopping(patience=7), record="parameters",
    )  # fmt: skip
    best = int(np.argmin(history.validation_loss))
    assert history.stopped == "early stopping"
    assert len(history) == best + 1 + 7
    assert history.best_epoch == best
    assert parameters_of(model) == history.parameters[best + 1].tolist()
    assert evaluate(model, X[5:], y[5:])["loss"] == min(history.validation_loss)


def test_early_stopping_may_watch_a_metric_that_should_rise():
    """Accuracy that stays where it is counts as no improvement."""
    history = fit(
        MLP(2, [1], init="zeros"), *SINE, epochs=50, optimizer=SGD(1e-9), validation=SINE, metrics="accuracy",
        early_stopping=EarlyStopping(patience=3, monitor="accuracy", mode="max"),
    )  # fmt: skip
    assert (len(history), history.best_epoch) == (4, 0)


@pytest.mark.parametrize(("min_delta", "epochs"), [(0.0, 20), (1e-3, 3)])
def test_early_stopping_counts_only_what_is_better_by_min_delta(min_delta, epochs):
    """A loss that falls by less than a thousandth an epoch is no improvement if that much is asked for."""
    stopping = EarlyStopping(patience=2, monitor="loss", min_delta=min_delta)
    history = fit(MLP(2, [1], init="zeros"), *SINE, epochs=20, optimizer=SGD(1e-5), early_stopping=stopping)
    assert (np.diff(history.loss) < 0.0).all()
    assert len(history) == epochs


# ── Numbers that are not finite ──────────────────────────────────────────────────────────────────────────────────────


class Logarithm(Module):
    """``log(w x)``, which is nan as soon as w is negative."""

    def __init__(self):
        self.w = Value(1.0, label="w")

    def __call__(self, x):
        return autograd.log(self.w * x)


def test_a_loss_that_is_not_finite_stops_with_the_diagnosis_and_the_last_good_parameters():
    """Epoch, row, operation and a hint; the parameters are those of the step before."""
    model = Logarithm()
    history = History()
    with pytest.raises(NonFiniteError) as caught:
        fit(model, [1.0, 2.0, 3.0], [-9.0, -9.0, -9.0], optimizer=SGD(0.5), epochs=5, batch_size=1, shuffle=False,
            history=history)  # fmt: skip
    assert str(caught.value) == (
        "training stopped in epoch 1, row 1: the loss is nan; it began at log(-16) = nan, 2 operations below the loss; "
        "keep its operand positive, for instance exp(w) or softplus(w); the model keeps the parameters of the step "
        "before; try a learning rate below 0.5"
    )
    assert model.w.data == 1.0
    assert len(history) == 0


def test_a_derivative_that_is_not_finite_stops_too():
    """The root of zero has a finite value and an infinite derivative."""

    class Root(Module):
        def __init__(self):
            self.w = Value(0.0, label="w")

        def __call__(self, x):
            return autograd.sqrt(self.w * x)

    with pytest.raises(
        NonFiniteError,
        match=r"^training stopped in epoch 1, row 0: the loss is 1, but the derivative of sqrt\(0\) with",
    ) as caught:
        fit(Root(), [1.0, 2.0], [1.0, 1.0], optimizer=SGD(0.1))
    assert str(caught.value.__cause__).startswith("the gradient of 'w' is -inf")


def test_a_penalty_that_is_not_finite_is_named():
    """Rows are fine, the penalty is not: the message says so."""

    def barrier(model):
        return -autograd.log(model.w - 1.0)

    with pytest.raises(
        NonFiniteError,
        match=r"^training stopped in epoch 1, the penalty is inf; it began at log\(0\) = -inf, 1 operation",
    ):
        fit(Logarithm(), [1.0], [0.0], optimizer=SGD(0.1), penalty=barrier)


@pytest.mark.parametrize("compiled", [True, False])
def test_rows_that_are_finite_may_have_a_sum_that_is_not(compiled):
    """1e308 and 1e308: no row is to blame."""
    with pytest.raises(
        NonFiniteError, match=r"^training stopped in epoch 1, every row is finite but their sum is not; "
    ):
        fit(Layer(1, 1, "linear"), [0.0, 0.0], [1e154, 1e154], reduce="sum", optimizer=SGD(0.1), compiled=compiled)


def test_backtracking_recovers_where_another_optimiser_stops():
    """The same model and data that end in nan under a fixed rate are trained."""
    model = Logarithm()
    history = fit(model, [1.0, 2.0, 3.0], [-9.0, -9.0, -9.0], optimizer=Backtracking(0.5), epochs=400)
    assert not all(map(math.isfinite, history.loss))
    assert model.w.data > 0.0
    assert evaluate(model, [1.0, 2.0, 3.0], [-9.0] * 3)["loss"] < 0.3


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
            made[-1].append(options["loss"])

        def update(self, n):
            made[-1].append(n)

        def close(self):
            made[-1].append("closed")

    monkeypatch.setitem(sys.modules, "tqdm", types.SimpleNamespace(tqdm=Bar))
    return made


def test_progress_is_drawn_on_a_terminal_with_tqdm(bars, monkeypatch):
    """One bar, one update an epoch, closed at the end; none on request."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    fit(MLP(2, [1]), *SINE, epochs=2)
    assert [bars[0][0]["total"], *bars[0][2::2], bars[0][-1]] == [2, 1, 1, "closed"]
    fit(MLP(2, [1]), *SINE, epochs=2, progress=False)
    assert len(bars) == 1


def test_progress_is_silent_without_a_terminal_or_without_tqdm(bars, monkeypatch, capsys):
    """Nothing is drawn into a file, and nothing is missed where tqdm is not installed."""
    fit(MLP(2, [1]), *SINE, epochs=1)
    assert bars == []
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    fit(MLP(2, [1]), *SINE, epochs=1)
    assert capsys.readouterr() == ("", "")


# ── What is refused, before anything is changed ──────────────────────────────────────────────────────────────────────

X, Y = SINE
BAD = X.copy()
BAD[3, 1] = math.nan
REFUSED = {
    "no model": (lambda m: fit("model", X, Y), "model of fit takes Module objects, got str 'model'"),
    "a misspelt loss": (lambda m: fit(m, X, Y, loss="mes"), "got 'mes'; did you mean 'mse'?"),
    "an optimiser's name": (
        lambda m: fit(m, X, Y, optimizer="adam"), "optimizer of fit takes Optimizer objects, got str 'adam'",
    ),
    "an optimiser's class": (lambda m: fit(m, X, Y, optimizer=Adam), "optimizer of fit takes Optimizer objects, got "),
    "half an epoch": (lambda m: fit(m, X, Y, epochs=0.5), "epochs is an int of at least 0, got float 0.5"),
    "a batch of none": (lambda m: fit(m, X, Y, batch_size=0), "batch_size is an int of at least 1, got 0"),
    "nan in X": (lambda m: fit(m, BAD, Y), "X holds nan at row 3, column 1; leave such rows out or fill them in"),
    "infinity in y": (lambda m: fit(m, X, Y + math.inf), "y holds inf at row 0; leave such rows out or fill them in"),
    "nan in validation": (lambda m: fit(m, X, Y, validation=(BAD, Y)), "validation X holds nan at row 3, column 1"),
    "no rows": (lambda m: fit(m, np.ones((0, 2)), []), "X has at least one row, got none"),
    "fewer targets": (lambda m: fit(m, X, Y[:7]), "y has one target for each of the 25 rows of X, got shape (7,)"),
    "a lone target": (lambda m: fit(m, X, 1.0), "y has one target for each of the 25 rows of X, got shape ()"),
    "two columns of targets": (
        lambda m: fit(m, X, np.ones((25, 2))), "y has shape (25,) for a model of 1 output, got shape (25, 2)",
    ),
    "one column for two outputs": (
        lambda m: fit(MLP(2, [2]), X, Y), "y has shape (25, 2) for a model of 2 outputs, got shape (25,)",
    ),
    "columns that do not fit": (lambda m: fit(m, X[:, :1], Y), "Neuron 'layers.0.neurons.0' takes 2 inputs, got 1"),
    "text": (lambda m: fit(m, [["a", "b"]], [1.0]), "X is an array of numbers, got str 'a' in it; convert"),
    "targets of the hinge": (lambda m: fit(m, X, Y, loss="hinge"), "this loss takes targets -1 and 1, got 0; from 0"),
    "targets of cross-entropy": (
        lambda m: fit(m, X, 2 * Y - 1, loss="binary_cross_entropy"), "this loss takes targets from 0 to 1, got -1; ",
    ),
    "a class too many": (
        lambda m: fit(MLP(2, [2]), X, Y + 1, loss="softmax_cross_entropy"),
        "labels are integers from 0 to 1 here, got 2",
    ),
    "a loss that reads data": (
        lambda m: fit(m, X, Y, loss=lambda p, t: (p.data - t) ** 2), "loss gives a Value for Values, got float ",
    ),
    "softmax of a single output": (
        lambda m: fit(m, X, Y, loss="softmax_cross_entropy"),
        "softmax_cross_entropy takes a model of one output for each class, got 1 output; for two classes use "
        "binary_cross_entropy_with_logits",
    ),
    "a number for a penalty": (
        lambda m: fit(m, X, Y, penalty=0.1), "penalty is a function of the model, such as L2(1e-5), got float 0.1",
    ),
    "a number for a callback": (
        lambda m: fit(m, X, Y, callbacks=[3]), "a callback is a function of (model, history), got int 3",
    ),
    "a record that is none": (lambda m: fit(m, X, Y, record="gradient"), "got 'gradient'; did you mean 'gradients'?"),
    "activations of a module of one's own": (
        lambda m: fit(Logarithm(), [1.0], [1.0], record="activations"),
        "recording activations takes an MLP or a Sequential, got Logarithm",
    ),
    "a metric that is none": (lambda m: fit(m, X, Y, metrics=["acuracy"]), "got 'acuracy'; did you mean 'accuracy'?"),
    "validation without targets": (lambda m: fit(m, X, Y, validation=X), "validation of fit takes a pair (X, y), got "),
    "nothing to watch": (
        lambda m: fit(m, X, Y, early_stopping=EarlyStopping()),
        "early stopping watches one of 'loss' here, got 'validation_loss'; give validation=(X, y) and, for",
    ),
    "no patience": (lambda m: EarlyStopping(patience=0), "patience of EarlyStopping is at least 1 epoch, got 0"),
    "a mode that is none": (lambda m: EarlyStopping(mode="up"), "mode of EarlyStopping is 'min' or 'max', got 'up'"),
    "no parameters": (lambda m: fit(Module(), X, Y), "model of fit has parameters to train, got Module: 0 parameters"),
    "a reduction that is none": (lambda m: fit(m, X, Y, reduce="max"), "reduce is one of 'sum', 'mean', got 'max'"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_and_nothing_is_changed(case):
    """The thing, the rule, and what was received; the model is as it was."""
    model = MLP(2, [1])
    before = parameters_of(model)
    attempt, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        attempt(model)
    assert parameters_of(model) == before
