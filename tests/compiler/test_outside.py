"""What a function reads of modules, of the environment and of packages: the next call sees every change of it."""

from __future__ import annotations

import importlib
import logging
import math
import os
import sys
import threading
import weakref
from decimal import Context, Decimal
from functools import lru_cache, partial
from io import BytesIO, StringIO
from operator import attrgetter
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from autograd import CompileError, Value, compile, grad
from autograd.compiler.captured.contents import pickled
from autograd.compiler.captured.lookups import lookups
from nn import Module

NAME = "settings_of_a_user"


def make_module(name, source, filename="/home/user/settings.py", **attributes):
    """A module as from a file of this name."""
    module = ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    vars(module).update(attributes)
    exec(__builtins__["compile"](source, filename, "exec"), vars(module))
    return module


@pytest.fixture
def settings():
    """A package of the user's, a module in it, and nothing left of them afterwards."""
    package = make_module(NAME, "from importlib import import_module", __path__=[], __package__=NAME)
    package.inner = make_module(
        f"{NAME}.inner",
        "thing = RATE = 2.0\n"
        "def scaled(x): return x * read(thing)\n"
        "def lazily(x):\n"
        f"    from {NAME}.inner import thing\n"
        "    return x * read(thing)\n"
        "def next_door(x):\n"
        "    from . import inner\n"
        "    return x * read(inner.thing)\n"
        "def beside(x):\n"
        "    from .inner import thing\n"
        "    return x * read(thing)\n"
        "def up(x):\n"
        "    from .. import settings_of_a_user\n"
        "    return x\n",
        __package__=NAME,
    )
    yield package
    del sys.modules[NAME], sys.modules[f"{NAME}.inner"]


class Box:
    """An object with a number, of a class with one."""

    T = 2.0

    def __init__(self):
        self.x = 2.0


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


class Net(Module):
    """A model that reads a number of a module."""

    def __init__(self, module):
        self.w = Value(2.0)
        self.read = lambda: module.RATE

    def __call__(self, x):
        return self.w * x * self.read()


def test_models_and_objects_among_the_arguments_are_followed_into_modules(settings):
    """As what a function finds outside."""
    fast = compile(lambda m, x: m(x))
    model, holder = Net(settings.inner), SimpleNamespace(m=settings.inner)
    other, whole = compile(lambda x, o: x * o.m.RATE), compile(lambda x, m: x * m[0].RATE)
    for rate in (2.0, 3.0, 2.0):
        settings.inner.RATE = rate
        assert fast.value_and_grad(model, 5.0)[0] == 2.0 * 5.0 * rate
        assert other.value_and_grad(5.0, holder) == (5.0 * rate, rate)
        assert whole.value_and_grad(5.0, [settings.inner]) == (5.0 * rate, rate)


class Reader:
    """What reads a number of the module that it is given."""

    def __call__(self, module):
        return module.RATE

    def read(self, module):
        return module.RATE


# What an argument is by which a module is read that the function has from elsewhere, and how the function uses it.
READERS = {
    "function": (lambda: lambda m: m.RATE, lambda a, m: a(m)),
    "function that calls one": (lambda: (lambda read: lambda m: read(m))(lambda m: m.RATE), lambda a, m: a(m)),
    "object": (Reader, lambda a, m: a(m)),
    "method": (lambda: Reader().read, lambda a, m: a(m)),
    "partial": (lambda: partial(lambda k, m: k * m.RATE, 1.0), lambda a, m: a(m)),
    "attrgetter": (lambda: attrgetter("RATE"), lambda a, m: a(m)),
    "function in a list": (lambda: [lambda m: m.RATE], lambda a, m: a[0](m)),
    "function in a dict": (lambda: {"read": lambda m: m.RATE}, lambda a, m: a["read"](m)),
    "text": (lambda: "RATE", lambda a, m: getattr(m, a)),
    "text in a list": (lambda: ["RATE"], lambda a, m: getattr(m, a[0])),
    "key": (lambda: {"RATE": 1.0}, lambda a, m: sum(getattr(m, name) for name in a)),
}


@pytest.mark.parametrize("way", READERS)
@pytest.mark.parametrize("is_given", [False, True])
def test_modules_are_followed_by_names_that_arguments_bring(settings, way, is_given):
    """Whether the function finds the module outside, or it is an argument too."""
    make, read = READERS[way]
    reader, m = make(), settings.inner
    if is_given:
        before, after = [compile(lambda x, a, k: x * read(a, k)), compile(lambda x, k, a: x * read(a, k))]
        calls = [lambda: before.value_and_grad(3.0, reader, m), lambda: after.value_and_grad(3.0, m, reader)]
    else:
        fast = compile(lambda x, a: x * read(a, m))
        calls = [lambda: fast.value_and_grad(3.0, reader), lambda: (fast(3.0, reader), grad(fast)(3.0, reader))]
    for rate in (2.0, 3.0, 2.0):
        m.RATE = rate
        for call in calls:
            assert call() == (3.0 * rate, rate)
            assert call() == (3.0 * rate, rate)


