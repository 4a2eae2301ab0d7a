"""What is kept in C, in a class or in place is changed, and the next call sees it."""

from __future__ import annotations

import weakref
from array import array
from collections import deque
from contextvars import ContextVar
from ctypes import c_double
from decimal import Decimal
from functools import wraps
from queue import SimpleQueue
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from autograd import compile
from tests.compiler.changes import assert_change_is_seen

SCALE = 2.0


def hidden_changes():
    """As ``test_changes.changes``, where what changes is kept in C, in a class, or in place."""
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


@pytest.mark.parametrize("name", [name for name, *_ in hidden_changes()])
def test_hidden_change_is_seen_by_the_next_call(name, monkeypatch):
    """Kept in C, in a class, or in place."""
    monkeypatch.setitem(globals(), "SCALE", SCALE)  # as it is now, afterwards too
    ((f, args, change),) = [rest for found, *rest in hidden_changes() if found == name]
    assert_change_is_seen(f, args, change)


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
