"""Leaves given other numbers in the stepper page: both passes run there, and their numbers are the engine's."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograd import Value, operation, relu, sqrt, tanh
from autograd.graph import topological_order
from autograd.testing.expressions import Expression
from autograd.testing.strategies import expressions
from tests.viz.chromium import Page
from tests.viz.stepping import box, chromium_fixture, neuron, place, show_fixture, spoken  # noqa: F401 - pytest uses two

READ = """[...document.querySelectorAll(".box")].map((b) => [b.querySelector("title").textContent.split(" = ")[0],
  values[b.dataset.box], Number(b.dataset.derivative), b.dataset.missing])"""


def enter(page: Page, leaf: str, text: str) -> None:
    """Choose a leaf and write its number into the field, as a reader does."""
    page.evaluate(f"choose(names.indexOf({leaf!r})); document.getElementById('given').select()")
    page.evaluate("document.getElementById('given').focus()")
    page.ask("Input.insertText", text=text)
    page.press("Enter")


def everything(root: Value) -> list[Value]:
    """All that ``root`` is made of, each with a name of its own."""
    nodes = {x: None for result in topological_order(root) for x in (*result.args, result) if isinstance(x, Value)}
    for i, node in enumerate(nodes):
        node.label = f"n{i}"
    return list(nodes)


def assert_same(page: Page, nodes: list[Value]) -> None:
    """Values and derivatives of the page are the engine's, to 1e-12 of the largest."""
    found = {name: (value, derivative) for name, value, derivative, _ in page.evaluate(READ)}
    assert all(missing == "0" for *_, missing in page.evaluate(READ))
    for k, kind in enumerate(("data", "grad")):
        expected = {node.label: getattr(node, kind) for node in nodes}
        size = max(1.0, *map(abs, expected.values()))
        wrong = {x: (found[x][k], e) for x, e in expected.items() if not abs(found[x][k] - e) <= 1e-12 * size}
        assert wrong == {}, kind


