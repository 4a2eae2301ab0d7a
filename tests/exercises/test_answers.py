"""Whatever a student hands in: an error is said in words, and none is raised."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from tests.exercises import figures  # noqa: F401 - puts the examples on the path

from autograd import Value  # isort: skip
from exercises import EXERCISES, check, judge, solutions  # isort: skip


def blank(x, deriv=False):
    raise NotImplementedError


def of_two(function):
    """The exercise with two results."""
    return judge(function, EXERCISES["chain_gradient"])


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (np.array([1.0]), "check takes the function itself, got an array of shape (1,); write check(tanh), without"),
        ("tanh", "check takes the function itself, got the text 'tanh'; write check(tanh), without brackets behind it"),
        (None, "check takes the function itself, got None; write check(tanh), without brackets behind it"),
        (float, "check takes a function, got the class float"),
        (lambda x: x, "tanh takes (x, deriv=False), and yours takes (x)"),
        (lambda x, deriv, more: x, "tanh takes (x, deriv=False), and yours takes (x, deriv, more)"),
        (blank, "it is still a blank for the value"),
        (lambda x, deriv=False: None, "it returns None for the value. Is a return missing?"),
        (lambda x, deriv=False: print(x), "it returns None for the value. Is a return missing?"),
        (lambda x, deriv=False: "1", "the result is the text '1' for the value, where numbers are expected"),
        (
            lambda x, deriv=False: {"y": x},
            "the result is a thing of type dict for the value, where numbers are expected",
        ),
        (lambda x, deriv=False: (t for t in x), "the result is a thing of type generator for the value, where num"),
        (lambda x, deriv=False: [1, [2, 3]], "the result is a list of 2 for the value, of which no array"),
        (
            lambda x, deriv=False: ["a"] * 6,
            "the result is a list of 6 for the value, of which no array of real numbers",
        ),
        (
            lambda x, deriv=False: x + 1j,
            "the result is an array of shape (6,) for the value, of which no array of real",
        ),
        (
            lambda x, deriv=False: [None] * 6,
            "the result is a list of 6 for the value, of which no array of real numbers",
        ),
        (lambda x, deriv=False: [], "the value: the shape is (0,), where (6,) is expected."),
        (lambda x, deriv=False: x[:2], "the value: the shape is (2,), where (6,) is expected."),
        (lambda x, deriv=False: x * np.nan, "the value: for x = -1.78542 it is nan, where the engine has -0.945275."),
        (lambda x, deriv=False: x / 0.0, "the value: for x = -1.78542 it is -inf, where the engine has -0.945275."),
        (lambda x, deriv=False: x / 0, "the value: for x = -1.78542 it is -inf, where the engine has -0.945275."),
        (lambda x, deriv=False: undefined, "it raises NameError in line "),  # noqa: F821
        (lambda x, deriv=False: 1 / 0, "it raises ZeroDivisionError in line "),
        (lambda x, deriv=False: sys.exit(1), "it raises SystemExit in line "),
        (lambda x, deriv=False: blank.nothing, "it raises AttributeError in line "),
    ],
)
def test_a_wrong_answer_is_refused_in_words(function, text):
    """What it is, and what is expected."""
    verdict = judge(function, EXERCISES["tanh"])
    assert not verdict.right
    assert verdict.mistakes == ()
    assert verdict.text.startswith(f"tanh: {text}")


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x, ws, bs, target: ws, "it returns an array of shape (3,), where 2 results are expected: dws, dbs"),
        (lambda x, ws, bs, target: (ws, bs, x), "it returns a tuple of 3, where 2 results are expected: dws, dbs"),
        (lambda x, ws, bs, target: 1.0, "it returns 1.0, where 2 results are expected: dws, dbs"),
        (lambda x, ws, bs, target: (ws, None), "dbs is None"),
        (lambda x, ws, bs, target: (ws, bs[:2]), "dws: none of the known mistakes."),
    ],
)
def test_several_results_are_refused_in_words(function, text):
    """Too few, too many, one that is none."""
    assert of_two(function).text.startswith(f"chain_gradient: {text}")


def test_a_list_of_the_wrong_length_is_refused_in_words():
    """For instance with the inputs among the activations."""
    with_inputs = lambda x, *rest: (solutions.forward_pass(x, *rest)[0], [x, *solutions.forward_pass(x, *rest)[1]])
    verdict = judge(with_inputs, EXERCISES["forward_pass"])
    assert verdict.text == "forward_pass: As is a list of 4, where a list of 3 arrays is expected"


def test_values_of_the_engine_are_refused_in_words():
    """They are no numbers; float() of one is refused by the engine."""
    verdict = judge(lambda x, deriv=False: [Value(t) for t in x], EXERCISES["tanh"])
    assert verdict.text.startswith("tanh: the result is a list of 6 for the value, of which no array")


def test_endless_recursion_is_said():
    """And not passed on."""

    def tanh(x, deriv=False):
        return tanh(x, deriv)

    assert judge(tanh, EXERCISES["tanh"]).text.startswith("tanh: it raises RecursionError in line ")


def test_what_the_student_prints_is_not_shown(capsys):
    """A cost that is printed at each step, as the document asks for, would bury what is said."""

    def gradient_descent(x, y, ws, b, lrate, epochs):
        print("cost")
        return solutions.gradient_descent(x, y, ws, b, lrate, epochs)

    check(gradient_descent)
    assert capsys.readouterr().out == "gradient_descent: right, as the engine has it\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((solutions.tanh,), "tanh: right, as the engine has it"),
        ((lambda x, deriv=False: solutions.tanh(x, deriv), "tanh"), "tanh: right, as the engine has it"),
        ((lambda x: x,), "a lambda has no name: say which exercise it is for, as in check(function, 'logistic')"),
        ((0.5,), "check takes a function, got 0.5; write its name without brackets behind it, as in check(logistic)"),
        ((solutions.tanh, "tahn"), "no exercise is named 'tahn'; did you mean 'tanh'?"),
        ((solutions.tanh, 3), "an exercise is named by a text, got 3; as in check(function, 'logistic')"),
    ],
)
def test_check_finds_the_exercise(capsys, arguments, text):
    """By the function's name, or by the one that is given."""
    check(*arguments)
    assert capsys.readouterr().out == f"{text}\n"


def test_check_lists_exercises_where_none_is_near(capsys):
    """A function of another name."""
    check(check)
    out = capsys.readouterr().out
    assert out.startswith("no exercise is named 'check'; there are chain_gradient, ")
    assert out.endswith("misclassified; or say which it is, as in check(function, 'logistic')\n")


def test_a_verdict_is_the_same_every_time():
    """The arguments are; and an answer that changes them spoils nothing for the next."""

    def relu(x, deriv=False):
        x *= 0.0
        return x

    first = judge(relu, EXERCISES["relu"])
    assert not first.right
    assert judge(relu, EXERCISES["relu"]) == first
    assert judge(solutions.relu, EXERCISES["relu"]).right
