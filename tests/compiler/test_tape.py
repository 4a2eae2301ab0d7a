"""Pass 1: what a recorded graph is listed as."""

from __future__ import annotations

import math

from autograd import Value, dot, gradients, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.scalars.tape import CONSTANT, FIRST_BATCHED, FIXED, PARAMETER


def test_listing_has_a_line_for_every_leaf_and_operation():
    """Leaves with their place and slot, operations with nodes and constants as operands, results at the end."""
    w, b, u, x, y = [Value(k) for k in range(5)]
    tape = record([dot([w, 2.5, b], [x, y, 1e-7]) - 3.0 * u, tanh(x), 4.0], [w, b], [u], [[x], [y]])
    assert str(tape).splitlines() == [
        "%0 = place 0, slot 0",
        "%1 = place 0, slot 1",
        "%2 = place 2, slot 0",
        "%3 = place 3, slot 0",
        "%4 = place 4, slot 0",
        "%5 = dot(%0, 2.5, %1, %3, %4, 1e-07)",
        "%6 = mul(3, %2)",
        "%7 = sub(%5, %6)",
        "%8 = tanh(%3)",
        "return %7, %8, 4",
    ]
    assert (PARAMETER, CONSTANT, FIXED, FIRST_BATCHED) == (0, 1, 2, 3)
    assert tape.sizes == [2, 4, 1, 1, 1]
    assert tape.operations == 4


def test_leaves_that_are_no_arguments_follow_the_fixed_ones():
    """In the order they are met, once each, for the program's caller to look up."""
    w, u, found, later = [Value(k) for k in range(4)]
    tape = record([w * found + later * found, later + u], [w], [u])
    assert tape.captured == [found, later]
    assert [args for op, args in zip(tape.ops, tape.args, strict=True) if op is None] == [
        (PARAMETER, 0), (FIXED, 0), (FIXED, 1), (FIXED, 2),
    ]  # fmt: skip
    assert tape.sizes[FIXED] == 3


def test_root_may_be_a_leaf_that_is_no_argument():
    """Then there is nothing but to look it up."""
    tape = record([Value(2.0)], [])
    assert str(tape) == "%0 = place 2, slot 0\nreturn %0"


def test_equal_constants_are_one_and_zeros_of_two_signs_are_two():
    """Told apart by all of their bits; nan, which equals nothing, is one too."""
    x = Value(1.0)
    root = (x * 0.0 + 0.0) * -0.0 + math.nan * x + math.nan + (0.1 + 0.2) * x + 0.3 + math.inf
    tape = record([root], [x])
    zero, minus_zero, nan, *others = tape.constants
    assert (math.copysign(1.0, zero), math.copysign(1.0, minus_zero)) == (1.0, -1.0)
    assert math.isnan(nan)
    assert others == [0.1 + 0.2, 0.3, math.inf]


def test_node_of_several_results_is_listed_once():
    """What two results share, and a result that is part of another."""
    x = Value(2.0)
    shared = x * x
    tape = record([tanh(shared), shared, shared + x], [x])
    assert str(tape).splitlines()[1:] == ["%1 = mul(%0, %0)", "%2 = tanh(%1)", "%3 = add(%1, %0)", "return %2, %1, %3"]


def test_leaf_with_two_roles_has_the_first():
    """One that is a parameter and fixed is a parameter: its derivative counts both."""
    x, y = Value(2.0), Value(3.0)
    root = x * x * y
    tape = record([root], [x], [x, y])
    assert str(tape).splitlines()[:2] == ["%0 = place 0, slot 0", "%1 = place 2, slot 1"]
    assert tape.sizes == [1, 0, 2]
    for kind in ("arrays", "python"):
        _, gradient = compile_tape(tape, kind=kind).value_and_grad([2.0], fixed=[2.0, 3.0])
        assert gradient.tolist() == gradients(root, [x])
