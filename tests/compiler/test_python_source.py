"""Straight-line Python reads as one would write it by hand."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest

import autograd
from autograd import Interval, Value, dot, exp, gelu, hypot, leaky_relu, logsumexp, operation, sqrt, tanh, where
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.python import write
from autograd.compiler.backends.python.write import LINE
from autograd.compiler.program.program import Program


def program(f: Callable[..., Any], parameters: str = "a b", fixed: str = "") -> Program:
    """Straight-line program of a function of floats with arguments of these names."""
    p, u = [[Value(0.5 + k) for k in range(len(names.split()))] for names in (parameters, fixed)]
    result = f(*p, *u)
    tape = record(result if isinstance(result, list) else [result], p, u)
    return compile_tape(tape, kind="python", names=(parameters.split(), fixed.split()))


def body(source: str, function: str) -> str:
    """The lines of a function, less the one that begins it."""
    return dedent(source.split(f"def {function}(")[1].split("\n", 1)[1].split("\n\n")[0]).strip()


mine = operation(lambda m, y, a, b: m.mul_no_nan(a + 0.0, b * a), lambda m, y, a, b: 1.0 / b)(lambda m, a, b: a)
positive = operation(lambda m, y, a: a * (a + 1.0), domain=(Interval(0.0),))(lambda m, a: a)

FORWARD = {
    "terms of a sum": (lambda a, b: a * tanh(b) + 1.0, "v2 = tanh(b)\nv3 = a * v2 + 1.0\nreturn v3"),
    "signs before a sum": (lambda a, b: -b - a * 2.0, "v2 = -2.0 * a - b\nreturn v2"),
    "signs within a sum": (lambda a, b: 3.0 - b + a, "v2 = a + 3.0 - b\nreturn v2"),
    "operand that a constant makes idle": (lambda a, b: leaky_relu(1.0, a + b), "v3 = 1.0\nreturn v3"),
    "sum of numbers that an operation leaves": (lambda a, b: leaky_relu(1.0, a) + 1.0, "v3 = 1.0 + 1.0\nreturn v3"),
    "nothing but signs": (lambda a, b: -b - a, "v2 = -b - a\nreturn v2"),
    "dot product": (lambda a, b: dot([a, b, 2.0], [a, b, b]), "v2 = a * a + b * b + 2.0 * b\nreturn v2"),
    "division by a number": (lambda a, b: (a - b) / -2.0, "v3 = (a - b) / -2.0\nreturn v3"),
    "division by a variable": (lambda a, b: a / b, "v2 = div(a, b)\nreturn v2"),
    "division by zero": (lambda a, b: (a + b) / 0.0, "v3 = div(a + b, 0.0)\nreturn v3"),
    "powers, two results": (lambda a, b: [a**2, b**0.5], "v2 = a * a\nv3 = pow(b, 0.5)\nreturn [v2, v3]"),
    "any number of operands": (lambda a, b: logsumexp([a, 1.0, 2.0]), "v2 = logsumexp(a, 1.0, 2.0)\nreturn v2"),
    "parts of a row": (lambda a, b: gelu(a), "v2 = 0.5 * a * erfc(-a / 1.4142135623730951)\nreturn v2"),
    "a first power": (lambda a, b: a**1, "v2 = a\nreturn v2"),
    "argument": (lambda a, b: b, "return b"),
    "number": (lambda a, b: -2.0, "return -2.0"),
}


@pytest.mark.parametrize("name", FORWARD)
def test_operation_of_the_graph_is_a_line(name: str):
    """A sum is one line with its products; what may fail in Python is the engine's own function."""
    f, expected = FORWARD[name]
    assert body(program(f).source, "value") == expected


