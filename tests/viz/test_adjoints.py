"""What pages and pictures hand back along a graph is what the engine does, at poles and infinities too."""

from __future__ import annotations

import json
import re
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, gradients, paths, relu, sqrt, sum, where
from autograd.compiler import compile_tape, record
from autograd.functions import compare
from autograd.graph import topological_order
from autograd.op import Op
from autograd.ops import FLAT, TABLE
from autograd.testing.expressions import Expression, Step
from autograd.value import apply
from nn import Layer, Module
from nn.measures.losses import as_loss
from tests.node import Node, node_fixture  # noqa: F401 - pytest uses it
from viz.derivation.chain_rule import chain_rule
from viz.graphs.graph import graph
from viz.live.example import example
from viz.rendering.pages import resource
from viz.scenes.reduction import reduced
from viz.stepper.step import step
from viz.theme import number

POINTS = [0.0, -0.0, 1.0, -1.0, 2.0, -0.5, inf, -inf, nan]
# Of which a float has but one right result: two languages agree to the last bit.
EXACT = [
    TABLE[name]
    for name in (
        "add", "sub", "mul", "div", "neg", "abs", "square", "sqrt", "relu", "maximum", "minimum", "clip", "where",
        "step", "compare", "stop_gradient", "mul_no_nan",
    )
]  # fmt: skip


def programs(operations: list[Op]) -> st.SearchStrategy[Expression]:
    """Graphs of any of these operations at any number, poles and all, whose operands are nodes or constants."""

    def built(leaves: list[float], drawn: list[tuple[Op, list[int | float]]]) -> Expression:
        steps: list[Step] = []
        for op, operands in drawn:
            newest = len(leaves) + len(steps) - 1
            places = [newest - k % (newest + 1) if isinstance(k, int) else k for k in operands[: op.arity or 4]]
            if not any(isinstance(k, int) for k in places):
                places[0] = newest
            domains = op.domain if op.arity else op.domain * len(places)
            whole = zip(places, domains, strict=True)
            places = [1.0 if domain.whole and isinstance(k, float) else k for k, domain in whole]
            steps.append(Step(op.name, tuple(places)))
        return Expression(tuple(leaves), tuple(steps))

    operand = st.integers(0, 4) | st.sampled_from(POINTS)
    drawn = st.tuples(st.sampled_from(operations), st.lists(operand, min_size=4, max_size=4))
    leaves = st.lists(st.sampled_from(POINTS), min_size=1, max_size=3)
    return st.builds(built, leaves, st.lists(drawn, min_size=1, max_size=8))


def everything(root: Value) -> list[Value]:
    """All that ``root`` is made of, and itself."""
    nodes = [x for result in topological_order(root) for x in (*result.args, result) if isinstance(x, Value)]
    return list(dict.fromkeys(nodes)) or [root]


def same(found: Any, expected: Any) -> bool:
    """To the last bit, whatever nan and zero are made of."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    return bool(np.all((found == expected) | (np.isnan(found) & np.isnan(expected))))


STEPPER = f"""
{resource("rendering/handed.js")}
{resource("stepper/passes.js")}
export function derivatives(text) {{
  const graph = JSON.parse(text);
  return [passes(graph, graph.partials.map(Number)).derivative];
}}
"""
EXAMPLE = f"""
{resource("rendering/handed.js")}
{resource("live/example.js")}
export function both(text, operations, theta, x, y) {{
  const {{ values, adjoints }} = chainRule(JSON.parse(text), new Function("return " + operations)(), theta, x, y);
  return [values, adjoints];
}}
"""


def in_stepper(node: Node, root: Value) -> np.ndarray:
    """The derivatives of everything, as the stepper's page finds them."""
    data = re.search(r'<script id="data" type="application/json">(.*)</script>', step(root).html)
    assert data is not None
    (found,) = node.call(STEPPER, "derivatives", data[1])
    return found  # type: ignore[no-any-return]


class Written(Module):
    """A model that is an expression of its parameters."""

    def __init__(self, expression: Expression) -> None:
        self.leaves = [Value(x) for x in expression.leaves]
        self.expression = expression

    def __call__(self, x: Any) -> Any:
        return self.expression.of(self.leaves)


