"""Metamorphic laws: what must hold between two expressions, whatever the right gradient is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, grad, gradients, hessian
from autograd.testing.expressions import Expression, record
from autograd.testing.oracles import absolute_gradient
from autograd.testing.strategies import MODERATE, expressions

#: Two expressions over the same leaves.
PAIRS = st.integers(1, 3).flatmap(
    lambda n: st.lists(MODERATE, min_size=n, max_size=n).flatmap(
        lambda xs: st.tuples(*[expressions(at=tuple(xs), max_steps=6)] * 2)
    )
)


def close(actual: list[float], expected: list[float], scales: list[float]) -> bool:
    """Equal up to the rounding of what is added up."""
    return all(abs(a - b) <= 1e-12 * scale for a, b, scale in zip(actual, expected, scales, strict=True))


def combined(f: Expression, g: Expression, join: Callable[[Value, Value], Value]) -> tuple[list[float], list[float]]:
    """Gradient of two expressions joined, in one graph over common leaves, and the size of what it adds up."""
    leaves = [Value(x) for x in f.leaves]
    root = join(f.of(leaves), g.of(leaves))
    return gradients(root, leaves, check=False), absolute_gradient(root, leaves)


def apart(f: Expression) -> tuple[float, list[float]]:
    """Value and gradient of one expression in a graph of its own."""
    leaves, root = f.record()
    return root.data, gradients(root, leaves)


# ── Calculus ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(pair=PAIRS, a=MODERATE, b=MODERATE)
def test_derivative_is_linear(pair: tuple[Expression, Expression], a: float, b: float) -> None:
    """``(a f + b g)' = a f' + b g'``."""
    (_, df), (_, dg) = map(apart, pair)
    actual, scales = combined(*pair, lambda f, g: a * f + g * b)
    assert close(actual, [a * x + b * y for x, y in zip(df, dg, strict=True)], scales)


@given(pair=PAIRS)
def test_product_rule(pair: tuple[Expression, Expression]) -> None:
    """``(f g)' = f' g + f g'``."""
    (f, df), (g, dg) = map(apart, pair)
    actual, scales = combined(*pair, lambda f, g: f * g)
    assert close(actual, [x * g + f * y for x, y in zip(df, dg, strict=True)], scales)


@given(pair=PAIRS)
def test_quotient_rule(pair: tuple[Expression, Expression]) -> None:
    """``(f / h)' = (f' h - f h') / h²``, where ``h = 2 + g²`` is never zero."""
    (f, df), (g, dg) = map(apart, pair)
    h, dh = 2.0 + g * g, [2.0 * g * y for y in dg]
    actual, scales = combined(*pair, lambda f, g: f / (2.0 + g * g))
    assert close(actual, [(x * h - f * y) / h**2 for x, y in zip(df, dh, strict=True)], scales)


@given(inner=expressions(max_steps=6), data=st.data())
def test_chain_rule_through_composed_graphs(inner: Expression, data: st.DataObject) -> None:
    """``(g(f(x)))' = g'(f(x)) f'(x)``, with the two factors from separate graphs."""
    f, df = apart(inner)
    outer = data.draw(expressions(at=(f,), max_steps=6))
    (dg,) = apart(outer)[1]
    leaves, middle = inner.record()
    root = outer.of([middle])
    assert close(gradients(root, leaves), [dg * x for x in df], absolute_gradient(root, leaves))


# ── Rewriting ────────────────────────────────────────────────────────────────────────────────────────────────────────

REWRITES: list[Callable[[Value], Value]] = [
    lambda y: y * 1.0,
    lambda y: 1 * y,
    lambda y: y / 1.0,
    lambda y: y + 0.0,
    lambda y: 0 + y,
    lambda y: y - 0.0,
    lambda y: -(-y),  # noqa: B002  # twice negated is meant
    lambda y: +y,
    lambda y: y**1,
    lambda y: autograd.sum([y]),
    lambda y: autograd.prod([y]),
    lambda y: autograd.dot([y], [1.0]),
    lambda y: autograd.dot([1.0, 0.0], [y, y]),
    lambda y: autograd.mean([y]),
    lambda y: autograd.where(1.0, y, 5.0),
    lambda y: (y * 8.0) / 8.0,
    lambda y: 0.25 * (4.0 * y),
    lambda y: y * -1.0 * -1.0,
    lambda y: (y + y) * 0.5,
]


