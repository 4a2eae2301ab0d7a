"""micrograd's words on Value: what its users read, assign and set."""

from __future__ import annotations

import copy
import math
import pickle
import re

import pytest

import autograd
import viz
from autograd import Value, compile, diagnose, gradients, paths
from autograd.errors import CompileError, NonFiniteError, OperandError


def taught(x, compute, slope, symbol):
    """As it is taught: a number, operands, a symbol, and a function that hands the gradient on."""
    out = Value(compute(x.data), (x,), symbol)

    def backward():
        x.grad += slope(x.data) * out.grad

    out._backward = backward
    return out


def taught_tanh(x):
    return taught(x, math.tanh, lambda a: 1.0 - math.tanh(a) ** 2, "tanh")


def taught_sin(x):
    return taught(x, math.sin, math.cos, "sin")


# ── What is read ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_prev_and_op_say_how_a_value_was_made():
    """Operands in order, repeats included; constants are Values, the same each time; the symbol is text."""
    a, b = Value(2.0), Value(3.0)
    assert (a - b)._prev == (a, b)
    assert (a * a)._prev == (a, a)
    y = 1 - a
    one, operand = y._prev
    assert (one.data, operand) == (1.0, a)
    assert y._prev[0] is one
    assert autograd.clip(a, 0.0, 1.0)._prev[0] is a
    assert [x.data for x in autograd.clip(a, 0.0, 1.0)._prev] == [2.0, 0.0, 1.0]
    assert a._prev == ()
    assert [x._op for x in (a, a + b, a.tanh())] == ["", "+", "tanh"]


def test_a_graph_whose_operands_were_read_is_freed_however_deep_it_is():
    """What remembers the constants holds no operand, or a long chain would be freed by recursion."""
    x = Value(1.0)
    for _ in range(100_000):
        x = x + 1.0
        assert x._prev[1].data == 1.0
    del x
    assert len(autograd.micrograd._constants) < 100_000


# ── One node after another ───────────────────────────────────────────────────────────────────────────────────────────


def test_backward_of_one_node_after_another_is_the_chain_rule():
    """By hand, node by node from the root, each hands on what it has; leaves have nothing to hand on."""
    x, w, b = Value(2.0), Value(-3.0), Value(7.0)
    product = x * w
    n = product + b
    o = n.tanh()
    o.grad = 1.0
    for node in (o, n, b, product, x):
        node._backward()
    slope = 1.0 - math.tanh(1.0) ** 2
    assert [x.grad, w.grad, b.grad] == pytest.approx([-3.0 * slope, 2.0 * slope, slope], rel=1e-15)


# ── Results of one's own ─────────────────────────────────────────────────────────────────────────────────────────────


def test_backward_goes_through_a_result_of_ones_own():
    """Gradients, once and twice, are those of the operation it imitates; ``gradients`` touches no ``grad``."""
    x, z = Value(0.5), Value(0.5)
    y, expected = taught_tanh(x * 2) * x, (z * 2).tanh() * z
    assert gradients(y, x) == gradients(expected, z)
    assert x.grad == 0.0
    for _ in range(2):
        y.backward()
        expected.backward()
        assert x.grad == z.grad
    assert y._prev[0].partials == expected._prev[0].partials


def test_a_method_of_ones_own_takes_the_place_of_ours(monkeypatch):
    """Whoever writes operations as taught, into the class, has their derivatives everywhere."""
    x, z = Value(0.5), Value(0.5)
    expected = (z.tanh() + 1.0).tanh()
    expected.backward()
    monkeypatch.setattr(Value, "tanh", taught_tanh)
    y = (x.tanh() + 1.0).tanh()
    y.backward()
    assert (y.data, x.grad) == (expected.data, z.grad)


