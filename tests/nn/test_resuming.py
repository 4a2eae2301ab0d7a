"""Interrupt, save, load and continue: the same bits as if nothing had happened."""

import copy
import math
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    Backtracking,
    CosineSchedule,
    EarlyStopping,
    History,
    RMSProp,
    datasets,
    fit,
    load,
    metrics,
    save,
)
from nn.training.step import EagerStep

X, Y = (part[::3] for part in datasets.sine_bands())
EPOCHS = 4
BATCHES = math.ceil(len(X) / 4)

OPTIMIZERS = {
    "SGD": lambda: SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adam": lambda: Adam(CosineSchedule(0.1, 0.0, 12)),
    "AdamW": lambda: AdamW(0.05),
    "RMSProp": lambda: RMSProp(0.01),
    "Backtracking": lambda: Backtracking(4.0, every=2),
}


def new_model():
    return MLP(2, [3, 1], activation="tanh", rng=3)


def train(model, optimizer, history, epochs, **options):
    options = {
        "batch_size": 4,
        "rng": 7,
        "metrics": "accuracy",
        "validation": (X, Y),
        "record": "parameters",
        **options,
    }
    return fit(model, X, Y, optimizer=optimizer, epochs=epochs, history=history, **options)


def everything(model, history):
    """All numbers that could differ, in a form whose equality is that of bits."""
    return {name: number.hex() for name, number in model.state_dict().items()}, history.state_dict() | {"stopped": ""}


@contextmanager
def control_c(owner, name, calls):
    """Interrupt the method ``name`` of ``owner`` in the call after so many."""
    original, left = getattr(owner, name), iter(range(calls))

    def interrupted(*args, **options):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return original(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, interrupted)
        yield


def assert_continues(kind, path, interruption, complete, **options):
    """Train in one piece and, interrupted, in two with a file between them; compare everything."""
    straight, history = new_model(), History()
    train(straight, OPTIMIZERS[kind](), history, EPOCHS, **options)

    model, optimizer = new_model(), OPTIMIZERS[kind]()
    with interruption(model, optimizer):
        part = train(model, optimizer, History(), EPOCHS, **options)
    save(model, path, optimizer=optimizer, history=part)
    assert (part.stopped, len(part)) == ("interrupted", complete)

    optimizer, continued = OPTIMIZERS[kind](), History()
    model = load(path, optimizer=optimizer, history=continued)
    train(model, optimizer, continued, EPOCHS - len(continued), **options)
    assert everything(model, continued) == everything(straight, history)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@given(calls=st.integers(1, 2 * len(X) * EPOCHS - 1))
def test_control_c_in_any_row_changes_no_bit(kind, calls, tmp_path_factory):
    """Interrupted in a row, saved, loaded into new objects, continued: equal to an undisturbed run."""
    path = tmp_path_factory.mktemp("run") / "run.json"
    assert_continues(
        kind, path, lambda model, _: control_c(EagerStep, "_cost", calls), calls // (2 * len(X)), compiled=False
    )  # fmt: skip