@pytest.mark.parametrize("rewrite", REWRITES, ids=range(len(REWRITES)))
@given(expression=expressions())
def test_neutral_rewrite_leaves_every_bit(rewrite: Callable[[Value], Value], expression: Expression) -> None:
    """Neutral elements, double negation and powers of two change neither value nor gradient, to the last bit."""
    leaves, root = expression.record()
    same = rewrite(root)
    assert same.data == root.data
    assert gradients(same, leaves) == gradients(root, leaves)


@given(expression=expressions(), k=st.integers(-20, 20))
def test_scaling_by_a_power_of_two_scales_every_bit(expression: Expression, k: int) -> None:
    """``(2^k y)' = 2^k y'`` exactly, and ``(-y)' = -y'``."""
    leaves, root = expression.record()
    assert gradients(root * 2.0**k, leaves) == [2.0**k * g for g in gradients(root, leaves)]
    assert gradients(-root, leaves) == [-g for g in gradients(root, leaves)]


IDENTITIES: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "x*y = y*x": (lambda x, y: x * y, lambda x, y: y * x),
    "x+y = y+x": (lambda x, y: x + y, lambda x, y: y + x),
    "x-y = x+(-y)": (lambda x, y: x - y, lambda x, y: x + (-y)),
    "x*x = square": (lambda x, y: x * x + y, lambda x, y: autograd.square(x) + y),
    "x/y = x*y**-1": (lambda x, y: x / (3.0 + y * y), lambda x, y: x * (3.0 + y * y) ** -1),
    "x**3 = x*x*x": (lambda x, y: x**3 * y, lambda x, y: x * x * x * y),
    "factoring": (lambda x, y: x * x - y * y, lambda x, y: (x - y) * (x + y)),
    "distributing": (lambda x, y: x * (x + y), lambda x, y: x * x + x * y),
    "dot = sum of products": (lambda x, y: autograd.dot([x, y, x], [y, y, 3.0]), lambda x, y: x * y + y * y + x * 3.0),
    "sum = +": (lambda x, y: autograd.sum([x, y, x, 2.0]), lambda x, y: x + y + x + 2.0),
    "prod = *": (lambda x, y: autograd.prod([x, y, 2.0, x]), lambda x, y: x * y * 2.0 * x),
    "norm = hypot": (lambda x, y: autograd.norm([x, y]), autograd.hypot),
    "norm = sqrt of dot": (lambda x, y: autograd.norm([x, y, 1.0]), lambda x, y: autograd.sqrt(x * x + y * y + 1.0)),
    "logsumexp = log of sum of exp": (
        lambda x, y: autograd.logsumexp([x, y]),
        lambda x, y: autograd.log(autograd.exp(x) + autograd.exp(y)),
    ),
    "softmax of two = sigmoid": (lambda x, y: autograd.softmax([x, y])[0], lambda x, y: autograd.sigmoid(x - y)),
    "tanh = 2 sigmoid(2x) - 1": (lambda x, y: autograd.tanh(x) * y, lambda x, y: (2 * autograd.sigmoid(2 * x) - 1) * y),
    "log sigmoid": (lambda x, y: autograd.log_sigmoid(x * y), lambda x, y: autograd.log(autograd.sigmoid(x * y))),
    "softplus": (lambda x, y: autograd.softplus(x) + y, lambda x, y: autograd.log1p(autograd.exp(x)) + y),
    "expm1": (lambda x, y: autograd.expm1(x) * y, lambda x, y: (autograd.exp(x) - 1.0) * y),
    "max + min = x + y": (lambda x, y: autograd.maximum(x, y) + autograd.minimum(x, y), lambda x, y: x + y),
    "max = (x+y+|x-y|)/2": (autograd.maximum, lambda x, y: (x + y + abs(x - y)) / 2.0),
    "clip = min of max": (
        lambda x, y: autograd.clip(x, -1.7, 1.7) * y,
        lambda x, y: autograd.minimum(autograd.maximum(x, -1.7), 1.7) * y,
    ),
    "sin^2 + cos^2 = 1": (
        lambda x, y: (autograd.square(autograd.sin(x)) + autograd.square(autograd.cos(x))) * y,
        lambda x, y: y + 0.0 * x,
    ),
    "cosh^2 - sinh^2 = 1": (
        lambda x, y: (autograd.square(autograd.cosh(x)) - autograd.square(autograd.sinh(x))) * y,
        lambda x, y: y + 0.0 * x,
    ),
    "erf + erfc = 1": (lambda x, y: autograd.erf(x) * y, lambda x, y: (1.0 - autograd.erfc(x)) * y),
    "asinh undoes sinh": (lambda x, y: autograd.asinh(autograd.sinh(x)) * y, lambda x, y: x * y),
    "atan2 = atan of quotient": (
        lambda x, y: autograd.atan2(x, 1.0 + y * y),
        lambda x, y: autograd.atan(x / (1.0 + y * y)),
    ),
}


