"""``viz.network``: neurons, connections, and numbers that do not overlap."""

import re
from collections import Counter
from itertools import combinations
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import viz
from autograd import Value
from nn import MLP, Layer, Neuron
from tests.viz.chromium import browser, installed
from tests.viz.reading import document_001, texts, titles
from viz.rendering.shapes import Disc, Line, Words
from viz.theme import LIGHT, number


def parts(svg, tag):
    """The attributes of all elements of one kind."""
    return [element.attrib for element in ET.fromstring(svg).iter() if element.tag.endswith("}" + tag)]


def plates(svg):
    """Rectangles behind numbers, without the background."""
    return [
        (float(part["x"]), float(part["y"]), float(part["width"]), float(part["height"]))
        for part in parts(svg, "rect")
        if "x" in part
    ]


def size(svg):
    """Width and height of a drawing, in points."""
    return [float(x) for x in re.search(r'viewBox="0\S* 0\S* (\S+) (\S+)"', svg).groups()]


def overlap(one, other):
    """Whether two rectangles share a point."""
    (x1, y1, w1, h1), (x2, y2, w2, h2) = one, other
    return x1 < x2 + w2 and x2 < x1 + w1 and y1 < y2 + h2 and y2 < y1 + h1


@given(st.integers(1, 6), st.lists(st.integers(1, 9), min_size=1, max_size=3), st.booleans(), st.integers(0, 99))
@example(3, [3, 1], False, 4)  # has a number too long for its place beside a neuron
def test_numbers_do_not_overlap(inputs, sizes, bias, seed):
    """Whatever the network, no number covers another or a neuron."""
    svg = viz.network(MLP(inputs, sizes, bias=bias, rng=seed)).svg
    numbers = plates(svg)
    assert not [pair for pair in combinations(numbers, 2) if overlap(*pair)]
    for disc in parts(svg, "circle"):
        x, y, r = (float(disc[name]) for name in ("cx", "cy", "r"))
        inner = (x - 0.7 * r, y - 0.7 * r, 1.4 * r, 1.4 * r)
        assert not [plate for plate in numbers if overlap(plate, inner)]


def meets(line, plate):
    """Whether a line runs behind a rectangle, tried at many points of it."""
    (x1, y1), (x2, y2) = line.start, line.end
    (x, y), (w, h) = plate.centre, plate.extent
    shares = np.linspace(0.0, 1.0, 2001)
    across, down = x1 + shares * (x2 - x1), y1 + shares * (y2 - y1)
    return bool(((abs(across - x) < w / 2) & (abs(down - y) < h / 2)).any())


@given(st.integers(1, 6), st.lists(st.integers(1, 9), min_size=1, max_size=2), st.booleans(), st.integers(0, 99))
@example(2, [8, 8], True, 1)
@example(4, [6, 3], True, 0)
def test_one_sees_whose_a_number_is(inputs, sizes, bias, seed):
    """It stands on its own line, and behind it run at most two others; where more would, dots say the sign."""
    shapes = viz.network(MLP(inputs, sizes, bias=bias, rng=seed))._still.shapes
    lines = [shape for shape in shapes if isinstance(shape, Line)]
    for words in (shape for shape in shapes if isinstance(shape, Words) and shape.fill and shape.text[0] != "b"):
        behind = [line for line in lines if meets(line, words)]
        assert words.tooltip in [line.tooltip for line in behind]
        assert len(behind) <= 3


