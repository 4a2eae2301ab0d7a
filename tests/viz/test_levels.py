"""The coarser levels of ``viz.graph``, and which operation belongs to which part of a model."""

import math
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import viz
from autograd import Value, gradients
from nn import MLP, Module, squared_error
from tests.viz.reading import arrows, box, boxes, document_001, said
from viz.graphs import folded
from viz.graphs.folded import MOST_ARROWS
from viz.scenes.groups import modules, owner, places
from viz.scenes.scene import scene, values_below
from viz.scenes.unfolding import unfolded
from viz.theme import number

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


def trained(sizes, examples=1, bias=True, activation="tanh", output=None):
    """A model of three inputs and its mean squared error, differentiated."""
    model = MLP(3, sizes, bias=bias, activation=activation, output_activation=output or activation, rng=1)
    rows = [[1.0, 0.1 * i, -0.5] for i in range(examples)]
    outputs = [model([Value(x, label="x") for x in row]) for row in rows]
    flat = [y for row in outputs for y in (row if isinstance(row, list) else [row])]
    loss = squared_error(flat, [1.0] * len(flat))
    loss.label = "loss"
    loss.backward()
    return model, loss


# ── Which operation belongs to which module ──────────────────────────────────────────────────────────────────────────


@given(SIZES, st.integers(1, 3), st.booleans(), st.sampled_from(["tanh", "relu", "linear", "silu"]))
def test_operations_belong_to_the_neuron_that_did_them(sizes, examples, bias, activation):
    """Exactly what a neuron adds to the graph is found to be its own, for every neuron and example."""
    model, loss = trained(sizes, examples, bias, activation)
    neuron = model.layers[0].neurons[0]
    alone = len(values_below(neuron([Value(1.0)] * 3))) - len(neuron.weights) - bias - 1
    found = Counter(module for value, module in modules(scene(loss, model=model)).items() if value.op)
    names = {name for name, _ in model.named_modules() if "neurons" in name}
    assert found == dict.fromkeys(names, alone * examples)


@given(SIZES, st.integers(1, 3))
def test_what_comes_after_the_model_is_the_loss(sizes, examples):
    """Operations of no module that come after one; inputs are those that come before."""
    model, loss = trained(sizes, examples)
    view = scene(loss, model=model)
    found = modules(view)
    place = places(view, found)
    assert {place(value) for value in view.nodes if value.op and value not in found} == {("loss",)}
    assert {place(value) for value in view.nodes if value.op is None and value not in view.parameters} == {("inputs",)}


@pytest.mark.parametrize("activation", [autograd.tanh, lambda z: autograd.leaky_relu(z, 0.1)], ids=["tanh", "leaky"])
def test_label_inside_a_neuron_does_not_end_it(activation):
    """A labelled ``z`` is not the output where a labelled function of it alone follows."""
    model = MLP(2, [1], rng=1)
    neuron = model.layers[0].neurons[0]
    z = autograd.dot(neuron.weights, [1.0, 2.0]) + neuron.bias
    z.label = "z"
    a = activation(z)
    a.label = "a"
    found = modules(scene((a - 1.0) ** 2, model=model))
    assert found[z] == found[a] == "layers.0.neurons.0"


def test_root_belongs_to_the_loss_even_right_after_the_model():
    """A labelled function of the labelled output is the loss, not an activation, if it is the root."""
    model = MLP(2, [1], rng=1)
    loss = model([1.0, 2.0]).square()
    loss.label = "loss"
    assert loss not in modules(scene(loss, model=model))


class Tied(Module):
    """Two parts, and an operation with a parameter of each."""

    def __init__(self):
        self.parts = [MLP(1, [1], rng=0), MLP(1, [1], rng=1)]

    def __call__(self, x):
        """The product of a weight of each, and the input."""
        first, second = (part.layers[0].neurons[0].weights[0] for part in self.parts)
        return first * second * x


def test_operation_of_two_modules_belongs_to_what_holds_both():
    """The common prefix of their names."""
    model = Tied()
    y = model(Value(2.0))
    assert modules(scene(y, model=model))[y.args[0]] == "parts"


