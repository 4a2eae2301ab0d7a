"""Accuracy, misclassified rows and the confusion matrix, against a count by hand."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NonFiniteError, Value
from nn import MLP, Adam, Module, accuracy, confusion_matrix, datasets, fit, misclassified, one_hot
from nn.training import measurement


class Given(Module):
    """A model that gives out what it is given: one number, or as many as there are columns."""

    def __call__(self, x):
        return Value(x) if isinstance(x, float) else [Value(entry) for entry in x]


scores = st.floats(-2.0, 2.0)


@given(st.lists(st.tuples(scores, st.integers(0, 1)), min_size=1), st.sampled_from([(0.0, 0.5), (-1.0, 0.0)]))
def test_one_output_is_split_halfway_between_the_two_targets(rows, coding):
    """At 0.5 for targets 0 and 1, at 0 for -1 and 1."""
    low, threshold = coding
    outputs, classes = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    y = np.where(classes == 1.0, 1.0, low)
    y[0] = low  # at least one example shows which coding it is
    wrong = [
        i for i, (score, target) in enumerate(zip(outputs, y, strict=True)) if (score >= threshold) != (target == 1.0)
    ]
    assert misclassified(Given(), outputs, y).tolist() == wrong
    assert accuracy(Given(), outputs, y) == pytest.approx(1.0 - len(wrong) / len(y), abs=1e-15)


@given(st.lists(st.tuples(st.tuples(scores, scores, scores), st.integers(0, 2)), min_size=1))
def test_the_largest_of_several_outputs_is_the_class(rows):
    """Counts of true against taken class; its diagonal is the accuracy, what lies off it is misclassified."""
    outputs, y = [list(scores) for scores, _ in rows], [label for _, label in rows]
    taken = [max(range(3), key=lambda k: (row[k], -k)) for row in outputs]
    matrix = confusion_matrix(Given(), outputs, y)
    assert matrix.tolist() == [
        [sum(t == i and p == j for t, p in zip(y, taken, strict=True)) for j in range(3)] for i in range(3)
    ]
    assert accuracy(Given(), outputs, y) == pytest.approx(np.trace(matrix) / len(y))
    assert misclassified(Given(), outputs, y).tolist() == [i for i in range(len(y)) if y[i] != taken[i]]
    assert (confusion_matrix(Given(), outputs, np.eye(3)[y]) == matrix).all()


def test_the_boundary_itself_is_class_1():
    """Document 002 leaves 0.5 to neither class."""
    assert accuracy(Given(), [0.5], [1.0]) == 1.0
    assert accuracy(Given(), [0.0, -1.0], [1.0, -1.0]) == 1.0


@pytest.mark.parametrize("y", [[0.0, 1.0, 1.0], [[0.0], [1.0], [1.0]]])
def test_a_list_of_one_output_is_one_output(y):
    """It is no choice among one class, which would be right whatever the model says."""
    rows = [[0.2], [0.7], [0.4]]
    assert misclassified(Given(), rows, y).tolist() == [2]


@given(st.lists(st.tuples(scores, st.integers(0, 1)), min_size=1), st.sampled_from([(0.0, 0.5), (-1.0, 0.0)]))
def test_examples_of_one_class_are_judged_as_among_the_others(rows, coding):
    """Of targets that are 1 alone, either both codings give the same, or it is refused."""
    low, threshold = coding
    outputs = np.array([score for score, _ in rows])
    right = outputs >= threshold
    for target in (low, 1.0):
        y = np.full(len(rows), target)
        expected = np.mean(right == (target == 1.0))
        if target == 1.0 and ((outputs >= 0.0) & (outputs < 0.5)).any():
            with pytest.raises(
                ValueError, match=r"^y of a single output is 1 alone, and whether the other class is 0 or"
            ):
                accuracy(Given(), outputs, y)
            assert accuracy(Given(), outputs, y, threshold=threshold) == expected
        else:
            assert accuracy(Given(), outputs, y) == expected


CODINGS = {
    "squared_error": [(0.0, 0.5), (-1.0, 0.0)],
    "binary_cross_entropy": [(0.0, 0.5)],
    "binary_cross_entropy_with_logits": [(0.0, 0.0)],
    "hinge": [(-1.0, 0.0)],
}


@pytest.mark.parametrize(("loss", "coding"), [(loss, coding) for loss in CODINGS for coding in CODINGS[loss]])
@pytest.mark.parametrize("compiled", [True, False])
def test_validation_of_one_class_is_judged_as_the_training_examples(loss, coding, compiled):
    """They, or the loss, say what the other class is."""
    low, threshold = coding
    model = MLP(1, [1], output_activation="sigmoid" if loss == "binary_cross_entropy" else "linear", rng=0)
    X = np.linspace(-3.0, 3.0, 13)
    y = np.where(X > 0.0, 1.0, low)
    history = fit(
        model, X, y, loss=loss, epochs=3, validation=(X, np.ones(13)), metrics="accuracy", progress=False,
        compiled=compiled,
    )  # fmt: skip
    expected = np.mean(model.predict(X[:, None]) >= threshold)
    assert 0.0 < expected < 1.0
    assert history.validation_metrics["accuracy"][-1] == expected


def test_a_threshold_may_be_given():
    """For logits with targets 0 and 1 it is 0."""
    assert accuracy(Given(), [0.2, -0.2], [1.0, 0.0], threshold=0.0) == 1.0
    assert accuracy(Given(), [0.2, -0.2], [1.0, 0.0]) == 0.5
    assert confusion_matrix(Given(), [0.2, 0.8, 0.9], [1.0, 1.0, 0.0]).tolist() == [[0, 1], [1, 1]]


REFUSED = {
    "targets of three kinds": (
        lambda: accuracy(Given(), [0.1, 0.2, 0.3], [0.0, 1.0, 2.0]),
        "y of a single output is 0 and 1 or -1 and 1, got [0. 1. 2.] of shape (3,)",
    ),
    "targets that are probabilities": (
        lambda: accuracy(Given(), [0.1], [0.3]), "y of a single output is 0 and 1 or -1 and 1, got [0.3] of shape (1,)",
    ),
    "a class too many": (
        lambda: accuracy(Given(), [[0.1, 0.2]], [2]),
        "y has classes from 0 to 1 for a model of 2 outputs, got 2 in row 0",
    ),
    "a class between two": (
        lambda: accuracy(Given(), [[0.1, 0.2]], [0.5]),
        "y has classes from 0 to 1 for a model of 2 outputs, got 0.5 in row 0",
    ),
    "a class below the first": (
        lambda: accuracy(Given(), [[0.1, 0.2]], [-1]),
        "y has classes from 0 to 1 for a model of 2 outputs, got -1 in row 0",
    ),
    "a class that is no number": (
        lambda: accuracy(Given(), [[0.1, 0.2]], [math.nan]),
        "y has classes from 0 to 1 for a model of 2 outputs, got nan in row 0",
    ),
    "a target that is no number": (
        lambda: accuracy(Given(), [0.1, 0.2], [1.0, math.nan]),
        "y of a single output is 0 and 1 or -1 and 1, got [ 1. nan] of shape (2,)",
    ),
    "targets of both kinds": (
        lambda: accuracy(Given(), [0.1, 0.2, 0.3], [-1.0, 0.0, 1.0]),
        "y of a single output is 0 and 1 or -1 and 1, got [-1.  0.  1.] of shape (3,)",
    ),
    "fewer targets": (
        lambda: accuracy(Given(), [0.1, 0.2], [1.0]), "y has one target for each of the 2 rows of X, got shape (1,)",
    ),
    "no rows": (lambda: accuracy(Given(), [], []), "y has one target for each of the 0 rows of X, got shape (0,)"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_by_name(case):
    """The thing, the rule, and what was received."""
    attempt, message = REFUSED[case]
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        attempt()


def test_a_model_that_gives_nan_is_no_classifier():
    """Nan is in no class; counting it as one would be silently wrong."""
    with pytest.raises(NonFiniteError, match=r"^the model gives nan for row 1, which is no class; train it again$"):
        accuracy(Given(), [0.1, math.nan], [0.0, 1.0])


@pytest.mark.parametrize("outputs", [1, 3])
def test_accuracy_after_each_epoch_is_that_of_the_model_then(outputs):
    """Alone it is taken of a program's predictions; beside a callback, which sees the model, by ``predict``."""
    X = np.random.default_rng(0).normal(size=(60, 2))
    y = np.searchsorted([0.0] if outputs == 1 else [-0.5, 0.5], X[:, 0] * X[:, 1]).astype(float)
    targets = y if outputs == 1 else one_hot(y, 3)
    histories, seen = [], []
    for callbacks in ([], [lambda model, _: seen.append(accuracy(model, X[40:], targets[40:]))]):
        model = MLP(2, [8, outputs], activation="tanh", rng=0)
        histories.append(
            fit(
                model, X[:40], targets[:40], epochs=10, optimizer=Adam(0.1), metrics="accuracy", callbacks=callbacks,
                validation=(X[40:], targets[40:]),
            )
        )  # fmt: skip
    assert histories[0].metrics == histories[1].metrics
    assert histories[0].validation_metrics == histories[1].validation_metrics == {"accuracy": seen}
    assert len(set(seen)) > 2


def test_accuracy_alone_writes_no_parameters(monkeypatch):
    """To write the Values of a network takes longer than its program; only who looks at the model needs them."""
    written = []
    monkeypatch.setattr(measurement, "write_parameters", lambda values, numbers: written.append(len(values)))
    X, y = datasets.xor()
    for metrics in ("accuracy", ["accuracy", lambda model, X, y: 0.0]):
        fit(MLP(2, [2, 1], rng=0), X, y, epochs=3, metrics=metrics, validation=(X, y))
        assert written == ([] if metrics == "accuracy" else [9, 9, 9])