@given(st.integers(1, 5), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_every_neuron_and_connection_is_drawn(inputs, sizes):
    """A disc a neuron, a line a weight, a title with its whole number."""
    model = MLP(inputs, sizes, bias=False, rng=0)
    svg = viz.network(model).svg
    assert len([disc for disc in parts(svg, "circle") if float(disc["r"]) > 20.0]) == inputs + sum(sizes)
    assert len(parts(svg, "line")) == len(model.parameters())
    tips = titles(svg)
    assert all(any(f"{w.label}\nvalue {w.data!r}".replace("-", "−") in tip for tip in tips) for w in model.parameters())


@given(st.integers(1, 8), st.lists(st.integers(1, 8), min_size=1, max_size=3), st.integers(0, 99))
def test_signs_survive_grey_print(inputs, sizes, seed):
    """A connection has its number, or a dot before its end where it is below zero; and nothing covers the dot."""
    model = MLP(inputs, sizes, rng=seed)
    shapes = viz.network(model)._still.shapes
    dots = [shape for shape in shapes if isinstance(shape, Disc) and shape.radius < 20.0]
    plates = [shape for shape in shapes if isinstance(shape, Words) and shape.fill]
    numbers = {words.tooltip for words in plates}
    weights = [(line.tooltip, "value −" in line.tooltip) for line in shapes if isinstance(line, Line)]
    assert Counter(dot.tooltip for dot in dots) == Counter(
        tip for tip, below in weights if below and tip not in numbers
    )
    for dot in dots:
        for words in plates:
            (x, y), (w, h) = words.centre, words.extent
            assert abs(dot.centre[0] - x) > w / 2 or abs(dot.centre[1] - y) > h / 2


def test_document_001_shows_every_weight():
    """Sixteen numbers, and there is room for all of them."""
    model, _ = document_001()
    written = texts(viz.network(model).svg)
    assert all(number(weight.data) in written for weight in model.parameters())


def test_gradients_are_shown_on_request():
    """The numbers are the gradients, and what is exactly zero is dashed."""
    model, _ = document_001()
    svg = viz.network(model, color="grad").svg
    written = texts(svg)
    assert all(number(weight.grad) in written for weight in model.parameters())
    dead = sum(weight.grad == 0.0 for weight in model.parameters())
    assert sum("stroke-dasharray" in line for line in parts(svg, "line")) == dead > 0


def test_before_backward_there_are_no_gradients_to_see():
    """The picture says what to call, and shows no zeros and dashes as if those were known."""
    model = MLP(2, [2, 1], rng=0)
    svg = viz.network(model, color="grad").svg
    assert "call backward() to see derivatives" in texts(svg)
    assert not [text for text in texts(svg) if text in ("0", "b 0")]
    assert {line["stroke"] for line in parts(svg, "line")} == {LIGHT.line}
    assert not [line for line in parts(svg, "line") if "stroke-dasharray" in line]
    model([1.0, 2.0]).backward()
    assert "call backward() to see derivatives" not in texts(viz.network(model, color="grad").svg)


def test_a_scale_up_to_zero_is_not_spoken_of():
    """Where every weight is zero no width shows any."""
    model = MLP(2, [2, 1], bias=False, rng=0)
    for weight in model.parameters():
        weight.data = 0.0
    assert not [text for text in texts(viz.network(model).svg) if "width" in text]


def test_colour_and_width_tell_sign_and_size():
    """Red and thick, blue and thin."""
    neuron = Neuron(2, "linear", bias=False, rng=0)
    neuron.weights[0].data, neuron.weights[1].data = 2.0, -0.5
    lines = {line["stroke"]: float(line["stroke-width"]) for line in parts(viz.network(neuron).svg, "line")}
    assert set(lines) == {LIGHT.raises, LIGHT.lowers}
    assert lines[LIGHT.raises] > 2 * lines[LIGHT.lowers]


@given(st.integers(9, 40), st.integers(3, 8))
def test_wide_layers_have_an_ellipsis(width, most):
    """As many rows as asked for; the caption has the true number."""
    svg = viz.network(MLP(1, [width, 1], rng=0), max_neurons=most).svg
    assert len(parts(svg, "circle")) == 1 + (most - 1) + 1
    assert texts(svg).count("⋮") == 1
    assert str(width) in texts(svg)


def test_example_shows_activations():
    """What the model computes for one example stands in its neurons, inputs included."""
    model = MLP(2, [3, 1], activation="tanh", rng=3)
    written = texts(viz.network(model, example=[0.25, -1.5]).svg)
    hidden = [neuron([0.25, -1.5]).data for neuron in model.layers[0].neurons]
    for x in (0.25, -1.5, *hidden, model([0.25, -1.5]).data):
        assert number(x) in written


def test_columns_say_what_they_are():
    """Input, hidden layers with their activation, output."""
    written = texts(viz.network(MLP(2, [3, 3, 1], activation="tanh", rng=0)).svg)
    assert [text for text in written if " · " in text or text == "input"] == [
        "input", "hidden 1 · tanh", "hidden 2 · tanh", "output · linear",
    ]  # fmt: skip


@pytest.mark.parametrize("model", [Layer(2, 3, rng=0), Neuron(2, rng=0)], ids=["layer", "neuron"])
def test_parts_of_a_network_are_networks(model):
    """A layer and a neuron are drawn like a model of one layer."""
    assert len(parts(viz.network(model).svg, "circle")) == 2 + len(getattr(model, "neurons", [model]))


def test_anything_with_layers_of_neurons_will_do():
    """The drawing asks for attributes, not for a class."""
    neuron = SimpleNamespace(weights=[Value(1.0), Value(2.0)], bias=None)
    model = SimpleNamespace(layers=[SimpleNamespace(neurons=[neuron])])
    assert len(parts(viz.network(model).svg, "line")) == 2


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
