"""What a page holds goes elsewhere and comes back: links, files for ``nn.load``, scripts."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn import fit
from tests.viz.chromium import Page
from tests.viz.live import test_live_training
from tests.viz.live.opening import chromium_fixture, moons, parameters, show_fixture  # noqa: F401 - pytest uses two
from tests.viz.live.test_live_training import LINE, OPTIMIZERS, Wave, absolute


@pytest.mark.parametrize("name", ["momentum", "adamw"])
def test_link_brings_everything_back_to_the_bit(show, name: str, tmp_path: Path):
    """Parameters, memory, data, settings, curve: and what is done next is the same."""
    model, X, y = moons()
    page = show(model, X, y, loss="binary_cross_entropy_with_logits", optimizer=OPTIMIZERS[name](), batch_size=8)
    page.evaluate("for (let k = 0; k < 30; k++) live.step()")
    page.evaluate("live.act(() => { live.now.rows[3].x[0] = 0.1; live.now.edited = true; live.now.rate = 0.007; })")
    page.evaluate("for (let k = 0; k < 3; k++) live.step()")
    state = "JSON.stringify([live.now, [...live.theta]])"
    link, before = page.evaluate("live.encoded()"), page.evaluate(state)
    page.evaluate("for (let k = 0; k < 9; k++) live.step()")
    after = page.evaluate(state)
    page.open((tmp_path / "page.html").as_uri() + "#" + link)
    assert page.evaluate(state) == before != after
    page.evaluate("for (let k = 0; k < 9; k++) live.step()")
    assert page.evaluate(state) == after
    page.evaluate("location.hash = ''; new Promise((done) => setTimeout(done, 50))")
    assert page.evaluate(state) == after
    page.evaluate(f"location.hash = {link!r}; new Promise((done) => setTimeout(done, 50))")
    assert page.evaluate(state) == before
    page.evaluate("live.undo()")
    assert page.evaluate(state) == after
    assert page.faults() == []


def test_link_that_is_none_changes_nothing(show):
    """Text that is no state, or that of another page, or one that was cut or changed on its way."""
    page = show(*moons(), loss="mse", optimizer="adam")
    state, link = "JSON.stringify([live.now, [...live.theta]])", page.evaluate("live.step(), live.encoded()")
    before = page.evaluate(state)
    head, numbers = link.split(".")
    wrong = ["", "nonsense", "e30.AAAA", head, link[:-12], f"{numbers}.{head}", link.replace(head[20:24], "AAAA", 1)]
    changed = json.loads(base64.urlsafe_b64decode(head + "=="))
    for name, x in {"page": "1-1", "rule": 9, "node": 10**6, "parameter": -1, "steps": "7", "edited": 1}.items():
        text = base64.urlsafe_b64encode(json.dumps({**changed, name: x}).encode()).decode().rstrip("=")
        wrong.append(f"{text}.{numbers}")
    assert [text for text in wrong if page.evaluate(f"live.decode({text!r})")] == []
    assert page.evaluate(state) == before
    assert page.evaluate(f"live.decode({link!r})")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_files_are_read_by_python(show, name: str, tmp_path: Path):
    """``nn.load`` takes the file with its checksum, and goes on from it as the page does; the script says the same."""
    model, X, y = moons([3, 1], bias=name != "sgd")
    page = show(model, X, y, loss="hinge" if -1.0 in y else "mse", optimizer=OPTIMIZERS[name]())
    page.evaluate("for (let k = 0; k < 20; k++) live.step()")
    file = tmp_path / "network.json"
    file.write_text(page.evaluate("live.modelFile()"), encoding="utf-8")
    optimizer = OPTIMIZERS[name]()
    loaded = nn.load(file, optimizer=optimizer)
    numbers = np.array([p.data for p in loaded.parameters()])
    assert (numbers == parameters(page)).all()
    script = page.evaluate("live.pythonScript()")
    said = script.split("in the page ")[1].split()[0]
    space: dict[str, Any] = {}
    exec(script, space)
    assert np.isclose(nn.evaluate(space["model"], space["X"], space["y"], loss="mse")["loss"], float(said), rtol=1e-12)
    page.evaluate("for (let k = 0; k < 10; k++) live.step()")
    for one, rule in ((loaded, optimizer), (space["model"], space["optimizer"])):
        fit(one, X, y, loss="mse", optimizer=rule, epochs=10)
        assert np.allclose([p.data for p in one.parameters()], parameters(page), rtol=1e-9)


def test_script_brings_what_is_ones_own(show):
    """A model and a loss from a file are imported from there; what has no name is asked for."""
    page = show(Wave(), LINE, LINE[:, 0] * 0.5, loss=absolute, optimizer="adam")
    page.evaluate("for (let k = 0; k < 7; k++) live.step()")
    script, space = page.evaluate("live.pythonScript()"), {}
    assert f"from {test_live_training.__name__} import Wave\n" in script
    assert f"from {test_live_training.__name__} import absolute\n" in script
    exec(script, space)
    assert [p.data for p in space["model"].parameters()] == page.evaluate("[...live.theta]")
    page = show(Wave(), LINE, LINE[:, 0], loss=lambda p, t: (p - t) ** 2)
    assert "loss=lambda p, t: (p - t) ** 2" in page.evaluate("live.pythonScript()")


def test_numbers_are_written_as_python_writes_them(chromium: Page, show):
    """The checksum of a file depends on every letter of it."""
    show(*moons([1]), loss="mse")
    numbers = [
        0.0,
        -0.0,
        1.0,
        1e16,
        123456789012345680.0,
        1e-4,
        9.999e-5,
        1e-7,
        5e-324,
        1.7976931348623157e308,
        0.1,
        -2.5,
    ]
    numbers += (10.0 ** np.arange(-30, 30) * 1.37).tolist()
    assert chromium.evaluate(f"{numbers!r}.map(live.python)") == list(map(repr, numbers))
