"""What a history holds after runs that record different things, and what early stopping notes in it: number by number.

Training is on graphs of one neuron, so that every number can be computed beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from autograd import data
from nn import L2, MLP, SGD, EarlyStopping, History, Module, fit
from nn.training.compiled_step import CHECKED, CompiledStep
from nn.training.step import EagerStep, read_parameters

KINDS = ("parameters", "gradients", "activations")
X, Y = np.array([[1.0], [2.0], [-1.0]]), np.array([0.5, 2.0, 1.0])


def neuron() -> MLP:
    """A line: a weight and a bias."""
    return MLP(1, [1], rng=0)


def run(model: Module, epochs: int, **given: Any) -> History:
    """Full batches down the slope of the squared errors, on graphs."""
    return fit(model, X, Y, epochs=epochs, optimizer=SGD(0.1), compiled=False, progress=False, **given)


def slopes(parameters: np.ndarray) -> np.ndarray:
    """Of the mean squared error of a line, by its weight and its bias."""
    weight, bias = parameters
    error = 2.0 * (weight * X[:, 0] + bias - Y)
    return np.array([(error * X[:, 0]).mean(), error.mean()])


@pytest.mark.parametrize("record", [kinds for count in range(4) for kinds in combinations(KINDS, count)])
def test_what_is_recorded_is_what_was_asked_for(record: Sequence[str]) -> None:
    """Parameters and activations from the start on, gradients of each step; of the rest nothing at all."""
    model = neuron()
    history = run(model, 3, record=record)
    assert [len(getattr(history, kind)) for kind in KINDS] == [
        (4 if kind != "gradients" else 3) * (kind in record) for kind in KINDS
    ]
    path = [read_parameters(neuron().parameters())]
    for _ in range(3):
        path.append(path[-1] - 0.1 * slopes(path[-1]))
    np.testing.assert_allclose(data(model.parameters()), path[-1], rtol=1e-12)
    for parameters, expected in zip(history.parameters, path, strict=False):
        np.testing.assert_allclose(parameters, expected, rtol=1e-12)
    for gradient, parameters in zip(history.gradients, path, strict=False):
        np.testing.assert_allclose(gradient, slopes(parameters), rtol=1e-12)
    for layers, parameters in zip(history.activations, path, strict=False):
        there = neuron()
        for value, number in zip(there.parameters(), parameters, strict=True):
            value.data = number
        assert len(layers) == 1
        np.testing.assert_allclose(layers[0], there.activations(X)[0], rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_epochs_without_a_record_have_nan_of_its_shape(kind: str) -> None:
    """Before the run that recorded, and after it; what was recorded stays as it was."""
    model, shape = neuron(), (3, 1) if kind == "activations" else (2,)
    history = run(model, 2)
    run(model, 3, history=history, record=kind)
    run(model, 1, history=history)
    assert [getattr(history, other) for other in KINDS if other != kind] == [[], []]
    entries = getattr(history, kind)
    first = kind != "gradients"
    assert len(entries) == 6 + first
    arrays = [entry[0] if kind == "activations" else entry for entry in entries]
    assert {array.shape for array in arrays} == {shape}
    known = [bool(np.isfinite(array).all()) for array in arrays]
    assert known == [False, False, *[True] * (3 + first), False]
    assert all(np.isnan(array).all() for array, finite in zip(arrays, known, strict=True) if not finite)


def test_validation_and_metrics_of_other_runs_are_nan() -> None:
    """Before they were measured and after; validation that goes on keeps what it had."""
    model, held_out = neuron(), (X[:1], Y[:1])

    def size(model: Any, X: Any, y: Any) -> float:
        return float(len(X))

    history = run(model, 2)
    for _ in range(2):
        run(model, 1, history=history, validation=held_out, metrics=size)
    run(model, 1, history=history)
    assert [math.isnan(x) for x in history.validation_loss] == [True, True, False, False, True]
    np.testing.assert_array_equal(history.metrics["size"], [math.nan, math.nan, 3.0, 3.0, math.nan])
    np.testing.assert_array_equal(history.validation_metrics["size"], [math.nan, math.nan, 1.0, 1.0, math.nan])
    assert {type(x) for x in (*history.validation_loss, *history.metrics["size"])} == {float}
    assert history._fill() is False
    history.loss.append(0.0)
    assert history._fill() is True


def test_history_in_a_line_has_the_last_of_each_number() -> None:
    """The first loss too, and one epoch is no epochs."""
    history = History(
        loss=[4.0, 3.0, 2.5], validation_loss=[5.0, 6.0, 7.0], metrics={"size": [1.0, 2.0, 9.0], "no": []}
    )
    assert repr(history) == "History(3 epochs, loss 4 → 2.5, validation_loss 7, size 9)"
    assert repr(History(loss=[4.0])) == "History(1 epoch, loss 4 → 4)"


# ── Early stopping ──


def watched(values: Sequence[float], stopping: EarlyStopping, history: History | None = None) -> tuple[int, History]:
    """After how many epochs it ends if a number goes so, and what the history notes; all of them if it does not."""
    history = history or History()
    series = history.metrics if stopping.monitor == "loss" else history.validation_metrics
    for count, value in enumerate(values, start=1):
        history.loss.append(value)
        series.setdefault(stopping.monitor, []).append(value)
        if stopping._is_over(history, np.array([value])):
            return count, history
    return len(values), history


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize(("delta", "best"), [(0.25, 4), (0.5, 4), (0.75, 4), (1.0, 3), (2.0, 0)])
def test_better_is_better_by_more_than_min_delta(mode: str, delta: float, best: int) -> None:
    """Each epoch is better by half: by exactly as much as asked for is not enough, twice is."""
    sign = 1.0 if mode == "min" else -1.0
    values = [sign * -0.5 * k for k in range(5)]
    _, history = watched(values, EarlyStopping(patience=9, monitor="loss", mode=mode, min_delta=delta))
    assert history.best_epoch == best
    assert history.best_parameters is not None
    assert history.best_parameters.tolist() == [values[best]]
    assert history.monitored == f"{mode} loss"


def test_nan_is_never_best_and_patience_runs_out_all_the_same() -> None:
    """From the epoch on in which this number is watched for the first time."""
    nothing = [math.nan] * 9
    stopping = EarlyStopping(patience=3, monitor="loss", mode="min")
    count, history = watched(nothing, stopping)
    assert (count, history.best_epoch, history.best_parameters) == (3, -1, None)
    _, history = watched([3.0, 2.0], stopping)
    assert (history.best_epoch, history.patience_from) == (1, 0)
    other = EarlyStopping(patience=3, monitor="size", mode="min")
    history.validation_metrics["size"] = [math.nan] * 2
    count, history = watched(nothing, other, history)
    assert (count, history.best_epoch, history.patience_from, history.monitored) == (3, -1, 2, "min size")


def test_best_parameters_come_back_only_where_early_stopping_says_so() -> None:
    """A history that has some from an earlier run does not put them into a later one."""
    for later in (None, EarlyStopping(patience=9, monitor="loss", restore_best=False)):
        model = neuron()
        history = run(model, 2, early_stopping=EarlyStopping(patience=9, monitor="loss"))
        assert history.best_parameters is not None
        run(model, 2, history=history, early_stopping=later, record="parameters")
        assert data(model.parameters()).tolist() == history.parameters[-1].tolist()


@pytest.mark.parametrize("compiled", [False, True])
def test_history_says_what_it_ran_on_and_that_it_failed(compiled: bool) -> None:
    """A callback of one's own raises: its error comes through."""
    history = History()

    def broken(model: Any, history: History) -> None:
        assert (history.engine, history.engine_reason) == ("compiled" if compiled else "graphs", "")
        if len(history) == 2:
            raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        fit(neuron(), X, Y, epochs=5, history=history, callbacks=broken, compiled=compiled, progress=False)
    assert (history.stopped, len(history)) == ("error", 2)


