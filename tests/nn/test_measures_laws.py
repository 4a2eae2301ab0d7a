"""Laws of measures: where classes meet, how metrics are called, and which targets a loss takes, to the last bit."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import accuracy, confusion_matrix, misclassified
from nn.measures.metrics import Predicted, as_metrics, is_ours, mode_of, settled, threshold_of, with_threshold
from nn.measures.outputs import each
from nn.measures.targets import SIGNS, UNIT_INTERVAL

BELOW_HALF, BELOW_ZERO = math.nextafter(0.5, 0.0), -5e-324


def predicted(outputs: Any) -> Predicted:
    """A model that gives these."""
    model = Predicted()
    model.outputs = np.asarray(outputs, dtype=float)
    return model


@pytest.mark.parametrize(
    ("targets", "outputs", "threshold"),
    [
        ([0.0, 1.0], [0.2], 0.5),
        ([-1.0, 1.0], [0.2], 0.0),
        ([-1.0], [0.2], 0.0),
        ([0.0], [0.2], 0.5),
        ([1.0], [BELOW_ZERO, 0.5, -3.0, 7.0], 0.5),
        ([1.0], [0.0], None),
        ([1.0], [7.0, BELOW_HALF], None),
    ],
)
def test_classes_meet_halfway_between_the_targets(targets: Any, outputs: Any, threshold: float | None) -> None:
    """Of 1 alone it is told by no target: then no output may lie where it matters."""
    y, found = np.array(targets), np.array(outputs)
    if threshold is None:
        with pytest.raises(ValueError, match=f"decides about the output {min(outputs):g}; pass threshold"):
            settled(None, y, found)
    else:
        assert settled(None, y, found) == threshold
        assert threshold_of(y) == (None if targets == [1.0] else threshold)
    assert settled(0.25, y, found) == 0.25
    assert settled(0.0, y, found) == 0.0


@pytest.mark.parametrize(
    ("threshold", "low"), [(0.5, 0.0), (0.0, -1.0), (-2.5, 0.0), (math.inf, 0.0), (-math.inf, -1.0)]
)
def test_output_at_the_threshold_is_class_1(threshold: float, low: float) -> None:
    """The float below is the other class."""
    outputs = [threshold, math.nextafter(threshold, -math.inf)] if math.isfinite(threshold) else [1e308, -1e308]
    y = [1.0, low]
    expected = {math.inf: [[1, 0], [1, 0]], -math.inf: [[0, 1], [0, 1]]}.get(threshold, [[1, 0], [0, 1]])
    assert confusion_matrix(predicted(outputs), [0, 1], y, threshold).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_three_measures_count_the_same_examples(pairs: list[tuple[int, int]]) -> None:
    """Of four classes, written as numbers or as rows."""
    true, said = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    outputs = np.full((len(pairs), 4), -2.0)
    outputs[np.arange(len(pairs)), said] = -1.0
    model, X = predicted(outputs), np.zeros((len(pairs), 1))
    for y in (true, np.eye(4)[true]):
        counts = [[sum(pair == (a, b) for pair in pairs) for b in range(4)] for a in range(4)]
        assert confusion_matrix(model, X, y).tolist() == counts
        wrong = [k for k, (a, b) in enumerate(pairs) if a != b]
        assert misclassified(model, X, y).tolist() == wrong
        assert accuracy(model, X, y) == 1.0 - len(wrong) / len(pairs) or math.isclose(
            accuracy(model, X, y), 1.0 - len(wrong) / len(pairs), rel_tol=1e-15
        )


def test_metrics_have_names_of_their_own_and_say_what_they_are() -> None:
    """One that is called alike gets a number; the same one twice is one."""
    first, second, third = (lambda model, X, y: 1.0), (lambda model, X, y: 2.0), (lambda model, X, y: 3.0)

    class Size:
        mode = "min"

        def __call__(self, model: Any, X: Any, y: Any) -> float:
            return 4.0

    size = Size()
    named = as_metrics([first, "accuracy", second, first, size, third, accuracy])
    assert named == {"<lambda>": first, "accuracy": accuracy, "<lambda> 2": second, "Size": size, "<lambda> 3": third}
    assert as_metrics("accuracy") == as_metrics(("accuracy",)) == {"accuracy": accuracy}
    assert (as_metrics(()), as_metrics([])) == ({}, {})
    ours = with_threshold(accuracy, 0.0)
    assert [mode_of(metric) for metric in (accuracy, ours, size, first)] == ["max", "max", "min", None]
    assert [is_ours(metric) for metric in (accuracy, ours, size, first, partial(first))] == [True, True, *[False] * 3]
    assert (with_threshold(accuracy, None), with_threshold(size, 0.5)) == (accuracy, size)
    assert isinstance(ours, partial)
    assert ours.keywords == {"threshold": 0.0}


@pytest.mark.parametrize(
    ("targets", "taken", "refused"),
    [
        (SIGNS, [-1.0, 1.0], [0.0, math.nextafter(1.0, 0.0), math.nextafter(-1.0, 0.0), 2.0, math.nan]),
        (UNIT_INTERVAL, [0.0, 1.0, 0.5, 5e-324], [-5e-324, math.nextafter(1.0, 2.0), math.inf, math.nan]),
    ],
)
def test_target_is_taken_or_refused_alone_and_among_others(targets: Any, taken: Any, refused: Any) -> None:
    """The first that is none is named."""
    targets.check(np.array(taken))
    for number in taken:
        targets.check(number)
    for number in refused:
        for given_ in (number, np.array([*taken, number, 77.0]), np.array([[taken[0], number]])):
            with pytest.raises(ValueError, match=f"^this loss takes targets {targets.rule}, got {number:g}; "):
                targets.check(given_)


def test_costs_of_several_outputs_are_put_together_and_of_one_left_alone() -> None:
    """Whatever holds them; what does not fit is counted."""
    cost = lambda p, t: 10.0 * p + t
    assert each(cost, 2.0, 3.0, "mean") == each(cost, np.float64(2.0), np.array(3.0), "sum") == 23.0
    for kind in (list, tuple, np.array):
        assert each(cost, kind([1.0, 2.0]), kind([3.0, 4.0]), "sum") == 37.0
        assert each(cost, kind([1.0, 2.0]), kind([3.0, 4.0]), "mean") == 18.5
        assert each(cost, kind([1.0]), kind([3.0]), "mean") == 13.0
    for prediction, target, said in (
        (1.0, [1.0], "a single number and 1 numbers"),
        ([1.0], 1.0, "1 numbers and a single number"),
        ([1.0, 2.0], [1.0], "2 numbers and 1 numbers"),
    ):
        with pytest.raises(ValueError, match=f"^a loss compares as many predictions as targets, got {said}$"):
            each(cost, prediction, target, "sum")
