"""Along which paths a derivative arrives."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given

from autograd import Value, gradients, paths, relu, sqrt
from autograd.testing.expressions import Expression
from autograd.testing.strategies import expressions


def ways(root: Value, leaf: Value) -> Iterator[tuple[Any, ...]]:
    """Every way down from a root to a leaf: the operands on it, each with the partial that leads there."""
    if root is leaf:
        yield ()
    for arg, partial in zip(root.args, root.partials, strict=True):
        if isinstance(arg, Value):
            for rest in ways(arg, leaf):
                yield ((arg, partial), *rest)


@given(expression=expressions(max_steps=5))
def test_paths_are_the_ways_down_until_the_product_is_zero(expression: Expression) -> None:
    """Each way is listed once with its partials and their product, unless it is zero before the last step."""
    leaves, root = expression.record()
    for leaf in leaves:
        found = paths(root, leaf, limit=100_000)
        expected = list(ways(root, leaf))
        alive = [way for way in expected if math.prod(partial for _, partial in way[:-1])]
        listed = [tuple(zip(path.nodes[1:], path.partials, strict=True)) for path in found]
        assert Counter(listed) == Counter(alive)
        assert all(path.nodes[0] is root for path in found)
        assert [path.product for path in found] == [math.prod(path.partials) for path in found]
        assert found.total == len(expected)


@given(expression=expressions(max_steps=5))
def test_products_of_all_paths_add_up_to_the_gradient(expression: Expression) -> None:
    """The gradient is what arrives along the paths, and nothing is left when all are listed."""
    leaves, root = expression.record()
    for leaf in leaves:
        found = paths(root, leaf, limit=100_000)
        size = sum(abs(path.product) for path in found)
        assert found.gradient == gradients(root, leaf)
        assert found.rest == pytest.approx(0.0, abs=1e-12 * size)


def ladder(x: Value) -> Value:
    """Sixty rungs, each reached in two ways, with partials 0.9 and 0.1."""
    y = x
    for _ in range(60):
        y = 0.9 * y + 0.1 * y
    return y


def test_largest_paths_come_first_among_exponentially_many() -> None:
    """Of 2**60 paths the one with every partial 0.9 leads, then come those with one 0.1."""
    x = Value(1.0)
    found = paths(ladder(x), x, limit=4)
    assert [path.product for path in found] == pytest.approx([0.9**60, *[0.9**59 * 0.1] * 3], rel=1e-14)
    assert found.total == 2**60


def test_paths_that_are_not_listed_are_known_by_their_sum() -> None:
    """What the listed paths leave of the gradient is the rest."""
    x = Value(1.0)
    found = paths(ladder(x), x, limit=1)
    assert found.rest == pytest.approx(1.0 - 0.9**60, rel=1e-14)


def test_paths_are_counted_exactly() -> None:
    """Beyond the whole numbers that floats can tell apart."""
    x = Value(1.0)
    assert paths(ladder(x) + x, x).total == 2**60 + 1


def test_paths_lists_ten_unless_told() -> None:
    """Ten lines can be read."""
    x = Value(1.0)
    assert len(paths(ladder(x), x)) == 10


@pytest.mark.parametrize(
    "build", [lambda x: 3.0 * x + sqrt(x * x), lambda x: sqrt(x * x) + 3.0 * x], ids=["written last", "written first"]
)
def test_path_whose_product_is_nan_comes_first(build: Callable[[Value], Value]) -> None:
    """One nan spoils the gradient, so it matters more than any number."""
    x = Value(0.0)
    assert [str(path.product) for path in paths(build(x), x)] == ["nan", "nan", "3.0"]


def test_path_through_a_dead_relu_is_counted_but_not_listed() -> None:
    """Nothing arrives along it."""
    x = Value(1.0)
    found = paths(relu(-x) + x, x)
    assert ([path.product for path in found], found.gradient, found.total) == ([1.0], 1.0, 2)


def test_path_from_a_node_to_itself_has_no_step() -> None:
    """Its product is the empty one."""
    x = Value(3.0)
    found = paths(x, x)
    assert (tuple(found), found.gradient, found.total) == ((((x,), (), 1.0),), 1.0, 1)


def test_paths_to_what_the_root_does_not_depend_on_are_none() -> None:
    """A gradient of zero, along no path."""
    found = paths(Value(3.0) * 2.0, Value(1.0))
    assert (tuple(found), found.gradient, found.total) == ((), 0.0, 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paths(1.0, Value(1.0)), "paths takes a Value as its root, got float 1.0"),  # type: ignore[arg-type]
        (lambda: paths(Value(1.0), "x"), "paths takes a Value as its leaf, got str 'x'"),  # type: ignore[arg-type]
        (lambda: paths(Value(1.0), Value(1.0), limit=0), "paths takes a limit of at least 1, got 0"),
    ],
)
def test_paths_refuses_what_is_not_a_graph(call: Callable[[], Any], message: str) -> None:
    """Wrong arguments are named."""
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert str(caught.value) == message
