"""What a person does to the page: buttons, keys, mouse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import viz
from nn import MLP, binary_cross_entropy_with_logits, datasets
from tests.viz.chromium import Page
from tests.viz.live.opening import chromium_fixture, drawn, moons, parameters, show_fixture  # noqa: F401 - pytest uses two

LOSS = {"loss": "binary_cross_entropy_with_logits"}


def text(page: Page, name: str) -> str:
    return page.evaluate(f"document.getElementById({name!r}).textContent")


def middle(page: Page, expression: str) -> tuple[float, float]:
    """Where in the window a place of a canvas is."""
    x, y = page.evaluate(expression)
    return x, y


def mouse(page: Page, kind: str, x: float, y: float) -> None:
    page.ask("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, button="left", buttons=1, clickCount=1)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse(page, "Pressed", *start)
    mouse(page, "Moved", *end)
    mouse(page, "Released", *end)
    drawn(page)


WITHIN = (
    "(([x, y], id) => {{ const b = document.getElementById(id).getBoundingClientRect(); return [b.x + x, b.y + y]; }})"
)
EXAMPLE = WITHIN + "(live.placeOf(live.now.rows[{k}]), 'view')"
WEIGHT = WITHIN + "(live.placeOfWeight({k}), 'network')"


def test_play_trains_and_pause_stops(show):
    page = show(*moons(), **LOSS)
    page.press(" ")
    page.evaluate("new Promise((done) => setTimeout(done, 500))")
    page.press(" ")
    steps = page.evaluate("live.now.steps")
    assert steps > 3
    page.evaluate("new Promise((done) => setTimeout(done, 200))")
    assert page.evaluate("live.now.steps") == steps
    assert text(page, "steps") == str(steps)
    page.press("s", "s")
    assert page.evaluate("live.now.steps") == steps + 2
    page.press("r")
    drawn(page)
    assert text(page, "steps") == "0"


def test_every_change_is_undone_in_turn(show):
    """Also what was trained meanwhile, to the bit."""
    page = show(*moons(), **LOSS)
    state, states = "JSON.stringify([live.now, [...live.theta]])", []
    for change in (
        "live.act(() => { live.theta[3] = 2; })", "document.getElementById('step').click()",
        "document.getElementById('add').click()", "document.getElementById('remove').click()",
        "document.getElementById('rule').value = '0'; document.getElementById('rule').onchange()",
        "document.getElementById('seed').value = '7'; document.getElementById('seed').onchange()",
        "document.getElementById('batch').value = '8'; document.getElementById('batch').onchange()",
    ):  # fmt: skip
        states.append(page.evaluate(state))
        page.evaluate(change)
        assert page.evaluate(state) != states[-1], change
    for before in reversed(states):
        page.ask("Input.dispatchKeyEvent", type="keyDown", key="z", modifiers=2)
        assert page.evaluate(state) == before
    drawn(page)
    assert page.evaluate("document.getElementById('undo').disabled")
    assert page.faults() == []


def test_dragged_weight_changes_all_gradients(show):
    """The page's gradients are the engine's at the weight that is under the pointer."""
    model, X, y = moons()
    page = show(model, X, y, **LOSS)
    x, top = middle(page, WEIGHT.format(k=4))
    before = parameters(page)
    drag(page, (x, top), (x, top - 60))
    after = parameters(page)
    page.evaluate("live.undo()")
    assert (parameters(page) == before).all()
    assert not page.evaluate("live.undo()")
    page.evaluate("live.theta.set([" + ", ".join(map(repr, after.tolist())) + "]); live.changed()")
    drawn(page)
    assert page.evaluate("live.now.parameter") == 4
    assert (np.flatnonzero(after != before) == [4]).all()
    assert after[4] == pytest.approx(before[4] + 1.2)
    for parameter, number in zip(model.parameters(), after, strict=True):
        parameter.data = number
    rows = zip(X.tolist(), y.tolist(), strict=True)
    autograd.mean([binary_cross_entropy_with_logits(model(x), t) for x, t in rows]).backward()
    slopes = [p.grad for p in model.parameters()]
    found = np.array(page.evaluate("[...live.gradient]"))
    assert np.allclose(found, slopes, rtol=1e-9, atol=1e-12)
    assert text(page, "slope").replace("−", "-").endswith(f"= {viz.theme.number(found[4]).replace('−', '-')}")


def test_examples_are_dragged_added_and_removed(show):
    """With the mouse; an added one has the class of the tool."""
    page = show(*moons(), **LOSS)
    count = page.evaluate("live.now.rows.length")
    start = middle(page, EXAMPLE.format(k=5))
    drag(page, start, (start[0] + 40, start[1] + 25))
    assert page.evaluate("live.now.example") == 5
    moved = middle(page, EXAMPLE.format(k=5))
    assert moved == pytest.approx((start[0] + 40, start[1] + 25), abs=0.6)
    page.evaluate("document.querySelector('input[name=tool][value=add-1]').click()")
    free = middle(page, (WITHIN + "([60, live.placeOf({{x: [0, -0.4]}})[1]], 'view')").format())
    mouse(page, "Pressed", *free)
    mouse(page, "Released", *free)
    assert page.evaluate("[live.now.rows.length, live.now.rows.at(-1).y[0]]") == [count + 1, 1]
    page.evaluate("document.querySelector('input[name=tool][value=remove]').click()")
    mouse(page, "Pressed", *middle(page, EXAMPLE.format(k=5)))
    assert page.evaluate("live.now.rows.length") == count
    assert page.faults() == []


def test_finger_drags_a_point_and_scrolls_elsewhere(show):
    """On a phone, where the plane is as wide as the window."""
    page = show(*moons(), **LOSS, width=390, height=700)
    page.ask("Emulation.setTouchEmulationEnabled", enabled=True)

    def swipe(x: float, y: float, far: float) -> None:
        page.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        for k in range(1, 6):
            page.ask("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": x, "y": y + far * k / 5}])
        page.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        drawn(page)

    try:
        x, y = middle(page, EXAMPLE.format(k=5))
        swipe(x, y, -40.0)
        assert middle(page, EXAMPLE.format(k=5))[1] == pytest.approx(y - 40, abs=1)
        assert page.evaluate("scrollY") == 0
        left, top = middle(page, (WITHIN + "([60, live.placeOf({{x: [0, -0.4]}})[1]], 'view')").format())
        swipe(left, top, -120.0)
        page.evaluate("new Promise((done) => setTimeout(done, 300))")
        assert page.evaluate("scrollY") > 50
    finally:
        page.ask("Emulation.setTouchEmulationEnabled", enabled=False)


def test_bias_is_changed_at_its_neuron(show):
    """A click on a neuron chooses its bias, a drag changes it."""
    page = show(*moons(), **LOSS)
    bias = page.evaluate("live.FACTS.layers[1].neurons[2].bias")
    place = middle(page, (WITHIN + "(live.placeOfNeuron(1, 2), 'network')").format())
    before = parameters(page)
    drag(page, place, (place[0], place[1] + 25))
    after = parameters(page)
    assert after[bias] == pytest.approx(before[bias] - 0.5)
    assert np.flatnonzero(after != before).tolist() == [bias]


def test_files_are_downloaded(show, tmp_path: Path):
    """By their buttons, whole."""
    page = show(*moons(), **LOSS)
    page.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    for button, name in (("python", "network.py"), ("json", "network.json")):
        page.click(f"#{button}")
        for _ in range(100):
            if (tmp_path / name).exists():
                break
            page.evaluate("new Promise((done) => setTimeout(done, 30))")
    assert (tmp_path / "network.json").read_text(encoding="utf-8") == page.evaluate("live.modelFile()")
    assert (tmp_path / "network.py").read_text(encoding="utf-8") == page.evaluate("live.pythonScript()")
    assert page.faults() == []


def test_link_is_copied_into_the_address(show):
    page = show(*moons(), **LOSS)
    page.evaluate("live.step()")
    page.click("#link")
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("location.hash.slice(1) === live.encoded()")
    assert "holds the whole state" in text(page, "status")


def test_page_without_examples_says_so(show):
    """And learns again when there are some."""
    page = show(*moons(), **LOSS)
    page.evaluate("live.act(() => { live.now.rows.length = 0; live.now.edited = true; })")
    drawn(page)
    page.press("s")
    drawn(page)
    assert text(page, "status") == "There are no examples to learn from; add one."
    assert text(page, "which") == "No examples"
    page.click("#add")
    page.press("s")
    assert page.evaluate("[live.now.rows.length, live.now.steps]") == [1, 1]
    assert page.faults() == []


def test_keyboard_alone_does_everything(show):
    """Every control is reached by Tab; in the canvases arrows choose and change."""
    page = show(*moons(), **LOSS)
    reached = set()
    for _ in range(40):
        page.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.name || ''"))
    controls = "button:not(:disabled)[id], select[id], input[id], canvas[tabindex]"
    controls = page.evaluate(f"[...document.querySelectorAll('{controls}')].map((x) => x.id)")
    assert set(controls) <= reached
    assert {"tool", "by"} <= reached
    page.evaluate("document.getElementById('view').focus()")
    page.press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert page.evaluate("live.now.example") == 1
    x = page.evaluate("live.now.rows[1].x[0]")
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight", modifiers=8)
    assert page.evaluate("live.now.rows[1].x[0]") > x
    page.press("a", "Delete", "Delete")
    assert page.evaluate("live.now.rows.length") == len(moons()[1]) - 1
    page.evaluate("document.getElementById('network').focus()")
    before = parameters(page)
    page.press("ArrowRight", "ArrowUp")
    assert parameters(page)[1] == pytest.approx(before[1] + 0.1)
    assert "gradient" in page.evaluate("document.getElementById('network').getAttribute('aria-valuetext')")


def test_nodes_of_the_graph_lead_to_each_other(show):
    """From a weight to what uses it, and on; each says its rule with numbers."""
    page = show(*moons(), **LOSS)
    seen = [page.evaluate("live.now.node")]
    while (using := "document.querySelector('#users [data-node]')") and page.evaluate(f"Boolean({using})"):
        page.evaluate(f"{using}.click()")
        drawn(page)
        seen.append(page.evaluate("live.now.node"))
        said = text(page, "focus-text")
        number = viz.theme.number(page.evaluate(f"live.examined().adjoints[{seen[-1]}]"))
        assert f"= {number}" in said, said
    assert seen[-1] == page.evaluate("live.FACTS.example.root")
    assert len(seen) > 8


def test_classes_beyond_the_eighth_have_a_colour_of_their_plots(show: Any) -> None:
    """Buttons of ten digits, light and dark: eight colours come again, with other shapes, and none is black."""
    X, Y = datasets.seven_segments()
    page = show(MLP(7, [4, 10], output_activation="sigmoid", rng=0), X, Y, loss="half_squared_error")
    look = "[...document.querySelectorAll('svg[class^=c]')].map((m) => [getComputedStyle(m).fill, m.innerHTML])"
    for scheme in ("light", "dark"):
        page.prefer(color_scheme=scheme)
        marks = page.evaluate(look)
        plots = page.evaluate(
            "Array.from({ length: 8 }, (_, k) => { const c = document.createElement('canvas').getContext('2d');"
            " c.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--class-${k}`).trim();"
            " return c.fillStyle; })"
        )
        assert len(marks) == 10
        assert [[int(x) for x in re.findall(r"\d+", fill)] for fill, _ in marks] == [
            [int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (*plots, *plots[:2])
        ]
        assert len(set(map(tuple, marks))) == 10
        assert len({shape for _, shape in marks[:8]}) == 8
    assert page.faults() == []
