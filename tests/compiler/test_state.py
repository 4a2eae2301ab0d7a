"""Whatever a program depends on besides numbers is part of its key: a change makes another, never a stale one."""

from __future__ import annotations

import gc
import itertools
import pickle
import tracemalloc
import warnings
import weakref
from array import array
from collections import deque
from contextvars import ContextVar
from ctypes import c_double
from dataclasses import dataclass
from decimal import Decimal
from functools import partial, wraps
from queue import SimpleQueue
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import CompileError, Value, compile, grad, hessian, tanh
from autograd.compiler.calls.programs import KEPT, MANY
from autograd.compiler.captured.contents import CLASSES
from autograd.compiler.captured.state import state
from nn import MLP, Module

SCALE = 2.0


class Scaled(Module):
    """A model with a number of its own, and one of its class."""

    offset = 1.0

    def __init__(self):
        self.w = Value(3.0)
        self.T = 2.0
        self.powers = [1]
        self.bias = np.array([0.5])

    def __call__(self, x):
        return self.w * x ** self.powers[0] * self.T + self.offset + self.bias[0]


@dataclass(eq=True, frozen=False)
class Setting:
    """An object that is equal to every other of its kind, and cannot be hashed."""

    name: str = ""
    T: float = 1.0

    def __eq__(self, other):
        return isinstance(other, Setting)

    __hash__ = None


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

    yield from hidden_changes()


def hidden_changes():
    """The same, where what changes is kept in C, in a class, or in place."""
    box = SimpleNamespace(number=Number(2.0), text=Text("a"), count=Count(2), sum=Sum("2.0"))
    raw, cell, view, pairs = array("d", [2.0]), c_double(2.0), memoryview(bytearray([2])), {"T": 2.0}
    proxy, values, get = MappingProxyType(pairs), pairs.values(), pairs.get
    item, grid = (flat := np.array([2.0, 3.0])).item, np.arange(6.0).reshape(2, 3)
    records = np.zeros(1, dtype=[("a", object)])
    records["a"][0] = [2.0]
    error, setting = ValueError(2.0), ContextVar("setting", default=2.0)

    class Box:
        T = 2.0

    class Other:
        T = 5.0

    class Child(Box):
        pass

    class Weights(list):
        scale = 1.0

        def first(self):
            return self[0] * SCALE

    class Named(dict):
        scale = 1.0

    class Grid(np.ndarray):
        scale = 1.0

    class Pair(NamedTuple):
        a: float

        def scaled(self):
            return self.a * SCALE

    class Wrapped:
        k = 2.0

        def __array__(self, dtype=None, copy=None):
            return flat

    class Fixed:
        def __init__(self, x):
            self.x = x

        def __get__(self, _, kind=None):
            return self.x

    class Kind(type):
        T = 2.0

    class Described(metaclass=Kind):
        S = Fixed(2.0)

    def helper(x, k=2.0, *, m=2.0):
        return k * m * x * getattr(helper, "extra", 2.0)

    def plain(x):
        return x * 2.0

    @wraps(np.mean)
    def wrapped(x):
        return x * SCALE

    def change_global():
        globals()["SCALE"] = globals()["SCALE"] + 1.5

    class Hidden:
        __slots__ = ("__k",)

        def set(self, k):
            self.__k = k

        def value(self):
            return self.__k

    hidden = Hidden()
    hidden.set(2.0)
    switched, child, weights, named, wrapper = Box(), Child(), Weights([2.0]), Named(a=2.0), Wrapped()
    pair, rows = Pair(2.0), np.ones(1).view(Grid)
    seen = weakref.ref(child)
    yield "a float of one's own", lambda x: x * box.number, (), lambda: setattr(box, "number", Number(3.0))
    yield "a text of one's own", lambda x: x * len(box.text), (), lambda: setattr(box, "text", Text("abc"))
    yield "an int of one's own", lambda x: x**box.count, (), lambda: setattr(box, "count", Count(3))
    yield "a Decimal of one's own", lambda x: x * float(box.sum), (), lambda: setattr(box, "sum", Sum("3.0"))
    yield "a private slot", lambda x: x * hidden.value(), (), lambda: hidden.set(3.0)
    yield "an array of the standard library", lambda x: x * raw[0], (), lambda: raw.__setitem__(0, 3.0)
    yield "a number of C", lambda x: x * cell.value, (), lambda: setattr(cell, "value", 3.0)
    yield "a view of memory", lambda x: x * view[0], (), lambda: view.__setitem__(0, 3)
    yield "a dict behind a proxy", lambda x: x * proxy["T"], (), lambda: pairs.update(T=3.0)
    yield "a dict behind its values", lambda x: x * next(iter(values)), (), lambda: pairs.update(T=4.0)
    yield "a dict behind its method", lambda x: x * get("T"), (), lambda: pairs.update(T=5.0)
    yield "an array behind its method", lambda x: x * item(0), (), lambda: flat.__setitem__(0, 6.0)
    yield "the shape of an array", lambda x: x * grid[1, 0], (), lambda: grid.resize((3, 2), refcheck=False)
    yield (
        "an object in a record",
        lambda x: x * records["a"][0][0],
        (),
        lambda: records["a"][0].append(records["a"][0].pop() + 1),
    )
    yield "an exception", lambda x: x * error.args[0], (), lambda: setattr(error, "args", (3.0,))
    yield "a context variable", lambda x: x * setting.get(), (), lambda: setting.set(3.0)
    yield "what is referred to weakly", lambda x: x * seen().T, (), lambda: setattr(child, "T", 9.0)
    yield "an object's class", lambda x: x * switched.T, (), lambda: setattr(switched, "__class__", Other)
    yield "a class's bases", lambda x: x * child.T, (), lambda: setattr(Child, "__bases__", (Other,))
    yield "an attribute of a list", lambda x: x * weights.scale, (), lambda: setattr(weights, "scale", 3.0)
    yield "an attribute of a dict", lambda x: x * named.scale, (), lambda: setattr(named, "scale", 3.0)
    yield "an attribute of an array", lambda x: x * rows.scale, (), lambda: setattr(rows, "scale", 3.0)
    yield "an attribute beside an array", lambda x: x * wrapper.k, (), lambda: setattr(wrapper, "k", 3.0)
    yield "a method of a named tuple", lambda x: x * pair.scaled(), (), change_global
    yield "a descriptor", lambda x: x * Described.S, (), lambda: setattr(vars(Described)["S"], "x", 3.0)
    yield "an attribute of a class's class", lambda x: x * Described.T, (), lambda: setattr(Kind, "T", 3.0)
    yield "a helper's defaults", lambda x: helper(x), (), lambda: setattr(helper, "__defaults__", (3.0,))
    yield "a helper's defaults by name", lambda x: helper(x), (), lambda: setattr(helper, "__kwdefaults__", {"m": 3.0})
    yield "a helper's first attribute", lambda x: helper(x), (), lambda: setattr(helper, "extra", 3.0)
    yield "a helper's code", lambda x: plain(x), (), lambda: setattr(plain, "__code__", (lambda x: x * 7.0).__code__)
    yield "a function under a library's name", lambda x: wrapped(x), (), change_global


