"""``viz.chain_rule``: graphs reduced to their names, products along paths, formulas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import viz
from autograd import Value, gradients
from autograd.testing.strategies import expressions
from nn import MLP
from tests.viz.reading import arrows, boxes, document_001, rows
from viz.derivation.formulas import latex_name
from viz.scenes.reduction import reduced
from viz.scenes.scene import values_below
from viz.theme import number

MAX_STEPS = 8  # the paths of a graph are exponentially many


def product_of_partials(root, leaf, cuts):
    """The sum over the paths from ``root`` to ``leaf`` that meet no cut between, followed one by one."""
    total = 0.0
    for arg, partial in zip(root.args, root.partials, strict=True):
        if arg is leaf:
            total += partial
        elif isinstance(arg, Value) and arg not in cuts and partial != 0.0:
            total += partial * product_of_partials(arg, leaf, cuts)
    return total


@st.composite
def named_graphs(draw):
    """A random graph, and some of its Values with labels."""
    _, root = draw(expressions(max_steps=MAX_STEPS)).record()
    nodes = values_below(root)
    for i, node in enumerate(nodes):
        if draw(st.booleans()):
            node.label = f"v{i}"
    return root, [node for node in nodes if node.label and node is not root]


# ── Reduction ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(named_graphs())
def test_reduced_partial_is_the_sum_over_paths_between(graph):
    """For every two named Values, over all paths that meet no third."""
    root, kept = graph
    stand_ins = reduced(root, kept)
    assert list(stand_ins) == [*kept, root]
    for value, small in stand_ins.items():
        found = dict(zip(small.args, small.partials, strict=True))
        for other in kept:
            expected = product_of_partials(value, other, {*kept, root})
            assert found.get(stand_ins[other], 0.0) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(named_graphs())
def test_reduced_graph_has_the_same_derivatives(graph):
    """Summing the others out is exact."""
    root, kept = graph
    stand_ins = reduced(root, kept)
    small = gradients(stand_ins[root], [stand_ins[value] for value in kept], check=False)
    assert small == pytest.approx(gradients(root, kept, check=False), rel=1e-9, abs=1e-12)


def test_reduction_keeps_paths_whose_product_is_zero():
    """A dead relu is drawn, with the arrows that carry nothing."""
    x = Value(-2.0, label="x")
    y = autograd.relu(3.0 * x)
    (partial,) = reduced(y, [x])[y].partials
    assert partial == 0.0


@pytest.mark.parametrize("flat", [autograd.step, autograd.stop_gradient, lambda x: 0.0 * x])
@pytest.mark.parametrize("slope", [3.0, -3.0])
def test_path_that_is_flat_takes_nothing_from_another(flat, slope):
    """Whichever of the two is summed first."""
    x = Value(2.0, label="x")
    for y in (flat(x) + slope * x, slope * x + flat(x)):
        assert reduced(y, [x])[y].partials == (slope,)
    y = flat(x) + flat(x)
    assert reduced(y, [x])[y].partials == (0.0,)


def test_reduction_does_not_multiply_zero_by_infinity():
    """A zero adjoint wins, as in a backward pass."""
    x = Value(0.0, label="x")
    y = 0.0 * autograd.sqrt(x)
    assert reduced(y, [x])[y].partials == (0.0,)


# ── Paths and formulas ───────────────────────────────────────────────────────────────────────────────────────────────


@given(named_graphs(), st.data())
def test_products_along_paths_sum_to_the_gradient(graph, data):
    """Over any random graph, whatever has a label."""
    root, kept = graph
    leaf = data.draw(st.sampled_from(kept or values_below(root)[:1]))
    found = viz.chain_rule(root, wrt=leaf).paths
    assert all(path.nodes[0] is root and path.nodes[-1] is leaf for path in found)
    assert all(path.product == pytest.approx(math.prod(path.partials)) for path in found)
    if len(found) < 12:
        total = sum(path.product for path in found)
        assert total == pytest.approx(gradients(root, leaf, check=False), rel=1e-9, abs=1e-12)


def test_formula_of_one_path_is_the_product_with_its_result():
    """Symbols, numbers, result, in one line."""
    model, loss = document_001()
    weight = model.layers[0].neurons[0].weights[0]
    assert viz.chain_rule(loss, wrt=weight).formula == (
        "dε/dw⁽¹⁾₀₀ = ∂ε/∂a⁽²⁾·∂a⁽²⁾/∂a⁽¹⁾₀·∂a⁽¹⁾₀/∂w⁽¹⁾₀₀ = (−2.55)·(−0.373)·(1) = 0.952"
    )


def two_paths():
    """A root that reaches ``x`` directly and through ``a``."""
    x = Value(3.0, label="x")
    a = 2.0 * x
    a.label = "a"
    y = a * x
    y.label = "y"
    return x, y


def test_formula_of_several_paths_is_their_sum():
    """``dy/dx`` is the total derivative and ``∂y/∂x`` the direct one."""
    x, y = two_paths()
    assert viz.chain_rule(y, wrt=x).formula == (
        "dy/dx = ∂y/∂x = (6) = 6\n      + ∂y/∂a·∂a/∂x = (3)·(2) = 6\n      = 12"
    )


def test_latex_says_the_same():
    """Fractions, for ``align*``."""
    x, y = two_paths()
    assert viz.chain_rule(y, wrt=x).latex == (
        r"\frac{dy}{dx} &= \frac{\partial y}{\partial x}"
        r" + \frac{\partial y}{\partial a}\frac{\partial a}{\partial x} \\" + "\n"
        r"&= (6) + (3) \cdot (2) \\" + "\n"
        r"&= 12"
    )


def test_formula_without_wrt_has_every_leaf():
    """One after the other, in the order of the computation."""
    _, loss = document_001()
    lines = viz.chain_rule(loss).formula.split("\n")
    assert [line.partition(" = ")[0] for line in lines] == [f"dε/d{weight.label}" for weight in leaves_of(loss)]


def leaves_of(root):
    """Labelled leaves in the order of the computation."""
    return [value for value in values_below(root) if value.op is None and value.label]


def test_formula_of_many_paths_names_the_largest_and_sums_the_rest():
    """There may be exponentially many; twelve are written out."""
    x = Value(1.0, label="x")
    y = autograd.sum([_labelled((1.0 + i) * x, f"a{i}") for i in range(20)])
    y.label = "y"
    lines = viz.chain_rule(y, wrt=x).formula.split("\n")
    assert lines[0].endswith("= ∂y/∂a19·∂a19/∂x = (1)·(20) = 20")
    assert lines[-2].strip() == f"+ 8 more paths = {sum(range(1, 9))}"
    assert lines[-1].strip() == "= 210"


def _labelled(value, label):
    value.label = label
    return value


def test_results_without_labels_are_numbered():
    """A small computation is shown whole, its results called v₁, v₂ and so on."""
    x, y = Value(2.0, label="x"), Value(-3.0, label="y")
    picture = viz.chain_rule((x * y + x.tanh()) ** 2, wrt=y)
    assert picture.formula == "df/dy = ∂f/∂v₂·∂v₂/∂v₁·∂v₁/∂y = (−10.1)·(1)·(2) = −20.1"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("w⁽¹⁾₂₀", "w^{(1)}_{20}"), ("w⁽¹⁾₁₀,₂", "w^{(1)}_{10,2}"), ("ŷ", r"\hat{y}"), ("ε", r"\varepsilon"),
        ("loss", r"\mathrm{loss}"), ("x_1", r"x\_1"), ("Ω", r"\Omega"), ("a b", r"a\ b"), ("α₁", r"\alpha _{1}"),
        ("−1.2·10⁻⁷", r"-1.2\cdot 10^{-7}"), ("50%", r"50\%"), ("é", r"\acute{e}"), ("a\\b", r"a\backslash b"),
    ],
)  # fmt: skip
def test_latex_name(label, expected):
    """Unicode becomes commands, and what LaTeX would read is escaped."""
    assert latex_name(label) == expected


# ── The picture ──────────────────────────────────────────────────────────────────────────────────────────────────────


@given(named_graphs())
def test_boxes_carry_the_derivative_of_the_root(graph):
    """Every box but the root's, in symbols and numbers; backward() is not needed."""
    root, kept = graph
    root.label = "L"
    if len(kept) == 0 or (len(kept) == 1 and root.op is None):
        return
    texts = {lines[0].partition(" = ")[0]: lines[1:] for lines in boxes(viz.chain_rule(root).dot).values()}
    for value, grad in zip(kept, gradients(root, kept, check=False), strict=True):
        assert texts[value.label] == [f"dL/d{value.label} = {number(grad)}"]


