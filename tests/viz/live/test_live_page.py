"""What a page of ``viz.live`` is: small, silent, as wide as its window; and what it cannot take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import viz
from nn import MLP, SGD, Adam, Backtracking, Layer, Module, datasets
from tests.viz.live.opening import chromium_fixture, drawn, moons, show_fixture  # noqa: F401 - pytest uses two
from tests.viz.live.test_live_training import LINE, MODELS, SPACE, Wave

LOSS = {"loss": "binary_cross_entropy_with_logits"}


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
    row = lambda m, a: m.tanh(a)
    row.__name__ = "</script>\n<b>\\\"'`${x}"
    odd = autograd.operation(lambda m, y, a: 1.0 - y * y, symbol="</script>")(row)

    class Odd(Wave):
        def __init__(self) -> None:
            super().__init__()
            self.size.label = "</script><b>&\"'`${x}"

        def __call__(self, x: Any) -> Any:
            return odd(super().__call__(x))

    Odd.__name__ = "<img src=x>"
    page = show(Odd(), LINE, LINE[:, 0], loss="mse")
    assert page.evaluate("document.getElementById('focus-text').textContent").startswith("</script><b>&\"'`${x} = ")
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
    ((NETWORK, PLANE, TARGETS), {"optimizer": SGD(lambda step: 0.1)}, TypeError, "CosineSchedule, got function <"),
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


SEEN = """(() => {
  const there = (e) => e.getBoundingClientRect().width > 0 && getComputedStyle(e).clipPath === "none";
  const drawn = (c) => new Set(c.getContext("2d").getImageData(0, 0, c.width, c.height).data).size > 4;
  return {
    controls: [...document.querySelectorAll("button:not(.list button), [type=range], [type=radio], kbd")]
      .filter(there).map((e) => e.id),
    blank: [...document.querySelectorAll("canvas")].filter((c) => !drawn(c)).map((c) => c.id),
    stretched: [...document.querySelectorAll("canvas")]
      .filter((c) => Math.abs(c.width / c.height - c.clientWidth / c.clientHeight) > 0.05).map((c) => c.id),
    background: getComputedStyle(document.querySelector("section")).backgroundColor,
  };
})()"""  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_the_pictures_and_no_controls(show, scheme):
    """Those that nobody had scrolled to as well, dark on white; and the screen is as it was afterwards."""
    page = show(*moons(), height=300)
    page.prefer(color_scheme=scheme)
    drawn(page)
    before = page.evaluate(SEEN)
    page.evaluate(f"addEventListener('beforeprint', () => {{ globalThis.paper = {SEEN}; }})")
    page.ask("Page.printToPDF")
    assert page.evaluate("paper") == {"controls": [], "blank": [], "stretched": [], "background": "rgb(255, 255, 255)"}
    drawn(page)
    after = page.evaluate(SEEN)
    assert after["controls"] == before["controls"] != []
    assert (after["background"], after["stretched"]) == (before["background"], [])
