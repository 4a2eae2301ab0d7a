"""Exercises tell right answers from wrong ones, and one mistake from another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exercises.figures import MISTAKES, figures

from exercises import CATALOGUE, EXERCISES, judge, solutions  # isort: skip - found by the path of figures
from exercises.exercise import alike, apart, pressed  # isort: skip

# Those that the documents themselves, or most students, make; the others are tried more briefly.
KNOWN = [
    "BiasRows", "ByWeightedSum", "DividedSum", "Half", "NoMean", "NoSlope", "NoWeights", "SameArray", "Sign",
    "SlopeOfActivation", "Transposed", "UpdatedFirst", "ValueAsSlope",
]  # fmt: skip
ALL = sorted(EXERCISES)


def gap(exercise, mistake):
    """How far the mistake's results are from the right ones, in units of what is allowed."""
    found = [0.0]
    for number in range(len(exercise.calls())):
        right, wrong = exercise.right(number), exercise.wrong(mistake, number)
        for name in wrong or ():
            fits = pressed(name, wrong[name], right[name]) == pressed(name, right[name], right[name])
            found.append(float(np.max(apart(wrong[name], right[name]))) if fits else np.inf)
    return max(found)


def test_right_programs_raise_no_alarm():
    """200 of them: loops, einsum, lists, single precision, in place, other shapes."""
    found = figures(200)
    assert found.missed == []
    assert found.different > 190


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_rightly(mistake):
    """In 95 % of 200 wrong programs, and in all of the fewer that are tried of the rarer ones."""
    count = 200 if mistake in KNOWN else 10
    found = figures(count, mistake)
    assert len(found.missed) <= 0.05 * count
    assert "right" not in found.told


def test_enough_mistakes_and_exercises():
    """At least twelve mistakes, fifteen exercises; and the whole catalogue is tried."""
    assert len(KNOWN) >= 12
    assert len(EXERCISES) >= 15
    assert set(MISTAKES) - {"Exchanged"} == {mistake.__name__ for mistake in CATALOGUE}


@pytest.mark.parametrize("name", ALL)
def test_solutions_are_right(name):
    """What stands apart from the exercises solves them."""
    verdict = judge(getattr(solutions, name), EXERCISES[name])
    assert verdict.right, verdict.text


@pytest.mark.parametrize("name", ALL)
def test_mistakes_of_an_exercise_can_be_told_apart(name):
    """Each is far from right, and no two give the same in every call."""
    exercise, calls = EXERCISES[name], range(len(EXERCISES[name].calls()))
    makes = [m for m in CATALOGUE if any(exercise.wrong(m, i) is not None for i in calls)]
    assert makes
    for mistake in makes:
        assert gap(exercise, mistake) > 100.0, mistake
    same = {
        frozenset((a.__name__, b.__name__))
        for a, b in combinations(makes, 2)
        if all(
            alike(exercise.wrong(a, i) or exercise.right(i), exercise.wrong(b, i) or exercise.right(i)) for i in calls
        )
    }
    # There what follows is linear in relu, and to leave it out is to leave out its slope; the first is named.
    assert same == ({frozenset(("NoSlope", "NoActivation"))} if name == "back_prop_layer" else set())


@given(name=st.sampled_from(ALL), factor=st.floats(1.001, 1.4), seed=st.integers(0, 10**6))
def test_what_is_wrong_otherwise_is_called_wrong_and_nothing_is_named(name, factor, seed):
    """Results that are off by a little, each by another factor: it says where, and names no mistake."""
    rng = np.random.default_rng(seed)

    def spoilt(thing):
        if isinstance(thing, list | tuple):
            return type(thing)([spoilt(entry) for entry in thing])
        return np.asarray(thing, dtype=float) * (1.0 + (factor - 1.0) * rng.uniform(0.5, 1.0, np.shape(thing))) + 1e-3

    verdict = judge(lambda *arguments: spoilt(getattr(solutions, name)(*arguments)), EXERCISES[name])
    assert not verdict.right
    assert verdict.mistakes == ()
    assert "the engine has" in verdict.text or "times what it should be" in verdict.text


