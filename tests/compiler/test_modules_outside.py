"""What a function reads of modules: the next call sees every change of it, however it gets hold of them."""

from __future__ import annotations

import importlib
import sys
from functools import lru_cache, partial
from operator import attrgetter
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from autograd import CompileError, Value, compile, grad
from tests.compiler.outside import Box

# What a module holds under the name ``thing``, how that is read, and how it is changed.
THINGS = {
    "number": (lambda: 2.0, lambda x: x, lambda m: setattr(m, "thing", 3.0)),
    "list": (lambda: [2.0], lambda x: x[0], lambda m: m.thing.__setitem__(0, 3.0)),
    "dict": (lambda: {"a": 2.0}, lambda x: x["a"], lambda m: m.thing.update(a=3.0)),
    "array": (lambda: np.array([2.0]), lambda x: x[0], lambda m: m.thing.__setitem__(0, 3.0)),
    "object": (Box, lambda x: x.x, lambda m: setattr(m.thing, "x", 3.0)),
    "class": (lambda: type("B", (), {"T": 2.0}), lambda x: x.T, lambda m: setattr(m.thing, "T", 3.0)),
    "function": (lambda: lambda: 2.0, lambda x: x(), lambda m: setattr(m, "thing", lambda: 3.0)),
    "leaf": (lambda: Value(2.0), lambda x: x, lambda m: setattr(m, "thing", Value(3.0))),
}

# How a function gets hold of the module, or of what is in it.
WAYS = {
    "attribute": lambda p, m, read: lambda x: x * read(m.thing),
    "attribute of a package": lambda p, m, read: lambda x: x * read(p.inner.thing),
    "other name": lambda p, m, read: lambda x: sum(x * read(k.thing) for k in [m]),
    "attribute of an object": lambda p, m, read: (lambda o: lambda x: x * read(o.m.thing))(SimpleNamespace(m=m)),
    "list": lambda p, m, read: (lambda o: lambda x: x * read(o[0].thing))([m]),
    "set": lambda p, m, read: (lambda o: lambda x: x * sum(read(k.thing) for k in o))({m}),
    "default": lambda p, m, read: lambda x, m=m: x * read(m.thing),
    "partial": lambda p, m, read: partial(lambda m, x: x * read(m.thing), m),
    "argument of a helper": lambda p, m, read: (lambda h: lambda x: h(m, x))(lambda k, x: x * read(k.thing)),
    "inner function": lambda p, m, read: lambda x: (lambda y: y * read(m.thing))(x),
    "generator": lambda p, m, read: lambda x: sum(y * read(m.thing) for y in [x]),
    "method": lambda p, m, read: Caller(lambda x: x * read(m.thing)).call,
    "callable object": lambda p, m, read: Caller(lambda x: x * read(m.thing)),
    "getattr": lambda p, m, read: lambda x: x * read(getattr(m, "thing")),  # noqa: B009
    "getattr by a name from outside": lambda p, m, read: (lambda n: lambda x: x * read(getattr(m, n)))("thing"),
    "getattr by one of several": lambda p, m, read: (lambda ns: lambda x: x * read(getattr(m, ns[0])))(["thing"]),
    "getattr by a key": lambda p, m, read: (lambda d: lambda x: x * sum(read(getattr(m, n)) for n in d))({"thing": 1}),
    "attrgetter": lambda p, m, read: lambda x: x * read(attrgetter("thing")(m)),
    "attrgetter from outside": lambda p, m, read: (lambda g: lambda x: x * read(g(m)))(attrgetter("thing")),
    "vars": lambda p, m, read: lambda x: x * read(vars(m)["thing"]),
    "__dict__": lambda p, m, read: lambda x: x * read(m.__dict__["thing"]),
    "eval": lambda p, m, read: lambda x: x * read(eval("m.thing", {"m": m})),
    "sys.modules": lambda p, m, read: lambda x: x * read(sys.modules["settings_of_a_user.inner"].thing),
    "importlib": lambda p, m, read: lambda x: x * read(importlib.import_module("settings_of_a_user.inner").thing),
    "__import__": lambda p, m, read: lambda x: x * read(__import__("settings_of_a_user.inner").inner.thing),
    "import": lambda p, m, read: import_inside(read),
    "import from a package": lambda p, m, read: import_from_inside(read),
    "import from": lambda p, m, read: lambda x: m.lazily(x),
    "import from here": lambda p, m, read: lambda x: m.next_door(x),
    "import from beside": lambda p, m, read: lambda x: m.beside(x),
    "helper": lambda p, m, read: lambda x: m.scaled(x),
    "helper bound here": lambda p, m, read: m.scaled,
    "cached helper": lambda p, m, read: (lambda h: lambda x: x * h())(lru_cache(1)(lambda: read(m.thing))),
    "derivative": lambda p, m, read: grad(lambda x: x * x * read(m.thing)),
    "compiled": lambda p, m, read: compile(lambda x: x * read(m.thing)),
}


