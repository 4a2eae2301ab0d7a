"""Opening a stepper page in Chromium and reading it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd import Value
from tests.viz.chromium import Page
from tests.viz.chromium import chromium_fixture as chromium_fixture
from viz.stepper.step import step


@pytest.fixture(name="show")
def show_fixture(chromium: Page, tmp_path: Path):
    """Open the page of a root, at a step if one is named."""

    def opened(root: Value, link: str = "") -> Page:
        chromium.prefer(color_scheme="light", reduced_motion="reduce")
        path = step(root).save(tmp_path / "page.html")
        chromium.open(path.as_uri() + link)
        return chromium

    return opened


def neuron() -> Value:
    """``e = z w`` with ``z = p + b`` and ``p = w x``: three operations, and ``w`` is used twice."""
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(1.0, label="b")
    p = w * x
    p.label = "p"
    z = p + b
    z.label = "z"
    e = z * w
    e.label = "e"
    return e


def place(page: Page) -> str:
    """Which step the page says it is at."""
    return page.evaluate("document.getElementById('place').textContent")


def spoken(page: Page) -> str:
    """What a screen reader is told of the step."""
    return page.evaluate("document.getElementById('spoken').textContent")


def box(name: str) -> str:
    """JavaScript for the box of a Value."""
    return f"[...document.querySelectorAll('.box')].find((b) => b.querySelector('.name').textContent === {name!r})"
