"""Zoom of the stepper page by buttons, keys, wheel and fingers; a flick is a step; a dot shows its pairs."""

from __future__ import annotations

import time

import pytest

from autograd import Value, dot, tanh
from tests.viz.chromium import Page
from tests.viz.stepping import chromium_fixture, neuron, place, show_fixture  # noqa: F401 - pytest uses two
from tests.viz.test_step_camera import FAULTS, network, sized, usual_window  # noqa: F401 - pytest uses one


def zoom(page: Page) -> float:
    """How large the picture is drawn."""
    return page.evaluate("boxes[0].querySelector('.frame').getScreenCTM().a")


WHOLE = """(() => { const main = element("main").getBoundingClientRect();
  return boxes.every((b) => { const r = b.getBoundingClientRect();
    return r.left >= main.left - 1 && r.right <= main.right + 1 && r.top >= main.top - 1
      && r.bottom <= main.bottom + 1; });
})()"""


def test_buttons_and_keys_zoom(show):
    """Larger, smaller, all of it, and again as large as each step asks for."""
    page = sized(show(network()), "screen")
    usual = zoom(page)
    page.click("#larger")
    assert zoom(page) == pytest.approx(1.25 * usual, rel=1e-4)
    page.press("+", "-", "-", "-")
    assert zoom(page) == pytest.approx(usual / 1.25, rel=1e-4)
    assert not page.evaluate(WHOLE)
    page.press("f")
    assert page.evaluate(WHOLE)
    page.click("#auto")
    assert zoom(page) == pytest.approx(usual, rel=1e-4)
    page.click("#fit")
    assert page.evaluate(WHOLE)
    page.press("0")
    assert zoom(page) == pytest.approx(usual, rel=1e-4)
    assert page.evaluate("getComputedStyle(document.getElementById('auto')).display") == "none"
    page.evaluate("for (let k = 0; k < 40; k++) zooms.smaller()")
    assert zoom(page) > 0.05
    page.evaluate("for (let k = 0; k < 80; k++) zooms.larger()")
    assert zoom(page) == pytest.approx(4.0, rel=1e-4)
    assert page.faults() == []


def test_wheel_zooms_about_the_pointer(show):
    """With ctrl, as a touchpad's two fingers send it; without, the picture is scrolled."""
    page = sized(show(network(), "#step=20"), "screen")
    under = """within(700, 400).map((at, k) =>
      (at + [element("main").scrollLeft, element("main").scrollTop][k]) / zoom + room.origin[k])"""
    before, usual = page.evaluate(under), zoom(page)
    page.ask("Input.dispatchMouseEvent", type="mouseWheel", x=700, y=400, deltaX=0, deltaY=-200, modifiers=2)
    assert zoom(page) > 1.2 * usual
    assert page.evaluate(under) == pytest.approx(before, abs=2.0)
    larger = zoom(page)
    page.ask("Input.dispatchMouseEvent", type="mouseWheel", x=700, y=400, deltaX=0, deltaY=200)
    assert zoom(page) == larger


@pytest.mark.parametrize(("wanted", "size"), [("fit", "screen"), ("larger", "phone")])
def test_what_a_step_speaks_of_is_in_sight_at_any_zoom(show, size, wanted):
    """Whatever was chosen before, the next step is legible and whole."""
    page = sized(show(network()), size)
    page.evaluate(f"zooms.{wanted}()")
    assert page.evaluate(FAULTS) == []


def touch(page: Page, *points: list[tuple[float, float]]) -> None:
    """Fingers down at the first places, moved to each of the others, and up: 50 ms a step, however slow the machine."""
    page.evaluate("window.touched = new Promise((done) => addEventListener('touchend', done, { once: true })), 0")
    start = time.time()
    for k, fingers in enumerate(points):
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(fingers)]
        kind = "touchMove" if k else "touchStart"
        page.ask("Input.dispatchTouchEvent", type=kind, touchPoints=places, timestamp=start + 0.05 * k)
    page.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[], timestamp=start + 0.05 * len(points))
    page.evaluate("touched.then(() => 0)")  # an answer may come before the page has been told