@pytest.mark.parametrize("kind", OPTIMIZERS)
@given(calls=st.integers(1, BATCHES * EPOCHS - 1))
def test_control_c_in_any_step_changes_no_bit(kind, calls, tmp_path_factory):
    """The same, interrupted between a gradient and its step, however the gradient is computed."""
    path = tmp_path_factory.mktemp("run") / "run.json"
    assert_continues(kind, path, lambda _, optimizer: control_c(optimizer, "step", calls), calls // BATCHES)


@given(calls=st.integers(1, EPOCHS - 1))
def test_control_c_while_metrics_are_measured_changes_no_bit(calls, tmp_path_factory):
    """The same, interrupted when the epoch's steps are done and half of it is recorded."""
    path = tmp_path_factory.mktemp("run") / "run.json"
    assert_continues("Adam", path, lambda *_: control_c(metrics, "_classes", 2 * calls + 1), calls)


def test_an_interrupted_epoch_leaves_no_trace():
    """Model, optimiser, generator and history are those of the last complete epoch."""
    model, optimizer, rng = new_model(), Adam(0.1), np.random.default_rng(0)
    history = train(model, optimizer, History(), 2, rng=rng)
    before = everything(model, history), optimizer.state_dict(), rng.bit_generator.state
    with control_c(optimizer, "step", 2):
        train(model, optimizer, history, 2, rng=rng)
    after = everything(model, history), optimizer.state_dict(), rng.bit_generator.state
    np.testing.assert_equal(after, before)


def test_an_interrupted_full_batch_is_undone_as_well():
    """Without a generator there is no order to go back to, and everything else goes back."""
    model, optimizer = new_model(), Adam(0.1)
    history = train(model, optimizer, History(), 2, batch_size=None)
    before = everything(model, history), optimizer.state_dict()
    with control_c(metrics, "_classes", 1):
        train(model, optimizer, history, 2, batch_size=None)
    np.testing.assert_equal((everything(model, history), optimizer.state_dict()), before)


def test_runs_may_be_continued_one_epoch_at_a_time():
    """Four times one epoch is four epochs, early stopping included."""
    whole, pieces = new_model(), new_model()
    optimizer, history = Adam(0.1), History()
    stopping = EarlyStopping(patience=3, restore_best=False)
    expected = train(whole, Adam(0.1), History(), 4, early_stopping=stopping)
    for _ in range(4):
        train(pieces, optimizer, history, 1, early_stopping=stopping)
    assert everything(pieces, history) == everything(whole, expected)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))], ids=["copy", "pickle"])
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_copied_run_goes_on_as_its_original(kind, copied):
    """Model, optimiser and history, in the middle of training; and neither of the two moves the other."""
    run = new_model(), OPTIMIZERS[kind](), History()
    train(*run, 2)
    run[1].update(run[0], loss=0.5)  # as a loop of one's own does
    other = copied(run)
    train(*run, 2)
    expected = everything(run[0], run[2])
    train(*other, 2)
    assert everything(other[0], other[2]) == everything(run[0], run[2]) == expected


def test_control_c_in_a_terminal_returns_the_model_and_history_so_far(tmp_path):
    """A real interrupt of a real process: it goes on behind ``fit``, with every epoch complete."""
    script = tmp_path / "endless.py"
    script.write_text(
        textwrap.dedent("""
            import signal
            from nn import MLP, datasets, fit

            # Whoever runs the tests in the background of a shell hands down an interrupt that is ignored.
            signal.signal(signal.SIGINT, signal.default_int_handler)

            def started(model, history):
                if len(history) == 3:
                    print("started", flush=True)

            model = MLP(2, [4, 1])
            history = fit(model, *datasets.sine_bands(), epochs=10**9, callbacks=[started], record="parameters")
            last = history.parameters[-1].tolist()
            print(history.stopped, len(history) >= 3, [p.data for p in model.parameters()] == last)
        """)
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(nn.__file__).parent.parent)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout.readline() == "started\n"
            time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert out == "interrupted True True\n"


@pytest.mark.parametrize("between", [{}, {"batch_size": 4, "shuffle": False}])
def test_a_run_that_does_not_shuffle_leaves_the_order_to_the_next(between):
    """All rows at once, or rows in their own order, between runs in small batches: the order goes on where it was."""
    orders = []
    for options in ({"epochs": 0}, {"epochs": 1}, {"epochs": 2}):
        model, history, seen = new_model(), History(), []
        train(model, SGD(1e-9), history, 1)
        fit(model, X, Y, optimizer=SGD(1e-9), history=history, **between, **options)
        loss = lambda p, t, seen=seen: seen.append(t) or (p - t) ** 2
        fit(model, X, Y, loss=loss, optimizer=SGD(1e-9), history=history, epochs=1, batch_size=4, rng=7, compiled=False)
        orders.append(seen)
    assert orders[0] == orders[1] == orders[2]
    first = []
    fit(new_model(), X, Y, loss=lambda p, t: first.append(t) or (p - t) ** 2, optimizer=SGD(1e-9), epochs=1,
        batch_size=4, rng=7, compiled=False)  # fmt: skip
    assert first != orders[0]
