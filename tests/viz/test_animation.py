"""The film of a training run: its frames are the recorded epochs, and its files hold all of them."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from itertools import pairwise

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from PIL import Image

from nn import MLP, datasets, fit
from viz.plots import plot_decision_boundary
from viz.training.few import in_few
from viz.training.film import Film, Patch, animate_training
from viz.training.stage import Stage


@dataclass
class Run:
    """What ``animate_training`` needs of a History."""

    loss: list[float]
    parameters: list[np.ndarray] = field(default_factory=list)


def trained(epochs: int = 4):
    X, y = datasets.xor()
    model = MLP(2, [2, 1], activation="tanh", rng=0)
    return fit(model, X, y, epochs=epochs, record="parameters", progress=False), model


def pixels(film: Film) -> list[np.ndarray]:
    return [np.asarray(image) for image in film.images]


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
    frames = pixels(animate_training(Run([3.0, 2.0, 1.0])))
    assert len({frame.shape for frame in frames}) == 1
    assert all((a != b).any() for a, b in pairwise(frames))


def test_what_is_kept_from_frame_to_frame_is_what_would_be_drawn():
    """Ticks, names and limits may change, with the loss beside them: each frame is the figure drawn anew."""

    def draw(ax, epoch):
        ax.imshow([[0.0, epoch / 3.0]], extent=(0.0, 1.0 + epoch // 2, 0.0, 1.0), aspect="auto", vmin=0.0, vmax=1.0)
        ax.grid(True)
        ax.plot([0.0, 1.0], [0.2, 0.5 + epoch / 10.0], "o-", label=f"epoch {epoch}")
        if epoch % 4 != 3:
            ax.set_xlabel("late" if epoch > 2 else "early")
            ax.text(0.2, 0.8, "a word")
        if epoch == 2:
            ax.set_title("a title")
        if epoch % 2:
            ax.clabel(ax.contour([[0.0, 1.0], [1.0, 3.0]], levels=[0.5 + 0.1 * epoch], colors="black"))
            ax.add_patch(plt.Circle((0.5, 0.5), 0.1))
            ax.inset_axes((0.7, 0.7, 0.2, 0.2)).plot([0.0, 1.0])
        ax.scatter([0.1, 0.5], [0.2, 0.4], s=60.0, label="points")
        ax.scatter(
            [0.3], [0.6], s=20.0 + 90.0 * (epoch == 4), color="C3" if epoch > 4 else "C2", marker="ov"[epoch == 6]
        )
        ax.scatter([0.7], [0.1 * (epoch // 2)], edgecolors="black", linewidths=1.0 + (epoch == 7), label="ring")
        ax.invert_yaxis()
        ax.legend(facecolor="#eeeeee" if epoch == 7 else "white")

    with Stage([3.0, 2.0, 1.0, 0.5, 0.4, 0.3, 0.2, 0.1], "linear", drawn=True) as stage:
        for epoch in [*range(8), 7, 7, 6, 7]:
            found = stage.frame(epoch, lambda ax, epoch=epoch: draw(ax, epoch)).astype(int)
            for artist in stage.moving:
                artist.set_animated(False)
            stage.canvas.draw()
            assert (
                abs(found - np.asarray(stage.canvas.buffer_rgba()).astype(int)).max() <= 3
            )  # of 255: layers are mixed
            for artist in stage.moving:
                artist.set_animated(True)


def test_a_frame_is_near_what_was_painted():
    """Colours are few, lines and letters stay where they are; only what changed is stored."""
    history, model = trained()
    X, y = datasets.xor()

    def draw(ax, actor):
        plot_decision_boundary(actor, X, y, ax, resolution=20)

    film = animate_training(history, model, draw)
    with Stage(history.loss, "linear", drawn=True) as stage:
        for shown, epoch in zip(pixels(film), range(5), strict=True):
            for parameter, number in zip(model.parameters(), history.parameters[epoch], strict=True):
                parameter.data = float(number)
            whole = stage.frame(epoch, lambda ax: draw(ax, model))[..., :3]
            assert abs(shown.astype(int) - whole).mean() < 2.0
    first, *others = [sum(len(patch.png) for patch in patches) for patches in film.frames]
    assert max(others) < first


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3), st.integers(200, 400))
def test_shades_have_no_bands(one, other, width):
    """From one colour over white to another, each pixel is nearly what it was; and a mark of few pixels keeps its."""
    share = abs(np.linspace(-1.0, 1.0, width))[:, None]
    ends = np.where(np.arange(width)[:, None] < width / 2, one, other)
    row = (255.0 * (1.0 - share) + ends * share).round().astype(np.uint8)
    whole = np.repeat(row[None], 200, axis=0)
    whole[90:93, 10:13] = (255, 0, 255)
    found = np.asarray(in_few(Image.fromarray(whole)).convert("RGB")).astype(int)
    assert abs(found - whole).mean() < 2.5  # 4 with as many colours that are all apart
    assert abs(found[91, 11] - (255, 0, 255)).max() < 32


@given(st.integers(0, 2**32 - 1))
def test_what_is_flat_keeps_its_colour(seed):
    """The page, marks and lines, beside shades: by means of what is near they would flicker from frame to frame."""
    rng = np.random.default_rng(seed)
    whole = rng.integers(239, 255, (200, 300, 3), dtype=np.uint8)  # beside a page of 255
    flat = {(30, 40): (255, 255, 255), (120, 50): (255, 0, 0), (120, 150): (0, 0, 255), (20, 200): (228, 228, 228)}
    for (top, left), colour in flat.items():
        whole[top : top + 30, left : left + 30] = colour
    found = np.asarray(in_few(Image.fromarray(whole)).convert("RGB"))
    for (top, left), colour in flat.items():
        assert (found[top : top + 30, left : left + 30] == colour).all()


def test_the_page_of_a_film_is_the_same_in_all_frames(tmp_path):
    """In what a GIF shows, too."""
    history, model = trained()
    X, y = datasets.xor()
    film = animate_training(history, model, lambda ax, actor: plot_decision_boundary(actor, X, y, ax, resolution=20))
    with Image.open(film.save(tmp_path / "film.gif")) as saved:
        for i, shown in enumerate(film.images):
            saved.seek(i)
            for page in (shown, saved.convert("RGB")):
                assert max(page.getcolors(page.width * page.height))[1] == (255, 255, 255)


def test_a_film_of_fifty_frames_is_small():
    """As a page, below 1.5 MB."""
    X, y = datasets.moons(60)
    model = MLP(2, [8, 2, 1], activation="tanh", rng=0)
    history = fit(model, X, y, epochs=50, record="parameters", progress=False)
    film = animate_training(history, model, lambda ax, actor: plot_decision_boundary(actor, X, y, ax, resolution=50))
    assert len(film.frames) == 50
    assert len(film.html) < 1.5e6


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
    """The pictures are inside the page, each as what changed, and nothing is lost."""
    film = animate_training(Run([2.0, 1.0]))
    page = film.save(tmp_path / "film.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    found = [[Patch(x, y, base64.b64decode(png)) for x, y, png in patches] for patches in data["frames"]]
    assert found == film.frames
    assert data["captions"] == film.captions
    assert not re.search(r"(https?:|src=|href=|url\()", page)


def test_film_refuses_other_files(tmp_path):
    """The suffix says in which form; there are two."""
    with pytest.raises(
        ValueError, match=r"^a film is saved as \.gif or \.html, got 'film\.mp4'; choose one of these suff"
    ):
        Film([[Patch(0, 0, b"")]], ["epoch 0"], 1.0).save(tmp_path / "film.mp4")


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