class Number(float):
    """A float that may have attributes."""


class Text(str):
    """A text that may have attributes."""


class Sum(Decimal):
    """A Decimal that may have attributes."""


class Count(int):
    """An int that may have attributes."""


@pytest.fixture
def unchanged():
    """What the changes change of this module."""
    before, call = (SCALE, Scaled.offset), Scaled.__call__
    yield
    globals()["SCALE"], Scaled.offset = before
    Scaled.__call__ = call


@pytest.mark.parametrize("name", [name for name, *_ in changes()])
def test_change_is_seen_by_the_next_call(name, unchanged):
    """Value and gradient are those of the function as it is now, also back and forth."""
    ((f, args, change),) = [rest for found, *rest in changes() if found == name]

    def eager():
        x = Value(3.0)
        y = f(x, *args)
        y.backward()
        for leaf in args[0].parameters() if args and isinstance(args[0], Module) else ():
            leaf.grad = 0.0
        return y.data, x.grad

    fast = compile(f)
    first = eager()
    assert fast.value_and_grad(3.0, *args) == pytest.approx(first)
    assert fast.value_and_grad(3.0, *args) == pytest.approx(first)
    change()
    second = eager()
    assert second != first
    assert fast.value_and_grad(3.0, *args) == pytest.approx(second)
    value = fast(3.0, *args)
    assert (value.data if isinstance(value, Value) else value) == pytest.approx(second[0])


def test_change_back_finds_the_first_program():
    """Keys are what things hold, not when they were made."""
    box = SimpleNamespace(T=2.0)
    fast = compile(lambda x: x * box.T)
    fast(1.0)
    first = fast.program
    for T, same in ((3.0, False), (2.0, True)):
        box.T = T
        assert fast(1.0) == T
        assert (fast.program is first) == same


def test_what_a_function_notes_does_not_record_it_again():
    """It was run twice with other notes, and its graph was the same."""
    notes = []
    fast = compile(lambda x: notes.append(x) or x * x)
    assert [fast(3.0), fast(4.0), fast.value_and_grad(5.0)[0]] == [9.0, 16.0, 25.0]
    assert len(notes) == 2


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


