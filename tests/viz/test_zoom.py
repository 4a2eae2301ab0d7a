"""The page of a picture, in a real browser: closer, farther, and all of it again."""

from __future__ import annotations

import pytest

import viz
from tests.viz.chromium import browser, installed
from tests.viz.reading import document_001


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    """The page of a drawing, opened."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    model, loss = document_001()
    page = viz.graph(loss, model=model).save(tmp_path_factory.mktemp("zoom") / "a.html")
    with browser(program) as tab:
        tab.open(page.as_uri())
        yield tab
        assert tab.faults() == []


@pytest.fixture
def whole(tab):
    """What is seen when all is seen."""
    tab.evaluate("document.querySelector('.scalar-autograd-zoom').focus()")
    tab.press("0")
    return view(tab)


def view(tab):
    """The part of the drawing that is seen: left, top, width, height."""
    return [float(x) for x in tab.evaluate("document.querySelector('svg').getAttribute('viewBox')").split()]


@pytest.mark.parametrize("way", ["key", "button", "wheel"])
def test_closer_and_all_of_it_again(tab, whole, way):
    """By every means; the part that is seen keeps its shape and lies within the whole."""
    x, y = tab.evaluate(
        "(() => { const r = document.querySelector('svg').getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
    )
    middle = {"x": x, "y": y, "deltaX": 0.0}
    closer = {
        "key": lambda: tab.press("+"),
        "button": lambda: tab.click("button[aria-label=closer]"),
        "wheel": lambda: tab.ask("Input.dispatchMouseEvent", type="mouseWheel", deltaY=-120.0, **middle),
    }[way]
    closer()
    left, top, width, height = view(tab)
    assert 0.5 * whole[2] < width < whole[2]
    assert width / height == pytest.approx(whole[2] / whole[3], rel=1e-3)
    assert left >= 0.0
    assert top >= 0.0
    assert left + width <= whole[2] + 0.01
    tab.click("button[aria-label='all of it']")
    assert view(tab) == whole


def test_never_farther_than_the_whole(tab, whole):
    """And never so close that nothing is seen."""
    tab.press("-", "-")
    assert view(tab) == whole
    tab.press(*"+" * 30)
    assert view(tab)[2] == pytest.approx(whole[2] / 20, rel=1e-2)


def test_arrows_and_the_mouse_move_it(tab, whole):
    """As far as its edge."""
    tab.press("+", "+", "+", "+", "ArrowRight")
    left = view(tab)[0]
    tab.press("ArrowRight")
    assert view(tab)[0] > left
    for kind, x in (("mousePressed", 300.0), ("mouseMoved", 340.0), ("mouseReleased", 340.0)):
        tab.ask("Input.dispatchMouseEvent", type=kind, x=x, y=200.0, button="left", buttons=1, clickCount=1)
    assert view(tab)[0] < left + whole[2] / 5
    tab.press(*["ArrowLeft"] * 30)
    assert view(tab)[0] == 0.0


def test_page_refers_to_nothing_outside(tab):
    """No request but the page itself."""
    assert all(address.startswith(("file:", "about:")) for address in tab.requests())
