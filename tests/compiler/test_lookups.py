"""Which names code looks up when it runs: globals and modules."""

from __future__ import annotations

import pytest

from autograd.compiler.captured.lookups import lookups


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