@pytest.mark.filterwarnings("ignore:<lambda> has been recorded")
def test_object_made_where_another_was_is_another():
    """Whatever is collected and reused: models, leaves, functions, settings."""
    seen = set()
    fast = compile(lambda x, m: m(x))
    loss = compile(lambda f, x: f(x), verify=False)
    for k in range(200):
        model = Scaled()
        model.w.data = float(k)
        model.T = 1.0 + k % 3
        expected = model(2.0).data
        assert fast.value_and_grad(2.0, model)[0] == pytest.approx(expected)
        setting = Setting(T=float(k))
        f = lambda x, k=k: x * (k + 1.0)
        assert loss.value_and_grad(f, 2.0, argnums=1)[0] == 2.0 * (k + 1.0)
        assert compile(lambda x, s: x * s.T).value_and_grad(1.0, setting) == (k, k)
        seen.add(id(model))
        del model, setting, f
        gc.collect() if k % 50 == 0 else None
    assert len(seen) < 200  # addresses are used again, or this shows nothing


@pytest.mark.filterwarnings("ignore:<lambda> has been recorded")
def test_programs_do_not_keep_a_model_alive():
    """Keys refer to it weakly."""
    model = MLP(2, [3, 1], rng=0)
    fast = compile(lambda model, x: model(x))
    fast.value_and_grad(model, [1.0, 2.0])
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


@pytest.mark.filterwarnings("ignore:<lambda> has been recorded")
def test_programs_keep_no_large_array():
    """Keys hold a digest of it; a change of one byte is another."""
    array = np.zeros(100_000)
    fast = compile(lambda x: x * array[0] + array[-1])
    tracemalloc.start()
    for k in range(10):
        array[-1] = k
        assert fast(1.0) == k
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4 * array.nbytes
    array[-1] = 3.0
    assert fast(1.0) == 3.0


def test_classes_are_not_kept_for_ever():
    """What is known of the latest is."""
    seen = []
    for k in range(2 * CLASSES):
        made = type("Made", (), {"T": float(k)})()
        assert compile(lambda x, made=made: x * made.T, verify=False)(1.0) == k
        seen.append(weakref.ref(type(made)))
    gc.collect()
    assert seen[0]() is None


def test_programs_are_bounded_and_many_are_warned_of():
    """Once, naming the argument that changes."""
    fast = compile(lambda x, n, m: sum(x for _ in range(n)) * m)

    def call_many_times():
        for n in range(1, KEPT + 20):
            assert fast(2.0, n, 3) == 6.0 * n

    with pytest.warns(UserWarning, match="has been recorded 9 times, .* changes from call to call is n: ") as caught:
        call_many_times()
    assert len([w for w in caught if "recorded" in str(w.message)]) == 1
    assert len(fast._programs) == KEPT
    assert MANY == 8


def test_compiled_function_is_pickled_after_a_call():
    """Programs are made anew where it arrives."""
    fast = compile(cube)
    assert fast.value_and_grad(2.0) == (8.0, 12.0)
    copied = pickle.loads(pickle.dumps(fast))
    assert copied.value_and_grad(3.0) == (27.0, 27.0)


def cube(x):
    return x**3


# ── The key itself ───────────────────────────────────────────────────────────────────────────────────────────────────

THINGS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text(max_size=2) | st.binary(max_size=1),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=1), inner, max_size=2)
        | st.builds(lambda x: SimpleNamespace(x=x), inner)
    ),
    max_leaves=6,
)


def exactly(x):
    """What tells two of these things apart."""
    if isinstance(x, list | tuple):
        return type(x).__name__, [exactly(e) for e in x]
    if isinstance(x, dict):
        return [(k, exactly(e)) for k, e in x.items()]
    if isinstance(x, SimpleNamespace):
        return "namespace", exactly(x.x)
    return type(x).__name__, x.hex() if isinstance(x, float) else x


@given(one=THINGS, other=THINGS)
def test_keys_are_equal_where_things_are(one, other):
    """Down to the type and the sign of a zero; nan equals nan."""
    assert state(one) == state(pickle.loads(pickle.dumps(one)))
    assert (state(one) == state(other)) == (exactly(one) == exactly(other))
    hash(state(one))


def test_circles_and_depth_are_no_trouble():
    """A list in itself, and one far deeper than Python's recursion."""
    circle, deep = [1.0], []
    circle.append(circle)
    for _ in range(50_000):
        deep = [deep]
    assert state(circle) != state([1.0, [1.0]])
    assert state(deep) != state([deep])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0]), np.array([2.0])),
        (np.array([1.0]), np.array([[1.0]])),
        (np.array([1]), np.array([1.0])),
        (np.float64(1.0), np.float64(2.0)),
        (np.array([Value(1.0)]), np.array([Value(1.0)])),
        ({1, 2}, {1, 3}),
        (bytearray(b"a"), bytearray(b"b")),
        (slice(1), slice(2)),
        (range(1), range(2)),
        (lambda x, k=1: x, lambda x, k=2: x),
        (itertools.count(1), itertools.count(1)),
        (MLP(1, [1], rng=0), MLP(1, [1], rng=0)),
        (len, max),
        (np, np.linalg),
        (int, float),
        (object(), object()),
    ],
)
def test_things_that_differ_have_keys_that_differ(one, other):
    """And each equals its own."""
    assert state(one) != state(other)
    assert state(one) == state(one)