def test_a_function_of_ones_own_is_called_once_a_pass_with_the_adjoint():
    """It may be any function of the adjoint, of operands that come twice and of several."""
    a, b = Value(3.0), Value(4.0)
    out = Value(10.0, (a, b, a), "f")
    seen = []

    def backward():
        seen.append(out.grad)
        a.grad += min(out.grad, 1.0)
        a.grad += 1.0
        b.grad += 5.0 * out.grad

    out._backward = backward
    (out * 2).backward()
    assert (seen, a.grad, b.grad, out.grad) == ([2.0], 2.0, 10.0, 2.0)


def test_pictures_paths_and_diagnoses_go_through_a_result_of_ones_own():
    """With the numbers of the operation it imitates, on each of several paths."""
    x, z = Value(0.5, label="x"), Value(0.5, label="x")
    y, sine = taught_sin(x), z.sin()
    root, expected = taught_tanh(3.0 * y + y * y), (3.0 * sine + sine * sine).tanh()
    found = paths(root, x)
    assert sorted(path.product for path in found) == sorted(path.product for path in paths(expected, z))
    assert all(isinstance(partial, float) for path in found for partial in path.partials)
    root.backward()
    expected.backward()
    assert diagnose(root).finite
    assert "sin" in viz.graph(root).dot
    assert "sin" in viz.step(root).html
    assert viz.chain_rule(root).formula == viz.chain_rule(expected).formula


def test_a_result_of_ones_own_that_is_not_finite_is_named():
    """Like any operation where a nan began."""
    with pytest.raises(NonFiniteError, match=re.escape("nan; it began at log(x=-1) = nan, the root itself")):
        taught(Value(-1.0, label="x"), lambda a: math.nan, lambda a: 1.0 / a, "log").backward()


def test_compiled_functions_take_a_result_of_ones_own():
    """As an argument it is a Value like any other; what it is made of does not matter to the program."""
    square = compile(lambda t: t * t)
    x, z = Value(0.5), Value(0.5)
    square(taught_tanh(x)).backward()
    square(z.tanh()).backward()
    assert x.grad == z.grad


# ── What fails changes nothing ───────────────────────────────────────────────────────────────────────────────────────


def raising(out):
    out._backward = lambda: 1 / 0


@pytest.mark.parametrize("spoil", [raising, lambda out: None], ids=["raises", "missing"])
def test_a_pass_that_fails_changes_no_grad(spoil):
    """Neither of leaves that had their share already, nor of results; the next pass is as if nothing had been."""
    x, w = Value(2.0), Value(3.0)
    (x * w).backward()
    mine = Value(5.0, (x,), "f")
    spoil(mine)
    late = w * x
    root = mine * late
    nodes = (x, w, mine, late, root)
    late.grad = 7.0
    before = [node.grad for node in nodes]
    with pytest.raises((OperandError, ZeroDivisionError)):
        root.backward()
    assert [node.grad for node in nodes] == before
    mine._backward = lambda: None
    root.backward()
    assert (x.grad, w.grad) == (3.0 + 15.0, 2.0 + 10.0)


@pytest.mark.parametrize(
    "ask",
    [
        lambda y, x: (y * 2).backward(),
        gradients,
        lambda y, x: y.partials,
        lambda y, x: y._backward(),
        lambda y, x: viz.graph(y),
        lambda y, x: viz.step(y),
        lambda y, x: paths(y, x),
    ],
    ids=["backward", "gradients", "partials", "_backward", "graph", "step", "paths"],
)
def test_without_backward_there_is_no_silent_zero(ask):
    """Who made a result by hand is told what is missing."""
    x = Value(1.0)
    y = Value(2.0, (x,), "f")
    y.grad = 1.0
    with pytest.raises(OperandError, match="by the _backward that you assign, got none for"):
        ask(y, x)
    assert x.grad == 0.0


