"""How large a graph may be: a million operations, without recursion, and with the memory back at once."""

from __future__ import annotations

import gc
import time
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from functools import reduce
from operator import add

import pytest

import autograd
from autograd import Value

MILLION = 1_000_000


def chain(x: Value, n: int) -> Value:
    """``x + x + x + ...``, one operation on top of the other."""
    y = x
    for _ in range(n):
        y = y + x
    return y


def sum_of_products(x: Value, n: int) -> Value:
    """Python's sum of ``n`` products."""
    return sum((x * 0.5 for _ in range(n)), Value(0.0))


def balanced(x: Value, n: int) -> Value:
    """A sum as a tree: neighbours are added in pairs, pairs in pairs, and so on."""
    level = [x * 0.5 for _ in range(n)]
    while len(level) > 1:
        level = [reduce(add, level[k : k + 2]) for k in range(0, len(level), 2)]
    return level[0]


def wide_sum(x: Value, n: int) -> Value:
    """One node with ``n`` operands."""
    return autograd.sum([x] * n)


def wide_dot(x: Value, n: int) -> Value:
    """One node with ``2 n`` operands, half of them constants."""
    return autograd.dot([x] * n, [0.5] * n)


SHAPES: list[tuple[Callable[[Value, int], Value], float]] = [
    (chain, MILLION + 1.0),
    (sum_of_products, MILLION / 2),
    (balanced, MILLION / 2),
    (wide_sum, float(MILLION)),
    (wide_dot, MILLION / 2),
]


@pytest.fixture
def collector_off() -> Iterator[None]:
    """No help from the garbage collector: memory comes back by reference counts alone."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("build", "expected"), SHAPES, ids=[build.__name__ for build, _ in SHAPES])
def test_million_terms_are_built_differentiated_and_freed(
    build: Callable[[Value, int], Value], expected: float, collector_off: None
) -> None:
    """A million terms of any shape take seconds in all, give the exact gradient, and are gone with their root."""
    start = time.process_time()
    x = Value(1.0)
    y = build(x, MILLION)
    y.backward()
    witness = weakref.ref(y)
    del y
    assert time.process_time() - start < 10.0
    assert x.grad == expected
    assert witness() is None


def test_operation_costs_at_most_300_bytes(collector_off: None) -> None:
    """A node of two operands takes at most 300 bytes, its float included."""
    x, n = Value(1.0), 20_000
    tracemalloc.start()
    y = chain(x, n)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert y.data == n + 1.0
    assert size / n <= 300


def live(x: Value) -> None:
    """One life of a graph: built, differentiated both ways, dropped."""
    y = autograd.tanh(chain(x, 300)) * x + autograd.dot([x] * 50, [x * x] * 50)
    y.backward()
    autograd.gradients(y, [x], create_graph=True)


def test_memory_is_back_when_the_root_is_dropped(collector_off: None) -> None:
    """Build, differentiate and drop as often as you like: not a kilobyte is left."""
    x = Value(1e-3)
    tracemalloc.start()
    for _ in range(80):
        live(x)  # until Python's own free lists are full
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(10):
        live(x)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 1024


def test_collector_finds_nothing_to_do(collector_off: None) -> None:
    """A graph, its backward pass and its recorded derivative hold no reference cycles."""
    x = Value(1e-3)
    live(x)
    gc.collect()
    live(x)
    assert gc.collect() == 0


def test_time_grows_with_the_number_of_operations(collector_off: None) -> None:
    """Eight times as many operations take eight times as long, caches apart: under twenty."""

    def seconds(n: int) -> float:
        start = time.process_time()
        chain(Value(1.0), n).backward()
        return time.process_time() - start

    small = min(seconds(25_000) for _ in range(3))
    assert seconds(200_000) < 20 * small


def test_exponentially_many_paths_cost_one_visit_a_node() -> None:
    """A hundred doublings have 2^100 paths from root to leaf; the derivative is exact and immediate."""
    x = Value(1.0)
    y = x
    for _ in range(100):
        y = y + y
    y.backward()
    assert x.grad == 2.0**100


def test_higher_derivatives_of_a_deep_chain_need_no_recursion() -> None:
    """A derivative of a derivative of a chain that is deeper than Python's stack."""
    x = Value(1.0)
    y = x
    for _ in range(5000):
        y = y * 1.0001
    slope = autograd.gradients(y * y, x, create_graph=True)
    assert autograd.gradients(slope, x) == pytest.approx(2 * 1.0001**10000, rel=1e-9)