def test_too_much_to_compare_is_refused():
    """Rather than compared in every call."""
    with pytest.raises(CompileError, match="compares in every call what its arguments"):
        compile(lambda x, s: x).value_and_grad(1.0, SimpleNamespace(x=list(range(600_000))))


def test_function_that_is_compiled_anew_each_time_is_no_trouble():
    """Nothing is shared between two compiled functions of equal code."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k in range(20):
            assert compile(lambda x, k=k: tanh(x) * k)(0.0) == 0.0


class Slotted:
    """An object without a dictionary."""

    __slots__ = ("T", "unset")

    def __init__(self, T):
        self.T = T


class Foreign:
    """Numbers of another library."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numbers, dtype=dtype)


class Answering:
    """An object that answers to every name, as a mock does and as settings do that are read by attribute."""

    def __init__(self, number):
        self._number = number

    def __getattr__(self, name):
        return self.__dict__["_number"]


class Rich:
    """A class with members of every kind."""

    scale = 2.0

    @property
    def half(self):
        return self.scale / 2.0

    @staticmethod
    def once(x):
        return x

    @classmethod
    def made(cls, x):
        return x * cls.scale


@pytest.mark.filterwarnings("ignore:f has been recorded")
@pytest.mark.parametrize(
    ("thing", "change", "read"),
    [
        (Slotted(2.0), lambda s: setattr(s, "T", 3.0), lambda s: s.T),
        (Foreign([2.0, 4.0]), lambda s: s.numbers.__setitem__(0, 3.0), lambda s: float(np.asarray(s)[0])),
        (Answering(2.0), lambda s: setattr(s, "_number", 3.0), lambda s: s.anything),
        ({2.0, 5.0}, lambda s: s.discard(2.0), lambda s: min(s)),
        (bytearray(b"\x02"), lambda s: s.__setitem__(0, 3), lambda s: s[0]),
        (deque([2.0]), lambda s: s.__setitem__(0, 3.0), lambda s: s[0]),
        (np.array([2.0, "text"], dtype=object), lambda s: s.__setitem__(0, 3.0), lambda s: s[0]),
        ({1: 2.0, "a": 3.0}, lambda s: s.__setitem__(1, 4.0), lambda s: s[1]),
        (Decimal(2), None, float),
        (Rich(), lambda s: setattr(Rich, "scale", Rich.scale + 1.0), lambda s: s.half),
        (
            SimpleNamespace(x=Decimal(3), y=object(), z=SimpleQueue()),
            lambda s: setattr(s, "x", Decimal(4)),
            lambda s: int(s.x),
        ),
    ],
    ids=lambda x: type(x).__name__,
)
def test_contents_of_every_kind_are_followed(thing, change, read):
    """As an object outside, and inside one that is an argument."""

    def f(x, holder):
        return x * read(holder.thing) + read(thing)

    fast, holder = compile(f), SimpleNamespace(thing=thing)
    for _ in range(2):
        assert fast.value_and_grad(1.0, holder) == (2.0 * read(thing), read(thing))
        if change is not None:
            change(thing)
            change(thing)


def test_name_that_is_bound_later_is_seen():
    """A closure that is empty when the function is compiled, and a global that did not exist."""

    def outer():
        fast = compile(lambda x: x * later, verify=False)
        later = 3.0
        first = fast(2.0)
        later = 4.0
        return first, fast(2.0)

    assert outer() == (6.0, 8.0)


def test_more_modules_than_are_remembered():
    """Each is known again, or looked at again."""
    models = [MLP(1, [1], rng=k) for k in range(12)]
    fast = compile(lambda model, x: model(x), verify=False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*has been recorded")
        for _ in range(2):
            for model in models:
                assert fast.value_and_grad(model, [2.0])[0] == pytest.approx(model([2.0]).data)
    assert len(fast._subject.modules) == 8


def test_object_with_parameters_that_cannot_be_referred_to_weakly():
    """It is walked in every call."""

    class Bare:
        __slots__ = ("w",)

        def __init__(self):
            self.w = Value(2.0)

        def parameters(self):
            return [self.w]

    bare = Bare()
    fast = compile(lambda m, x: m.w * x)
    assert fast.value_and_grad(bare, 3.0)[0] == 6.0
    bare.w = Value(5.0)
    assert fast.value_and_grad(bare, 3.0)[0] == 15.0