# ── Steps ──


@pytest.mark.parametrize("compiled", [False, None, True])
def test_penalty_that_falls_on_nothing_is_nothing(compiled: bool | None) -> None:
    """A model of biases alone has no weights to be penalized: the same numbers on graphs and compiled."""

    class Constant(Module):
        def __init__(self) -> None:
            self.bias = neuron().parameters()[-1]

        def __call__(self, x: Any) -> Any:
            return self.bias + 0.0 * x[0]

    plain, model = Constant(), Constant()
    expected = fit(plain, X, Y, epochs=2, compiled=compiled, progress=False)
    found = fit(model, X, Y, epochs=2, compiled=compiled, penalty=L2(3.0), progress=False)
    assert found.loss == expected.loss
    assert model.bias.data == plain.bias.data


@pytest.mark.parametrize("step", [EagerStep, CompiledStep])
@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_step_puts_the_losses_of_a_batch_together(step: Any, reduce: Any) -> None:
    """Mean or sum of the squares, their slopes alike, and the penalty once."""
    weight, bias = parameters = np.array([3.0, -0.5])
    made = step(neuron(), lambda x, y: (x - y) ** 2, reduce, L2(0.25))
    share = 3.0 if reduce == "mean" else 1.0
    error = weight * X[:, 0] + bias - Y
    total, gradient = made(parameters, X, Y)
    assert total == pytest.approx((error @ error) / share + 0.125 * weight**2, rel=1e-13)
    slopes = [2.0 * (error @ X[:, 0]) / share + 0.25 * weight, 2.0 * error.sum() / share]
    np.testing.assert_allclose(gradient, slopes, rtol=1e-13)
    assert made.value(parameters, X, Y) == pytest.approx((error @ error) / share, rel=1e-13)


