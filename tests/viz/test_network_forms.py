"""Networks in every form and size: files, browsers, names, captions, networks of one's own, and what is refused."""

from itertools import combinations
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd import Value
from nn import MLP, Neuron
from tests.viz.chromium import browser, installed
from tests.viz.network_shapes import overlap, size
from tests.viz.reading import document_001, texts, titles
from viz.rendering.shapes import Words


def test_names_of_functions_are_escaped(engine):
    """An activation called ``<lambda>`` is text, whoever draws it."""
    picture = viz.network(MLP(2, [2, 1], activation=lambda z: z.tanh(), rng=0))
    assert "hidden 1 · <lambda>" in texts(picture.svg)
    assert "hidden 1 · <lambda>" in texts(viz.Picture("theirs", dot=picture.dot, layout="nop2").svg)


def test_network_needs_no_engine(no_engine, tmp_path):
    """Plain geometry: SVG and HTML without Graphviz."""
    picture = viz.network(MLP(2, [2, 1], rng=0))
    assert picture.save(tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "<svg" in picture.save(tmp_path / "a.html").read_text(encoding="utf-8")


def test_other_forms_keep_the_places(engine, fonts, tmp_path):
    """PNG and PDF go through Graphviz, whose SVG has the numbers of ours, and its size with Graphviz's own margin."""
    model, _ = document_001()
    picture = viz.network(model)
    assert picture.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    theirs = viz.Picture("theirs", dot=picture.dot, layout="nop2").svg
    assert sorted(set(texts(picture.svg))) == sorted({text.strip() for text in texts(theirs)})
    for ours, with_margin in zip(size(picture.svg), size(theirs), strict=True):
        assert ours <= with_margin <= ours + 9.0


def wide(i):
    """An activation with a long name."""

    def function(z):
        return z.tanh()

    function.__name__ = "w" * i
    return function


@given(
    st.integers(1, 3), st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(1, 80), st.booleans(),
    st.sampled_from(["readme", "phone"]),
)  # fmt: skip
def test_captions_lie_within_the_drawing_and_beside_each_other(inputs, sizes, letters, example, fit):
    """By the widths that the drawing itself gives its letters, which hold in every family of fonts."""
    model = MLP(inputs, sizes, activation=wide(letters), output_activation=wide(letters + 1), rng=0)
    picture = viz.network(model, example=[0.5] * inputs if example else None, fit=fit)
    width, height = size(picture.svg)
    extents = []
    for words in (shape for shape in picture._still.shapes if isinstance(shape, Words)):
        (x, y), w = words.centre, words.width
        assert w / 2 <= x <= width - w / 2
        assert words.size / 2 <= y <= height - words.size / 2
        if not words.fill and words.centre[1] > height - 136.0:  # titles and notes below the drawing
            extents.append((x - w / 2, y - words.size / 2, w, words.size))
    assert not [pair for pair in combinations(extents, 2) if overlap(*pair)]


def test_long_names_are_whole_in_the_tooltip():
    """In the drawing they are cut."""
    svg = viz.network(MLP(2, [2, 1], activation=wide(40), rng=0)).svg
    (shown,) = [text for text in texts(svg) if text.startswith("hidden 1 · ")]
    assert shown.endswith("w…")
    assert "hidden 1 · " + "w" * 40 in titles(svg)


def test_no_letter_is_cut_off_in_a_browser(fonts, tmp_path):
    """Of a network as narrow as they come, in the letters that the machine has."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    page = viz.network(Neuron(2, "leaky_relu", rng=0), example=[1.0, -1.0]).save(tmp_path / "a.html")
    with browser(program) as tab:
        tab.open(page.as_uri())
        outside = tab.evaluate(
            "(() => { const whole = document.querySelector('svg').getBoundingClientRect();"
            " return [...document.querySelectorAll('text')].filter(text => { const box = text.getBoundingClientRect();"
            " return box.left < whole.left || box.right > whole.right || box.bottom > whole.bottom; })"
            ".map(text => text.textContent); })()"
        )
    assert outside == []


def test_svg_has_no_ids_and_scales():
    """Two networks in one page cannot collide, and both give way to a narrow one."""
    root = ET.fromstring(viz.network(MLP(2, [2, 1], rng=0)).svg)
    assert not [element for element in root.iter() if element.get("id") is not None]
    assert root.get("style") == "max-width:100%;height:auto"
    assert root[0].text == root.get("aria-label") == "the network 2 – 2 – 1, its weights"


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"color": "red"}, ValueError, "color is 'weight' or 'grad', got 'red'; choose one of these"),
        ({"max_neurons": 2}, ValueError, "max_neurons is at least 3, got 2; an ellipsis stands between two neurons"),
        ({"theme": "blue"}, ValueError, "theme is one of"),
    ],
)
def test_wrong_arguments_are_refused(arguments, kind, message):
    """The error lists what there is."""
    with pytest.raises(kind, match=message):
        viz.network(MLP(2, [1], rng=0), **arguments)


class Taught:
    """A neuron, a layer or a network as one writes it on the way: no module, and ``w`` and ``b`` in it."""

    def __init__(self, **held):
        vars(self).update(held)


def taught(inputs, outputs):
    return Taught(neurons=[Taught(w=[Value(0.5)] * inputs, b=Value(0.25)) for _ in range(outputs)])


def test_a_network_of_ones_own_is_drawn():
    """With micrograd's names, or in an array, and without being a module."""
    written = texts(viz.network(Taught(layers=[taught(2, 3), taught(3, 1)])).svg)
    assert [written.count(text) for text in ("0.5", "b 0.25", "hidden 1", "output")] == [9, 4, 1, 1]
    assert viz.network(Taught(weights=np.array([Value(1.0), Value(2.0)]))).title == "the network 2 – 1, its weights"


@pytest.mark.parametrize(
    "model",
    [
        Taught(layers=[taught(2, 3), taught(2, 1)]),
        Taught(layers=[taught(2, 3), Taught(neurons=[])]),
        Taught(layers=[]),
        Taught(layers=taught(2, 1)),
        Taught(layers=[taught(2, 3), Value(1.0)]),
        Taught(neurons=[Taught(w=[Value(1.0)]), Taught(w=[Value(1.0), Value(2.0)])]),
        Taught(w=[1.0, 2.0]),
        Taught(w=[], b=Value(1.0)),
        MLP,
    ],
)
def test_what_is_no_chain_of_layers_is_refused(model):
    """Lines would be drawn that are not there, or none where there are some."""
    with pytest.raises(TypeError, match="network draws a model of layers of neurons, each with a weight for every"):
        viz.network(model)


def test_what_has_no_neurons_is_refused():
    """The error says what to draw instead with."""
    with pytest.raises(
        TypeError, match=r"network draws a model of layers of neurons, each .*, got .*; viz\.graph draws any"
    ):
        viz.network(Value(1.0))


def test_a_network_of_five_layers_fits_on_a_phone():
    """Its columns stand close, with titles in two lines, none cut, and letters of 10 pixels."""
    picture = viz.network(MLP(4, [8, 8, 8, 8, 3], rng=0), fit="phone")
    still = picture._still
    assert min(words.size for words in still.shapes if isinstance(words, Words)) * still.shown / still.size[0] >= 10.0
    assert [texts(picture.svg).count(text) for text in ("hidden 4", "relu", "output", "linear")] == [1, 4, 1, 1]
    assert not [text for text in texts(picture.svg) if text.endswith("…")]


def test_wide_networks_fit_on_a_page():
    """Seven layers stand closer than three, and their letters can still be read at 888 pixels."""
    still = viz.network(MLP(2, [5] * 6, rng=0))._still
    assert still.shown == 888.0 or still.size[0] <= 888.0
    assert min(words.size for words in still.shapes if isinstance(words, Words)) * still.shown / still.size[0] >= 10.0
    assert viz.network(MLP(2, [5, 1], rng=0), fit="slide")._still.shown <= 1600.0
