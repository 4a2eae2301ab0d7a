"""Pages as axe-core judges them: nothing serious in any state, on a screen and on a phone, light and dark."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import viz
from autograd import Value, tanh
from nn import MLP, datasets
from tests.viz.chromium import Page
from tests.viz.stepping import chromium_fixture, neuron  # noqa: F401 - pytest uses one
from tests.viz.test_step_camera import SIZES, network, sized, usual_window  # noqa: F401 - pytest uses one
from viz.stepper.step import step

RUN = """axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .map(({id, help, nodes}) => [id, help, nodes.slice(0, 3).map((node) => [node.target, node.failureSummary])]))"""


def script() -> Path | None:
    """Where axe-core is: named by AXE_CORE, put here by npm, or in a package of Python that brings it."""
    package = find_spec("axe_core_python")
    places = [
        Path(os.environ.get("AXE_CORE", "axe.min.js")),
        Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js",
        *[Path(place) / "axe.min.js" for place in (package.submodule_search_locations or [] if package else [])],
    ]
    return next((place for place in places if place.is_file()), None)


@pytest.fixture(scope="module", name="axe")
def axe_fixture() -> str:
    """The source of axe-core."""
    found = script()
    if found is None:
        pytest.skip("no axe-core on this machine (npm install --no-save axe-core, or pip install axe-core-python)")
    return found.read_text(encoding="utf-8")


def remembered() -> Value:
    """A small expression whose program stands beside it."""
    with viz.source_lines():
        x = Value(0.5, label="x")
        return tanh(x * 3.0) * x


def moons() -> viz.Picture:
    return viz.live(MLP(2, [5, 1], activation="tanh", rng=0), *datasets.moons(30), loss="mse")


def curve() -> viz.Picture:
    model = MLP(1, [4, 1], activation="tanh", rng=0)
    return viz.live(model, [[0.0], [0.5], [1.0]], [0.0, 1.0, 0.5], loss="mse", optimizer="sgd")


def wide() -> viz.Picture:
    model = MLP(4, [3, 3], activation="relu", rng=0)
    return viz.live(
        model, [[0.1, 0.2, 0.3, 0.4], [0.4, 0.1, 0.0, 1.0], [1.0] * 4], [0, 1, 2], loss="softmax_cross_entropy"
    )


STATES: dict[str, tuple[Any, str]] = {
    "stepper, at its start": (lambda: step(neuron()), "go(0)"),
    "stepper, forward": (lambda: step(neuron()), "go(2)"),
    "stepper, backward": (lambda: step(network()), "go(30)"),
    "stepper, at its end": (lambda: step(neuron()), "go(1e9)"),
    "stepper, all of it": (lambda: step(remembered()), "zooms.fit()"),
    "stepper, a program": (lambda: step(remembered()), "go(4)"),
    "stepper, a question": (lambda: step(neuron()), "ask(true); go(5)"),
    "stepper, a wrong answer": (lambda: step(neuron()), "ask(true); go(5); element('answer').value = '7'; check()"),
    "stepper, another number": (lambda: step(neuron()), "go(3); give(0, 1.5)"),
    "stepper, embedding": (lambda: step(neuron()), "element('embed').click()"),
    "live, regions": (moons, "for (let k = 0; k < 20; k++) live.step(); live.changed()"),
    "live, a fit": (curve, "for (let k = 0; k < 20; k++) live.step(); live.changed()"),
    "live, outputs": (wide, "for (let k = 0; k < 20; k++) live.step(); live.changed()"),
    "live, playing": (moons, "document.getElementById('play').click()"),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(chromium: Page, axe: str, tmp_path: Path, state: str):
    """Names, roles, contrast, order, keyboard: by the rules of WCAG and good practice that axe-core knows."""
    make, script = STATES[state]
    path = make().save(tmp_path / "page.html")
    chromium.open(path.as_uri())
    chromium.evaluate(f"{script}; 0")
    chromium.evaluate(f"{axe}; 0")
    found = {}
    for size in SIZES:
        for scheme in ("light", "dark"):
            chromium.prefer(color_scheme=scheme, reduced_motion="reduce")
            sized(chromium, size)
            if wrong := chromium.evaluate(RUN):
                found[size, scheme] = wrong
    assert found == {}


def test_axe_would_find_something(chromium: Page, axe: str):
    """A button without a name and text that is hardly there: if it finds neither, it looks at nothing."""
    chromium.open("about:blank")
    chromium.evaluate(
        "document.body.innerHTML = '<button></button><p style=\"color: #ddd; background: #fff\">pale</p>'; 0"
    )
    chromium.evaluate(f"{axe}; 0")
    assert {rule for rule, *_ in chromium.evaluate(RUN)} >= {"button-name", "color-contrast"}