@pytest.mark.parametrize(
    ("parameter", "module"),
    [("layers.0.neurons.2.weights.1", "layers.0.neurons.2"), ("layers.0.neurons.2.bias", "layers.0.neurons.2"),
     ("slope", ""), ("weights.1", ""), ("blocks.first.slope", "blocks.first")],
)  # fmt: skip
def test_owner_of_a_parameter(parameter, module):
    """The name without the attribute and the index in it."""
    assert owner(parameter) == module


# ── Folding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(SIZES, st.integers(1, 4), st.sampled_from(["neuron", "layer"]))
def test_folding_loses_no_value(sizes, examples, level):
    """The table's counts of parameters and operations add up to the graph's."""
    model, loss = trained(sizes, examples)
    header, *rows = viz.graph(loss, level=level, model=model)._table
    operations = sum(value.op is not None for value in values_below(loss))
    assert list(header[1:3]) == ["parameters", "operations"]
    assert [sum(int(row[i]) for row in rows) for i in (1, 2)] == [len(model.parameters()), operations]


@given(SIZES, st.integers(1, 4))
def test_layer_level_has_a_box_a_layer(sizes, examples):
    """Inputs, layers in their order, loss; each layer says how many examples went through it."""
    model, loss = trained(sizes, examples)
    times = f" × {examples}" if examples > 1 else ""
    titles = [texts[0] for texts in boxes(viz.graph(loss, level="layer", model=model).dot).values()]
    assert sorted(titles) == sorted(["inputs", "loss", *(f"layer {i + 1}{times}" for i in range(len(sizes)))])


def test_layer_box_says_what_is_in_it():
    """Parameters, operations, the size of the gradient, and how many relus are active."""
    model, loss = trained([4, 1], examples=3, activation="relu", output="linear")
    texts = boxes(viz.graph(loss, level="layer", model=model).dot)
    (layer,) = [lines for lines in texts.values() if lines[0] == "layer 1 × 3"]
    grads = gradients(loss, model.layers[0].parameters())
    active = sum(v.data > 0.0 for v in values_below(loss) if v.op and v.op.name == "relu")
    rms = math.sqrt(sum(grad**2 for grad in grads) / len(grads))
    assert 0 < active < 12
    assert rms > 0.0
    assert layer[1:] == [f"rms ∂ {number(rms)}", "16 parameters", "36 operations", f"{active} of 12 relus active"]


def test_arrows_between_layers_count_their_operands():
    """Three examples of four neurons, each used once by one neuron."""
    model, loss = trained([4, 1], examples=3)
    assert sorted(arrow.label for arrow in arrows(viz.graph(loss, level="layer", model=model).dot)) == ["12", "3", "36"]


def test_neurons_stand_in_their_order():
    """A column a layer, by index, as in ``w⁽¹⁾₂₀``."""
    model, loss = trained([11, 1], examples=2)
    titles = [texts[0] for texts in boxes(viz.graph(loss, level="neuron", model=model).dot).values()]
    neurons = [title for title in titles if title.startswith("a⁽¹⁾")]
    assert neurons == [neuron._output_label + " × 2" for neuron in model.layers[0].neurons]


def test_of_many_arrows_those_that_hand_down_most_are_drawn():
    """And none of the boxes stands alone; what is left out is counted."""
    model, loss = trained([13, 13, 1], examples=2)
    picture = viz.graph(loss, level="neuron", model=model)
    drawn = {(arrow.tail, arrow.head): arrow for arrow in arrows(picture.dot)}
    every = 3 * 13 + 13 * 13 + 13 + 1
    assert f"{len(drawn)} of {every} arrows, those that hand down most" in said(picture)
    assert MOST_ARROWS <= len(drawn) <= MOST_ARROWS + 2 * len(boxes(picture.dot))
    assert {end for ends in drawn for end in ends} == set(boxes(picture.dot))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folded, "MOST_ARROWS", every)
        whole = arrows(viz.graph(loss, level="neuron", model=model).dot)
    assert len(whole) == every
    sizes = sorted((handed(arrow) for arrow in whole), reverse=True)
    assert sorted(map(handed, drawn.values()), reverse=True)[:MOST_ARROWS] == sizes[:MOST_ARROWS]


