"""Pickles and copies keep a graph whole; threads that share leaves do not disturb each other."""

from __future__ import annotations

import copy
import io
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, operation

DEEP = 50_000


@operation(lambda m, y, a: 3.0 * a * a, symbol="cube")
def cube(m, a):
    """An operation of this module, for pickle to find again."""
    return a * a * a


def slow_pickle(x):
    """Through the pickler that is written in Python."""
    file = io.BytesIO()
    pickle._Pickler(file).dump(x)
    return pickle.loads(file.getvalue())


COPIES = {
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "python_pickle": slow_pickle,
    "oldest_protocol": lambda x: pickle.loads(pickle.dumps(x, protocol=0)),
    "deepcopy": copy.deepcopy,
}


@pytest.fixture(params=COPIES.values(), ids=COPIES)
def duplicate(request):
    """One way to copy."""
    return request.param


@given(st.lists(st.sampled_from(["+", "*", "tanh", "dot", "pow"]), max_size=8), st.sampled_from(list(COPIES)))
def test_copy_has_the_same_numbers_and_gradients_and_touches_nothing(steps, way):
    """A copied graph differentiates as the original does, into leaves of its own."""
    x, y = Value(0.7, label="x"), Value(-0.4, label="y")
    z = x
    for step in steps:
        z = {
            "+": lambda z: z + y,
            "*": lambda z: z * z,
            "tanh": lambda z: z.tanh(),
            "dot": lambda z: autograd.dot([z, 2.0], [y, x]),
            "pow": lambda z: 1.5**z,
        }[step](z)
    twin, twin_x, twin_y = COPIES[way]((z, x, y))
    twin.backward()
    assert (x.grad, y.grad) == (0.0, 0.0)
    z.backward()
    assert (twin.data, twin_x.grad, twin_y.grad, twin_x.label) == (z.data, x.grad, y.grad, "x")


def test_copy_keeps_shared_leaves_shared(duplicate):
    """Two roots over one leaf stay two roots over one leaf, whichever comes first."""
    x = Value(3.0)
    a, b, twin = duplicate([x * 2.0, x * x, x])
    a.backward()
    b.backward()
    assert twin.grad == 8.0


def test_copy_keeps_all_operands_in_order(duplicate):
    """Constants and repeats among many operands stay in their places, each with its partial."""
    x, y = Value(2.0), Value(3.0)
    twin, twin_x, twin_y = duplicate((autograd.dot([x, 5.0, y], [y, x, x]), x, y))
    assert twin.args == (twin_x, 5.0, twin_y, twin_y, twin_x, twin_x)
    assert twin.partials == (3.0, None, 2.0, 2.0, 5.0, 3.0)


def test_copy_walks_the_graph_once(duplicate, monkeypatch):
    """Its root announces all operations, which then need no walk of their own."""
    walks = []
    walk = autograd.copies.topological_order
    monkeypatch.setattr(autograd.copies, "topological_order", lambda root: walks.append(root) or walk(root))
    x = Value(1.0)
    y = autograd.exp(x * x + x)
    duplicate(y)
    assert walks == [y]


def test_copy_of_a_graph_is_not_recursive(duplicate):
    """A chain far deeper than the recursion limit comes through, and its copy differentiates."""
    x = Value(1.0)
    y = x
    for _ in range(DEEP):
        y = y + x
    twin, leaf = duplicate((y, x))
    twin.backward()
    assert sys.getrecursionlimit() < DEEP
    assert leaf.grad == DEEP + 1.0


def test_shallow_copy_of_a_leaf_is_another_leaf():
    """``copy.copy`` gives the same number, gradient and label on a leaf of its own."""
    x = Value(2.0, label="x")
    x.grad = 5.0
    twin = copy.copy(x)
    twin.data = 7.0
    assert (twin is x, x.data, twin.grad, twin.label, twin.op) == (False, 2.0, 5.0, "x", None)


def test_shallow_copy_of_a_result_has_the_same_operands():
    """``copy.copy`` of a result is a second result of the same operands."""
    x = Value(2.0)
    y = x * 3.0
    assert copy.copy(y).args == (x, 3.0)


def test_pickle_finds_an_operation_of_ones_own(duplicate):
    """An operation declared in a module is found there again."""
    twin, leaf = duplicate((lambda x: (cube(x), x))(Value(2.0)))
    twin.backward()
    assert (leaf.grad, twin.op) == (12.0, cube.op)


def test_failed_pickle_leaves_nothing_behind():
    """After an error half-way, the same graph is pickled and copied as if nothing had happened."""
    x = Value(1.0)
    y = autograd.exp(x) * 2.0
    with pytest.raises((pickle.PicklingError, TypeError, AttributeError)):
        pickle.dumps((y, lambda: None))
    assert not autograd.copies._announced.nodes
    assert pickle.loads(pickle.dumps(y)).data == y.data


def test_threads_with_graphs_of_their_own_share_leaves():
    """Eight threads differentiate private graphs over one leaf; nothing is lost or counted twice."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        x = Value(1.0)

        def work(k):
            for _ in range(50):
                y = x
                for _ in range(20):
                    y = y + x * float(k)
                y.backward()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert x.grad == sum(50 * (1 + 20 * k) for k in range(8))


def test_every_thread_copies_graphs_of_its_own(duplicate):
    """What one thread has announced of its graph is nothing to another."""
    x = Value(3.0)
    with ThreadPoolExecutor(1) as pool:
        twin = pool.submit(duplicate, x * x + x).result()
    assert (twin.data, len(twin.args[0].args)) == (12.0, 2)
