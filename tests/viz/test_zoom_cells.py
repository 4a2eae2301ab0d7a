"""Drawings below cells, in a real browser: a notebook's page scrolls on, and each drawing comes closer by itself."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

import viz
from autograd import Value
from nn import MLP, History
from tests.viz.chromium import browser, installed
from viz.training.watch import Watch

SPACE = '<div style="height:3000px">more cells</div>'
# What a notebook gives its page: what stands around, rules for everything, and the shortcuts of its own.
NOTEBOOK = """
<!DOCTYPE html><meta charset="utf-8"><style>button{{display:none}} img{{max-width:100%}}</style>
<script>heard = []; addEventListener("keydown", (event) => heard.push(event.key));</script>
<body style="margin:0">{cells}{space}
"""


@pytest.fixture(scope="module")
def cells():
    """The HTML of two cells."""
    x = Value(2.0, label="x")
    z = ((x * x + 1.0).tanh() * x).exp()
    z.backward()
    return [thing._repr_mimebundle_()["text/html"] for thing in (viz.graph(z), viz.network(MLP(3, [4, 1], rng=0)))]


@pytest.fixture(scope="module")
def chromium():
    """A tab."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    with browser(program) as tab:
        yield tab


@pytest.fixture
def tab(chromium, cells, tmp_path):
    """Both cells in one page."""
    return opened(chromium, cells, tmp_path)


def opened(tab, cells, folder):
    page = folder / "notebook.html"
    page.write_text(NOTEBOOK.format(cells="".join(cells), space=SPACE), encoding="utf-8")
    tab.open(page.as_uri())
    return tab


def views(tab):
    """How wide the part of each drawing is that is seen."""
    return tab.evaluate("[...document.querySelectorAll('svg')].map((svg) => svg.viewBox.baseVal.width)")


def wheel(tab, nth, delta, **more):
    """Turn the wheel over the middle of a drawing, which says how far the page has scrolled then."""
    x, y = tab.evaluate(
        f"(() => {{ const r = document.querySelectorAll('.scalar-autograd-zoom')[{nth}].getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
    )
    tab.ask("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0.0, deltaY=delta, **more)
    return tab.evaluate("new Promise((done) => setTimeout(() => done(scrollY), 300))")


def click(tab, nth):
    x, y = tab.evaluate(
        f"(() => {{ const r = document.querySelectorAll('svg')[{nth}].getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        tab.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


def test_the_wheel_is_the_pages_until_the_drawing_is_clicked(tab):
    """As with maps; Escape gives it back."""
    whole = views(tab)
    assert wheel(tab, 0, 60.0) == 60.0
    assert wheel(tab, 0, -60.0) == 0.0
    assert views(tab) == whole
    click(tab, 0)
    assert wheel(tab, 0, -60.0) == 0.0
    assert views(tab)[0] < whole[0]
    assert views(tab)[1] == whole[1]
    tab.press("0", "Escape")
    assert wheel(tab, 0, 60.0) == 60.0
    assert views(tab) == whole
    assert tab.faults() == []


def test_with_ctrl_the_wheel_is_the_drawings(tab):
    """So is a pinch on a touchpad, which browsers report as that."""
    whole = views(tab)
    assert wheel(tab, 1, -60.0, modifiers=2) == 0.0
    assert views(tab)[1] < whole[1]
    assert views(tab)[0] == whole[0]


def test_buttons_and_keys_move_one_drawing_and_nothing_else(tab):
    """A notebook has shortcuts for the same keys, which it does not hear of."""
    whole = views(tab)
    tab.click(".scalar-autograd-zoom:nth-of-type(2) button[aria-label=closer]")
    assert views(tab) == [whole[0], pytest.approx(0.8 * whole[1], rel=1e-3)]
    tab.press("+", "ArrowLeft", "d", "0", "0")
    assert views(tab) == whole
    assert tab.evaluate("heard") == []
    tab.press("Escape", "j")
    assert tab.evaluate("heard") == ["j"]
    seen = "[...document.querySelectorAll('.scalar-autograd-zoom > div')].map((it) => it.style.opacity)"
    tab.ask("Input.dispatchMouseEvent", type="mouseMoved", x=700.0, y=890.0)
    assert tab.evaluate(seen) == ["0", "0"]


def test_two_fingers_bring_it_closer(tab):
    """And one finger scrolls the page, as long as all of it is seen."""
    whole = views(tab)
    x, y = tab.evaluate(
        "(() => { const r = document.querySelector('svg').getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
    )
    for far, kind in ((10.0, "touchStart"), (20.0, "touchMove"), (40.0, "touchMove")):
        points = [{"x": x - far, "y": y, "id": 0}, {"x": x + far, "y": y, "id": 1}]
        tab.ask("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    tab.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    assert views(tab)[0] == pytest.approx(whole[0] / 4, rel=0.05)
    assert tab.evaluate("getComputedStyle(document.querySelectorAll('svg')[1]).touchAction") == "pan-x pan-y"


def test_a_run_that_was_watched_comes_closer_too(chromium, tmp_path):
    """Its curve and its network, each by itself; the curve as large as it was while the run went on."""
    history, pages = History(), []
    history.loss.extend([3.0, 2.0, 1.0])
    display = SimpleNamespace(HTML=str, display=lambda page, display_id: SimpleNamespace(update=pages.append))
    watch, model = Watch(display), MLP(3, [4, 1], rng=0)
    for look in (watch.show, watch.show, watch.end):
        look(model, history)
    width = "document.querySelector('svg').getBoundingClientRect().width"
    going = opened(chromium, pages[:1], tmp_path).evaluate(width)
    tab = opened(chromium, pages[1:], tmp_path)
    whole = views(tab)
    assert len(whole) == 2
    assert tab.evaluate(width) == going == 420.0
    assert wheel(tab, 0, -60.0, modifiers=2) == 0.0
    closer = views(tab)
    assert closer[0] < whole[0]
    assert closer[1] == whole[1]
    tab.click("button[aria-label='all of it']")
    assert views(tab) == whole
    assert tab.faults() == []


def test_scripts_that_come_again_change_nothing(chromium, cells, tmp_path):
    """A cell is run anew, or shown anew while another stays."""
    tab = opened(chromium, [*cells, cells[0]], tmp_path)
    script = re.search(r"<script>(.*?)</script>", cells[0], re.DOTALL)[1]
    tab.evaluate(f"{script}; 0")
    count = "[...document.querySelectorAll('.scalar-autograd-zoom')].map((it) => it.querySelectorAll('button').length)"
    assert tab.evaluate(count) == [3, 3, 3]
    assert tab.evaluate("document.querySelectorAll('img').length") == 0


def test_without_scripts_an_image_of_the_same_size_is_seen(chromium, cells, tmp_path):
    """Where HTML is cut down to text and images, as on GitHub."""
    sizes = "[...document.querySelectorAll({!r})].map((it) => [it.clientWidth, it.clientHeight])"
    drawn = opened(chromium, cells, tmp_path).evaluate(sizes.format("svg"))
    images = [re.search(r'<img src="[^"]*"', cell)[0] + "><br>" for cell in cells]
    tab = opened(chromium, images, tmp_path)
    assert tab.evaluate(sizes.format("img")) == drawn
    assert tab.evaluate("[...document.images].every((it) => it.complete && it.naturalWidth > 100)")