def captured(y, x):
    return compile(lambda t: t * y)(2.0)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda y, x: gradients(y, x, create_graph=True), "neither compiled nor differentiated again"),
        (lambda y, x: pickle.dumps(y * 2), "copying or pickling a result of Value(data, _children, _op)"),
        (lambda y, x: copy.copy(y), "copying or pickling a result of Value(data, _children, _op)"),
        (lambda y, x: copy.deepcopy(y * 2), "copying or pickling a result of Value(data, _children, _op)"),
        (lambda y, x: compile(lambda t: Value(1.0, (t,), "f"))(2.0), "make an operation by autograd.operation"),
        (lambda y, x: compile(lambda t: t * t._prev)(2.0), "reading _prev of a Value inside a compiled function"),
        (lambda y, x: compile(lambda t: t._backward())(2.0), "_backward() inside a compiled function"),
        (lambda y, x: setattr(x, "_backward", print), "got a leaf, which has no operands"),
        (lambda y, x: setattr(x + 1, "_backward", print), "got the result of add"),
        (lambda y, x: setattr(y, "_backward", 3), "a function without parameters, got int 3"),
        (lambda y, x: Value(1.0, 3), "a label as text, or its operands as a tuple of Values, got int 3"),
        (lambda y, x: Value(1.0, {x}), "a label as text, or its operands as a tuple of Values, got set"),
        (lambda y, x: Value(1.0, (x, 2.0), "f"), "its operands as a tuple of Values, got float 2.0 among them"),
        (lambda y, x: Value(1.0, (x,), 3), "the symbol of an operation as text, got int 3"),
        (lambda y, x: Value(1.0, (), None), "the symbol of an operation as text, got None"),
        (lambda y, x: Value(1.0, _op="+"), "the symbol of an operation with its operands, got '+' and no operands"),
        (lambda y, x: Value(1.0, "a", "+"), "the symbol of an operation with its operands, got '+' and no operands"),
        (lambda y, x: Value(1.0, "a", label="b"), "Value takes one label, got 'a' and 'b'"),
        (lambda y, x: Value(1.0, "a", label=0), "Value.label takes a str, got int 0"),
        (captured, "can be neither compiled nor differentiated again"),
    ],
)
def test_what_it_cannot_do_is_refused_in_words(ask, message):
    """Nothing is lost in silence."""
    x = Value(0.5)
    with pytest.raises((CompileError, OperandError, TypeError, AttributeError), match=re.escape(message)):
        ask(taught_tanh(x), x)


def test_what_a_derivative_does_not_depend_on_may_be_of_ones_own():
    """Only what lies between is differentiated again."""
    x, z = Value(2.0), Value(0.5)
    y = x * x * taught_tanh(z)
    slope = gradients(y, x, create_graph=True)
    assert gradients(slope, x) == 2.0 * math.tanh(0.5)


# ── Numbers that are set ─────────────────────────────────────────────────────────────────────────────────────────────


def test_data_of_a_result_can_be_set():
    """What was built keeps its partials; what is built later sees the new number."""
    a, b = Value(2.0), Value(3.0)
    product = a * b
    before = product * product
    product.data = 5.0
    after = product * product
    assert (before.data, after.data) == (36.0, 25.0)
    assert gradients(before, a) == 2.0 * 6.0 * 3.0
    assert gradients(after, a) == 2.0 * 5.0 * 3.0


def test_second_derivatives_of_a_result_that_was_set_are_refused():
    """They would mix its own number with the one that was set."""
    a = Value(2.0)
    product = a * a
    y = product * a
    product.data = 5.0
    with pytest.raises(ValueError, match=r"set after it: mul\(2, 2\) had the value 5 and .*; compute it again"):
        gradients(y, a, create_graph=True)


def test_labels_come_second_or_by_name():
    """Ours is the second argument, micrograd's the fourth."""
    labels = [Value(1.0, "a"), Value(1.0, label="a"), Value(1.0, (), "", "a"), Value(1.0, (Value(2.0),), "f", "a")]
    assert {value.label for value in labels} == {"a"}
    assert Value(1.0, ()).op is None
