"""Operations of one's own are as good as those of the table."""

from __future__ import annotations

import math
import pickle
import sys
from types import ModuleType

import pytest

from autograd import GradientError, Interval, Value, check_gradient, grad, hessian, operation
from autograd.op import REAL


@operation(
    lambda m, y, a, b: m.div(a, m.where(y, y, 1.0)),
    lambda m, y, a, b: m.div(-b, m.where(y, y, 1.0)),
    symbol="leg",
    domain=(Interval(1.0), Interval(-1.0, 1.0)),
)
def leg(m, a, b):
    """The other leg of a right triangle with hypotenuse ``a`` and leg ``b``."""
    return m.sqrt((a - b) * (a + b))


def test_custom_operation_is_eager_on_floats_and_recorded_on_values():
    """Floats give a float; a Value gives one node with the operation's name, symbol and partials."""
    a = Value(5.0)
    y = leg(a, 3.0)
    assert leg(5.0, 3.0) == 4.0
    assert (y.data, y.op.name, y.op.symbol, y.args, y.partials) == (4.0, "leg", "leg", (a, 3.0), (1.25, None))
    assert leg.__doc__.startswith("The other leg")


def test_custom_operation_is_differentiated_twice():
    """Second derivatives come from the same row: those of sqrt(a² - b²) by hand."""
    a, b = 5.0, 3.0
    y = math.sqrt(a * a - b * b)
    expected = [[-b * b / y**3, a * b / y**3], [a * b / y**3, -a * a / y**3]]
    found = hessian(lambda p: leg(p[0], p[1]))([a, b])
    assert found == [pytest.approx(row, rel=1e-14) for row in expected]


def test_check_gradient_accepts_right_partials_and_refuses_wrong_ones():
    """A factor of 1.0001 in a partial is found, and the message has both numbers."""
    assert check_gradient(leg, 5.0, 3.0).wrong == []
    wrong = operation(lambda m, y, a: 1.0001 * m.cos(a))(lambda m, a: m.sin(a))
    with pytest.raises(GradientError, match=r"gradient of input 0 at 0\.7 is 0\.76\d+, but central differences give"):
        check_gradient(wrong, 0.7)


def test_custom_operation_with_the_wrong_number_of_partials_is_refused():
    """The declaration itself says what does not fit."""
    with pytest.raises(TypeError, match=r"operation 'f' takes one partial for each operand, got 1 partials for 2"):

        @operation(lambda m, y, a, b: 1.0)
        def f(m, a, b):
            return a + b

    with pytest.raises(TypeError, match=r"partial 0 of operation 'g' takes \(m, y, \*args\), 3 parameters, got 2"):

        @operation(lambda m, y: 1.0)
        def g(m, a):
            return a


def test_custom_operation_called_with_the_wrong_number_of_operands_says_so():
    """As a plain function would."""
    with pytest.raises(TypeError, match="leg takes 2 operands, got 1"):
        leg(1.0)


def test_custom_operation_of_three_operands_nests():
    """Any number of operands, any order of derivative."""
    blend = operation(lambda m, y, t, a, b: b - a, lambda m, y, t, a, b: 1.0 - t, lambda m, y, t, a, b: t)(
        lambda m, t, a, b: a + t * (b - a)
    )
    assert grad(blend, argnums=(0, 1, 2))(0.25, 1.0, 3.0) == (2.0, 0.75, 0.25)
    assert grad(grad(lambda t: blend(t, t, 3.0)))(0.25) == -2.0


def named(name):
    """A value function of that name."""
    value = lambda m, a: m.maximum(2.0 * a, 0.0)
    value.__name__ = name
    return value


def test_declaration_becomes_a_row():
    """Name, symbol, domains and kinks are as declared, and results point to that row."""
    ramp = operation(lambda m, y, a: m.step(a), symbol="⌞", domain=[Interval(-1.0)], kinks=(0.0,))(named("ramp"))
    assert (ramp.op.name, ramp.op.symbol, ramp.op.domain, ramp.op.kinks) == ("ramp", "⌞", (Interval(-1.0),), (0.0,))
    assert ramp(Value(1.0)).op is ramp.op


def test_declaration_has_defaults():
    """The symbol is the name, the domain all real numbers, and there is no kink."""
    twice = operation(lambda m, y, a: 2.0)(named("twice"))
    assert (twice.op.symbol, twice.op.domain, twice.op.kinks) == ("twice", (REAL,), ())


MODULE = """
from autograd import operation

class Shapes:
    @operation(lambda m, y, a: 2.0 * a)
    def squared(m, a):
        return a * a
"""


def test_pickle_finds_an_operation_where_it_was_declared(monkeypatch):
    """An operation is kept by module and name, those of a class body too."""
    shapes = ModuleType("shapes")
    exec(MODULE, vars(shapes))
    monkeypatch.setitem(sys.modules, "shapes", shapes)
    y = pickle.loads(pickle.dumps(shapes.Shapes.squared(Value(3.0))))
    assert (y.data, y.op) == (9.0, shapes.Shapes.squared.op)