@pytest.mark.parametrize("count", [1, 2, CHECKED, CHECKED + 1, 100])
def test_program_is_held_to_graphs_at_first_and_last_row_and_some_between(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many at most, each once, in order; once for a program, however often the model is looked at."""
    step = CompiledStep(neuron(), lambda x, y: (x - y) ** 2)
    X, seen = np.arange(float(count))[:, None], []
    value = step.eager.value
    monkeypatch.setattr(step.eager, "value", lambda p, rows, y: seen.append(rows[:, 0].tolist()) or value(p, rows, y))
    parameters = read_parameters(step.eager.values)
    for _ in range(3):
        step(parameters, X, X[:, 0])
        step.refresh()
    (rows,) = seen
    assert rows == sorted(set(rows))
    assert (rows[0], rows[-1], len(rows)) == (0.0, count - 1.0, min(count, CHECKED))


def test_value_is_that_of_the_program_and_makes_no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the compiled function asked for it, which looks at the model again: it takes many times as long."""
    step = CompiledStep(neuron(), lambda x, y: (x - y) ** 2)
    parameters = np.array([2.0, -1.0])
    step(parameters, X, Y)
    monkeypatch.setattr(step, "costs", None)
    monkeypatch.setattr(step, "eager", None)
    assert step.value(parameters, X, Y) == np.mean((2.0 * X[:, 0] - 1.0 - Y) ** 2)


def test_history_says_why_there_was_no_program() -> None:
    """The loss reads a number, which the error names; on graphs by request there is nothing to say."""

    def forks(prediction: Any, target: Any) -> Any:
        return (prediction - target) * (1.0 if prediction > target else -1.0)

    with pytest.warns(UserWarning, match="training on graphs") as warned:
        history = fit(neuron(), X, Y, loss=forks, epochs=1, progress=False)
    assert history.engine == "graphs"
    assert history.engine_reason.startswith("comparing a Value")
    assert str(warned[0].message).endswith(history.engine_reason)
    assert fit(neuron(), X, Y, loss=forks, epochs=1, compiled=False, progress=False).engine_reason == ""