@pytest.fixture(name="phone")
def phone_fixture(show):
    """The page of a small network under fingers."""
    page = sized(show(network(), "#step=20"), "phone")
    page.ask("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    yield page
    page.ask("Emulation.setTouchEmulationEnabled", enabled=False)


def test_flick_is_a_step(phone: Page):
    """To the left on, to the right back; up and down, and a hand that rests, are none."""
    seen = [place(phone)]
    y = phone.evaluate("(({y, height}) => y + height / 2)(document.querySelector('#line').getBoundingClientRect())")
    for moves in (
        [[(300, y)], [(200, y + 2)]], [[(200, 600)], [(60, 590)]], [[(100, y)], [(250, y + 10)]],
        [[(200, 600)], [(180, 400)]], [[(200, y)], [(180, y)]],
    ):  # fmt: skip
        touch(phone, *moves)
        seen.append(place(phone))
    first = int(seen[0].split()[1])
    kind = seen[0].split()[0]
    numbers = [int(one.split()[1]) for one in seen]
    assert [one.split()[0] for one in seen] == [kind] * 6
    assert numbers == [first, first + 1, first + 2, first + 1, first + 1, first + 1]
    assert phone.faults() == []


def test_pinch_zooms(phone: Page):
    """By as much as the fingers go apart, and it is no flick."""
    before, step = zoom(phone), place(phone)
    touch(phone, [(150, 500), (250, 500)], [(125, 500), (275, 500)], [(100, 500), (300, 500)])
    assert zoom(phone) == pytest.approx(2.0 * before, rel=0.05)
    assert place(phone) == step


# ── A sum of products ────────────────────────────────────────────────────────────────────────────────────────────────


def products() -> tuple[Value, Value, Value]:
    """``a u + b v + 4 a``, and two of its leaves."""
    a, b, u, v = (Value(x, label=name) for name, x in (("a", 1.0), ("b", -2.0), ("u", 0.5), ("v", 3.0)))
    return dot([a, b, 4.0], [u, v, a]) * 2.0, a, v


def test_dot_shows_its_pairs(show):
    """A row each, in order; both factors of a pair come in beside it; the row of the step is marked."""
    root, _, _ = products()
    page = show(root, "#step=1")
    rows = "[...document.querySelectorAll('.pair text')].map((t) => t.textContent)"
    assert page.evaluate(rows) == ["1 · 0.5", "+ (−2) · 3", "+ 4 · 1"]
    inside = """edges.map((_, edge) => [edge, rowOf(edge)]).filter(([, row]) => row >= 0).map(([edge, row]) => {
      const path = lines[edge].querySelector("path"), end = path.getPointAtLength(path.getTotalLength());
      const { y } = path.ownerSVGElement.createSVGPoint(), at = path.getScreenCTM().f + end.y * path.getScreenCTM().d;
      const box = boxes[edges[edge][1]].querySelectorAll(".pair rect")[row].getBoundingClientRect();
      return [names[edges[edge][0]], row, box.top <= at && at <= box.bottom];
    })"""
    found = page.evaluate(inside)
    assert [(name, row) for name, row, _ in found] == [("a", 0), ("b", 1), ("u", 0), ("v", 1), ("a", 2)]
    assert all(within for *_, within in found)
    seen = []
    for _ in range(7):
        page.press("ArrowRight")
        seen.append(
            page.evaluate("[...document.querySelectorAll('.pair')].map((p) => +p.classList.contains('at')).join('')")
        )
    assert seen == ["000", "000", "000", "100", "010", "100", "010"]
    page.press("ArrowRight")
    page.evaluate("give(names.indexOf('v'), 7.5)")
    assert page.evaluate(rows) == ["1 · 0.5", "+ (−2) · 7.5", "+ 4 · 1"]
    assert page.faults() == []


def test_long_dot_is_cut(show):
    """Eight rows at most, of which the last stands for all others; every step is still in sight."""
    xs = [Value(0.1 * k, label=f"x{k}") for k in range(20)]
    page = sized(show(tanh(dot(xs, xs[::-1]))), "screen")
    rows = page.evaluate("[...document.querySelectorAll('.pair text')].map((t) => t.textContent)")
    assert len(rows) == 8
    assert rows[-1] == "and 13 more"
    wrong = page.evaluate(FAULTS)
    assert [fault for fault in wrong if fault[1] != "forward"] == []