def test_names_that_arguments_bring_record_nothing_anew_that_they_do_not_concern(settings):
    """A program of before serves after others have come, a model's too."""
    fast, model = compile(lambda m, x, name: m(x)), Net(settings.inner)
    for name in ("one", "other", "one", "other"):
        assert fast.value_and_grad(model, 5.0, name)[0] == 20.0
    assert len(fast._programs) == 2


@pytest.mark.parametrize(
    "read",
    [
        lambda: os.environ["RATE_OF_A_USER"],
        lambda: os.environ.get("RATE_OF_A_USER", "2"),
        lambda: os.getenv("RATE_OF_A_USER", "2"),
        (lambda getenv: lambda: getenv("RATE_OF_A_USER", "2"))(os.getenv),
        (lambda environ: lambda: environ.get("RATE_OF_A_USER", "2"))(os.environ),
    ],
)
def test_environment_is_followed(read, monkeypatch):
    """Whoever reads it."""
    monkeypatch.setenv("RATE_OF_A_USER", "2")
    fast = compile(lambda x: x * float(read()))
    assert fast(3.0) == 6.0
    monkeypatch.setenv("RATE_OF_A_USER", "5")
    assert fast(3.0) == 15.0


def test_globals_by_text_are_followed(monkeypatch):
    """By ``globals`` and ``eval``."""
    monkeypatch.setitem(globals(), "BY_TEXT", 2.0)
    functions = [compile(lambda x: x * globals()["BY_TEXT"]), compile(lambda x: x * eval("(BY_TEXT + 1.0)"))]
    assert [f(3.0) for f in functions] == [6.0, 9.0]
    monkeypatch.setitem(globals(), "BY_TEXT", 4.0)
    assert [f(3.0) for f in functions] == [12.0, 15.0]


def test_data_of_python_and_of_packages_is_followed_but_not_their_functions(monkeypatch):
    """A number of math is bound anew, an object of an installed package altered; its functions are as they were."""
    place = "/usr/lib/python3/site-packages/installed_package/__init__.py"
    package = make_module("installed_package", "K = 2.0\ndef scaled(x): return x * K", place)
    fast = compile(lambda x: x * package.K * math.pi * (package.scaled(1.0) / package.scaled(1.0)) * len(os.path.sep))
    assert fast(3.0) == 6.0 * math.pi
    package.K = 5.0
    assert fast(3.0) == 15.0 * math.pi
    monkeypatch.setattr(math, "pi", 3.0)
    assert fast(3.0) == 45.0
    helper = compile(lambda x: package.scaled(x))
    assert helper(3.0) == 15.0
    package.K = 7.0
    assert helper(3.0) == 15.0
    del sys.modules["installed_package"]


@pytest.mark.parametrize("read", [lambda p: p.Child.K, lambda p: p.child.K, lambda p: getattr(p.Child, "L", 2.0)])
def test_data_of_classes_of_packages_are_followed(read):
    """Read from the class or from an object, of a base, and not yet there."""
    place = "/usr/lib/python3/site-packages/installed_package/__init__.py"
    source = "class Base: K = 2.0\nclass Child(Base): pass\nchild = Child()"
    package = make_module("installed_package", source, place)
    fast = compile(lambda x: x * read(package))
    assert fast(3.0) == 6.0
    package.Base.K = package.Child.L = 5.0
    assert fast(3.0) == 15.0
    del sys.modules["installed_package"]


@pytest.mark.parametrize("way", ["function", "partial", "method", "object"])
def test_package_of_the_function_is_its_users_even_if_it_is_installed(way):
    """With all its modules; whoever compiles something of it wrote it, or reads it."""
    place = "/usr/lib/python3/site-packages/own_package"
    source = (
        "class Model:\n    def loss(self, x): return helpers.scaled(x)\n    __call__ = loss\n"
        "def loss(x): return helpers.scaled(x)"
    )
    helpers = make_module("own_package.helpers", "K = 2.0\ndef scaled(x): return x * K", f"{place}/helpers.py")
    package = make_module("own_package", source, f"{place}/__init__.py", helpers=helpers)
    model = package.Model()
    fast = compile(
        {"function": package.loss, "partial": partial(package.loss), "method": model.loss, "object": model}[way]
    )
    assert fast(3.0) == 6.0
    helpers.K = 5.0
    assert fast(3.0) == 15.0
    del sys.modules["own_package"], sys.modules["own_package.helpers"]


def test_all_modules_at_once_are_no_setting():
    """Whoever holds ``sys.modules`` does not depend on all that was ever imported."""
    modules = sys.modules
    fast = compile(lambda x: x * len(modules["math"].__name__))
    assert fast(3.0) == 12.0
    assert len(fast._subject.environment.seen[0].bindings) < 20


