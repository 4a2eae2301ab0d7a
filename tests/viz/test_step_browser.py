"""The stepper page in a real Chromium: its arithmetic, and what each step says and shows."""

from __future__ import annotations

import math

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograd import Value, dot, relu, sqrt, where
from autograd.graph import topological_order
from autograd.testing.expressions import Expression
from autograd.testing.strategies import expressions
from tests.viz.chromium import Page
from tests.viz.stepping import box, chromium_fixture, neuron, show_fixture, spoken  # noqa: F401 - pytest uses two
from viz.theme import number


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
@given(expression=expressions())
def test_page_computes_the_gradient_of_every_node_to_the_last_bit(show, expression: Expression):
    """At its last step the page has, by its own sums, what ``backward`` gives, for every leaf and every result."""
    _, root = expression.record()
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
    assert spoken(page) == ("∂e/∂z += ∂e/∂e · ∂e/∂z = (1)·(−3) = −3; ∂(z · w)/∂z = w = −3; ∂e/∂z = −3, complete.")


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
    assert spoken(page).endswith("= −6; ∂(w · x)/∂w = x = 2; ∂e/∂w = −5 + (−6) = −11, complete.")


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
    assert marked == ["∂e/∂w = −5"]


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
