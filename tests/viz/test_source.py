"""Lines of a program are remembered where it is asked for, and nowhere else."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from autograd import Value, compile, dot, exp, sum, tanh
from autograd.graph import topological_order
from nn import MLP
from viz.scenes.source import lines_of, place_of, source_lines


def part(value: Value) -> str:
    """The text that made a Value."""
    place = place_of(value)
    assert place is not None
    return place.text[place.start : place.end]


def test_every_way_to_make_a_value_is_seen():
    """Operators on either side, functions, methods, sums, leaves: each by the expression that stands there."""
    with source_lines():
        x = Value(2.0)
        found = [(x, "Value(2.0)")]
        y = 3.0 * x
        found.append((y, "3.0 * x"))
        y = x.tanh()
        found.append((y, "x.tanh()"))
        y = -x
        found.append((y, "-x"))
        y = x**2
        found.append((y, "x**2"))
        y = dot([x, x], [x, 1.0])
        found.append((y, "dot([x, x], [x, 1.0])"))
        y = sum([x, 1.0, x])
        found.append((y, "sum([x, 1.0, x])"))
    assert [(part(value), text) for value, text in found] == [(text, text) for _, text in found]


def test_line_is_the_users_own():
    """What happens within a model belongs to the line that called it; a function of one's own to its own line."""

    def mine(a: Any) -> Any:
        return exp(a) + 1.0

    model = MLP(1, [2, 1], rng=0)
    with source_lines():
        out = model([mine(Value(0.5))])
    texts = {part(node) for node in topological_order(out)}
    assert texts == {"exp(a)", "exp(a) + 1.0", "model([mine(Value(0.5))])"}


def test_what_was_there_before_keeps_no_line():
    """Neither made before, nor given back by a function, nor made after."""
    x = Value(1.0)
    y = x * 2.0
    model = MLP(1, [1], rng=0)
    with source_lines():
        again = +y
        parameters = model.parameters()
        other = max(x, y)
    after = y + 1.0
    assert again is other is y
    assert [place_of(node) for node in (x, y, after, *parameters)] == [None] * 5


def test_letters_are_letters():
    """Where a line has others before it that take two bytes, the part is still the right one."""
    with source_lines():
        größe = Value(2.0, label="äöü")
        y = größe * 3.0
    assert part(y) == "größe * 3.0"


def test_lines_come_in_the_order_of_the_program():
    """Each once, and every Value knows its own."""
    with source_lines():
        x = Value(1.0)
        a, b = x * 2.0, x * 3.0
        c = a + b
    lines, of = lines_of([c, b, a, x, Value(0.0)])
    assert [line.text.strip() for line in lines] == ["x = Value(1.0)", "a, b = x * 2.0, x * 3.0", "c = a + b"]
    assert [at and at[0] for at in of] == [2, 1, 1, 0, None]


def test_nothing_is_left_behind():
    """The profiler that was there is back, also after an error; recorded programs are left alone."""

    def mine(*_: Any) -> None:
        return None

    sys.setprofile(mine)
    try:
        with pytest.raises(ZeroDivisionError), source_lines():
            tanh(Value(1.0 / 0.0))
        with source_lines():
            assert sys.getprofile() is not mine
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)
    with source_lines():
        assert compile(lambda x: tanh(x) * x).value_and_grad(0.5)[0] == pytest.approx(0.5 * 0.46211715726)