class Caller:
    """An object with a method, and one that is called."""

    def __init__(self, f):
        self.f = f

    def call(self, x):
        return self.f(x)

    __call__ = call


def import_inside(read):
    def f(x):
        import settings_of_a_user.inner

        return x * read(settings_of_a_user.inner.thing)

    return f


def import_from_inside(read):
    def f(x):
        from settings_of_a_user import inner as other

        return x * read(other.thing)

    return f


def now(f, *args):
    """Value and derivative of the function itself."""
    x = Value(3.0)
    y = f(x, *args)
    y.backward()
    return y.data, x.grad


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("way", WAYS)
def test_what_modules_hold_is_followed(settings, way, thing):
    """However a function gets hold of the module, whatever is changed in it: never the numbers of before."""
    make, read, change = THINGS[thing]
    module = settings.inner
    module.thing, module.read = make(), read
    f = WAYS[way](settings, module, read)
    fast = compile(f)
    first = now(f)
    for _ in range(2):
        assert fast.value_and_grad(3.0) == first
    change(module)
    if way == "cached helper":
        f.__closure__[0].cell_contents.cache_clear()
    second = now(f)
    assert second != first
    assert fast.value_and_grad(3.0) == second
    value = fast(3.0)
    assert (value.data if isinstance(value, Value) else value) == second[0]


@pytest.mark.parametrize(
    "f",
    [
        lambda m, x: x * getattr(m, "absent", 2.0),
        lambda m, x: x * (m.absent if hasattr(m, "absent") else 2.0),
        lambda m, x: x * vars(m).get("absent", 2.0),
    ],
)
def test_names_that_a_module_does_not_have_yet_are_followed(settings, f):
    """Set later, and deleted again."""
    fast = compile(partial(f, settings.inner))
    assert fast(3.0) == 6.0
    settings.inner.absent = 5.0
    assert fast(3.0) == 15.0
    del settings.inner.absent
    assert fast(3.0) == 6.0


@pytest.mark.parametrize("way", ["function", "class"])
def test_names_that_a_module_makes_when_asked_are_followed(settings, way):
    """By a function ``__getattr__`` of its own, or of its class."""

    class Lazy(ModuleType):
        @property
        def lazy(self):
            return self.RATE

    module = settings.inner
    if way == "class":
        module.__class__ = Lazy
    else:
        exec("def __getattr__(name):\n    if name == 'lazy': return RATE\n    raise AttributeError(name)", vars(module))
    fast = compile(lambda x: x * module.lazy)
    assert fast(3.0) == 6.0
    module.RATE = 5.0
    assert fast(3.0) == 15.0


def test_module_imported_by_the_first_call_is_followed(settings, tmp_path, monkeypatch):
    """It was not there when the function was compiled."""
    (tmp_path / "imported_late.py").write_text("RATE = 2.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def by_text(x):
        return x * importlib.import_module("imported_late").RATE

    def by_statement(x):
        import imported_late

        return x * imported_late.RATE

    for f in (by_text, by_statement):
        fast = compile(f)
        assert fast(3.0) == 6.0
        sys.modules["imported_late"].RATE = 5.0
        assert fast(3.0) == 15.0
        monkeypatch.delitem(sys.modules, "imported_late")
        assert fast(3.0) == 6.0
        monkeypatch.delitem(sys.modules, "imported_late")


def test_too_large_a_module_is_refused_as_other_objects_are(settings):
    """Where the function reads what is too large; else nobody looks."""
    settings.inner.large, settings.inner.small = list(range(1_100_000)), 2.0
    assert compile(lambda x: x * settings.inner.small)(3.0) == 6.0
    with pytest.raises(CompileError, match="got more than 1,000,000 parts"):
        compile(lambda x: x * settings.inner.large[0])
