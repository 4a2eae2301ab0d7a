"""What a function reads is changed, and the next call sees it: never a stale program."""

from __future__ import annotations

from functools import partial, wraps
from types import SimpleNamespace

import numpy as np
import pytest

from autograd import Value, compile, grad, hessian
from tests.compiler.changes import Scaled, Setting, assert_change_is_seen

SCALE = 2.0


def changes():
    """For each way to change what a function reads: the function, its other arguments, and the change."""
    box, array, weights, config = SimpleNamespace(T=2.0), np.array([1.0, 2.0]), [2.0, 3.0], {"T": 2.0}
    inner = SimpleNamespace(box=box)
    leaf = SimpleNamespace(w=Value(2.0))
    cell = 2.0

    def in_cell(x):
        return x * cell

    def change_cell():
        nonlocal cell
        cell = 5.0

    def helper(x):
        return x * box.T

    @wraps(helper)
    def decorated(x):
        return helper(x) + 1.0

    def default(x, w=weights):
        return x * w[0]

    def change_global():
        globals()["SCALE"] = globals()["SCALE"] + 1.5

    class Local:
        T = 2.0

        def method(self, x):
            return x * self.T

    local = Local()
    model = Scaled()
    setting = Setting()
    yield "an attribute", lambda x: x * box.T, (), lambda: setattr(box, "T", 5.0)
    yield "an attribute of an attribute", lambda x: x * inner.box.T, (), lambda: setattr(box, "T", 7.0)
    yield "an array", lambda x: x * array[0], (), lambda: array.__setitem__(0, 5.0)
    yield "a list", lambda x: x * weights[0], (), lambda: weights.__setitem__(0, 5.0)
    yield "a dict", lambda x: x * config["T"], (), lambda: config.update(T=5.0)
    yield "a closure", in_cell, (), change_cell
    yield "a helper's closure", lambda x: helper(x), (), lambda: setattr(box, "T", 9.0)
    yield "a decorated function's", decorated, (), lambda: setattr(box, "T", 11.0)
    yield "a default", default, (), lambda: weights.__setitem__(0, 6.0)
    yield "a global", lambda x: x * SCALE, (), change_global
    yield "a global of an inner function", lambda x: (lambda y: y * SCALE)(x), (), change_global
    yield "a leaf bound anew", lambda x: x * leaf.w, (), lambda: setattr(leaf, "w", Value(5.0))
    yield "an attribute of a class", local.method, (), lambda: setattr(Local, "T", 5.0)
    yield "an attribute set on the object", local.method, (), lambda: setattr(local, "T", 6.0)
    yield "a partial", partial(lambda b, x: x * b.T, box), (), lambda: setattr(box, "T", 13.0)
    yield "a compiled function's", compile(lambda x: x * box.T), (), lambda: setattr(box, "T", 15.0)
    yield "a derivative's", grad(lambda x: x * x * box.T), (), lambda: setattr(box, "T", 17.0)
    yield "a second derivative's", hessian(lambda x: x**3 * box.T), (), lambda: setattr(box, "T", 19.0)
    yield "an object as argument", lambda x, s: x * s.T, (setting,), lambda: setattr(setting, "T", 5.0)
    yield "a namespace as argument", lambda x, s: x * s.box.T, (inner,), lambda: setattr(box, "T", 21.0)
    yield "a function as argument", lambda x, f: f(x), (helper,), lambda: setattr(box, "T", 23.0)
    yield "a number of a model", lambda x, m: m(x), (model,), lambda: setattr(model, "T", 5.0)
    yield "a list of a model", lambda x, m: m(x), (model,), lambda: model.powers.__setitem__(0, 2)
    yield "an array of a model", lambda x, m: m(x), (model,), lambda: model.bias.__setitem__(0, 5.0)
    yield "a number of a model's class", lambda x, m: m(x), (model,), lambda: setattr(Scaled, "offset", 4.0)
    yield "a leaf of a model", lambda x, m: m(x), (model,), lambda: setattr(model, "w", Value(7.0))
    yield "a model found outside", lambda x: model(x), (), lambda: setattr(model, "T", 6.0)
    yield (
        "a method of a model's class",
        lambda x, m: m(x),
        (model,),
        lambda: setattr(Scaled, "__call__", lambda m, x: x),
    )


@pytest.fixture
def unchanged():
    """What the changes change of this module."""
    before, call = (SCALE, Scaled.offset), Scaled.__call__
    yield
    globals()["SCALE"], Scaled.offset = before
    Scaled.__call__ = call


@pytest.mark.parametrize("name", [name for name, *_ in changes()])
def test_change_is_seen_by_the_next_call(name, unchanged):
    """Whatever a function reads, and wherever it stands."""
    ((f, args, change),) = [rest for found, *rest in changes() if found == name]
    assert_change_is_seen(f, args, change)


def test_direct_calls_see_changes_too():
    """Functions of floats are called without taking their arguments apart."""
    box = SimpleNamespace(T=2.0)
    fast, other = compile(lambda x: x * box.T), compile(lambda x, y: x * y * SCALE)
    for T in (2.0, 3.0, 2.0):
        box.T = T
        for _ in range(3):
            assert fast.value_and_grad(1.5) == (1.5 * T, T)
            assert other.value_and_grad(1.5, T) == (1.5 * T * SCALE, T * SCALE)


def test_direct_calls_see_what_changes_while_another_thread_records(monkeypatch):
    """The program that was recorded before the change is not taken for one of what is now."""
    box = SimpleNamespace(T=2.0)
    fast = compile(lambda x: x * box.T)
    add = fast._programs.add

    def change_first(*args):
        monkeypatch.undo()
        add(*args)
        box.T = 5.0
        assert fast.value_and_grad(1.0) == (5.0, 5.0)  # as another thread would

    monkeypatch.setattr(fast._programs, "add", change_first)
    assert fast.value_and_grad(1.0) == (2.0, 2.0)
    assert fast.value_and_grad(1.0) == (5.0, 5.0)


def test_name_that_is_bound_later_is_seen():
    """A closure that is empty when the function is compiled, and a global that did not exist."""

    def outer():
        fast = compile(lambda x: x * later, verify=False)
        later = 3.0
        first = fast(2.0)
        later = 4.0
        return first, fast(2.0)

    assert outer() == (6.0, 8.0)
