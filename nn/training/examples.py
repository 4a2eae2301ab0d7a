"""Training examples, checked before anything is trained on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.checks import Array, as_array, as_examples
from nn.datasets.preprocessing import one_hot
from nn.measures.losses import LOSSES, Loss, check_targets, softmax_cross_entropy
from nn.measures.outputs import is_sequence
from nn.model.module import Module
from nn.model.state import call_once

__all__ = ["as_training_examples"]


def as_training_examples(model: Module, X: Any, y: Any, loss: Loss, name: str = "") -> tuple[Array, Array]:
    """Inputs and targets as finite arrays that fit each other and the model.

    Parameters
    ----------
    model : Module
        Called with the first row, to learn how many outputs it has and that it takes such rows at all.
    X : array_like
        Shape (examples, inputs), or (examples,) for a single input.
    y : array_like
        Shape (examples, outputs), or (examples,) for a single output or for classes under ``softmax_cross_entropy``.
        A loss of the user's own gets the rows of ``y`` as they are.
    loss : callable
    name : str
        How messages tell several pairs apart, as in "validation ".

    Returns
    -------
    X, y : array
        Classes become one-hot rows; a column of targets for a single output becomes (examples,).
    """
    X = as_examples(X, what=f"{name}X")
    classes, y = np.asarray(y), as_array(y, f"{name}y")
    if len(X) == 0:
        raise ValueError(f"{name}X has at least one row, got none")
    if y.ndim == 0 or len(y) != len(X):
        raise ValueError(f"{name}y has one target for each of the {len(X)} rows of X, got shape {y.shape}")
    for array, what in ((X, "X"), (y, "y")):
        _check_finite(array, name + what)
    outputs = call_once(model, lambda: model(X[0].tolist()))
    several = is_sequence(outputs)
    count = len(outputs) if several else 1
    if loss not in LOSSES.values():
        return X, classes
    if loss is softmax_cross_entropy and count == 1:
        raise ValueError(
            "softmax_cross_entropy takes a model of one output for each class, got 1 output; for two classes use "
            "binary_cross_entropy_with_logits"
        )
    if loss is softmax_cross_entropy and y.ndim == 1:
        return X, one_hot(y, count)
    shape = (len(X), count) if several else (len(X),)
    if count == 1 and y.shape in ((len(X), 1), (len(X),)):
        y = y.reshape(shape)
    if y.shape != shape:
        raise ValueError(
            f"{name}y has shape {shape} for a model of {count} output{'s' * (count > 1)}, got shape {y.shape}"
        )
    check_targets(loss, y)
    return X, y


def _check_finite(array: Array, name: str) -> None:
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        row, *column = bad[0].tolist()
        where = f"row {row}" + (f", column {column[0]}" if column else "")
        raise ValueError(f"{name} holds {array[tuple(bad[0])]} at {where}; leave such rows out or fill them in")
