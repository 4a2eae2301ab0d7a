"""The stepper page in a real Chromium: its arithmetic, keys, clicks, links and looks."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograd import Value, dot, relu, sqrt, tanh, where
from autograd.graph import topological_order
from tests.programs import Program
from tests.strategies import programs
from tests.viz.chromium import Page, browser, installed
from viz.step import step
from viz.theme import DARK, LIGHT, number


@pytest.fixture(scope="module")
def chromium():
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    with browser(program) as page:
        yield page


@pytest.fixture
def show(chromium: Page, tmp_path: Path):
    """Open the page of a root, at a step if one is named."""

    def opened(root: Value, link: str = "") -> Page:
        chromium.prefer(color_scheme="light", reduced_motion="reduce")
        path = step(root).save(tmp_path / "page.html")
        chromium.open(path.as_uri() + link)
        return chromium

    return opened


def neuron() -> Value:
    """Seven steps back from ``e``: ``w`` is used twice and ``b`` once."""
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(1.0, label="b")
    p = w * x
    p.label = "p"
    z = p + b
    z.label = "z"
    e = z * w
    e.label = "e"
    return e


def place(page: Page) -> str:
    return page.evaluate("document.getElementById('place').textContent")


def spoken(page: Page) -> str:
    return page.evaluate("document.getElementById('spoken').textContent")


def box(name: str) -> str:
    """JavaScript for the box of a Value."""
    return f"[...document.querySelectorAll('.box')].find((b) => b.querySelector('.name').textContent === {name!r})"


def derivatives(page: Page) -> dict[str, float]:
    """What the page has computed, by the name of the Value; only sums that are complete."""
    found = page.evaluate(
        "[...document.querySelectorAll('.box')].map((b) => "
        "[b.querySelector('title').textContent.split(' = ')[0], b.dataset.derivative, b.dataset.missing])"
    )
    assert all(missing == "0" for _, _, missing in found)
    return {name: float(derivative) for name, derivative, _ in found}


# ── Arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────────


def everything(root: Value) -> list[Value]:
    """All that ``root`` is made of, each with a name of its own."""
    nodes = {x: None for result in topological_order(root) for x in (*result.args, result) if isinstance(x, Value)}
    for i, node in enumerate(nodes):
        node.label = f"n{i}"
    return list(nodes)


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(program=programs())
def test_page_computes_the_gradient_of_every_node_to_the_last_bit(show, program: Program):
    """At its last step the page has, by its own sums, what ``backward`` gives, for every leaf and every result."""
    _, root = program.record()
    nodes = everything(root)
    page = show(root, "#step=100000")
    root.backward()
    assert {x.label: x.grad for x in nodes} == derivatives(page)
    assert page.faults() == []


def test_page_propagates_nan_and_infinity_as_backward_does(show):
    """Where a partial or the root is not finite, the page agrees with ``backward(check=False)``."""
    x, y = Value(0.0), Value(1e308)
    root = sqrt(x) * y * 10.0 - y * 10.0
    nodes = everything(root)
    page = show(root, "#step=100000")
    root.backward(check=False)
    found = derivatives(page)
    assert not math.isfinite(x.grad)
    assert all(same(node.grad, found[node.label]) for node in nodes)


def test_page_propagates_no_zero(show):
    """A branch that was not taken gets 0, although its partial is infinite, and its edges are dashed."""
    x = Value(0.0, label="x")
    r = sqrt(x)
    r.label = "r"
    page = show(where(0.0, r, x * 3.0), "#step=100000")
    assert derivatives(page)["x"] == 3.0
    assert derivatives(page)["r"] == 0.0
    dashes = page.evaluate(
        "[...document.querySelectorAll('.edge')].filter((e) => e.textContent.startsWith('∂r/∂x'))"
        ".map((e) => getComputedStyle(e.querySelector('.line')).strokeDasharray)"
    )
    assert dashes == ["5px, 4px"]


@given(coefficients=st.lists(st.floats(allow_nan=False), min_size=40, max_size=60, unique_by=abs))
@settings(max_examples=4, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_page_writes_numbers_as_the_other_pictures_do(show, coefficients: list[float]):
    """Three digits, ties to even, real minus signs: every derivative reads as ``viz.theme.number`` writes it."""
    coefficients += [0.125, 1.125, 2.375e5, -1.125e-7, 1234.5, 12345.5, 99999.5, 999.5, 0.0009995, 1e22]
    leaves = [Value(0.0, label=f"x{i}") for i in range(len(coefficients))]
    page = show(dot(coefficients, leaves), "#step=100000")
    texts = page.evaluate("[...document.querySelectorAll('.leaf .derivative')].map((t) => t.textContent)")
    assert texts == [f"∂ {number(c)}" for c in coefficients]


# ── What a step says and shows ───────────────────────────────────────────────────────────────────────────────────────


def test_line_has_symbols_and_numbers(show):
    """A step of the backward pass is a line of the chain rule, with real minus signs."""
    page = show(neuron(), "#step=5")
    assert spoken(page) == "∂e/∂z += ∂e/∂e · ∂e/∂z = (1)·(−3) = −3; ∂e/∂z = −3, complete."


def test_line_of_the_forward_pass_has_symbols_and_numbers(show):
    """A step of the forward pass is the operation in symbols and in numbers."""
    assert spoken(show(neuron(), "#step=1")) == "p = w · x = (−3) · 2 = −6"


def test_sum_that_is_not_complete_looks_incomplete(show):
    """After the first of two terms the cell is dashed and ends in dots; after the second it is neither."""
    page = show(neuron(), "#step=6")
    shown = (
        f"(() => {{ const b = {box('w')}; return [b.querySelector('.derivative').textContent, "
        "getComputedStyle(b.querySelector('.cell')).strokeDasharray]; })()"
    )
    assert spoken(page).endswith("; ∂e/∂w = −5 + …, not complete: 1 more to come.")
    assert page.evaluate(shown) == ["−5 + …", "4px, 3px"]
    page.press("End")
    assert page.evaluate(shown) == ["∂ −11", "none"]


def test_sum_is_written_out_when_a_term_is_added(show):
    """The second term says what it is added to."""
    page = show(neuron(), "#step=9")
    assert spoken(page).endswith("= −6; ∂e/∂w = −5 + (−6) = −11, complete.")


def test_values_appear_one_step_at_a_time(show):
    """Leaves are known from the start, and each step of the forward pass adds one result."""
    page = show(neuron())
    known = "[...document.querySelectorAll('.box:not(.ahead) .name')].map((t) => t.textContent).sort().join()"
    seen = [page.evaluate(known)]
    for _ in range(3):
        page.press("ArrowRight")
        seen.append(page.evaluate(known))
    assert seen == ["b,w,x", "b,p,w,x", "b,p,w,x,z", "b,e,p,w,x,z"]


def test_local_derivative_stands_on_its_edge(show):
    """The edge of a step carries the number of its partial, and is the only one marked."""
    page = show(neuron(), "#step=6")
    assert page.evaluate("document.querySelector('#chip text').textContent") == "× −5"
    marked = page.evaluate("[...document.querySelectorAll('.edge.current title')].map((t) => t.textContent)")
    assert marked == ["∂e/∂w = −5.0"]


def test_colour_tells_sign_and_zero(show):
    """What raises the root is red, what lowers it blue, and a dead relu is grey and dashed."""
    a, b, c = Value(3.0, label="a"), Value(2.0, label="b"), Value(-1.0, label="c")
    page = show(2.0 * a - 4.0 * b + relu(c), "#step=1000")
    kinds = {
        name: page.evaluate(f"{box(name)}.querySelector('.cell').getAttribute('class')").split()[-1] for name in "abc"
    }
    assert kinds == {"a": "raises", "b": "lowers", "c": "zero"}
    frame = page.evaluate(f"getComputedStyle({box('c')}.querySelector('.frame')).strokeDasharray")
    assert frame == "5px, 4px"


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
    page.evaluate(f"{box('z')}.focus()")
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
    assert page.evaluate(f"{box('z')}.getAttribute('aria-label')") == "z = −5.0, ∂e/∂z = −3"
    assert page.evaluate(f"{box('w')}.getAttribute('aria-label')") == "w = −3.0, ∂e/∂w = −5 + …"


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
