"""What plots of classes are given: points, true classes, and a model's outputs read as a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.checks import as_array
from nn.measures.metrics import settled
from viz.plots.style import COLOURS

__all__ = ["Array", "Decision", "as_classes", "as_points", "decide"]

Array = NDArray[np.float64]

TINY = 1e-15  # nearer to 0 or 1 a probability is cut, for its logarithm's sake


@dataclass(frozen=True)
class Decision:
    """What a model makes of points.

    Parameters
    ----------
    scores : array
        Shape (points, classes): logits, and of probabilities their logarithms, so that a boundary that is steep in
        probability is smooth between the points of a grid. The largest wins.
    predicted : array
        The class of each point, as ``nn.misclassified`` sees it.
    true : array
        The class of each example.
    names : list of str
        What the classes are called.
    """

    scores: Array
    predicted: Any
    true: Any
    names: list[str]


def as_points(X: Any, name: str) -> Array:
    """Points of the plane, for the function called ``name``."""
    points: Array = as_array(X, f"X of {name}")
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"{name} takes points of the plane, shape (examples, 2), got shape {points.shape}")
    return points


def as_classes(y: Any, count: int) -> tuple[Any, list[str]]:
    """Class numbers from 0 of ``count`` examples, and what the classes are called."""
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] > 1:
        classes, names = y.argmax(axis=1), [str(i) for i in range(y.shape[1])]
    else:
        labels, classes = np.unique(y.reshape(-1), return_inverse=True)
        names = [_name(label) for label in labels.tolist()]
    _check(classes, count, names)
    return classes, names


def decide(outputs: Array, y: Any, count: int, threshold: float | None) -> Decision:
    """Read a model's outputs; the last ``count`` of them are of the examples whose true classes are ``y``.

    Raises
    ------
    ValueError
        If classes and outputs do not fit each other.
    """
    y = np.asarray(y)
    if outputs.ndim == 2 and outputs.shape[1] > 1:
        names = [str(i) for i in range(outputs.shape[1])]
        true = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] == len(names) else y.reshape(-1)
        if not np.isin(true, np.arange(len(names))).all():
            raise ValueError(
                f"y has classes from 0 to {len(names) - 1}, one for each output, got {np.unique(true)[:9]}"
            )
        probable = outputs.min() >= 0.0 and outputs.max() <= 1.0
        scores = np.log(np.clip(outputs, TINY, 1.0)) if probable else outputs
        predicted = outputs.argmax(axis=1)
    else:
        outputs, true = outputs.reshape(-1), y.reshape(-1)
        low = -1.0 if (true == -1).any() else 0.0
        if not np.isin(true, (low, 1.0)).all():
            raise ValueError(
                f"y of a single output is 0 and 1, or −1 and 1, got {np.unique(true)[:9]}; give the model one output "
                "a class"
            )
        threshold = settled(threshold, true, outputs)
        above = _above(outputs, threshold, low)
        scores, predicted = np.stack([np.zeros_like(above), above], axis=1), outputs >= threshold
        true, names = true == 1.0, [_name(low), "1"]
    _check(true, count, names)
    return Decision(scores, predicted.astype(int), true.astype(int), names)


def _above(outputs: Array, threshold: float, low: float) -> Array:
    """How far outputs are above the threshold; in log-odds where all lie between ``low`` and 1."""
    above: Array = outputs - threshold
    share = (np.append(outputs, threshold) - low) / (1.0 - low)
    if share.min() >= 0.0 and share.max() <= 1.0:
        share = np.clip(share, TINY, 1.0 - TINY)
        log_odds = np.log(share / (1.0 - share))
        above = log_odds[:-1] - log_odds[-1]
    return above


def _name(label: Any) -> str:
    return f"{label:g}".replace("-", "−") if isinstance(label, (int, float)) else str(label)


def _check(classes: Any, count: int, names: list[str]) -> None:
    if len(classes) != count:
        raise ValueError(f"y has one class for each of the {count} rows of X, got {len(classes)}")
    if len(names) > len(COLOURS):
        raise ValueError(
            f"at most {len(COLOURS)} classes can be told apart in a plot, got {len(names)}; leave some out"
        )