def test_every_arrow_reads_as_symbol_and_number():
    """Document 001's second figure, with its numbers."""
    _, loss = document_001()
    dot = viz.chain_rule(loss).dot
    assert "< ∂ε/∂a⁽²⁾ = −2.55 >" in dot
    assert "< ∂a⁽²⁾/∂a⁽¹⁾₀ = −0.373 >" in dot
    assert "< ∂a⁽¹⁾₁/∂w⁽¹⁾₁₀ = 0 >" in dot


def test_dead_relu_is_dashed_in_the_chain_rule():
    """Both halves of an arrow that carries exactly nothing, and no other's; the tooltip has all digits."""
    x, y = Value(-1.0, label="x"), Value(3.0, label="y")
    a = _labelled(autograd.relu(x), "a")
    lines = viz.chain_rule(_labelled(a * y + y / 3.0, "z")).dot.splitlines()
    edges = [line for line in lines if "->" in line]
    assert {"style=dashed" in edge for edge in edges if "∂a/∂x = 0.0" in edge} == {True}
    assert {"style=dashed" in edge for edge in edges if "∂z/∂y = 0.3333333333333333" in edge} == {False}


def test_formula_stands_over_the_picture_of_one_leaf():
    """The title of one path is the product with its result; it is not there for all leaves at once."""
    x, y = two_paths()
    assert "+ ∂y/∂a·∂a/∂x = (3)·(2) = 6" in viz.chain_rule(y, wrt=x).dot
    assert "(3)·(2)" not in viz.chain_rule(y).dot