def test_before_backward_no_arrow_is_left_out():
    """What each hands down is not known."""
    model = MLP(3, [13, 13, 1], rng=1)
    picture = viz.graph(model([1.0, 2.0, 3.0]), level="neuron", model=model)
    assert len(arrows(picture.dot)) == 13 * 13 + 13


def handed(arrow):
    """How much an arrow hands down, all its examples together."""
    count, rms = re.search(r"(\d+) operands?\\nhands down (\S+) \(root-mean-square\)", arrow.attributes).groups()
    return round(float(rms.replace("−", "-")) * math.sqrt(int(count)), 12)


def test_sum_of_a_hundred_thousand_terms_draws_at_layer_level(engine):
    """Without a model there are leaves and operations."""
    total = Value(0.0)
    for _ in range(100_000):
        total = total + Value(1.0)
    picture = viz.graph(total)
    assert "200,001 values in 2 boxes" in picture.svg


# ── Which level ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_auto_takes_the_first_level_that_fits_and_says_so():
    """From every value to neurons and layers, or without a model to named ones, as room gets scarce."""
    model, loss = document_001()
    shown = [viz.graph(loss, model=model, max_nodes=most) for most in (27, 26, 5)]
    shown.append(viz.graph(loss, max_nodes=22))
    assert [picture.title.rpartition(", ")[2] for picture in shown] == [
        "27 values", "6 boxes by neuron", "3 boxes by layer", "22 named values",
    ]  # fmt: skip
    assert (
        "27 values in 22 boxes: labelled values only, the others summed out exactly; all of "
        "them: level='value', max_nodes=27, fit='poster'"
    ) in said(shown[3])


@pytest.mark.parametrize("level", ["value", "named"])
def test_level_that_does_not_fit_is_refused_with_three_ways_out(level):
    """At once, without a layout that may take minutes."""
    x = Value(1.0, label="x")
    for _ in range(2000):
        x = x * 1.001
        x.label = "x"
    expected = (
        rf"^level '{level}' would draw 2,001 boxes and max_nodes is 300; fold them with level='layer' \(and model=\), "
        r"draw only the paths to one leaf with wrt=, or raise max_nodes$"
    )
    with pytest.raises(ValueError, match=expected):
        viz.graph(x, level=level)


def test_named_level_shows_labelled_values_only():
    """The root, the outputs of the neurons and the weights."""
    _, loss = document_001()
    names = {texts[0].partition(" = ")[0] for texts in boxes(viz.graph(loss, level="named").dot).values()}
    assert names == {value.label for value in values_below(loss) if value.label}


# ── Sums of products ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(SIZES, st.integers(1, 2), st.booleans())
def test_unfolding_changes_no_number(sizes, examples, bias):
    """Every Value keeps its number and its derivative, and no ``dot`` is left."""
    _, loss = trained(sizes, examples, bias)
    view = scene(loss)
    wide, stand_ins = unfolded(view)
    assert wide.derivatives is not None
    for value in view.nodes:
        new = stand_ins.get(value, value)
        assert new.data == value.data
        assert wide.derivatives[new] == pytest.approx(view.derivatives[value], rel=1e-12, abs=1e-300)
    assert not [value for value in wide.nodes if value.op is autograd.ops.dot]


def test_unfolded_dot_is_products_and_a_sum():
    """A box for each product; a product of constants is a constant of the sum."""
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    z = autograd.dot([x, 2.0, 4.0], [y, x, 5.0])
    dot = viz.graph(z, unfold=True).dot
    assert [texts[0] for texts in boxes(dot).values()] == ["x", "y", "×", "2 ×", "Σ(·, ·, 20)"]


def test_wrt_goes_through_unfolded_products():
    """The leaf is the same Value; what lies between is not."""
    model, loss = document_001()
    weight = model.layers[0].neurons[0].weights[0]
    dot = viz.graph(loss, wrt=weight, unfold=True, model=model).dot
    assert box(dot, weight.label)
    assert [texts[0] for texts in boxes(dot).values()][1:3] == ["× 1", "Σ"]
