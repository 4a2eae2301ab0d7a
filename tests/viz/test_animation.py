"""The film of a training run: its frames are the recorded epochs, and its files hold all of them."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import dataclass, field
from itertools import pairwise

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from nn import MLP, datasets, fit
from tests.viz.chromium import browser, installed
from viz.training.film import Film, animate_training


@dataclass
class Run:
    """What ``animate_training`` needs of a History."""

    loss: list[float]
    parameters: list[np.ndarray] = field(default_factory=list)


def trained(epochs: int = 4):
    X, y = datasets.xor()
    model = MLP(2, [2, 1], activation="tanh", rng=0)
    return fit(model, X, y, epochs=epochs, record="parameters", progress=False), model


def pixels(frame: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(frame)).convert("RGB"))


def test_frames_go_through_the_recorded_parameters():
    """The copy that is drawn has, frame by frame, the parameters of the start and of each epoch."""
    history, model = trained()
    seen = []
    film = animate_training(history, model, lambda ax, actor: seen.append([p.data for p in actor.parameters()]))
    assert len(film.frames) == 5
    assert np.array_equal(seen, history.parameters)


def test_model_is_not_touched():
    """It ends as it was, even where the last record is another."""
    history, model = trained()
    model.parameters()[0].data = 42.0
    before = model.state_dict()
    animate_training(history, model, lambda ax, actor: None)
    assert model.state_dict() == before


def test_frames_are_spread_from_the_start_to_the_end():
    """Not more than asked for; the first is the start and the last the end."""
    history = Run([1.0 / epoch for epoch in range(1, 101)])
    assert animate_training(history, frames=5).captions == ["epoch 0", "epoch 25", "epoch 50", "epoch 75", "epoch 100"]


def test_frames_have_one_size_and_differ():
    """Each shows another point of the run."""
    frames = [pixels(frame) for frame in animate_training(Run([3.0, 2.0, 1.0])).frames]
    assert len({frame.shape for frame in frames}) == 1
    assert all((a != b).any() for a, b in pairwise(frames))


def test_no_figure_is_left_open():
    """Not even where drawing fails."""
    history, model = trained(1)

    def fail(ax, actor):
        raise RuntimeError("no picture")

    animate_training(history)
    with pytest.raises(RuntimeError, match="no picture"):
        animate_training(history, model, fail)
    assert plt.get_fignums() == []


def test_gif_has_every_frame_and_lasts_as_long_as_asked(tmp_path):
    """Two seconds for four frames, and a pause on the last; it repeats for ever."""
    film = animate_training(Run([3.0, 2.0, 1.0]), seconds=2.0)
    with Image.open(film.save(tmp_path / "film.gif")) as gif:
        assert gif.n_frames == 4
        assert gif.info["loop"] == 0
        durations = []
        for i in range(gif.n_frames):
            gif.seek(i)
            durations.append(gif.info["duration"])
    assert durations == [500, 500, 500, 2000]


def test_html_holds_every_frame_and_refers_to_nothing_outside(tmp_path):
    """The pictures are inside the page, unchanged."""
    film = animate_training(Run([2.0, 1.0]))
    page = film.save(tmp_path / "film.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert [base64.b64decode(frame) for frame in data["frames"]] == film.frames
    assert data["captions"] == film.captions
    assert not re.search(r"(https?:|src=|href=|url\()", page)


def test_film_refuses_other_files(tmp_path):
    """The suffix says in which form; there are two."""
    with pytest.raises(
        ValueError, match=r"^a film is saved as \.gif or \.html, got 'film\.mp4'; choose one of these suff"
    ):
        Film([b""], ["epoch 0"], 1.0).save(tmp_path / "film.mp4")


def test_animation_refuses_what_it_cannot_draw():
    """No epochs, no records, no model, no film."""
    with pytest.raises(
        ValueError, match=r"^animate_training takes the history of at least one epoch, got one of none; "
    ):
        animate_training(Run([]))
    with pytest.raises(
        ValueError, match=r"^a drawn animation takes .* each of 1 epochs, got 0 records; train with fit\("
    ):
        animate_training(Run([1.0]), object(), lambda ax, model: None)
    with pytest.raises(
        ValueError, match=r"^a drawn animation takes .* got no model; train with fit\(\.\.\., record='para"
    ):
        animate_training(Run([1.0], [np.zeros(1)] * 2), None, lambda ax, model: None)
    with pytest.raises(ValueError, match=r"^an animation has at least 2 frames, got 1$"):
        animate_training(Run([1.0]), frames=1)


def test_page_plays_and_steps_in_a_browser(tmp_path):
    """Keys and slider go through the frames, it plays by itself, and not where motion is not wanted."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    path = animate_training(Run([3.0, 2.0, 1.0]), seconds=1.0).save(tmp_path / "film.html")
    place = "document.getElementById('place').textContent"
    with browser(program) as page:
        page.prefer(reduced_motion="reduce")
        page.open(path.as_uri())
        seen = [page.evaluate(place)]
        for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
            page.press(key)
            seen.append(page.evaluate(place))
        assert seen == ["epoch 0", "epoch 1", "epoch 3", "epoch 3", "epoch 2", "epoch 0"]
        page.prefer(reduced_motion="no-preference")
        page.open(path.as_uri())
        page.evaluate("new Promise((done) => setTimeout(done, 1600))")
        assert page.evaluate(place) == "epoch 3"
        assert page.faults() == []
