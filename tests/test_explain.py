"""What a graph says about itself: where a nan began, along which paths a derivative came, what is dead."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given

import autograd
from autograd import Diagnosis, NonFiniteError, Value, diagnose, gradients, paths
from tests.strategies import programs


def test_non_finite_root_names_the_operation_where_it_began():
    """The message has the operation, its operand with label and value, the distance from the root, and advice."""
    p = Value(-1.5, label="p")
    loss = (autograd.log(p) * 2.0 + 1.0) * 3.0
    loss.label = "loss"
    with pytest.raises(NonFiniteError) as caught:
        loss.backward()
    assert str(caught.value) == (
        "loss is nan; it began at log(p=-1.5) = nan, 3 operations below loss; "
        "keep p positive, for instance exp(w) or softplus(w)"
    )
    assert p.grad == 0.0


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda x: x / 0.0, "it began at div(x=2, 0) = inf, the root itself; keep 0.0 away from 0"),
        (lambda x: autograd.exp(x * 1000.0), "it began at exp(2000) = inf, the root itself; the result is too la"),
        (
            lambda x: autograd.acosh(x - 2.0) + 1.0,
            "acosh(0) = nan, 1 operation below the root; keep its operand in",
        ),
        (lambda x: x * math.inf, "it began at mul(x=2, inf) = inf, the root itself; a constant operand"),
        (lambda x: Value(math.nan, label="bad") + x, "it began at the leaf bad = nan, 1 operation below"),
        (lambda x: Value(math.inf), "the root is inf, a leaf that no operation made; give it a finite number"),
        (lambda x: autograd.sum([x] * 9 + [math.inf]), "sum(x=2, x=2, x=2, …, x=2, inf) = inf"),
    ],
)
def test_non_finite_message_fits_what_went_wrong(build, message):
    """Poles, overflow, domains, constants and leaves each get their own advice."""
    with pytest.raises(NonFiniteError) as caught:
        build(Value(2.0, label="x")).backward()
    assert message in str(caught.value)


def test_unchecked_backward_propagates_what_ieee_754_says():
    """``check=False`` differentiates a root that is not finite."""
    x = Value(0.0)
    autograd.log(x).backward(check=False)
    assert x.grad == math.inf


@given(programs())
def test_all_paths_add_up_to_the_gradient(program):
    """The products along the paths from root to leaf sum to the derivative, however many share edges."""
    leaves, root = program.record()
    for leaf in leaves:
        found = paths(root, leaf, limit=10_000)
        (expected,) = gradients(root, [leaf])
        size = sum(abs(path.product) for path in found)
        assert len(found) <= found.total
        if len(found) == found.total:
            assert math.fsum(path.product for path in found) == pytest.approx(expected, rel=1e-9, abs=1e-12 * size)


def test_paths_lead_from_root_to_leaf_with_the_partials_on_the_way():
    """Every step of a path is an operand, with its partial, and the product is that of the partials."""
    x = Value(0.5, label="x")
    y = autograd.tanh(x * x) * x
    found = paths(y, x)
    assert found.total == 3
    for path in found:
        assert (path.nodes[0], path.nodes[-1]) == (y, x)
        assert math.prod(path.partials) == pytest.approx(path.product, rel=1e-15)
        for (above, below), partial in zip(pairwise(path.nodes), path.partials, strict=True):
            assert (below, partial) in list(zip(above.args, above.partials, strict=True))


def test_largest_paths_come_first_and_the_rest_is_known_among_exponentially_many():
    """A ladder of 60 squares has 2**60 equal paths: ten are listed, the others counted and summed."""
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y * y * 0.5 + y * 0.01
    found = paths(y, x, limit=4)
    sizes = [abs(path.product) for path in found]
    assert sizes == sorted(sizes, reverse=True)
    assert found.total == 3**60
    assert found.rest == pytest.approx(found.gradient - sum(path.product for path in found))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paths(1.0, Value(1.0)), "paths takes a Value as its root, got float 1.0"),
        (lambda: paths(Value(1.0), "x"), "paths takes a Value as its leaf, got str 'x'"),
        (lambda: paths(Value(1.0), Value(1.0), limit=0), "paths takes a limit of at least 1, got 0"),
    ],
)
def test_paths_refuses_what_is_not_a_graph(call, message):
    """Wrong arguments are named."""
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert message in str(caught.value)


def test_diagnosis_of_a_healthy_graph_finds_nothing():
    """Finite numbers, live relus, all leaves reached."""
    x = Value(1.0)
    found = diagnose(autograd.relu(x) * 2.0, [x])
    assert (found.finite, found.dead, found.unreached) == (True, (), ())
    assert str(found) == "all values and derivatives are finite, no relu is dead"


def test_diagnosis_names_dead_relus_unreached_leaves_and_infinite_derivatives():
    """Each finding is a node, and a line of the summary; no gradient is touched."""
    x, w, unused = Value(0.0, label="x"), Value(-2.0, label="w"), Value(1.0, label="unused")
    dead = autograd.relu(w)
    root = autograd.sqrt(x) + dead
    found = diagnose(root, [x, w, unused])
    assert found.dead == (dead,)
    assert found.unreached == (unused,)
    assert found.derivative == (root.args[0], x)
    assert str(found) == (
        "the derivative of sqrt(x=0) with respect to x is not finite\n"
        "1 dead relu: relu(w=-2)\n"
        "the root does not depend on unused"
    )
    assert (x.grad, w.grad) == (0.0, 0.0)


def test_diagnosis_of_a_nan_says_where_it_began():
    """The first value that is not finite is found, and told as the error tells it."""
    x = Value(-1.0, label="x")
    root = autograd.sqrt(x) * 2.0
    found = diagnose(root)
    assert isinstance(found, Diagnosis)
    assert found.value is root.args[0]
    assert "it began at sqrt(x=-1) = nan" in str(found)