BACKWARD = {
    "the partial of one reader": (lambda a, b: a * tanh(b), "return v3, (v2, a * (1.0 - v2 * v2))"),
    "several readers": (
        lambda a, b: (a + b) / 2.0 + 3.0 * hypot(a, 3.0),
        "return v5, (3.0 * div(a, where(v4, v4, 1.0)) + 0.5, 0.5)",
    ),
    "terms that are subtracted": (lambda a, b: -(a * b) - b, "return v2, (-b, -1.0 - a)"),
    "a negation": (lambda a, b: exp(-a) * b, "return v4, (-v4, v3)"),
    "the same operand twice": (
        lambda a, b: a - a * a * b,
        "g2 = -b\nreturn v3, (a * g2 + a * g2 + 1.0, -v2)",
    ),
    "nothing but numbers": (lambda a, b: 2.0 * (4.0 * a + 1.0), "return v3, (8.0, 0.0)"),
    "no parameter": (lambda a, b: 3.0, "return 3.0, (0.0, 0.0)"),
    "a parameter itself": (lambda a, b: b, "return b, (0.0, 1.0)"),
    "one that only chooses": (lambda a, b: where(a, b, 1.0), "return v2, (0.0, where(a, 1.0, 0.0))"),
    "a factor of zero": (lambda a, b: 0.0 * sqrt(a) + b, "return v3, (0.0, 1.0)"),
    "any number of operands": (lambda a, b: logsumexp([a, 2.0]), "return v2, (exp(a - v2), 0.0)"),
    "a partial that can be infinite": (
        lambda a, b: tanh(a) * sqrt(b),
        "return v4, (v3 * (1.0 - v2 * v2), (v2 * div(0.5, v3) if v2 else 0.0))",
    ),
    "the same below a number": (lambda a, b: sqrt(b) / 4.0, "return v3, (0.0, 0.25 * div(0.5, v2))"),
    "a partial in brackets": (
        lambda a, b: exp(a) * positive(b),
        "return v4, (v3 * v2, (v2 * (b * (b + 1.0)) if v2 else 0.0))",
    ),
    "a partial with a mask": (lambda a, b: mine(a, b), "return v2, ((a * (b * a) if a else 0.0), div(1.0, b))"),
    "nothing for a constant": (lambda a, b: mine(a, 0.0), "return v2, ((a * (0.0 * a) if a else 0.0), 0.0)"),
    "a partial of one": (lambda a, b: tanh(a**1), "return v3, (1.0 - v3 * v3, 0.0)"),
    "a sum among others, and a minus": (lambda a, b: tanh(a) - a, "return v3, (1.0 - v2 * v2 - 1.0, 0.0)"),
    "a reader that subtracts": (lambda a, b: (exp(b) - a) * a, "return v4, (v3 - a, a * v2)"),
    "a partial that two derivatives share": (
        lambda a, b: tanh(a * b),
        "g2 = 1.0 - v3 * v3\nreturn v3, (b * g2, a * g2)",
    ),
}


@pytest.mark.parametrize("name", BACKWARD)
def test_adjoint_is_the_sum_of_what_its_readers_hand_it(name: str):
    """Written where it is read, unless that is in several places."""
    f, expected = BACKWARD[name]
    source = program(f).source
    forward = body(source, "value").splitlines()[:-1]
    assert body(source, "value_and_grad").splitlines() == [*forward, *expected.splitlines()]