@pytest.mark.parametrize(
    ("thing", "read", "change"),
    [
        (StringIO("2.0"), lambda s: s.getvalue(), lambda s: s.write("3")),
        (BytesIO(b"2.0"), lambda s: s.getvalue(), lambda s: s.write(b"3")),
        (
            ET.fromstring("<a><b v='2.0'/></a>"),
            lambda s: s.find("b").get("v"),
            lambda s: s.find("b").set("v", "3"),
        ),
        (Context(prec=20), lambda s: s.divide(Decimal(1), Decimal(3)), lambda s: setattr(s, "prec", 3)),
        (weakref.proxy(box := Box()), lambda s: s.x, lambda s: setattr(s, "x", 3.0)),
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_objects_of_python_keep_in_c_is_followed(thing, read, change):
    """Text and bytes as of a file, elements of XML, contexts of decimal numbers, proxies."""
    fast = compile(lambda x: x * float(read(thing)))
    assert fast(3.0) == 3.0 * float(read(thing))
    change(thing)
    assert fast(3.0) == 3.0 * float(read(thing))


class Tensor:
    """An array of another library, which gives its numbers to those who will not differentiate them."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("it requires grad")


class Parameter(Tensor):
    """One that can be detached."""

    def detach(self):
        return np.array(self.numbers)


def test_parameters_of_another_library_are_followed_and_what_cannot_be_read_is_refused():
    """In words, and when the function is compiled."""
    tensor = Parameter([2.0])
    fast = compile(lambda x: x * tensor.numbers[0])
    assert fast(3.0) == 6.0
    tensor.numbers[0] = 5.0
    assert fast(3.0) == 15.0
    secret = Tensor([2.0])
    with pytest.raises(CompileError, match="cannot be read, since it requires grad; take out beforehand"):
        compile(lambda x: x * secret.numbers[0])


def test_a_logger_is_no_setting():
    """It leads to every logger there is, all of which would be compared in each call."""
    logger = logging.getLogger("of a user")
    fast = compile(lambda x: (logger.debug("a call"), x * 2.0)[1])
    assert [fast(3.0), fast(4.0)] == [6.0, 8.0]
    watch = fast._subject.environment.seen[0]
    assert watch.complete
    assert not watch.dicts


def test_things_that_are_over_are_no_trouble():
    """A closed text, memory given back, a lock, a proxy of what is gone: a function that holds them does not read."""
    closed, box = StringIO("2"), Box()
    proxy = weakref.proxy(box)
    del box
    closed.close()
    lock, memory = threading.Lock(), memoryview(b"2")
    memory.release()
    assert compile(lambda x: x * 2.0 if (closed, lock, memory) else proxy)(3.0) == 6.0
    assert pickled(lock) is None


def names_looked_up(source):
    """Names of globals that a function really asks for."""

    class Asked(dict):
        def __missing__(self, name):
            asked.append(name)
            raise KeyError(name)

    asked = []
    space = Asked(k=2.0)
    exec(source, space)
    f = space["f"]
    asked.clear()
    f(1.0)
    return f.__code__, asked


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return abs(x) + max(x, 1.0).real",
        "def f(x): return [abs(y) for y in range(3)]",
        "def f(x):\n class A:\n  k = int\n  def g(self): return float(abs(x))\n return A().g()",
        "def f(x): return (lambda: (yield from map(abs, [x])))()",
        "def f(x):\n global k\n k = len([x])\n del k\n return sum",
        "def f(x):\n try: return k.real\n except TypeError: return str",
    ],
)
def test_no_global_escapes(source):
    """What code asks for at run time is among the names it may look up; attributes alone are not."""
    code, asked = names_looked_up(source)
    assert {name for name in asked if not name.startswith("__")} <= set(lookups(code).globals)
    assert "real" not in lookups(code).globals
    assert "g" not in lookups(code).globals


def test_names_of_imports_are_those_of_the_modules():
    """With as many dots as they have, whatever numbers stand before."""
    source = "def f(x):\n y = 3\n import a.b\n y = 4\n from . import c\n from ..d import e\n from x import z"
    space = {}
    exec(source, space)
    assert lookups(space["f"].__code__).imports == (("a.b", 0), ("", 1), ("d", 2), ("x", 0))


def test_too_large_a_module_is_refused_as_other_objects_are(settings):
    """Where the function reads what is too large; else nobody looks."""
    settings.inner.large, settings.inner.small = list(range(1_100_000)), 2.0
    assert compile(lambda x: x * settings.inner.small)(3.0) == 6.0
    with pytest.raises(CompileError, match="got more than 1,000,000 parts"):
        compile(lambda x: x * settings.inner.large[0])
