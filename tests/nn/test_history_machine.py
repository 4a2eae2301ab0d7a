"""Training goes on, whatever happened before: fit, interrupt, fail, save, load, add and leave out measurements."""

from __future__ import annotations

import json
import math
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from nn import (
    MLP,
    SGD,
    Adam,
    EarlyStopping,
    History,
    datasets,
    fit,
    load,
    save,
)
from nn.training.step import read_parameters

X, Y = (part[::4] for part in datasets.sine_bands())


def error_share(model, X, y):
    """Falls as training goes on."""
    return float(np.mean(np.abs(model.predict(X) - y)))


error_share.mode = "min"


class TroubleError(Exception):
    """Of a metric's own."""


class Training(RuleBasedStateMachine):
    """One model through everything."""

    def __init__(self):
        super().__init__()
        self.model, self.optimizer, self.history = MLP(2, [2, 1], activation="tanh", rng=0), Adam(0.02), History()

    def fit(self, epochs, validation, metrics, record=(), **options):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".* has been recorded")
            return fit(
                self.model, X, Y, optimizer=self.optimizer, epochs=epochs, history=self.history, batch_size=4,
                validation=(X, Y) if validation else None, metrics=metrics, record=record, **options,
            )  # fmt: skip

    @rule(
        epochs=st.integers(0, 3),
        validation=st.booleans(),
        metrics=st.sampled_from([(), "accuracy", ("accuracy", error_share)]),
        record=st.sampled_from([(), ("parameters",), ("gradients", "activations")]),
    )
    def train(self, epochs, validation, metrics, record):
        before = len(self.history)
        self.fit(epochs, validation, metrics, record)
        assert len(self.history) == before + epochs
        assert self.history.stopped == "epochs"

    @rule(
        monitor=st.sampled_from(["loss", "validation_loss", "error_share"]),
        patience=st.integers(1, 3),
        restore_best=st.booleans(),
    )
    def train_with_early_stopping(self, monitor, patience, restore_best):
        before = len(self.history)
        stopping = EarlyStopping(monitor=monitor, patience=patience, restore_best=restore_best)
        self.fit(4, True, error_share, early_stopping=stopping)
        assert self.history.monitored == f"min {monitor}"
        if self.history.stopped == "early stopping" and not self.carried_on:
            assert len(self.history) - before >= min(patience, 4)
        self.carried_on = self.history.stopped != "early stopping"

    carried_on = True

    @rule(calls=st.integers(0, 4), trouble=st.sampled_from([KeyboardInterrupt, TroubleError]))
    def stop_in_a_metric(self, calls, trouble):
        left = iter(range(calls))

        def fails(model, X, y):
            if next(left, None) is None:
                raise trouble
            return 0.0

        before = len(self.history)
        if trouble is KeyboardInterrupt:
            self.fit(3, True, ["accuracy", fails])
            assert self.history.stopped == "interrupted" or calls >= 6
        elif calls < 6:
            with pytest.raises(TroubleError):
                self.fit(3, True, ["accuracy", fails])
            assert self.history.stopped == "error"
        assert len(self.history) == before + (min(calls, 6) // 2 if trouble is KeyboardInterrupt or calls < 6 else 0)

    @rule()
    def save_and_load(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.json"
            save(self.model, path, optimizer=self.optimizer, history=self.history)
            optimizer, history = Adam(0.02), History()
            model = load(path, optimizer=optimizer, history=history)
        assert json.dumps(history.state_dict()) == json.dumps(self.history.state_dict())
        assert read_parameters(model.parameters()).tolist() == read_parameters(self.model.parameters()).tolist()
        self.model, self.optimizer, self.history = model, optimizer, history

    @invariant()
    def lists_are_as_long_as_each_other(self):
        h, count = self.history, len(self.history)
        for series in (h.validation_loss, h.learning_rate, h.gradients, *h.metrics.values()):
            assert len(series) in (0, count)
        for series in h.validation_metrics.values():
            assert len(series) == count
        for series in (h.parameters, h.activations):
            assert len(series) in (0, count + 1)
        assert -1 <= h.best_epoch < max(count, 1)
        assert all(map(math.isfinite, h.loss))
        assert self.optimizer.steps == count * math.ceil(len(X) / 4)


TestTraining = Training.TestCase
TestTraining.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)


# ── One by one ───────────────────────────────────────────────────────────────────────────────────────────────────────


def model():
    return MLP(2, [2, 1], activation="tanh", rng=0)


def test_validation_and_early_stopping_may_begin_later():
    """What was not measured before is nan; the first epoch that was is the best so far."""
    m, optimizer = model(), SGD(0.1)
    history = fit(m, X, Y, optimizer=optimizer, epochs=3)
    fit(
        m, X, Y, optimizer=optimizer, epochs=3, history=history, validation=(X, Y), metrics="accuracy",
        early_stopping=EarlyStopping(patience=10),
    )  # fmt: skip
    assert [math.isnan(x) for x in history.validation_loss] == [True] * 3 + [False] * 3
    assert [math.isnan(x) for x in history.metrics["accuracy"]] == [True] * 3 + [False] * 3
    assert history.best_epoch >= 3
    fit(m, X, Y, optimizer=optimizer, epochs=1, history=history)
    assert math.isnan(history.validation_loss[-1])
    assert len(history.validation_loss) == len(history) == 7


def test_another_direction_begins_anew():
    """The lowest loss is nothing to be better than for the highest."""
    m, history = model(), History()
    for mode in ("min", "max"):
        fit(m, X, Y, optimizer=SGD(0.1), epochs=4, history=history,
            early_stopping=EarlyStopping(monitor="loss", mode=mode, restore_best=False))  # fmt: skip
    assert history.best_epoch == 4 + int(np.argmax(history.loss[4:]))


def test_patience_is_counted_anew_after_an_early_stop():
    """Not one epoch, but as many as patience allows."""
    m, optimizer = model(), SGD(1e-9)  # nothing becomes better by min_delta
    options = {
        "optimizer": optimizer,
        "epochs": 20,
        "early_stopping": EarlyStopping(monitor="loss", patience=3, min_delta=1.0, restore_best=False),
    }
    history = fit(m, X, Y, **options)
    assert (len(history), history.best_epoch, history.stopped) == (4, 0, "early stopping")
    fit(m, X, Y, history=history, **options)
    assert (len(history), history.best_epoch) == (7, 0)


def test_metric_that_raises_leaves_the_last_complete_epoch():
    """In model, optimiser and history."""
    m, optimizer = model(), Adam(0.1)
    history = fit(m, X, Y, optimizer=optimizer, epochs=2)
    before = read_parameters(m.parameters()).tolist()

    def broken(model, X, y):
        raise TroubleError

    with pytest.raises(TroubleError):
        fit(m, X, Y, optimizer=optimizer, epochs=2, history=history, metrics=["accuracy", broken])
    assert (len(history), optimizer.steps) == (2, 2)
    assert [len(series) for series in history.metrics.values()] == [2, 2]
    assert read_parameters(m.parameters()).tolist() == before


def test_two_lambdas_have_names_of_their_own():
    """In the order in which they are given; one given twice is one."""
    first, second = lambda m, X, y: 1.0, lambda m, X, y: 2.0
    history = fit(model(), X, Y, epochs=1, metrics=[first, second, first, "accuracy", "accuracy"])
    assert {name: series[0] for name, series in history.metrics.items() if name != "accuracy"} == {
        "<lambda>": 1.0,
        "<lambda> 2": 2.0,
    }


def test_learning_rate_changed_by_a_callback_survives_an_interruption():
    """What is taken back are the steps, not the settings."""
    optimizer = SGD(0.1)

    def slower(model, history):
        optimizer.learning_rate *= 0.5
        if len(history) == 2:
            raise KeyboardInterrupt

    history = fit(model(), X, Y, optimizer=optimizer, epochs=5, callbacks=[slower])
    assert (history.stopped, len(history), optimizer.steps, optimizer.learning_rate) == ("interrupted", 2, 2, 0.025)


def test_state_without_settings_is_taken():
    """As older files have it."""
    optimizer = SGD(0.1)
    optimizer.load_state_dict({"kind": "SGD", "steps": 3})
    assert optimizer.steps == 3
    history = History()
    old = {
        k: v
        for k, v in history.state_dict().items()
        if k not in ("engine", "engine_reason", "monitored", "patience_from")
    }
    history.load_state_dict(old)
    with pytest.raises(ValueError, match="the unknown"):
        history.load_state_dict({**old, "other": 1})
