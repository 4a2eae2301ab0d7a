"""What a function reads of modules by what its arguments bring: models, functions, names."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from types import SimpleNamespace

import pytest

from autograd import Value, compile, grad
from nn import Module


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
