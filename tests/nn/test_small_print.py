"""What docstrings of training and of optimisers say in passing: of ties, of ints, of what is neither here nor there."""

from __future__ import annotations

import copy
import math
import re
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograd import NonFiniteError, Value
from nn import MLP, SGD, Adam, AdamW, Backtracking, History, LinearSchedule, Module, Optimizer, RMSProp, evaluate, fit
from nn.training import watcher
from nn.training.progress import _somebody_looks_on
from nn.training.watcher import Watcher, due

OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {
    "SGD": lambda: SGD(0.25),
    "momentum": lambda: SGD(0.25, momentum=0.5),
    "Adam": lambda: Adam(0.25),
    "AdamW": lambda: AdamW(0.25),
    "RMSProp": lambda: RMSProp(0.25),
    "Backtracking": lambda: Backtracking(0.25),
}
each_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


@each_optimizer
def test_whole_numbers_and_lists_are_parameters_and_become_floats(make: Callable[[], Optimizer]) -> None:
    """At every step, and at one that goes back; the same numbers as of floats."""
    ints, floats = make(), make()
    for gradient, loss in (([1, 2], 3.0), ([2, -1], 9.0), ([1, 1], 1.0)):
        found = ints.step([4, -3], gradient, loss)  # type: ignore[arg-type]
        expected = floats.step(np.array([4.0, -3.0]), np.array(gradient, dtype=float), loss)
        assert (found.dtype, found.tolist()) == (float, expected.tolist())


@each_optimizer
def test_step_out_of_the_numbers_is_told_in_words_alone(make: Callable[[], Optimizer]) -> None:
    """NumPy's own warnings would be errors here: an overflow, and infinity less infinity."""
    with np.errstate(all="raise", under="ignore"):
        for start, slope in ((-1.7e308, 1.7e308), (math.inf, 1.7e308), (math.inf, 1.0)):
            optimizer = make()
            try:
                moved = optimizer.step(np.array([start]), np.array([slope]), 1.0)
            except NonFiniteError as error:
                assert re.match(r"parameter 0 would become (-?inf|nan) by a step of", str(error))  # noqa: PT017
            else:
                assert isinstance(optimizer, Backtracking) or math.isfinite(moved[0])


def test_backtracking_of_two_equal_losses_keeps_the_first() -> None:
    """It is not lower, and has not grown either; nor has one that is larger by the tolerance."""
    optimizer = Backtracking(0.5, tolerance=0.25)
    ahead = [
        optimizer.step(np.array([x]), np.array([2.0]), loss)[0] for x, loss in ((3.0, 1.0), (7.0, 1.0), (9.0, 1.25))
    ]
    assert ahead == [2.0, 6.0, 8.0]
    assert optimizer.step(np.array([5.0]), np.array([2.0]), math.nextafter(1.25, 2.0)).tolist() == [3.0]
    assert optimizer.rate == 0.1


class Rate:
    """A schedule of one's own without a name."""

    def __call__(self, step: int) -> float:
        return 0.5


def halved(step: int) -> float:
    """A schedule of one's own."""
    return 0.5


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.5, 0.5),
        (Rate(), "Rate"),
        (halved, "halved"),
        (LinearSchedule(1.0, 0.5, 3), "LinearSchedule(start=1.0, end=0.5, steps=3)"),
    ],
)
def test_state_has_the_rate_in_words(rate: Any, words: Any) -> None:
    """A number, the name of a function or of a class, or a schedule with its numbers."""
    state = SGD(rate).state_dict()
    assert state["settings"] == {"learning_rate": words, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0}
    SGD(rate).load_state_dict(state)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda settings: settings.pop("momentum"), "here momentum 0.5, got None"),
        (lambda settings: settings.update(more=1), "here more None, got 1"),
        (lambda settings: settings.update(nesterov=True), "here nesterov False, got True"),
    ],
)
def test_state_of_other_settings_is_refused_by_the_first_that_differs(change: Any, said: str) -> None:
    """Be it another number, missing, or one more."""
    state = SGD(0.1, momentum=0.5).state_dict()
    settings = dict(state["settings"])  # type: ignore[call-overload]
    change(settings)
    with pytest.raises(ValueError, match=f"^SGD takes a state of its own settings, {re.escape(said)}; build it"):
        SGD(0.1, momentum=0.5).load_state_dict({**state, "settings": settings})


@each_optimizer
def test_going_back_is_loading_a_state_whatever_the_settings(make: Callable[[], Optimizer]) -> None:
    """As after an interruption: the next steps are those that followed it."""
    optimizer, other = make(), make()
    w = optimizer.step(np.array([1.0, -2.0]), np.array([0.5, 0.25]), 2.0)
    state, passed = optimizer.state_dict(), optimizer._passed()
    expected = optimizer.step(w, np.array([0.5, -0.5]), 1.0).tolist()
    other.step(np.zeros(2), np.ones(2), 0.5)
    other._go_back(passed)
    np.testing.assert_equal(other.state_dict(), state)
    assert other.step(w, np.array([0.5, -0.5]), 1.0).tolist() == expected


