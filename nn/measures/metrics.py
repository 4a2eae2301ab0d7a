"""How good a classifier is."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import chain, count
from typing import Any, Literal

import numpy as np

from autograd import NonFiniteError
from autograd.convert import as_float, describe
from nn.checks import Array, as_array, as_function, find
from nn.model.module import Module

__all__ = ["METRICS", "accuracy", "confusion_matrix", "misclassified"]

Labels = np.ndarray[Any, np.dtype[np.int_]]
Metric = Callable[[Module, Any, Any], float]


def accuracy(model: Module, X: Any, y: Any, threshold: float | None = None) -> float:
    """The share of examples that are classified right.

    Parameters
    ----------
    model : Module
        Of one output, whose height is the class; or of one output a class, whose largest is the class.
    X : array_like
        Shape (examples, inputs).
    y : array_like
        For one output: 0 and 1, or -1 and 1. For several: classes from 0, or one-hot rows.
    threshold : float, optional
        From where on one output means class 1: by default 0.5 for targets 0 and 1, which is right for a probability,
        and 0 for -1 and 1. For logits and targets 0 and 1 give 0. Of targets that are 1 alone it has to be given, if
        outputs lie between the two.
    """
    true, predicted, _ = _classes(model, X, y, threshold)
    return np.count_nonzero(true == predicted) / len(true)


accuracy.mode = "max"  # type: ignore[attr-defined]  # what early stopping asks a metric


def misclassified(model: Module, X: Any, y: Any, threshold: float | None = None) -> Labels:
    """The rows of the examples that are classified wrong, in order.

    Parameters
    ----------
    model, X, y, threshold
        As for :func:`accuracy`.

    Returns
    -------
    array of int
        Shape (mistakes,).
    """
    true, predicted, _ = _classes(model, X, y, threshold)
    return np.flatnonzero(true != predicted)


def confusion_matrix(model: Module, X: Any, y: Any, threshold: float | None = None) -> Labels:
    """How many examples of each class were taken for each class.

    Parameters
    ----------
    model, X, y, threshold
        As for :func:`accuracy`.

    Returns
    -------
    array of int
        Shape (classes, classes): a row for each true class, a column for each that the model says.
    """
    true, predicted, classes = _classes(model, X, y, threshold)
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (true, predicted), 1)
    return counts


MetricName = Literal["accuracy"]
MetricsLike = MetricName | Metric | Sequence[MetricName | Metric]

METRICS: dict[MetricName, Metric] = {"accuracy": accuracy}


def mode_of(metric: Metric) -> str | None:
    """Whether lower or higher is better, by a metric's own attribute ``mode``; None if it does not say."""
    mode: str | None = getattr(_function(metric), "mode", None)
    return mode


def is_ours(metric: Metric) -> bool:
    """Whether all it asks of the model is its predictions."""
    return _function(metric) in METRICS.values()


def with_threshold(metric: Metric, threshold: float | None) -> Metric:
    """The metric where it is known from where on one output means class 1."""
    return partial(accuracy, threshold=threshold) if metric is accuracy and threshold is not None else metric


def threshold_of(y: Array) -> float | None:
    """Halfway between the targets of one output, 0 and 1 or -1 and 1; None where there is no telling which they are."""
    return 0.0 if (y == -1.0).any() else 0.5 if (y == 0.0).any() else None


def settled(threshold: float | None, y: Array, outputs: Array) -> float:
    """The threshold of one output that is given, or that of the targets.

    Raises
    ------
    ValueError
        If targets are 1 alone, and the class of an output depends on what the other one is.
    """
    threshold = threshold_of(y) if threshold is None else threshold
    between = (outputs >= 0.0) & (outputs < 0.5)
    if threshold is None and between.any():
        raise ValueError(
            "y of a single output is 1 alone, and whether the other class is 0 or -1 decides about the output "
            f"{outputs[between][0]:g}; pass threshold=0.5, or 0.0 for -1 and for logits"
        )
    return 0.5 if threshold is None else threshold


def _function(metric: Metric) -> Metric:
    return metric.func if isinstance(metric, partial) else metric


class Predicted(Module):
    """A model of which the predictions are known, and nothing else."""

    outputs: Array

    def predict(self, X: Any) -> Array:
        """The predictions."""
        del X
        return self.outputs


def as_metrics(metrics: Any) -> dict[str, Metric]:
    """Metrics by name, from a name or a function of (model, X, y), or a sequence of these."""
    several = metrics if isinstance(metrics, (list, tuple)) else [metrics]
    named: dict[str, Metric] = {}
    for metric in several:
        if isinstance(metric, str):
            name, function = metric, find(METRICS, metric, "metric")
        else:
            name = getattr(metric, "__name__", type(metric).__name__)
            function = as_function(metric, "a metric", "a name or a function of (model, X, y)")
        if function not in named.values():
            named[_another(name, named)] = function
    return named


def _another(name: str, taken: Collection[str]) -> str:
    """``name``, with a number if another function has it: two lambdas are ``<lambda>`` and ``<lambda> 2``."""
    numbered = (f"{name} {k}" for k in count(2))
    return next(n for n in chain([name], numbered) if n not in taken)


def _classes(model: Module, X: Any, y: Any, threshold: float | None) -> tuple[Labels, Labels, int]:
    """True and predicted class of each example, from 0, and the number of classes."""
    if not hasattr(model, "predict"):
        raise TypeError(f"a metric takes a model first, got {describe(model)}; for instance accuracy(model, X, y)")
    if threshold is not None and math.isnan(threshold := as_float(threshold, "threshold is")):
        raise ValueError("threshold is a number, got nan; leave it out for the middle of the two targets")
    outputs = model.predict(X)
    if outputs.shape[1:] == (1,):  # a list of one number
        outputs = outputs[:, 0]
    y = as_array(y, "y")
    if not np.isfinite(outputs).all():
        row = int(np.argwhere(~np.isfinite(outputs))[0][0])
        raise NonFiniteError(f"the model gives {outputs[row]} for row {row}, which is no class; train it again")
    if len(y) != len(outputs) or not len(y):
        raise ValueError(f"y has one target for each of the {len(outputs)} rows of X, got shape {y.shape}")
    if outputs.ndim == 2:
        classes = outputs.shape[1]
        true = y.argmax(axis=1) if y.shape == outputs.shape else y
        if true.ndim != 1:
            raise ValueError(f"y has classes from 0 to {classes - 1} or rows of {classes}, got shape {y.shape}")
        known = (true >= 0) & (true < classes) & (true == np.floor(true))
        if not known.all():
            row = int(known.argmin())
            raise ValueError(
                f"y has classes from 0 to {classes - 1} for a model of {classes} outputs, got {true[row]:g} in row "
                f"{row}"
            )
        return true.astype(int), outputs.argmax(axis=1), classes
    y = y.reshape(-1)
    high = y == 1.0
    low = -1.0 if (y == -1.0).any() else 0.0
    if len(y) != len(outputs) or not (high | (y == low)).all():
        raise ValueError(f"y of a single output is 0 and 1 or -1 and 1, got {np.unique(y)[:5]} of shape {y.shape}")
    return high.astype(int), (outputs >= settled(threshold, y, outputs)).astype(int), 2
