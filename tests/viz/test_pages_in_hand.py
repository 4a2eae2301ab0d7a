"""Pages on a phone under a finger, in the dark, and on paper."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest

import viz
from nn import MLP, Adam, datasets, fit
from tests.viz.chromium import Page
from tests.viz.chromium import chromium_fixture as chromium_fixture
from tests.viz.reading import document_001

FINGER = 40.0  # pixels
# What can be pressed: of a hidden radio button its label.
CONTROLS = """
[...document.querySelectorAll("button, select, input, label:has(input[type=radio]) span")]
  .filter((it) => it.type !== "radio").map((it) => [it.outerHTML.slice(0, 60), it.getBoundingClientRect()])
  .filter(([, box]) => box.width).map(([name, box]) => [name, box.width, box.height])
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One of each kind."""
    folder = tmp_path_factory.mktemp("pages")
    X, y = datasets.moons(20)
    model, loss = document_001()
    learner = MLP(2, [3, 1], activation="tanh", rng=0)
    history = fit(learner, X, y, optimizer=Adam(0.05), epochs=3, record="parameters", progress=False)
    made: dict[str, Any] = {
        "step": viz.step(loss),
        "film": viz.animate_training(history, learner, lambda ax, at: viz.plot_decision_boundary(at, X, y, ax)),
        "live": viz.live(learner, X, y),
        "drawing": viz.network(model),
    }
    return {name: thing.save(folder / f"{name}.html") for name, thing in made.items()}


@pytest.fixture
def phone(chromium: Page):
    """A tab as it is on one, and afterwards a desk's again."""
    size: dict[str, Any] = {"width": 390, "height": 844, "deviceScaleFactor": 1}
    chromium.ask("Emulation.setDeviceMetricsOverride", mobile=True, **size)
    chromium.ask("Emulation.setTouchEmulationEnabled", enabled=True)
    yield chromium
    chromium.ask("Emulation.setTouchEmulationEnabled", enabled=False)
    chromium.ask("Emulation.clearDeviceMetricsOverride")
    chromium.ask("Emulation.setEmulatedMedia", media="", features=[])


def shot(page: Page) -> Any:
    """The pixels seen."""
    image = pytest.importorskip("PIL.Image")
    data = page.ask("Page.captureScreenshot", format="png")["data"]
    return image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


@pytest.mark.parametrize("name", ["step", "film", "live", "drawing"])
def test_what_is_pressed_is_as_large_as_a_finger(phone: Page, pages: dict[str, Path], name: str):
    """And the page is no wider than the phone."""
    phone.open(pages[name].as_uri())
    controls = phone.evaluate(CONTROLS)
    assert len(controls) >= 2
    assert not [control for control in controls if control[2] < FINGER or control[1] < 24.0]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.faults() == []


def test_a_film_in_the_dark_has_no_edge(phone: Page, pages: dict[str, Path]):
    """Its paper is as dark as the page around it."""
    phone.prefer(color_scheme="dark", reduced_motion="reduce")
    phone.open(pages["film"].as_uri())
    phone.evaluate("new Promise((done) => setTimeout(() => done(0), 300))")
    seen = shot(phone)
    below = phone.evaluate("document.querySelector('canvas').getBoundingClientRect().bottom")
    assert seen.getpixel((3, 3)) == seen.getpixel((3, round(below) + 30)) == (22, 25, 29)


@pytest.mark.parametrize("name", ["step", "film"])
def test_on_paper_there_is_the_picture_and_no_control(phone: Page, pages: dict[str, Path], name: str):
    """All of it, also where a part was seen."""
    phone.ask("Emulation.setDeviceMetricsOverride", width=794, height=1123, deviceScaleFactor=1, mobile=False)
    phone.open(pages[name].as_uri())
    phone.ask("Emulation.setEmulatedMedia", media="print")
    assert phone.evaluate(CONTROLS) == []
    picture = "document.querySelector('main svg, canvas')"
    left, right = phone.evaluate(
        f"(() => {{ const r = {picture}.getBoundingClientRect(); return [r.left, r.right]; }})()"
    )
    assert 0 <= left < 20
    assert 700 < right <= 794
    if name == "step":
        boxes = "[...document.querySelectorAll('.box')].map((it) => it.getBoundingClientRect().right)"
        assert max(phone.evaluate(boxes)) <= right