@pytest.mark.parametrize("sizes", [[4, 1], [3, 3, 1], [2, 2]], ids=str)
@pytest.mark.parametrize("level", ["value", "unfolded", "named"])
def test_weights_and_inputs_stand_in_their_order(engine, fonts, level, sizes):
    """From top to bottom ``w₀₀ w₀₁ w₀₂ w₁₀``, in every layer, and ``x₀ x₁ x₂``."""
    model = MLP(3, sizes, rng=0, activation="tanh")
    outputs = model([Value(0.5, label=f"x{i}") for i in range(3)])
    root = autograd.sum(outputs if isinstance(outputs, list) else [outputs])
    picture = (
        viz.chain_rule(root) if level == "named" else viz.graph(root, "value", model=model, unfold=level == "unfolded")
    )
    heights = rows(picture.dot)
    found = {texts[0].partition(" = ")[0]: heights[name] for name, texts in boxes(picture.dot).items()}
    stacks = [[found[w.label] for neuron in layer.neurons for w in neuron.weights] for layer in model.layers]
    for stack in [[found[f"x{i}"] for i in range(3)], *stacks]:
        assert stack == sorted(stack, reverse=True)


def test_chain_rule_has_no_arrow_without_a_label():
    """Both halves of an arrow belong to the text between them."""
    _, loss = document_001()
    assert arrows(viz.chain_rule(loss).dot) == []


def test_chain_rule_of_what_has_no_names_is_refused():
    """The error says how to give some."""
    y = Value(1.0)
    for _ in range(50):
        y = y * 2.0
    expected = "chain_rule draws named Values, and none below f has a label; give them one, as in Value"
    with pytest.raises(ValueError, match=expected):
        viz.chain_rule(y)


def test_chain_rule_of_too_many_names_is_refused():
    """Nobody could read it."""
    model = MLP(9, [40, 1], rng=0)
    loss = (model([1.0] * 9) - 1.0) ** 2
    expected = r"chain_rule draws up to 300 named Values, got 483 below f; use wrt= for the paths to one leaf"
    with pytest.raises(ValueError, match=expected):
        viz.chain_rule(loss)
    assert len(viz.chain_rule(loss, wrt=model.layers[0].neurons[0].weights[0]).paths) == 1
