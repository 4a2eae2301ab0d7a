"""The stepper page without a browser: what it is given and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given

from autograd import Value, dot, leaky_relu, logsumexp, prod, sum, tanh
from autograd.graph import topological_order
from autograd.testing.expressions import Expression
from autograd.testing.strategies import expressions
from nn import MLP
from viz import source_lines
from viz.stepper.step import step


class Contents(HTMLParser):
    """The data of a page, its tags, and the names and operations of its boxes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"name": [], "operation": [], "data": []}
        self._kind = ""
        self.feed(html)
        self.data = json.loads("".join(self.texts["data"]))

    def handle_starttag(self, tag, attrs):
        """Note the tag, and whether its text is wanted."""
        self.tags.append((tag, dict(attrs)))
        attributes = dict(attrs)
        kinds = [*(attributes.get("class") or "").split(), attributes.get("id")]
        self._kind = next((kind for kind in self.texts if kind in kinds and tag in {"text", "script"}), "")

    def handle_endtag(self, tag):
        """What follows is no longer in the tag."""
        self._kind = ""

    def handle_data(self, data):
        """Keep the text of wanted tags."""
        if self._kind:
            self.texts[self._kind].append(data)


def contents(root: Value) -> Contents:
    return Contents(step(root).html)


def line(root: Value) -> str:
    """What the page says when the root is computed."""
    data = contents(root).data
    return data["forward"][data["root"]]


# ── What it takes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_step_refuses_what_is_no_value():
    """A float has no history to step through."""
    with pytest.raises(TypeError, match=r"^a picture takes the root of a graph, a Value, got float 3\.0; compute"):
        step(3.0)


def chain(length: int) -> Value:
    y = Value(1.0)
    for _ in range(length - 1):
        y = -y
    return y


def test_step_takes_500_values():
    """The limit itself is within the limit."""
    assert len(contents(chain(500)).data["names"]) == 500


def long() -> Value:
    """A chain of 500 whose every second operation has a constant of its own."""
    y = Value(1.0, label="x")
    for k in range(499):
        y = y * (1.0 + 0.001 * k) if k % 2 else tanh(y)
    return y


def dense() -> Value:
    """A network of 463 Values and 756 arrows, whose program is known."""
    model = MLP(8, [14, 12, 4, 1], activation="tanh", rng=0)
    with source_lines():
        return model([Value(0.1 * i, label=f"x{i}") for i in range(8)])


@pytest.mark.parametrize("root", [long, dense])
def test_page_of_500_values_is_small(root):
    """At most 300 kB."""
    assert len(step(root()).html.encode()) <= 300_000


def test_step_refuses_more_than_500_values_and_names_the_ways_out():
    """Beyond the limit: the count, the limit and what to do."""
    with pytest.raises(
        ValueError,
        match=r"^viz\.step shows at most 500 Values, got an expression of 501; step through a smaller one \(one "
        r"example, fewer neurons\), or draw viz\.graph\(root, level='layer'\) or viz\.chain_rule\(root\) instead$",
    ):
        step(chain(501))


def test_step_takes_a_leaf():
    """A leaf is a root like any other."""
    assert contents(Value(2.0, label="x")).data["names"] == ["x"]


@given(expression=expressions())
def test_step_touches_no_gradient(expression: Expression):
    """Drawing is no differentiation: whatever ``grad`` holds, it holds afterwards."""
    leaves, root = expression.record()
    root.backward()
    before = [x.grad for x in leaves]
    step(root)
    assert [x.grad for x in leaves] == before


# ── What the page is given ───────────────────────────────────────────────────────────────────────────────────────────


@given(expression=expressions())
def test_page_is_given_the_order_and_the_partials_of_the_engine(expression: Expression):
    """The page walks in the topological order of the engine and multiplies with the partials it recorded."""
    _, root = expression.record()
    order = topological_order(root)
    for i, node in enumerate(order):
        node.label = f"n{i}"
    data = contents(root).data
    assert [data["names"][i] for i in data["order"]] == [node.label for node in order]
    assert [float(p) for p in data["partials"]] == [p for node in order for p in node.partials if p is not None]


def test_page_is_not_given_the_gradient():
    """The derivative of a leaf is the page's own work: 11.37 · 13.71 = 155.88 stands nowhere in the file."""
    x, y = Value(7.0, label="x"), Value(3.0, label="y")
    root = x * 11.37 * 13.71 + 1000.0 * y
    html = step(root).html
    root.backward()
    assert str(x.grad)[:6] == "155.88"
    assert "155.88" not in html