ROWS = [
    "a + (a + 1.0)", "a - 1.0 + a", "a - (1.0 - a)", "a * (a + 1.0)", "(a + 1.0) * a", "a * a * a", "a * (a * a)",
    "a + a * a", "a * a / 3.0", "a * (a / 3.0)", "a - a / 3.0", "(a - 1.0) / 3.0", "a / 3.0 * a", "a / -3.0",
    "-a / 3.0", "-a - a", "-(a * a)", "-(a + 1.0)", "a - -3.0", "maximum(a - 1.0, -a)",
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_row_is_written_as_it_stands_in_a_table(row: str):
    """With brackets where its operations are to be done in another order, and nowhere else."""
    own = operation(lambda m, y, a: 1.0)(eval(f"lambda m, a: {row.replace('maximum', 'm.maximum')}"))
    assert body(program(lambda a: own(a), "a").source, "value") == f"v1 = {row}\nreturn v1"


def test_parameter_that_is_listed_twice_has_one_derivative():
    """The place that it is listed at again has none."""
    a, b = Value(2.0), Value(3.0)
    found = compile_tape(record([a * b], [a, a, b]), kind="python")
    assert body(found.source, "value_and_grad") == "v2 = p0 * p2\nreturn v2, (p2, 0.0, p0)"


def test_source_holds_both_functions_and_what_they_import():
    """The whole of a small program."""
    expected = """\
        from math import inf, nan
        from autograd.floats import div, tanh

        def value(slope, x, bias):
            v4 = div(tanh(x), slope)
            v5 = v4 - bias
            return v5

        def value_and_grad(slope, x, bias):
            v4 = div(tanh(x), slope)
            v5 = v4 - bias
            return v5, (-div(v4, slope),)
        """
    assert program(lambda slope, x, bias: tanh(x) / slope - bias, "slope", "x bias").source == dedent(expected)


def test_source_of_several_results_has_no_gradient():
    """And imports nothing that only a gradient needs."""
    expected = """\
        from math import inf, nan
        from autograd.floats import sqrt

        def value(a, b):
            v2 = sqrt(a)
            return [v2, b]
        """
    assert program(lambda a, b: [sqrt(a), b]).source == dedent(expected)


def test_explanation_is_the_function_with_the_gradient():
    """Each of its lines is an equation; where there is no gradient, it is the function that there is."""
    expected = "from math import inf, nan\n\ndef value_and_grad(a, b):\n    v2 = a + b\n    return v2, (1.0, 1.0)\n"
    assert program(lambda a, b: a + b).explain() == expected
    several = program(lambda a, b: [a + b, a])
    assert several.explain() == several.source


def test_nan_and_infinity_are_names_in_the_source():
    """A program may hold any float."""
    found = program(lambda a, b: where(a, b, float("nan")) + where(b, a, float("-inf")))
    assert "where(a, b, nan)" in found.source
    assert "where(b, a, -inf)" in found.source
    assert found.value([1.0, 2.0]) == 3.0


NAMES = {
    "unnamed": ("", "", "p0, p1, u0, u1"),
    "partly named": ("x", "y", "x, p1, y, u1"),
    "ours": ("v g", "v1 g23", "v_, g_, v1_, g23_"),
    "nearly ours": ("v1a gg", "w1 p", "v1a, gg, w1, p"),
    "of pieces": ("forward0 backward12", "forward backward", "forward0_, backward12_, forward, backward"),
    "of functions and numbers": ("exp inf", "nan abs", "exp_, inf_, nan_, abs_"),
    "twice": ("x x", "x x_", "x, x_, x__, x___"),
    "like one that follows": ("x u1", "exp_ exp", "x, u1, exp_, exp__"),
    "like an unnamed one": ("u0 u1", "", "u0, u1, u0_, u1_"),
}


@pytest.mark.parametrize("case", NAMES)
def test_arguments_keep_their_names_as_far_as_they_are_free(case: str):
    """Underscores tell the others apart."""
    first, second, expected = NAMES[case]
    p, u = [Value(2.0), Value(3.0)], [Value(5.0), Value(7.0)]
    tape = record([tanh(p[0] * u[0]) + p[1] * u[1]], p, u)
    found = compile_tape(tape, kind="python", names=(first.split(), second.split()))
    assert f"def value_and_grad({expected}):" in found.source
    assert found.value([1.0, 2.0], fixed=[0.0, 0.5]) == 1.0


# ── Long programs ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_long_sum_is_cut_into_lines():
    """Python's parser nests a long one too deeply."""
    x = [Value(1.0) for _ in range(2 * LINE + 1)]
    found = compile_tape(record([autograd.sum(x[1:]) - x[0]], x), kind="python")
    terms = [f"p{k}" for k in range(1, len(x))]
    assert body(found.source, "value").splitlines() == [
        f"v81 = {' + '.join(terms[:LINE])}",
        f"v81 = v81 + {' + '.join(terms[LINE:])}",
        "v81 = v81 - p0",
        "return v81",
    ]


LONG = """\
from math import inf, nan
from autograd.floats import exp, tanh

def forward0(v):
    v[5] = tanh(v[0] * v[2] + v[0])

def forward1(v):
    v[7] = v[3] * exp(v[5])

def backward0(v):
    v[9] = v[7] * (1.0 - v[5] * v[5])

def value(a, b, x, y):
    v = [0.0] * 11
    v[0] = a
    v[1] = b
    v[2] = x
    v[3] = y
    forward0(v)
    forward1(v)
    return v[7]

def value_and_grad(a, b, x, y):
    v = [0.0] * 11
    v[0] = a
    v[1] = b
    v[2] = x
    v[3] = y
    forward0(v)
    forward1(v)
    backward0(v)
    return v[7], (v[2] * v[9] + v[9], 0.0)
"""


def test_long_program_is_cut_into_functions_over_a_list(monkeypatch):
    """One function of a million lines would be slow to compile."""
    monkeypatch.setattr(write, "ONE_FUNCTION", 10)
    monkeypatch.setattr(write, "PIECE", 1)
    f = lambda a, b, x, y: exp(tanh(a * x + a)) * y
    names = "a b", "x y"
    assert "forward0" not in program(lambda a, b, x, y: f(a, b, x, 1.0), *names).source
    assert program(f, *names).source == LONG