@settings(max_examples=50, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(expression=expressions(), moves=st.lists(st.floats(-0.3, 0.3), min_size=4, max_size=4))
def test_edited_leaves_give_the_gradients_of_the_engine(show, expression: Expression, moves: list[float]):
    """On random graphs: at the numbers that were there, and where every leaf has another."""
    leaves, root = expression.record()
    everything(root)
    page = show(root, "#step=100000")
    for shifts in ([0.0] * 4, moves):
        moved = [Value(leaf.data + shift) for leaf, shift in zip(leaves, shifts, strict=False)]
        again = expression.of(moved)
        nodes = everything(again)
        again.backward(check=False)
        for leaf, other in zip(leaves, moved, strict=True):
            if other in nodes:
                assert other.label == leaf.label
                page.evaluate(f"give(names.indexOf({leaf.label!r}), {other.data!r})")
        page.evaluate("go(100000)")
        if all(math.isfinite(x) for node in nodes for x in (node.data, node.grad)):
            assert_same(page, nodes)
    assert page.faults() == []


def test_number_is_entered_in_the_page(show):
    """Values, lines, rules, tooltips and steps are those of the new number; Reset brings back the old ones."""
    page = show(neuron(), "#step=1")
    numbers = (
        "[...document.querySelectorAll('.box .number, .box .derivative')].map((t) => t.textContent)"
        ".concat(values, partials, steps.length, largest).join()"
    )
    before = page.evaluate(numbers)
    enter(page, "x", "−0.5")
    assert spoken(page) == "p = w · x = (−3)·(−0.5) = 1.5"
    page.evaluate("go(5)")
    assert spoken(page) == "∂e/∂z += ∂e/∂e · ∂e/∂z = (1)·(−3) = −3; ∂(z · w)/∂z = w = −3; ∂e/∂z = −3, complete."
    assert page.evaluate(f"buttonOf({box('z')}).getAttribute('aria-label')") == "z = 2.5, ∂e/∂z = −3"
    assert page.evaluate(f"{box('z')}.querySelector('.number').textContent") == "2.5"
    assert "∂p/∂w = −0.5" in page.evaluate("[...document.querySelectorAll('.edge title')].map((t) => t.textContent)")
    page.click("#reset")
    page.evaluate("go(1)")
    assert page.evaluate(numbers) == before
    assert spoken(page) == "p = w · x = (−3) · 2 = −6"
    assert page.evaluate("document.getElementById('reset').hidden")
    assert page.faults() == []


def test_steps_change_where_a_branch_does(show):
    """A relu that dies hands on nothing; the step that was shown last is still one."""
    page = show(relu(Value(1.0, label="x")) * Value(2.0, label="w"), "#step=100")
    enter(page, "x", "-1")
    assert page.evaluate("steps.at(-1).kind") == "term"
    assert "∂relu/∂x = [x > 0] = 0" in spoken(page)
    enter(page, "w", "0")
    assert page.evaluate("steps.at(-1).kind") == "nothing"
    assert (
        place(page)
        == f"backward {page.evaluate('steps.length - 1 - turn')} of {page.evaluate('steps.length - 1 - turn')}"
    )
    assert page.faults() == []


@pytest.mark.parametrize("text", ["", "two", "nan", "Infinity", "1,5", "1e999"])
def test_what_is_no_number_is_refused(show, text):
    """The page says what a leaf holds and what came, and nothing has changed."""
    page = show(neuron())
    enter(page, "x", "9")
    page.evaluate(f"document.getElementById('given').value = {text!r}; entered()")
    said = page.evaluate("document.getElementById('given').validationMessage")
    assert said.startswith(f"A leaf holds a number, got {text or 'nothing'}:")
    assert page.evaluate("values[names.indexOf('x')]") == 9


def test_keys_in_the_field_are_the_field_s(show):
    """Arrows and space move no step while a number is written."""
    page = show(neuron(), "#step=2")
    page.evaluate("document.getElementById('given').focus()")
    page.press("ArrowRight", "Home", " ")
    assert place(page) == "forward 2 of 3"
    assert page.evaluate("document.getElementById('play').textContent") == "Play"


def test_click_on_a_leaf_chooses_it(show):
    """The field holds the number of the leaf that was clicked, whole."""
    page = show(tanh(Value(0.1, label="x")) * Value(1 / 3, label="y"))
    page.click(f"[data-box='{page.evaluate('names.indexOf(`y`)')}'] .body")
    assert page.evaluate("document.getElementById('given').value") == str(1 / 3)


def test_value_outside_the_domain_is_told(show):
    """A root of a negative number is nan in the page, as in the engine, and marked as broken."""
    page = show(sqrt(Value(4.0, label="x")), "#step=100")
    enter(page, "x", "-4")
    assert page.evaluate("boxes[root].querySelector('.number').textContent") == "nan"
    assert page.evaluate("boxes[names.indexOf('x')].classList.contains('broken')")


def test_leaves_of_what_no_page_can_compute_are_not_offered(show):
    """An operation of one's own over other functions: there is no field that could give wrong numbers."""
    odd = operation(lambda m, y, a: math.cos(a), symbol="odd")(lambda m, a: math.sin(a))
    page = show(odd(Value(0.0, label="x")))
    assert page.evaluate("getComputedStyle(document.getElementById('edit')).display") == "none"


def test_operation_that_is_another_one_for_the_page_is_not_trusted(show):
    """One's own operation that chooses by an ``if``: what the page would compute is not what the engine did."""
    fold = operation(lambda m, y, a: -1.0 if a == -2.0 else 1.0)(lambda m, a: -a if a == -2.0 else a)
    page = show(fold(Value(-2.0, label="x")) * 3.0, "#step=100")
    assert page.evaluate("getComputedStyle(document.getElementById('edit')).display") == "none"
    assert spoken(page).startswith("∂v₂/∂x += ∂v₂/∂v₁ · ∂v₁/∂x = (3)·(−1) = −3; ∂v₂/∂x = −3, complete.")
    assert page.faults() == []


def test_numbers_set_since_are_told(show):
    """After a step of descent the page does not say that the old result is that of the new numbers."""
    w, x = Value(2.0, label="w"), Value(3.0, label="x")
    p, q = w * x, x * x
    page = show(p + q, "#step=1")
    assert spoken(page) == "v₁ = w · x = 2 · 3 = 6"
    w.data = 1.5
    page = show(p + q)
    assert "given other numbers since this was computed" in spoken(page)
    seen = []
    for _ in range(3):
        page.press("ArrowRight")
        seen.append("before these, or it, were given other numbers" in spoken(page))
    assert seen == [True, False, False]
    assert page.evaluate("getComputedStyle(document.getElementById('edit')).display") == "none"


def test_box_whose_derivative_stays_has_its_new_number_everywhere(show):
    """In the tooltip, and in what a screen reader says."""
    page = show(Value(1.0, label="x") + Value(2.0, label="w"), "#step=100")
    enter(page, "x", "5")
    box_x = box("x")
    assert page.evaluate(f"buttonOf({box_x}).getAttribute('aria-label')") == "x = 5, ∂v₁/∂x = 1"
    assert page.evaluate(f"{box_x}.querySelector('title').textContent") == "x = 5\n∂v₁/∂x = 1"
