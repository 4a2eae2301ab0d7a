"""The stepper page in a real Chromium: keys, clicks and links, its looks and its manners."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd import Value, tanh
from tests.viz.chromium import Page
from tests.viz.stepping import box, chromium_fixture, neuron, place, show_fixture  # noqa: F401 - pytest uses two
from viz.stepper.step import step
from viz.theme import DARK, LIGHT

# ── Getting about ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_keys_walk_through_the_steps(show):
    """Right and left move by one step, End and Home to the ends, and none moves beyond them."""
    page = show(neuron())
    seen = [place(page)]
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home"):
        page.press(key)
        seen.append(place(page))
    end = "backward 6 of 6"
    assert seen == ["start", "start", "forward 1 of 3", "forward 2 of 3", "forward 1 of 3", end, end, "start"]


def test_space_plays_to_the_end_and_pauses(show):
    """The space bar starts and stops; playing stops by itself at the last step."""
    page = show(neuron(), "#step=8")
    page.press(" ")
    assert page.evaluate("document.getElementById('play').textContent") == "Pause"
    page.press(" ")
    assert page.evaluate("document.getElementById('play').textContent") == "Play"
    page.press(" ")
    page.evaluate("new Promise((done) => setTimeout(done, 2600))")
    assert place(page) == "backward 6 of 6"
    assert page.evaluate("document.getElementById('play').textContent") == "Play"


def test_buttons_and_slider_go_to_steps(show):
    """Every control goes where its name says."""
    page = show(neuron())
    seen = []
    for control in ("next", "last", "back", "turn", "first"):
        page.click(f"#{control}")
        seen.append(place(page))
    assert seen == ["forward 1 of 3", "backward 6 of 6", "backward 5 of 6", "backward 0 of 6", "start"]
    page.evaluate(
        "(() => { const s = document.getElementById('slider'); s.value = 3; s.dispatchEvent(new Event('input')); })()"
    )
    assert place(page) == "forward 3 of 3"


def test_space_still_plays_after_a_button_was_clicked(show):
    """A click on a button does not take the space bar away."""
    page = show(neuron())
    page.click("#next")
    page.press(" ")
    assert page.evaluate("document.getElementById('play').textContent") == "Pause"


def test_click_goes_to_the_step_that_completes_a_box(show):
    """Forward: where it is computed. Backward: where its sum is complete. A second click: the other of the two."""
    page = show(neuron())
    z = page.evaluate(f"{box('z')}.dataset.box")
    w = page.evaluate(f"{box('w')}.dataset.box")
    seen = []
    for node in (z, z, w):
        page.click(f'[data-box="{node}"] .body')
        seen.append(place(page))
    assert seen == ["forward 2 of 3", "backward 1 of 6", "backward 5 of 6"]


def test_enter_on_a_box_is_a_click(show):
    """Boxes can be reached and used from the keyboard."""
    page = show(neuron())
    page.evaluate(f"buttonOf({box('z')}).focus()")
    page.press("Enter")
    assert place(page) == "forward 2 of 3"


def test_link_opens_at_its_step_and_follows_changes(show):
    """``#step=`` names a step, the address keeps up with it, and a changed address is followed."""
    page = show(neuron(), "#step=5")
    assert place(page) == "backward 1 of 6"
    page.press("ArrowRight")
    assert page.evaluate("location.hash") == "#step=6"
    page.evaluate(
        "new Promise((done) => { addEventListener('hashchange', done, {once: true}); location.hash = '#step=2'; })"
    )
    assert place(page) == "forward 2 of 3"


def test_link_beyond_the_steps_opens_at_an_end(show):
    """A step that does not exist is the nearest one; anything else is the start."""
    assert place(show(neuron(), "#step=99999")) == "backward 6 of 6"
    assert place(show(neuron(), "#step=-3")) == "start"


def test_picture_follows_the_step(show):
    """In a picture too wide for the window, the box of a step is scrolled into sight."""
    x = Value(0.5, label="x")
    y = x
    for _ in range(60):
        y = tanh(y)
    page = show(y, "#step=60")
    visible = (
        "(() => { const b = document.querySelector('.box.current').getBoundingClientRect(), "
        "m = document.querySelector('main').getBoundingClientRect(); "
        "return m.left <= b.left && b.right <= m.right && m.top <= b.top && b.bottom <= m.bottom; })()"
    )
    assert page.evaluate(visible)
    page.press("Home", "ArrowRight")
    assert page.evaluate(visible)


# ── Looks and manners ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_page_takes_the_scheme_of_the_reader(show, theme):
    """Light or dark, as the system asks, with the colours of the other pictures."""
    page = show(neuron())
    page.prefer(color_scheme=theme.name)
    red, green, blue = bytes.fromhex(theme.background[1:])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == f"rgb({red}, {green}, {blue})"
    assert page.faults() == []


@pytest.mark.parametrize(("motion", "seconds"), [("reduce", "0s"), ("no-preference", "0.15s, 0.15s, 0.15s")])
def test_nothing_moves_where_motion_is_not_wanted(show, motion, seconds):
    """Transitions are for those who have not asked for reduced motion."""
    page = show(neuron())
    page.prefer(reduced_motion=motion)
    assert page.evaluate("getComputedStyle(document.querySelector('.frame')).transitionDuration") == seconds


def test_page_asks_for_nothing_and_reports_nothing(show):
    """From the first step to the last: one request, for the page itself, and nothing in the console."""
    page = show(neuron())
    for _ in range(10):
        page.press("ArrowRight")
    assert [url.split("/")[-1] for url in page.requests()] == ["page.html"]
    assert page.faults() == []


def test_every_box_says_what_it_is(show):
    """The accessible name of a box is its Value, its number and its derivative."""
    page = show(neuron(), "#step=6")
    assert page.evaluate(f"buttonOf({box('z')}).getAttribute('aria-label')") == "z = −5.0, ∂e/∂z = −3"
    assert page.evaluate(f"buttonOf({box('w')}).getAttribute('aria-label')") == "w = −3.0, ∂e/∂w = −5 + …"


def test_two_pages_in_one_notebook_do_not_collide(chromium: Page, tmp_path: Path):
    """Two frames in one document each step through their own expression, without a fault."""
    x = Value(3.0, label="x")
    frames = [step(root)._repr_mimebundle_()["text/html"] for root in (neuron(), x * x)]
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!DOCTYPE html><meta charset=utf-8>{''.join(frames)}", encoding="utf-8")
    chromium.open(notebook.as_uri())
    chromium.evaluate(
        "document.querySelectorAll('iframe').forEach((f) => f.contentDocument.getElementById('last').click())"
    )
    places = chromium.evaluate(
        "[...document.querySelectorAll('iframe')].map((f) => f.contentDocument.getElementById('place').textContent)"
    )
    assert places == ["backward 6 of 6", "backward 2 of 2"]
    assert chromium.faults() == []
