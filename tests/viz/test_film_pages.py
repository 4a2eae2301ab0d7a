"""The page of a film in a browser: it plays, and fits a phone and a slide."""

from __future__ import annotations

import base64

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest

from nn import datasets
from tests.viz.chromium import browser, installed
from tests.viz.test_animation import Run, pixels, trained
from viz.plots import plot_decision_boundary
from viz.training.film import LETTER, animate_training


def until(condition: str) -> str:
    """A promise that holds once the condition does; a busy machine takes its time."""
    return f"new Promise((done) => {{ const look = () => ({condition}) ? done(0) : setTimeout(look, 50); look(); }})"


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
        inside = "getComputedStyle(document.querySelector('canvas')).filter"
        assert page.evaluate(inside) == "none"
        page.evaluate(until("painted === now"))
        assert len(page.evaluate("document.querySelector('canvas').toDataURL()")) > 10_000
        page.prefer(reduced_motion="reduce", color_scheme="dark")
        assert "invert" in page.evaluate(inside)
        page.prefer(reduced_motion="no-preference")
        page.open(path.as_uri())
        page.evaluate(until(f"{place} === 'epoch 3'"))
        assert page.evaluate(place) == "epoch 3"
        assert page.faults() == []


def screen(page, width: int, height: int, mobile: bool = False) -> None:
    page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)


def test_page_fits_a_phone_and_a_slide(tmp_path):
    """Halves stand one below the other where they would be tiny, and every frame is the same; slides are filled."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    history, model = trained(3)
    film = animate_training(history, model, lambda ax, model: plot_decision_boundary(model, *datasets.xor(), ax))
    whole = pixels(film)
    height, width = whole[0].shape[:2]
    shown = "(() => { const r = picture.getBoundingClientRect(); return [picture.width, picture.height, r.width]; })()"
    of_canvas = (
        "(() => { const copy = document.createElement('canvas'), { width, height } = picture;"
        " Object.assign(copy, { width, height });"
        " const to = copy.getContext('2d', { willReadFrequently: true }); to.drawImage(picture, 0, 0);"
        " const d = to.getImageData(0, 0, width, height).data;"
        " let s = ''; for (let k = 0; k < d.length; k += 4) s += String.fromCharCode(d[k]); return btoa(s); })()"
    )
    with browser(program) as page:
        page.prefer(reduced_motion="reduce")
        screen(page, 390, 844, mobile=True)
        page.open(film.save(tmp_path / "film.html").as_uri())
        page.evaluate(until("painted === now"))
        wide, high, there = page.evaluate(shown)
        assert (high, there) == (2 * height, 390.0)
        assert LETTER * there / wide >= 10.0
        for key in ("End", "ArrowLeft", "Home"):
            page.press(key)
            page.evaluate(until("painted === now"))
            seen = np.frombuffer(base64.b64decode(page.evaluate(of_canvas)), np.uint8).reshape(high, wide)
            cut = page.evaluate("cut")
            expected = whole[page.evaluate("now")][..., 0]
            assert (seen[:height, :cut] == expected[:, :cut]).all()
            assert (seen[height:, : width - cut] == expected[:, cut:]).all()
        screen(page, 1600, 900)
        page.evaluate(until("painted === now && picture.width === width"))
        wide, high, there = page.evaluate(shown)
        assert (wide, high) == (width, height)
        assert there >= 1590.0 or there * height / width >= 800.0
        seen = np.frombuffer(base64.b64decode(page.evaluate(of_canvas)), np.uint8).reshape(high, wide)
        assert (seen == whole[0][..., 0]).all()
        scrolls = "(({ scrollWidth, scrollHeight }) => scrollWidth > innerWidth || scrollHeight > innerHeight)"
        assert page.evaluate(f"{scrolls}(document.documentElement)") is False
        assert page.faults() == []


def test_only_two_plots_are_cut():
    """The loss alone stays in one piece."""
    assert "const [width, height, cut] = [520, 400, 0];" in animate_training(Run([3.0, 2.0])).html
