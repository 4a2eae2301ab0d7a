"""Pages of ``viz.live`` opened in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viz
from nn import MLP, datasets
from tests.viz.chromium import Page
from tests.viz.chromium import chromium_fixture as chromium_fixture


@pytest.fixture(name="show")
def show_fixture(chromium: Page, tmp_path: Path):
    """Open the page of a model, with the arguments of ``viz.live``."""

    def opened(*args: Any, width: int = 1280, height: int = 800, **kwargs: Any) -> Page:
        chromium.prefer(color_scheme="light", reduced_motion="no-preference")
        chromium.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        path = viz.live(*args, **kwargs).save(tmp_path / "page.html")
        chromium.open(path.as_uri())
        drawn(chromium)
        return chromium

    return opened


def drawn(page: Page) -> None:
    """Wait until what was changed has been drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")


def parameters(page: Page) -> np.ndarray:
    """The parameters that the page has."""
    return np.array(page.evaluate("[...live.theta]"))


def moons(sizes: list[int] | None = None, **kwargs: Any) -> tuple[MLP, Any, Any]:
    """A perceptron, with the two moons."""
    model = MLP(2, sizes or [5, 4, 1], activation="tanh", rng=3, **kwargs)
    return model, *datasets.moons(30)