@pytest.mark.parametrize(("left", "right"), IDENTITIES.values(), ids=list(IDENTITIES))
@given(x=MODERATE, y=MODERATE)
def test_identity_holds_for_value_gradient_and_hessian(left: Any, right: Any, x: float, y: float) -> None:
    """Two ways to write a function have the same value and the same first and second derivatives."""
    for derive in (lambda f: f, grad, hessian):
        expected = derive(lambda p: right(p[0], p[1]))([x, y])
        actual = derive(lambda p: left(p[0], p[1]))([x, y])
        assert list(flat(actual)) == pytest.approx(list(flat(expected)), rel=1e-9, abs=1e-9)


def flat(x: Any) -> list[float]:
    """The numbers in nested lists."""
    return [y for part in x for y in flat(part)] if isinstance(x, (list, tuple)) else [float(x)]


@given(xs=st.lists(MODERATE, min_size=1, max_size=5), data=st.data())
@pytest.mark.parametrize("name", ["sum", "prod", "norm", "logsumexp", "mean"])
def test_order_of_operands_does_not_matter(name: str, xs: list[float], data: st.DataObject) -> None:
    """Permuting the operands of a symmetric operation permutes its gradient."""
    order = data.draw(st.permutations(range(len(xs))))
    f = getattr(autograd, name)
    expected = grad(lambda p: f(p))(xs)
    actual = grad(lambda p: f([p[k] for k in order]))(xs)
    assert actual == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(expression=expressions(), data=st.data())
def test_renaming_the_leaves_permutes_the_gradient(expression: Expression, data: st.DataObject) -> None:
    """A leaf's gradient does not depend on its place among the leaves, to the last bit."""
    order = data.draw(st.permutations(range(len(expression.leaves))))
    leaves, root = expression.record()
    found = gradients(root, leaves)
    assert gradients(root, [leaves[k] for k in order]) == [found[k] for k in order]


@given(expression=expressions(max_steps=5))
def test_sharing_does_not_matter(expression: Expression) -> None:
    """A graph and the tree it unfolds into, with a leaf for every path, have the same gradient."""
    leaves, root = expression.record()
    copies: list[list[Value]] = [[] for _ in leaves]

    def unfold(k: int) -> Value:
        if k < len(leaves):
            copies[k].append(Value(expression.leaves[k]))
            return copies[k][-1]
        step = expression.steps[k - len(leaves)]
        return record(step.name, [unfold(i) if isinstance(i, int) else i for i in step.operands])

    tree = unfold(len(leaves) + len(expression.steps) - 1)
    sums = [sum(gradients(tree, leaf_copies)) for leaf_copies in copies]
    assert close(sums, gradients(root, leaves), absolute_gradient(root, leaves))


# ── The ways to ask for a derivative ─────────────────────────────────────────────────────────────────────────────────


@given(expression=expressions())
def test_recorded_gradient_is_the_eager_one(expression: Expression) -> None:
    """Asking for a gradient that can be differentiated again does not change the gradient."""
    leaves, root = expression.record()
    recorded = gradients(root, leaves, create_graph=True)
    eager = gradients(root, leaves)
    assert close([g.data for g in recorded], eager, absolute_gradient(root, leaves))


@given(expression=expressions(max_leaves=3, max_steps=6))
def test_gradient_of_a_component_of_the_gradient_is_a_row_of_the_hessian(expression: Expression) -> None:
    """``hessian`` of a function is ``grad`` of each entry of its ``grad``."""
    f = lambda p: expression.of(p)
    rows = hessian(f)(list(expression.leaves))
    for k in range(len(expression.leaves)):
        row = grad(lambda p, k=k: grad(f)(p)[k])(list(expression.leaves))
        assert list(rows[k]) == pytest.approx(list(row), rel=1e-10, abs=1e-10)


@given(expression=expressions())
def test_function_and_graph_have_the_same_gradient(expression: Expression) -> None:
    """``grad`` of the function, ``gradients`` of its graph and ``backward()`` agree to the last bit."""
    leaves, root = expression.record()
    root.backward()
    found = grad(lambda p: expression.of(p))(list(expression.leaves))
    assert found == gradients(root, leaves) == [leaf.grad for leaf in leaves]
