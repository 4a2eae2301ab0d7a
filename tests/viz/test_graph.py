"""``viz.graph`` at value level: a box a Value, an arrow an operand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import viz
from autograd import Value, gradients
from autograd.testing.strategies import expressions
from nn import MLP, Module
from tests.viz.reading import arrows, box, boxes, document_001, heads
from viz.graphs.values import operation_text
from viz.scenes.scene import values_below
from viz.theme import LIGHT, number


@given(expressions())
def test_every_value_has_a_box_and_every_operand_an_arrow(expression):
    """None is drawn twice and none is left out."""
    _, root = expression.record()
    dot, nodes = viz.graph(root).dot, values_below(root)
    assert len(boxes(dot)) == len(nodes)
    assert len(arrows(dot)) == sum(isinstance(arg, Value) for node in nodes for arg in node.args)


@given(expressions())
def test_boxes_and_arrows_carry_the_numbers(expression):
    """Each box its value and the derivative of the root, each arrow the local partial, in the order of the operands."""
    _, root = expression.record()
    root.backward(check=False)
    dot, nodes = viz.graph(root).dot, values_below(root)
    grads = gradients(root, nodes, check=False)
    shown = [texts[-2:] for texts in boxes(dot).values()]
    assert shown == [[number(node.data), f"∂ {number(grad)}"] for node, grad in zip(nodes, grads, strict=True)]
    ids = {node: f"n{i}" for i, node in enumerate(nodes)}
    drawn = [(arrow.tail, arrow.head) for arrow in arrows(dot)]
    assert drawn == [(ids[arg], ids[node]) for node in nodes for arg in node.args if isinstance(arg, Value)]


def test_repeated_operand_has_two_arrows():
    """The picture of ``a * a`` shows both operands."""
    a = Value(3.0, label="a")
    dot = viz.graph(a * a).dot
    assert [(arrow.tail, arrow.head, arrow.label) for arrow in arrows(dot)] == [("n0", "n1", "3")] * 2


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_operands_enter_in_their_order(engine, fonts, direction):
    """The first one above or left of the second, whichever side arrows come in at."""
    a, b = Value(3.0, label="a"), Value(2.0, label="b")
    ends = heads(viz.graph(a - b, direction=direction).dot)
    (ax, ay), (bx, by) = ends["n0", "n2"], ends["n1", "n2"]
    assert ay > by if direction in ("LR", "RL") else ax < bx


def test_operands_that_do_not_commute_are_numbered():
    """A picture tells ``a / b`` from ``b / a``."""
    a, b = Value(3.0), Value(2.0)
    assert [arrow.label for arrow in arrows(viz.graph(a / b).dot)] == ["① 0.5", "② −0.75"]
    assert [arrow.label for arrow in arrows(viz.graph(a * b).dot)] == ["2", "3"]


def test_constant_factors_of_a_sum_of_products_stand_on_its_arrows():
    """The partial of a product by one factor is the other."""
    x = Value(3.0)
    assert [arrow.label for arrow in arrows(viz.graph(autograd.dot([x, 0.5], [1.25, x])).dot)] == ["1.25", "0.5"]


def test_sums_carry_no_partials():
    """A partial of 1 goes without saying."""
    assert [arrow.label for arrow in arrows(viz.graph(Value(3.0) + Value(2.0)).dot)] == ["", ""]


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (lambda x: x + x, "+"), (lambda x: 2.0 * x, "2 ×"), (lambda x: x * 2.0, "× 2"), (lambda x: x**2, "^2"),
        (lambda x: 2**x, "2 ^"), (lambda x: 1 / x, "1 ÷"), (lambda x: x - 1.5, "− 1.5"), (lambda x: -x, "neg"),
        (lambda x: x.tanh(), "tanh"), (lambda x: autograd.maximum(x, 0.5), "max(·, 0.5)"),
        (lambda x: autograd.sum([x, 2.0, x]), "Σ(·, 2, ·)"), (lambda x: autograd.dot([x, x], [x, x]), "Σ ×"),
        (lambda x: autograd.dot([x] * 4, [1.0] * 4), "Σ ×"), (lambda x: x - (-0.458), "− (−0.458)"),
        (lambda x: x + (-1.5), "+ (−1.5)"), (lambda x: -3.0 - x, "−3 −"), (lambda x: x**-2, "^−2"),
        (lambda x: x * 1e-7, "× (1·10⁻⁷)"),
    ],
)  # fmt: skip
def test_constants_stand_in_the_operation_as_written(operation, text):
    """They are no boxes of their own."""
    assert operation_text(operation(Value(3.0))) == text


def test_before_backward_no_derivative_is_shown():
    """The picture says what to call; zeros there would confuse."""
    x = Value(2.0, label="x")
    dot = viz.graph(x * x).dot
    assert "call backward() to see derivatives" in dot
    assert "∂" not in dot


def test_after_backward_there_is_a_legend():
    """It names the root, the largest derivative, and what grey and dashed mean."""
    _, loss = document_001()
    dot = viz.graph(loss).dot
    assert "call backward()" not in dot
    assert "raises ε" in dot
    assert "lowers ε −2.55" in dot
    assert "exactly zero" in dot


def test_derivatives_are_those_of_one_pass():
    """After two backward passes a box still fits its arrows, and the tooltip tells of the accumulated grad."""
    x = Value(2.0, label="x")
    y = x * 3.0
    y.backward()
    once = viz.graph(y).dot
    y.backward()
    twice = viz.graph(y).dot
    assert "∂ 3<" in box(twice, "x")
    assert "grad 6.0, accumulated over several passes" in box(twice, "x")
    assert "accumulated" not in once


def test_pictures_touch_no_grad():
    """Looking changes nothing."""
    _, loss = document_001()
    before = [value.grad for value in values_below(loss)]
    viz.graph(loss, level="value")
    viz.graph(loss, level="named")
    viz.chain_rule(loss)
    assert [value.grad for value in values_below(loss)] == before


def test_what_is_exactly_zero_is_dashed():
    """A dead relu is seen at once: its operand, grey and dashed, and the arrow to it."""
    x = Value(-1.0, label="x")
    y = autograd.relu(x) + 0.0 * x
    y.backward()
    dot = viz.graph(y).dot
    assert 'style="dashed"' in box(dot, "x")
    assert LIGHT.zero_line in box(dot, "x")
    assert all("style=dashed" in arrow.attributes for arrow in arrows(dot) if arrow.tail == "n0")


@pytest.mark.parametrize("x", [math.inf, math.nan])
def test_what_is_not_finite_has_a_thick_frame(x):
    """Magenta, and never by colour alone."""
    value = Value(x, label="x")
    y = value * 2.0
    y.backward(check=False)
    assert LIGHT.broken in box(viz.graph(y).dot, "x")
    assert 'border="3"' in box(viz.graph(y).dot, "x")


def test_zero_adjoint_is_not_multiplied_by_an_infinite_partial():
    """An arrow shows what the engine does: nothing flows, not nan."""
    x = Value(0.0, label="x")
    y = autograd.where(x, autograd.sqrt(x), 1.0 * x)
    y.backward()
    (arrow,) = [arrow for arrow in arrows(viz.graph(y).dot) if arrow.label == "∞"]
    assert "style=dashed" in arrow.attributes


@given(expressions(), st.data())
def test_wrt_shows_the_paths_to_one_value_only(expression, data):
    """What is drawn is what lies between: every box but the root has an arrow out, every box but the leaf one in."""
    _, root = expression.record()
    nodes = values_below(root)
    leaf = data.draw(st.sampled_from(nodes))
    dot = viz.graph(root, wrt=leaf).dot
    drawn, ends = set(boxes(dot)), arrows(dot)
    assert len(drawn - {arrow.tail for arrow in ends}) == 1
    assert len(drawn - {arrow.head for arrow in ends}) == 1


def test_wrt_outside_the_graph_is_refused():
    """The error names what was given."""
    y = Value(1.0, label="x") * 2.0
    y.label = "y"
    with pytest.raises(ValueError, match="wrt is a Value that y was made from, got 'z', which it does not depend on"):
        viz.graph(y, wrt=Value(1.0, label="z"))


def test_names_win_over_labels():
    """``locals()`` names what has no label."""
    x, y = Value(1.0), Value(2.0, label="old")
    z = x * y
    titles = [texts[0] for texts in boxes(viz.graph(z, names={"x": x, "y": y, "z": z, "n": 3}).dot).values()]
    assert titles == ["x", "y", "z = ×"]


class Line(Module):
    """A module whose parameters have no labels."""

    def __init__(self):
        self.slope, self.intercept = Value(2.0), Value(-1.0)

    def __call__(self, x):
        """The line at ``x``."""
        return self.slope * x + self.intercept


def test_parameters_without_labels_have_their_dotted_names():
    """A model knows what its parameters are called."""
    model = Line()
    assert {"slope", "intercept"} < {texts[0] for texts in boxes(viz.graph(model(3.0), model=model).dot).values()}


def test_parameters_and_inputs_differ():
    """Where a model tells them apart; never by colour alone, since they are named too."""
    model = Line()
    x = Value(3.0, label="x")
    dot = viz.graph(model(x), model=model).dot
    assert LIGHT.input in box(dot, "x")
    assert LIGHT.parameter in box(dot, "slope")
    assert LIGHT.parameter in box(viz.graph(model(x)).dot, "x")


def test_root_that_is_a_leaf_is_one_box():
    """There is something to draw for every Value."""
    assert len(boxes(viz.graph(Value(1.0)).dot)) == 1


def test_draw_dot_is_what_notebooks_call():
    """The value level, with micrograd's arguments."""
    _, loss = document_001()
    assert viz.draw_dot(loss, format="png", rankdir="TB").dot == viz.graph(loss, level="value", direction="TB").dot