def in_live(node: Node, expression: Expression) -> tuple[np.ndarray, np.ndarray]:
    """Values and derivatives of everything, as the live page finds them, in the order in which it lists them."""
    model = Written(expression)
    facts = example(model, as_loss(lambda output, _: output), np.zeros(1), np.zeros(()))
    operations = facts.pop("operations")
    facts["constants"], facts["others"] = ([str(x).replace("inf", "Infinity").replace("nan", "NaN") for x in facts[key]]
                                           for key in ("constants", "others"))  # fmt: skip
    theta = [p.data for p in model.parameters()]
    values, adjoints = node.call(EXAMPLE, "both", json.dumps(facts), operations, theta, [0.0], [0.0])
    return values, adjoints


@given(expression=programs(list(TABLE.values())))
def test_stepper_hands_back_what_the_engine_does(node: Node, expression: Expression):
    """Over every row of the table, wherever its operands are."""
    _, root = expression.record()
    assert same(in_stepper(node, root), gradients(root, everything(root), check=False))


@given(expression=programs(EXACT))
def test_example_of_a_live_page_hands_back_what_the_engine_does(node: Node, expression: Expression):
    """Where both languages have the same numbers, all values and derivatives."""
    leaves, root = expression.record()
    nodes = [*leaves, *topological_order(root)]
    values, adjoints = in_live(node, expression)
    places = [*range(len(leaves)), *range(len(leaves) + 2, len(values))]
    assert same(values[places], [x.data for x in nodes])
    assert same(adjoints[places], gradients(root, nodes, check=False))


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_infinite_adjoint_reaches_what_a_result_depends_on(node: Node, op: Op):
    """Of every row, at ordinary numbers: what is declared flat hands on 0 there, and nothing else does."""
    operands = [1.5, 0.75, 2.5][: op.arity or 2]
    expression = Expression(
        tuple(operands), (Step(op.name, tuple(range(len(operands)))), Step("mul", (len(operands), inf)))
    )
    leaves, root = expression.record()
    expected = gradients(root, leaves, check=False)
    flat = [partial is FLAT for partial in root.args[0].partials]  # type: ignore[union-attr]
    assert [slope == 0.0 for slope in expected] == flat
    assert same(in_stepper(node, root), gradients(root, everything(root), check=False))
    assert same(in_live(node, expression)[1][: len(leaves)], expected)
    for kind in ("python", "arrays"):
        found = node.run(compile_tape(record([root], leaves), kind=kind).js_source, operands)[1]
        assert same(found, expected), kind


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_infinite_adjoint_in_the_picture_of_the_chain_rule(op: Op, above: bool):
    """Where all between is summed out, before an operation and after it, what is flat hands on 0 all the same."""
    leaves = [Value(x) for x in [1.0, 0.75, 2.5][: op.arity or 2]]
    made = apply(op, *[x * 1.0 for x in leaves])
    result = made * 2.0 if above else made
    end = (result + 0.0) * inf
    stand_ins = reduced(end, [*leaves, result])
    kept = [stand_ins[x] for x in leaves]
    assert same(gradients(stand_ins[end], kept, check=False), gradients(end, leaves, check=False))
    assert [x is FLAT for x in stand_ins[result].partials] == [x is FLAT for x in made.partials]


@given(expression=programs(list(TABLE.values())), seed=st.integers(0, 99))
def test_formula_ends_with_what_the_engine_says(expression: Expression, seed: int):
    """By every leaf, whatever has a name between; and where the sum over paths has a number, the engine has one."""
    leaves, root = expression.record()
    between = [x for x in everything(root) if x not in (*leaves, root)]
    named = [x for x in between if np.random.default_rng([seed, between.index(x)]).random() < 0.4]
    for k, x in enumerate([*leaves, *named]):
        x.label = f"x{k}"
    kept = [x for x in everything(root) if x is not root and (x in leaves or x in named)]
    stand_ins = reduced(root, kept)
    for x in kept:
        expected = gradients(root, x, check=False)
        if x in leaves and root.op is not None:
            last = chain_rule(root, wrt=x).formula.splitlines()[-1]
            assert last.rpartition("= ")[2] == number(expected)
        assert not np.isnan(expected) or np.isnan(gradients(stand_ins[root], stand_ins[x], check=False))


