"""What a function reads of Python, of the environment and of packages: the next call sees every change of it."""

from __future__ import annotations

import logging
import math
import os
import statistics
import sys
import threading
import weakref
from decimal import Context, Decimal
from functools import partial
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import autograd
from autograd import CompileError, compile
from autograd.compiler.captured.contents import pickled
from tests.compiler.outside import Box, make_module


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


class Rate:
    """An object that is called like a function, with a number of its own."""

    def __init__(self, rate):
        self.rate = rate

    def __call__(self, *_):
        return self.rate


BOUND_ANEW = [
    (math, "sin", lambda x: x * math.sin(2.0)),
    (np, "exp", lambda x: x * np.exp(2.0)),
    (np.linalg, "norm", lambda x: x * np.linalg.norm([2.0])),
    (autograd, "tanh", lambda x: autograd.tanh(x)),
    (statistics, "fmean", lambda x: x * statistics.fmean([2.0])),
    (statistics, "NormalDist", lambda x: x * statistics.NormalDist(2.0).mean),
]


@pytest.mark.parametrize(("module", "name", "f"), BOUND_ANEW, ids=[name for _, name, _ in BOUND_ANEW])
def test_function_of_a_package_that_is_bound_anew_is_followed(module, name, f, monkeypatch):
    """By its user, whose function or object is followed as one of his own; and back again."""
    before, rate = f(3.0), Rate(5.0)
    others = [lambda *_: rate.rate, rate.__call__, partial(rate.__call__), rate]
    if isinstance(getattr(module, name), type):
        others = [type("Other", (), {"mean": property(rate), "__init__": lambda *_: None})]
    for other in others:
        fast = compile(f)
        assert fast(3.0) == before
        monkeypatch.setattr(module, name, other)
        for rate.rate in (5.0, 7.0):
            assert fast(3.0) == compile(f)(3.0) != before
        monkeypatch.undo()
        assert fast(3.0) == before


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
