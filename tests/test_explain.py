"""What a graph says about itself: where a nan began, and what is dead."""

from __future__ import annotations

import math

import pytest

import autograd
from autograd import Diagnosis, NonFiniteError, Value, diagnose


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
        (lambda x: x / 0.0, "it began at div(x=2, 0) = inf, the root itself; keep the constant 0.0 away from 0"),
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
        "the derivative with respect to x is not finite; it began at sqrt(x=0)\n"
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
