"""The rules that a page says are those of the table: text that a reader can compute with gives the partial."""

from __future__ import annotations

import math
import re

import pytest

from autograd import Value, elu, floats, leaky_relu, log, operation, relu, sigmoid, tanh
from autograd.compiler.backends.javascript.text import Text
from autograd.compiler.scalars.expressions import Expression, whole_symbols
from autograd.ops import TABLE
from tests.viz.stepping import chromium_fixture, show_fixture, spoken  # noqa: F401 - pytest uses two
from viz.letters.formulas import INFIX, formula

SYMBOLS = {op.symbol: op.name for op in TABLE.values() if " " not in op.symbol and op.name not in INFIX}
FUNCTIONS = {name: getattr(floats, name) for name in floats.__all__}
LEAVES = {"a": 0.4, "b": 0.7, "c": 0.9, "d": 0.2}


def rules(page) -> list[str]:
    """The rule of every step of the backward pass."""
    return page.evaluate("steps.filter((s) => s.kind === 'term').map((s) => ruleOf(s.edge))")


def read(text: str) -> float:
    """What a formula comes to, by the functions of the table and nothing else."""
    text = re.sub(r"\[(.*) > 0\]", r"step(\1)", text)
    for symbol, name in sorted(SYMBOLS.items(), key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<!\w){re.escape(symbol)}\(", f"{name}(", text)
    text = text.replace("−", "-").replace("·", "*").replace("²", "**2").replace("^", "**")
    return eval(text, {**FUNCTIONS, **LEAVES, "sign": lambda a: floats.compare(a, 0.0)})


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity in {1, 2}], ids=lambda op: op.name)
def test_formula_reads_as_the_partial_that_the_table_has(op):
    """Written for people, read again, each partial is the number of the table, to the three digits of its constants."""
    xs = list(LEAVES.values())[: op.arity]
    if op.domain[0].whole:
        pytest.skip("an order has no derivative")
    if op.name == "acosh":
        pytest.skip("its domain begins at 1")
    y = op.value(floats, *xs)
    leaves = [Expression(f"x[{k}]") for k in range(op.arity)]
    partials = op.differentiate(whole_symbols, Expression("y"), leaves)
    for partial, expected in zip(partials, op.differentiate(floats, y, xs), strict=True):
        text = formula(partial, Text())
        if "where" in text:
            continue  # decided by the page
        for k, name in enumerate(LEAVES):
            text = text.replace(f"${{n[{k}]}}", name)
        assert math.isclose(read(text.strip("`").replace("${of}", f"({y!r})")), expected, rel_tol=0.01)


def test_each_step_says_its_rule(show):
    """In the names of the reader: the function by its name, an operator by its operands, constants as numbers."""
    z, w = Value(1.0, label="z"), Value(-3.0, label="w")
    page = show((tanh(z) * w + w**2) / 4.0)
    assert rules(page) == [
        "∂(v₄ / 4)/∂v₄ = 1 / 4 = 0.25",
        "∂(v₂ + v₃)/∂v₂ = 1",
        "∂(v₂ + v₃)/∂v₃ = 1",
        "∂(w ^ 2)/∂w = 2·w = −6",
        "∂(v₁ · w)/∂v₁ = w = −3",
        "∂(v₁ · w)/∂w = v₁ = 0.762",
        "∂tanh/∂z = 1 − tanh² = 0.42",
    ]


def test_rule_is_that_of_the_branch_taken(show):
    """Where the table chooses by a condition, the side is shown on which the numbers are."""
    x = Value(2.0, label="x")
    assert rules(show(elu(x, 1.0))) == ["∂elu/∂x = [x > 0] = 1"]
    assert rules(show(elu(-x, 1.0)))[0] == "∂elu/∂v₁ = exp(v₁) = 0.135"
    assert rules(show(log(x))) == ["∂log/∂x = 1 / x = 0.5"]
    assert rules(show(leaky_relu(-x, 0.25)))[0] == "∂leaky_relu/∂v₁ = 0.25"
    assert rules(show(relu(x) + sigmoid(x)))[2:] == ["∂σ/∂x = σ·(1 − σ) = 0.105", "∂relu/∂x = [x > 0] = 1"]


def test_rule_of_an_operation_of_ones_own(show):
    """It is read from the user's partial, like any other."""
    cube = operation(lambda m, y, a: 3.0 * a * a, symbol="cube")(lambda m, a: a * a * a)
    assert rules(show(cube(Value(2.0, label="x")))) == ["∂cube/∂x = 3·x·x = 12"]


def test_operation_that_no_page_can_have_leaves_its_rules_out(show):
    """A function outside the namespace: the steps are as before, without rules, and nothing breaks."""
    odd = operation(lambda m, y, a: math.cos(a), symbol="odd")(lambda m, a: math.sin(a))
    page = show(odd(Value(0.0, label="x")), "#step=100")
    assert spoken(page).endswith("= (1)·(1) = 1; ∂v₁/∂x = 1, complete. This completes the backward pass.")
    assert page.faults() == []


def test_name_is_no_markup_in_a_rule(show):
    """A label stands in the rule as it is."""
    page = show(Value(2.0, label="<b>`${1}") * Value(3.0, label="y"), "#step=100")
    assert "∂(<b>`${1} · y)/∂y = <b>`${1} = 2" in spoken(page)
    assert page.faults() == []
