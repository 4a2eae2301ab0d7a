"""What a person does to the page: buttons, keys, mouse; and what the page never does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import viz
from nn import (
    MLP,
    SGD,
    Adam,
    Backtracking,
    CosineSchedule,
    Layer,
    Module,
    binary_cross_entropy_with_logits,
    datasets,
)
from tests.viz.chromium import Page
from tests.viz.live.opening import chromium_fixture, drawn, moons, parameters, show_fixture  # noqa: F401 - pytest uses two
from tests.viz.live.test_live_training import LINE, MODELS, SPACE, Wave

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


def test_page_asks_for_nothing_and_says_nothing(show):
    """No request but for itself, no word in the console, also after a while of training, in the dark and calm."""
    page = show(*moons(), **LOSS)
    page.prefer(color_scheme="dark", reduced_motion="reduce")
    page.press(" ")
    page.evaluate("new Promise((done) => setTimeout(done, 600))")
    assert page.evaluate("live.now.steps") > 0
    assert page.faults() == []
    assert [url for url in page.requests() if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
@pytest.mark.parametrize("name", ["mse", "softmax_cross_entropy", "half_squared_error"])
def test_page_fits_its_window(show, width: int, name: str):
    """Nothing is wider than the window, and no control or text runs out of its panel."""
    model, X, y = MODELS[name]
    page = show(model, X, y, loss=name, width=width, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    out, small = page.evaluate(LOOK)
    assert out == []
    assert small == []


# What runs out of its panel, and what text is smaller than 12 pixels.
LOOK = """
(() => {
  const every = (selector, wrong) =>
    [...document.querySelectorAll(selector)].filter(wrong).map((x) => x.outerHTML.slice(0, 80));
  const out = every("section *", (x) => {
    const b = x.getBoundingClientRect(), s = x.closest("section").getBoundingClientRect();
    return b.width && !x.closest(".list") && (b.left < s.left - 1 || b.right > s.right + 1);
  });
  const size = (x) => parseFloat(getComputedStyle(x).fontSize);
  const small = every("button, select, label, legend, dt, h2, h3, p", (x) => x.offsetWidth && size(x) && size(x) < 12);
  return [out, small];
})()
"""


def test_page_is_small():
    """At most 150 kB beyond the data, for 2-16-16-1."""
    X, y = datasets.moons(200)
    page = viz.live(MLP(2, [16, 16, 1], activation="tanh", rng=0), X, y, **LOSS).html
    data = sum(len(repr(x)) + 2 for x in [*X.ravel().tolist(), *y.tolist()])
    assert len(page.encode()) - data <= 150_000


def test_text_of_the_user_is_text(show):
    """Names of models, losses and labels can hold anything."""

    class Odd(Wave):
        def __init__(self) -> None:
            super().__init__()
            self.size.label = "</script><b>&\"'`${x}"

    Odd.__name__ = "<img src=x>"
    page = show(Odd(), LINE, LINE[:, 0], loss="mse")
    assert text(page, "focus-text").startswith("</script><b>&\"'`${x} = ")
    assert page.evaluate("document.querySelector('h1').textContent") == "<img src=x>"
    assert page.evaluate("document.querySelectorAll('img, section b b').length") == 0
    assert page.faults() == []


# ── What a page cannot take ──────────────────────────────────────────────────────────────────────────────────────────

NETWORK = MLP(2, [2, 1], rng=0)
PLANE, TARGETS = np.eye(2), np.array([0.0, 1.0])


class Branching(Module):
    """It asks which of two numbers is larger."""

    def __init__(self) -> None:
        self.w = autograd.Value(1.0)

    def __call__(self, x: Any) -> Any:
        return self.w * x[0] if self.w * x[0] > 0 else self.w


REFUSED: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
    ((lambda x: x, PLANE, TARGETS), {}, TypeError, "viz.live takes a model first, got function; live(model, X, y, "),
    ((MLP(30, [1], rng=0), np.eye(30), np.zeros(30)), {}, ValueError, "at most 24 inputs, got 30; choose some columns"),
    (
        (MLP(2, [99, 99, 1], rng=0), PLANE, TARGETS),
        {},
        ValueError,
        "at most 2,000 parameters, got 10,297; give it ",
    ),
    ((NETWORK, np.zeros((20_000, 2)), np.zeros(20_000)), {}, ValueError, "at most 20,000 numbers in X, got 40,000; "),
    ((MLP(2, [41, 1], rng=0), PLANE, TARGETS), {}, ValueError, "viz.live draws layers of at most 40 neurons, got 41; "),
    ((Branching(), PLANE, TARGETS), {}, ValueError, "as what autograd.compile takes: comparing a Value"),
    ((NETWORK, PLANE, TARGETS), {"optimizer": "adagrad"}, ValueError, "'adamw', or an optimiser, got 'adagrad'"),
    ((NETWORK, PLANE, TARGETS), {"optimizer": Backtracking(1.0)}, TypeError, "got Backtracking; the page has no other"),
    (
        (NETWORK, PLANE, TARGETS),
        {"optimizer": SGD(CosineSchedule(0.1, 0.0, 9))},
        TypeError,
        "got CosineSchedule(",
    ),
    ((NETWORK, PLANE, TARGETS), {"loss": "mean"}, ValueError, "loss is one of"),
    ((NETWORK, PLANE, TARGETS), {"batch_size": 0}, ValueError, "batch_size is an int of at least 1, got 0"),
    ((NETWORK, PLANE, TARGETS), {"seed": -1}, ValueError, "seed is an int of at least 0, got -1"),
    ((NETWORK, PLANE, TARGETS[:1]), {}, ValueError, "y has one target for each of the 2 rows of X"),
    ((NETWORK, PLANE * np.nan, TARGETS), {}, ValueError, "X holds nan at row 0"),
    ((NETWORK, [], []), {}, ValueError, "X has at least one row, got none"),
    ((NETWORK, "data.csv", TARGETS), {}, TypeError, "X is an array of numbers"),
]


@pytest.mark.parametrize(("args", "kwargs", "error", "words"), REFUSED, ids=[words[:40] for *_, words in REFUSED])
def test_what_a_page_cannot_take_is_refused_in_words(args: Any, kwargs: Any, error: Any, words: str):
    with pytest.raises(error, match=re.escape(words)):
        viz.live(*args, **kwargs)


def test_model_is_not_changed(tmp_path: Path):
    """Making a page leaves numbers and gradients as they were; it shows itself in a notebook and saves itself."""
    model = Layer(4, 1, "tanh", rng=0)
    before = model.state_dict()
    picture = viz.live(model, SPACE, SPACE[:, 0], optimizer=Adam(0.1))
    assert model.state_dict() == before
    assert {p.grad for p in model.parameters()} == {0.0}
    assert "<iframe" in picture._repr_mimebundle_()["text/html"]
    assert picture.save(tmp_path / "page.html").read_text(encoding="utf-8") == picture.html