def test_terms_of_both_signs_beside_an_infinite_adjoint_are_nan():
    """As they are one after the other: infinity times 1 + 0 is no infinity here."""
    w = Value(1.0, label="w")
    for made in (relu(-w) + w, w * 3.0 - w):
        made.label = "a"
        end = made * inf
        assert np.isnan(gradients(end, w, check=False))
        assert [path.product for path in chain_rule(end, wrt=w).paths] == [pytest.approx(nan, nan_ok=True)]
        assert chain_rule(end, wrt=w).formula.endswith("= nan")


def test_adjoints_that_cancel_above_a_pole_have_derivative_0():
    """The sum over paths is infinity less infinity there; what is drawn and written is what the engine hands on."""
    x = Value(0.0, label="x")
    pole = sqrt(x)
    one, other = pole * 1.0, pole * 1.0
    one.label, other.label = "a", "b"
    picture = chain_rule(one - other, wrt=x)
    assert sorted(path.product for path in picture.paths) == [-inf, inf]
    assert picture.formula.endswith("= 0")
    assert picture.latex.endswith("= 0")


def test_two_flat_ways_are_flat_together():
    """The sum of what is 0 whatever comes is that, too; beside a way that is not, it adds nothing."""
    x = Value(0.5)
    for once, slope in ((compare(x, x * 2.0), 0.0), (compare(x, x) + x, inf)):
        end = (once + 0.0) * inf
        stand_ins = reduced(end, [x, once])
        assert gradients(stand_ins[end], stand_ins[x], check=False) == gradients(end, x, check=False) == slope


class Gated(Module):
    """The root of what a layer gives, where another one lets it through."""

    def __init__(self) -> None:
        self.gate, self.layer = Layer(1, 1, rng=0), Layer(1, 1, rng=1)
        for parameter, x in zip(self.layer.parameters(), (1.0, -0.5), strict=True):
            parameter.data = x

    def __call__(self, x: Any) -> Any:
        return sqrt(where(self.gate(x), self.layer(x), 1.0))


@pytest.mark.parametrize("examples", [1, 3])
@pytest.mark.parametrize("level", ["value", "neuron", "layer"])
def test_what_is_flat_is_0_in_pictures(level: str, examples: int):
    """A condition under an infinite adjoint: nothing flows to it, at any level of detail, and nothing says nan."""
    model = Gated()
    root = sum([model([Value(0.5, label=f"x{k}")]) for k in range(examples)])
    root.backward()
    assert [parameter.grad for parameter in model.parameters()] == [0.0, 0.0, inf, inf]
    assert "nan" not in graph(root, level=level, model=model).svg


def test_what_is_flat_is_0_where_what_is_alike_is_one_box():
    """The same without a model, many at once: dashed are all operands of the gate, and the condition."""
    model = Gated()
    root = sum([model([Value(0.5)]) for _ in range(12)])
    root.backward()
    picture = graph(root, max_nodes=20)
    assert "what was made alike is one box" in picture.svg
    assert len([line for line in picture.dot.splitlines() if "->" in line and "style=dashed" in line]) == 5


def test_path_through_what_is_flat_is_0():
    """Its product is the derivative that the engine has."""
    c, x = Value(1.0, label="c"), Value(0.25, label="x")
    y = where(c, x, 0.0) * inf
    assert [path.product for path in paths(y, c)] == [gradients(y, c, check=False)] == [0.0]


@pytest.mark.parametrize("slope", [3.0, 0.1, 0.0])
@pytest.mark.parametrize("most", [inf, 1.0])
def test_backward_written_by_hand_hands_on_what_it_says(node: Node, slope: float, most: float):
    """Also one that is not linear, as where a gradient is clipped on its way."""
    a = Value(2.0, label="a")
    made = Value(slope * 2.0, (a,), "mine")

    def backward() -> None:
        a.grad += max(-most, min(most, slope * made.grad))

    made._backward = backward
    root = made * 5.0 + a
    expected = gradients(root, everything(root), check=False)
    found = in_stepper(node, root)
    assert np.allclose(found, expected, rtol=1e-15, atol=0.0)
    assert a.grad == 0.0
