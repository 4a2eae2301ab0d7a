"""A run that is watched: what is drawn, how often, and that the run stays as it is."""

from __future__ import annotations

import base64
import re
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import viz
from nn import MLP, Adam, History, datasets, fit
from nn.training import watcher
from tests.kernel import executed
from viz.training.watch import Watch


class Screen:
    """What a notebook shows, as far as a watch needs it."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def HTML(self, text: str) -> str:  # noqa: N802 - IPython's name
        return text

    def display(self, text: str, display_id: bool) -> Any:
        assert display_id
        self.shown.append(text)
        return SimpleNamespace(update=self.shown.append)


def trained(callbacks: Any, epochs: int = 30, **kwargs: Any) -> tuple[MLP, History]:
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    X, y = datasets.moons(30)
    return model, fit(model, X, y, optimizer=Adam(0.05), epochs=epochs, callbacks=callbacks, progress=False, **kwargs)


def facts(page: str) -> dict[str, str]:
    return dict(re.findall(r"(\w[\w ]*) <b>(.*?)</b>", page))


def drawings(page: str) -> list[str]:
    """Those of a look, also where they stand in images, as they do at the end."""
    images = [base64.b64decode(image).decode() for image in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)]
    return images or re.findall(r"<svg.*?</svg>", page, re.DOTALL)


def test_run_ends_where_it_would_without(monkeypatch):
    """To the last bit; the program is not looked at again for a callback that changes nothing."""
    monkeypatch.setattr(watcher, "PAUSE", 0.0)
    screen = Screen()
    model, history = trained([Watch(screen)], batch_size=8)
    alone, expected = trained([], batch_size=8)
    assert history.loss == expected.loss
    assert model.state_dict() == alone.state_dict()
    assert len(screen.shown) > 1


def test_last_drawing_is_of_the_end():
    """Whatever was drawn before; with what is measured."""
    screen = Screen()
    _, history = trained([Watch(screen)], metrics="accuracy", validation=datasets.moons(10))
    found = facts(screen.shown[-1])
    assert found["epoch"] == "30"
    assert found["loss"] == viz.theme.number(history.loss[-1])
    assert found["validation"] == viz.theme.number(history.validation_loss[-1])
    assert found["accuracy"] == viz.theme.number(history.metrics["accuracy"][-1])
    curve, _ = drawings(screen.shown[-1])
    assert 'stroke-dasharray="5 4"' in curve


def test_at_the_end_its_drawings_come_closer(monkeypatch):
    """Before, each look would take back what the one before was brought to; what is drawn is the same."""
    monkeypatch.setattr(watcher, "PAUSE", 0.0)
    screen = Screen()
    model, history = trained([watch := Watch(screen)])
    *before, last = screen.shown
    assert before
    assert not [page for page in before if "<script>" in page]
    assert last.count('class="scalar-autograd-zoom"') == last.count("<script>") == 2
    watch.show(model, history)
    assert drawings(screen.shown[-1]) == [svg.strip() for svg in drawings(last)]


def test_looking_takes_a_tenth_of_the_time_at_most(monkeypatch):
    """By a clock that runs as told: one second an epoch, and half a second a look."""
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    class Slow(watcher.Watcher):
        seen: list[int] = []  # noqa: RUF012

        def show(self, model, history):
            self.seen.append(len(history))
            clock[0] += 0.5

    def second(model, history):
        clock[0] += 1.0

    trained([second, slow := Slow()], epochs=40)
    assert slow.seen == [2, 10, 18, 26, 34, 40]


def test_run_that_fails_is_shown_to_its_end():
    """The error is that of the run."""
    screen = Screen()
    model = MLP(1, [1], rng=0)
    with pytest.raises(ArithmeticError, match="training stopped in epoch"):
        fit(model, [1.0, 2.0], [1e200, 1.0], optimizer="sgd", epochs=5, callbacks=[Watch(screen)], progress=False)
    assert len(screen.shown) <= 1


def test_curve_of_any_losses_is_a_picture():
    """One epoch, zeros, equal ones, and numbers that are not finite."""
    for losses in ([1.0], [0.0, 0.0], [1.0, np.inf, 0.5, np.nan, 0.25], [1e300, 1e-300], np.geomspace(1, 1e-9, 5000)):
        history, screen = History(), Screen()
        history.loss.extend(np.asarray(losses).tolist())
        Watch(screen).show(MLP(2, [70, 1], rng=0), history)
        (page,) = screen.shown
        assert page.count("<svg") == 1
        coordinates = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", page)
        assert coordinates
        assert all(0.0 <= float(x) <= 420.0 and 0.0 <= float(y) <= 230.0 for x, y in coordinates)
        assert len(page) < 20_000


def test_no_notebook_is_said_in_words():
    with pytest.raises(RuntimeError, match=r"viz\.watch draws below a notebook's cell, and there is no notebook here"):
        viz.watch()


def test_notebook_shows_the_run(tmp_path):
    """One output below the cell, that of the end."""
    pytest.importorskip("ipykernel")
    source = """
import viz
from nn import MLP, datasets, fit
model = MLP(2, [3, 1], activation="tanh", rng=0)
history = fit(model, *datasets.moons(30), epochs=50, callbacks=[viz.watch()], progress=False)
"""
    (outputs,) = executed([source], tmp_path)
    (page,) = [output.data["text/html"] for output in outputs if "data" in output]
    assert facts(page)["epoch"] == "50"