def test_page_is_the_same_in_every_run():
    """Byte for byte, whatever the hash seed."""
    program = (
        "from autograd import Value, dot; from viz.stepper.step import step; x, y = Value(2.0, label='x'), Value(3.0);"
        "print(step(dot([x, y, x], [y, y, x]) / y - x.tanh()).html)"
    )
    pages = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(pages) == 1


def test_page_refers_to_nothing_outside():
    """No address, no link, no image, no second file."""
    html = step(tanh(Value(1.0) * 2.0)).html
    assert "http" not in html
    assert "url(" not in html
    attributes = {name for _, attrs in Contents(html).tags for name in attrs}
    assert attributes.isdisjoint({"src", "href", "xlink:href", "srcset"})


@pytest.mark.parametrize("label", ["</script><script>alert(1)</script>", "<!--", "{{data}}", "a&b\"c'd<e>", "\ud800"])
def test_labels_of_every_kind_are_text(label):
    """A label is never markup, script or a place of the template."""
    x = Value(2.0, label=label)
    plain = Contents(step(Value(2.0, label="x") * 3.0).html)
    found = Contents(step(x * 3.0).html)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    if label != "\ud800":  # no file can hold a lone surrogate; it is written as an escape
        assert label in found.data["names"]


def test_long_labels_are_cut_in_the_box_and_whole_in_the_tooltip():
    """A box has room for a few letters; the rest is not lost."""
    label = "the weight of the last neuron"
    html = step(Value(2.0, label=label) * 3.0).html
    assert "the weight of the…" in Contents(html).texts["name"]
    assert f"<title>{label} = 2.0</title>" in html


def test_values_without_a_label_are_numbered_around_the_labels():
    """v₁, v₂ ... in the order of the forward pass; a label that looks like one of them is left alone."""
    a, b = Value(1.0), Value(2.0, label="v₂")
    assert contents((a + b) * b).data["names"] == ["v₁", "v₂", "v₃", "v₄"]


def test_values_with_the_same_label_are_told_apart():
    """Every name on a page belongs to one box."""
    names = contents(Value(1.0, label="w") * Value(2.0, label="w")).data["names"]
    assert len(set(names)) == 3


# ── What it says of the forward pass ─────────────────────────────────────────────────────────────────────────────────


def test_forward_line_of_operators_reads_as_on_paper():
    """Symbols, then numbers, then the result; negative numbers stand in parentheses."""
    x, y = Value(2.0, label="x"), Value(-3.0, label="y")
    assert line(x * y) == "v₁ = x · y = 2 · (−3) = −6"
    assert line(x - y) == "v₁ = x − y = 2 − (−3) = 5"
    assert line(1.0 / x) == "v₁ = 1 / x = 1 / 2 = 0.5"
    assert line(y**2) == "v₁ = y ^ 2 = (−3) ^ 2 = 9"
    assert line(-y) == "v₁ = −y = −(−3) = 3"


def test_forward_line_of_functions_names_them():
    """Functions are called by their symbol, or by their name where the symbol is no word."""
    x, y = Value(0.0, label="x"), Value(0.0, label="y")
    assert line(tanh(x)) == "v₁ = tanh(x) = tanh(0) = 0"
    assert line(leaky_relu(x, 0.5)) == "v₁ = leaky_relu(x, 0.5) = leaky_relu(0, 0.5) = 0"
    assert line(logsumexp([x, y])) == "v₁ = logsumexp(x, y) = logsumexp(0, 0) = 0.693"


def test_forward_line_of_many_operands_writes_out_sums_and_products():
    """``dot`` is a sum of products, and long sums are cut."""
    xs = [Value(float(i), label=f"x{i}") for i in range(10)]
    assert line(dot(xs[:2], [xs[2], -4.0])) == "v₁ = x0 · x2 + x1 · (−4) = 0 · 2 + 1 · (−4) = −4"
    assert line(prod(xs[1:4])) == "v₁ = x1 · x2 · x3 = 1 · 2 · 3 = 6"
    assert line(sum(xs)).startswith("v₁ = x0 + x1 + x2 + x3 + x4 + x5 + … + x9 = 0 + 1 + ")


def test_box_shows_a_constant_on_its_side_of_the_operation():
    """``3 − x`` and ``x − 3`` are different boxes."""
    x = Value(1.0)
    assert contents(3.0 - x).texts["operation"] == ["3 −"]
    assert contents(x - 3.0).texts["operation"] == ["− 3"]
