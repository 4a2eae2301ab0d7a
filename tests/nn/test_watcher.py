"""Callbacks that only look: how often they are called, by a clock that the test moves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, History, Module, fit
from nn.training import watcher
from nn.training.watcher import PAUSE, SHARE, Watcher, only_watchers

EPOCHS = 40
SECONDS = st.sampled_from([0.0, 0.01, 0.05, PAUSE, 0.5, 2.0])


class Looking(Watcher):
    """Notes when each look began and ended, and how many epochs it saw."""

    def __init__(self, cost: float) -> None:
        super().__init__()
        self.cost = cost
        self.now = 100.0
        self.looks: list[tuple[float, float, int]] = []

    def show(self, model: Module, history: History) -> None:
        start = self.now
        self.now += self.cost
        self.looks.append((start, self.now, len(history)))


def watched(epoch: float, cost: float, epochs: int = EPOCHS) -> Looking:
    """A run of epochs that take so many seconds, and looks that cost so many."""
    looking = Looking(cost)

    def passes(model: Any, history: Any) -> None:
        looking.now += epoch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watcher, "time", SimpleNamespace(perf_counter=lambda: looking.now))
        fit(MLP(1, [1], rng=0), [0.0], [1.0], epochs=epochs, callbacks=[looking, passes], progress=False)
    return looking


@given(SECONDS, SECONDS)
def test_looks_are_as_many_as_the_time_allows(epoch: float, cost: float) -> None:
    """After each there is a pause, of which the look is the given share; then the first epoch that ends is shown."""
    *looks, (_, end, seen) = watched(epoch, cost).looks
    assert seen == EPOCHS
    assert end == pytest.approx(100.0 + EPOCHS * epoch + (len(looks) + 1) * cost)
    before = 100.0
    for k, (start, finish, _) in enumerate(looks):
        pause = PAUSE if k == 0 else max(PAUSE, cost / SHARE)
        assert pause - 1e-9 <= start - before <= pause + epoch + 1e-9
        before = finish
    pause = max(PAUSE, cost / SHARE) if looks else PAUSE
    assert end - cost - before <= pause + epoch + 1e-9


def test_look_is_due_at_the_very_moment() -> None:
    """Of epochs as long as the pause is none left out but the first, which ends when the run begins."""
    assert [seen for _, _, seen in watched(0.25, 0.0).looks] == [*range(2, EPOCHS + 1), EPOCHS]
    assert [seen for _, _, seen in watched(0.0, 0.0, epochs=3).looks] == [3]


def test_what_only_looks_is_told_from_what_may_change_the_model() -> None:
    """Nobody at all changes nothing, too."""
    assert only_watchers([])
    assert only_watchers([Looking(0.0), Looking(1.0)])
    assert not only_watchers([Looking(0.0), print])


def test_look_is_shared_by_the_runs_that_come_later() -> None:
    """Each begins with a pause of its own, and ends with a look."""
    looking = Looking(0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watcher, "time", SimpleNamespace(perf_counter=lambda: looking.now))
        for _ in range(2):
            fit(MLP(1, [1], rng=0), [0.0], [1.0], epochs=2, callbacks=looking, progress=False)  # type: ignore[arg-type]
    assert [seen for _, _, seen in looking.looks] == [2, 2]


def test_every_look_is_at_the_model_that_is_trained_as_it_is_then() -> None:
    """The last as well, after the run: it sees the parameters that one gets."""
    seen: list[tuple[Module, dict[str, float], int]] = []

    class Noting(Watcher):
        def show(self, model: Module, history: History) -> None:
            seen.append((model, model.state_dict(), len(history)))

    model = MLP(1, [1], rng=0)
    fit(model, [1.0, 2.0], [1.0, -1.0], epochs=3, callbacks=[Noting()])
    assert all(looked is model for looked, _, _ in seen)
    assert seen[-1][1:] == (model.state_dict(), 3)