@pytest.mark.parametrize(
    ("optimizer", "ours"),
    [
        (Adam(), True),
        (SGD(LinearSchedule(1.0, 0.5, 3)), True),
        (SGD(halved), False),
        (SGD(Rate()), False),
        (type("Own", (SGD,), {"__module__": "nnx.rules"})(0.1), False),
    ],
)
def test_rule_and_schedule_of_nn_run_no_code_of_others(optimizer: Optimizer, ours: bool) -> None:
    """By the modules of both; one whose name begins alike is another."""
    assert optimizer._is_ours() is ours


def test_settings_have_the_names_of_the_arguments() -> None:
    """Those that are kept under others as well; without what an optimiser remembers."""
    optimizer = AdamW(0.5, weight_decay=0.25)
    optimizer.step(np.ones(1), np.ones(1))
    assert optimizer._settings() == {
        "learning_rate": 0.5, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.25,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("optimizer", "first"), [(Adam(0.5, epsilon=0.0), 0.5), (RMSProp(0.5, decay=0.75, epsilon=0.0), 1.0)]
)
def test_without_epsilon_steps_are_over_the_root_and_nothing_over_nothing_is_no_step(
    optimizer: Optimizer, first: float
) -> None:
    """A slope whose square is lost is divided by nothing."""
    moved = optimizer.step(np.zeros(4), np.array([3.0, -0.01, 0.0, 1e-200]))
    np.testing.assert_allclose(moved, [-first, first, 0.0, -0.5e-200], rtol=1e-12)


def test_copy_of_an_optimizer_updates_another_model() -> None:
    """Which may hold results too: only those of the last update are stale."""

    class Holds(Module):
        def __init__(self) -> None:
            self.w = Value(2.0)
            self.double = self.w * 2.0

    first = SGD(0.5)
    first.update(Holds())
    for optimizer in (copy.copy(first), copy.deepcopy(first)):
        model = Holds()
        model.w.grad = 1.0
        optimizer.update(model)
        assert model.w.data == 1.5
        with pytest.raises(ValueError, match="double"):
            optimizer.update(model)


# ── Who looks on ──


def stream(module: str, terminal: bool) -> Any:
    """A standard error whose class is of some module."""
    return type("Stream", (), {"__module__": module, "isatty": lambda self: terminal})()


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (None, False),
        (stream("io", False), False),
        (stream("io", True), True),
        (stream("ipykernel.iostream", False), True),
        (stream("ipykernel.other", False), False),
    ],
)
def test_somebody_looks_on_at_a_terminal_and_below_a_cell(
    error: Any, seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stream below a cell says that it is no terminal; under pythonw there is none at all."""
    monkeypatch.setattr(sys, "stderr", error)
    assert _somebody_looks_on() is seen


def test_watcher_is_due_when_its_time_has_come_and_at_once_where_no_run_began() -> None:
    """It shows the model and the history that it is called with."""
    shown: list[Any] = []

    class Looking(Watcher):
        def show(self, model: Module, history: History) -> None:
            shown.append((model, history))

    clock = SimpleNamespace(now=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watcher, "time", SimpleNamespace(perf_counter=lambda: clock.now))
        looking, model, history = Looking(), MLP(1, [1], rng=0), History()
        assert due([looking]) == [looking]
        watcher.begin([looking])
        for now, expected in ((0.0, []), (0.19, []), (watcher.PAUSE, [looking])):
            clock.now = now
            assert due([looking]) == expected
        looking(model, history)
        assert due([looking]) == []
    assert shown == [(model, history)]


# ── Losses of one's own ──


class Absolute:
    """A loss that is equal to no other, and has no hash."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]

    def __call__(self, prediction: Any, target: Any) -> Any:
        return abs(prediction - target)


def test_loss_without_a_hash_is_a_loss() -> None:
    """With a metric, too, which asks whether it is one of ours."""
    model = MLP(1, [1], init="zeros", rng=0)
    found = evaluate(model, [1.0, 2.0], [1.0, 0.0], loss=Absolute(), metrics="accuracy")
    assert found == {"loss": 0.5, "accuracy": 0.5}
    history = fit(model, [1.0, 2.0], [1.0, 0.0], loss=Absolute(), metrics="accuracy", epochs=1, progress=False)
    assert history.loss == [0.5]


def test_evaluate_holds_examples_to_the_loss() -> None:
    """As ``fit`` does: classes become rows, a column of targets a row, and what does not fit is refused."""
    model = MLP(2, [3], init="zeros", rng=0)
    found = evaluate(model, np.eye(2), [0, 2], loss="softmax_cross_entropy")
    assert found["loss"] == pytest.approx(math.log(3.0), rel=1e-14)
    assert evaluate(MLP(2, [1], init="zeros", rng=0), np.eye(2), [[1.0], [3.0]]) == {"loss": 5.0}
    with pytest.raises(ValueError, match=r"^y has shape \(2, 3\) for a model of 3 outputs, got shape \(2,\)"):
        evaluate(model, np.eye(2), [0, 2])