@pytest.mark.parametrize("form", ["svg", "png"])
def test_draw_dot_is_rendered_as_notebooks_do(tmp_path, form):
    """Under a name without a suffix, in the form that was chosen when it was drawn."""
    name = viz.draw_dot(Value(2.0) * 3.0, format=form).render(tmp_path / "out.of")
    assert name == str(tmp_path / f"out.of.{form}")
    assert (tmp_path / f"out.of.{form}").read_bytes().startswith({"svg": b"<svg", "png": b"\x89PNG"}[form])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"direction": "up"}, "direction is one of 'LR', 'RL', 'TB', 'BT', got 'up'; choose one of these"),
        ({"level": "all"}, "level is 'auto', 'value', 'named', 'neuron', 'layer', got 'all'; choose one of these"),
        ({"theme": "blue"}, "theme is one of 'light', 'dark', got 'blue'; choose one of these"),
        ({"level": "neuron"}, "level 'neuron' takes the model whose neurons they are; give model="),
    ],
)
def test_wrong_arguments_are_refused(arguments, message):
    """The error lists what there is."""
    with pytest.raises(ValueError, match=message):
        viz.graph(Value(1.0) * 2.0, **arguments)


class Taught:
    """A Value of one's own."""

    def backward(self): ...


@pytest.mark.parametrize("draw", [viz.graph, viz.draw_dot, viz.step, viz.chain_rule])
@pytest.mark.parametrize(
    ("thing", "advice"),
    [
        (Taught(), "make it of autograd's Value instead of that class"),
        (MLP(2, [1], rng=0), "draw what the model gives for an example, or the model by viz.network"),
        ([Value(1.0)], "compute it from Values"),
    ],
)
def test_what_can_be_drawn_instead_is_said(draw, thing, advice):
    """By every picture of a graph in the same words."""
    with pytest.raises(TypeError, match=rf"^a picture takes the root of a graph, a Value, got [\s\S]*; {advice}$"):
        draw(thing)


def test_what_is_no_graph_is_refused():
    """A TypeError says what to pass."""
    with pytest.raises(TypeError, match=r"a picture takes the root of a graph, a Value, got float 1\.0; compute it"):
        viz.graph(1.0)
    with pytest.raises(TypeError, match="names maps names to Values, as locals"):
        viz.graph(Value(1.0), names=["x"])
    with pytest.raises(ValueError, match="format is 'svg' or 'png', got 'gif'"):
        viz.draw_dot(Value(1.0), format="gif")