def test_two_mistakes_at_once_are_both_named():
    """The document's own derivative of the cross-entropy is dC/dz, and has no 1/m."""

    def cross_entropy(y_preds, y, deriv=False):
        return y_preds - y if deriv else solutions.cross_entropy(y_preds, y)

    verdict = judge(cross_entropy, EXERCISES["cross_entropy"])
    assert set(verdict.mistakes) == {"NoMean", "ByWeightedSum"}
    assert verdict.text.endswith("What is right: the value.")


def test_two_results_can_have_a_mistake_each():
    """And what is right is said."""

    def back_prop_parameter(dloss_dout, inpt, W, reg):
        return dloss_dout @ inpt.T, -dloss_dout.sum(axis=1)

    verdict = judge(back_prop_parameter, EXERCISES["back_prop_parameter"])
    assert verdict.mistakes == ("NoPenalty", "Sign")
    right_weights = judge(
        lambda *a: (solutions.back_prop_parameter(*a)[0], a[0].mean(axis=1)), EXERCISES["back_prop_parameter"]
    )
    assert right_weights.text.startswith("back_prop_parameter: The bias's derivative is averaged")
    assert right_weights.text.endswith("What is right: dW.")


def test_a_column_for_a_row_is_no_right_gradient_of_weights():
    """Subtracted from the weights it would make a square of them; for a bias it is the same."""
    assert judge(lambda *a: solutions.output_derivatives(*a).T, EXERCISES["output_derivatives"]).mistakes == (
        "Transposed",
    )
    assert judge(lambda *a: solutions.output_derivatives(*a)[0], EXERCISES["output_derivatives"]).right
    columns = lambda *a: (solutions.back_prop_parameter(*a)[0], solutions.back_prop_parameter(*a)[1][:, None])
    assert judge(columns, EXERCISES["back_prop_parameter"]).right


def test_an_answer_for_one_size_alone_is_wrong():
    """Numbers of points and of layers differ from call to call."""
    five = lambda y_preds, y, deriv=False: solutions.cross_entropy(y_preds, y, deriv) * len(y) / 5
    assert not judge(five, EXERCISES["cross_entropy"]).right

    def chain_gradient(x, ws, bs, target):
        (w1, w2), (b1, b2) = ws, bs
        return solutions.chain_gradient(x, np.array([w1, w2]), np.array([b1, b2]), target)

    text = judge(chain_gradient, EXERCISES["chain_gradient"]).text
    assert text.startswith("chain_gradient: it raises ValueError in line ")
    for name in ("forward_pass", "backprop", "feed_forward", "update_weights", "chain_step", "softmax"):
        shapes = {str([np.shape(a) for a in EXERCISES[name].right(i).values()]) for i in range(4)}
        assert len(shapes) > 1, name


def test_one_factor_everywhere_is_said():
    """It is the commonest unknown mistake."""
    verdict = judge(lambda a, y: 3.0 * (a - y), EXERCISES["error_derivative"])
    assert verdict.text == "error_derivative: it is 1.5 times what it should be, everywhere."


def test_what_the_student_is_told_of_the_arguments():
    """Right answers that change what they are given, or take numbers one by one, are right, with a remark."""

    def relu(x, deriv=False):
        return float(x > 0) if deriv else max(0.0, x)

    def percent_changes(now, before):
        found = solutions.percent_changes(now, before)
        now -= before
        return found

    takes = "; it takes numbers one by one; the document hands it arrays"
    assert judge(relu, EXERCISES["relu"]).text == f"relu: right, as the engine has it{takes}"
    changes = "; it changes the arrays that it is given"
    assert judge(percent_changes, EXERCISES["percent_changes"]).text.endswith(changes)
