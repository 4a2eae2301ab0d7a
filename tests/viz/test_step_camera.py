"""What a step of the stepper page speaks of is in sight and large enough to be read, on a screen and on a phone."""

from __future__ import annotations

import pytest

from autograd import Value, dot, exp, sum, tanh
from nn import MLP
from tests.viz.chromium import Page
from tests.viz.stepping import chromium_fixture, neuron, show_fixture  # noqa: F401 - pytest uses two
from viz import source_lines

SIZES = {"screen": (1280, 720), "phone": (390, 844)}

# For each step: the texts too small, the boxes out of sight, and whether the partial is out of sight or under a box.
FAULTS = """(() => {
  const frame = document.getElementById("main").getBoundingClientRect(), wrong = [];
  const of = (element) => element.getBoundingClientRect();
  const inside = (r) => r.left >= frame.left - 0.5 && r.right <= frame.right + 0.5 && r.top >= frame.top - 0.5
    && r.bottom <= frame.bottom + 0.5;
  const apart = (a, b) => Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom) >= -1;
  const tall = (text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d;
  history.replaceState = () => {}; // Chromium allows a few hundred a minute
  for (let k = 0; k < steps.length; k++) {
    go(k);
    const { kind, node, source, edge } = steps[k];
    if (node === undefined) continue;
    const spoken = kind === "term" ? [node, source] : kind === "forward"
      ? [...new Set([node, ...edges.filter(([, result]) => result === node).map(([operand]) => operand)])] : [node];
    const rects = spoken.map((i) => of(boxes[i].querySelector(".frame")));
    if (!rects.every(inside)) wrong.push([k, kind, "box out of sight"]);
    if (rects.some((a, i) => rects.some((b, j) => i < j && !apart(a, b)))) wrong.push([k, kind, "box under box"]);
    if (spoken.some((i) => [...boxes[i].querySelectorAll("text")].some((text) => tall(text) < 12))) {
      wrong.push([k, kind, "text too small"]);
    }
    if (kind !== "term") continue;
    const chip = document.getElementById("chip"), r = of(chip.querySelector("rect"));
    if (!r.width || !inside(r)) wrong.push([k, kind, "partial out of sight"]);
    if (rects.some((other) => !apart(r, other))) wrong.push([k, kind, "partial under a box"]);
    if (tall(chip.querySelector("text")) < 12) wrong.push([k, kind, "partial too small"]);
  }
  return wrong;
})()"""


def chain() -> Value:
    """Sixty operations in a row, and one that reaches back over all of them."""
    x = Value(0.5, label="x")
    y = x
    for _ in range(60):
        y = tanh(y)
    return y * x


def network() -> Value:
    """An MLP 3-4-4-1 of one example."""
    return MLP(3, [4, 4, 1], activation="tanh", rng=0)([0.1, -0.2, 0.3])


def attention() -> Value:
    """One head of attention over three positions of four numbers, whose weights are shared."""
    table = {
        kind: [[Value(0.1 * (i - j) + 0.05 * len(kind), label=f"{kind}{i}{j}") for j in range(4)] for i in range(4)]
        for kind in ("query", "key", "value")
    }
    rows = [[Value(0.3 * i - 0.2 * j, label=f"x{i}{j}") for j in range(4)] for i in range(3)]
    found = {kind: [[dot(w, row) for w in weights] for row in rows] for kind, weights in table.items()}
    scores = [exp(dot(found["query"][2], key) * 0.5) for key in found["key"]]
    total = sum(scores)
    shares = [score / total for score in scores]
    return sum([dot(shares, [value[k] for value in found["value"]]) ** 2 for k in range(4)])


def wide() -> Value:
    """A sum of 40 squares: far higher than any window."""
    return sum([Value(0.01 * k, label=f"b{k}") ** 2 for k in range(40)])


def remembered() -> Value:
    """A neuron whose program stands beside the graph."""
    with source_lines():
        return neuron() * 2.0


def sized(page: Page, size: str) -> Page:
    """The page in a window of that size."""
    width, height = SIZES[size]
    page.ask(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=size == "phone"
    )
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")
    return page


@pytest.fixture(autouse=True)
def usual_window(chromium: Page):
    """The tab has its own size back after each test."""
    yield
    chromium.ask("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("expression", [chain, network, attention, wide, remembered])
def test_source_target_and_partial_are_in_sight_in_every_step(show, expression, size):
    """Each box that a step speaks of is whole in the window, its partial clear of it, and text at least 12 px high."""
    page = sized(show(expression()), size)
    wrong = page.evaluate(FAULTS)
    if expression is wide:  # the sum itself speaks of 41 boxes, which no window holds legibly
        wrong = [fault for fault in wrong if fault[0] != 41]
    assert wrong == []
    assert page.faults() == []


def test_boxes_drawn_large_go_back_to_their_places(show):
    """After a look at the whole of a long chain, every box stands, and is reached by Tab, where it was."""
    page = sized(show(chain()), "phone")
    where = "boxes.map((b) => [b.dataset.box, b.getAttribute('transform')].join())"
    order = "[...document.querySelectorAll('.box')].map((b) => b.dataset.box).join()"
    before = page.evaluate(where), page.evaluate(order)
    steps = page.evaluate("steps.length")
    for k in range(0, steps, 7):
        page.evaluate(f"go({k})")
    page.evaluate("go(steps.findIndex((s) => s.kind === 'term' && s.source === root && names[s.node] === 'x'))")
    enlarged = page.evaluate("raised.length")
    page.evaluate("go(0)")
    assert enlarged == 2
    assert (page.evaluate(where), page.evaluate(order)) == before
