"""Data, made ready: classes as rows, parts for training and testing, columns of one scale."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from autograd.convert import as_float, refuse_masked
from nn.checks import Array, as_array, as_generator, as_size

__all__ = ["one_hot", "standardize", "train_test_split"]


def one_hot(labels: Any, classes: int | None = None) -> Array:
    """Each class as a row with a one in its column.

    Parameters
    ----------
    labels : array_like of int
        Shape (examples,), from 0.
    classes : int, optional
        Number of columns; by default the largest label and one.

    Returns
    -------
    array
        Shape (examples, classes).
    """
    labels = as_array(labels, "labels")
    classes = None if classes is None else as_size(classes, "classes")
    if labels.ndim != 1 or not len(labels):
        raise ValueError(f"labels are one integer for each example, got an array of shape {labels.shape}")
    if not (classes is None or labels.max() < classes) or labels.min() < 0 or (labels % 1.0 != 0.0).any():
        wrong = labels[(labels < 0) | (labels % 1.0 != 0.0) | (labels >= (classes or np.inf))][0]
        last = "" if classes is None else f" to {classes - 1}"
        raise ValueError(f"labels are integers from 0{last} here, got {wrong:g}")
    classes = int(labels.max()) + 1 if classes is None else classes
    rows: Array = np.eye(classes)[labels.astype(int)]
    return rows


def train_test_split(
    X: Any, y: Any, test: float = 0.25, rng: np.random.Generator | int = 0
) -> tuple[Array, Array, Array, Array]:
    """Examples in two parts at random: ``X_train, X_test, y_train, y_test``.

    Parameters
    ----------
    X, y : array_like
        Of the same length.
    test : float
        The share of the second part, in (0, 1), rounded to whole examples, at least one in each part.
    rng : numpy.random.Generator or int
        Where the order comes from; the seed is 0 unless told otherwise.
    """
    for array, name in ((X, "X"), (y, "y")):
        refuse_masked(array, f"{name} is an array of")
    X, y = np.asarray(X), np.asarray(y)
    if len(X) != len(y) or len(X) < 2:
        raise ValueError(f"train_test_split takes two arrays of the same length, at least 2, got {len(X)} and {len(y)}")
    if not 0.0 < as_float(test, "test is") < 1.0:
        raise ValueError(f"test is a share between 0 and 1, got {test}")
    count = min(max(round(test * len(X)), 1), len(X) - 1)
    order = as_generator(rng).permutation(len(X))
    first, second = order[count:], order[:count]
    return X[first], X[second], y[first], y[second]


@overload
def standardize(X: Any) -> Array: ...


@overload
def standardize(X: Any, *others: Any) -> tuple[Array, ...]: ...


def standardize(X: Any, *others: Any) -> Array | tuple[Array, ...]:
    """Columns with mean 0 and standard deviation 1; ``others`` by the mean and deviation of the first.

    Parameters
    ----------
    X : array_like
        Shape (examples, inputs): the training data. A constant column becomes zeros.
    *others : array_like
        Of as many columns, such as the test data, which must not have a say in the scale.

    Returns
    -------
    array, or tuple of arrays
        As many as were given.

    Raises
    ------
    ValueError
        If X holds nan or infinity, or another array has other columns.
    """
    arrays = [as_array(x, "X") for x in (X, *others)]
    first = arrays[0]
    if not first.ndim or not len(first) or not np.isfinite(first).all():
        what = "nan or infinity in it" if first.ndim and first.size else f"one of shape {first.shape}"
        raise ValueError(f"standardize takes rows of finite numbers, got {what}; leave rows out, or fill them in")
    for x in arrays:
        if x.ndim != first.ndim or x.shape[1:] != first.shape[1:]:
            raise ValueError(f"standardize takes arrays of the same columns, got shapes {first.shape} and {x.shape}")
    # By a power of two, which rounds nothing, so that no square overflows or is lost. What is constant has no square to
    # lose, and is only made smaller: beside a tiny number others may be as large as numbers can be.
    constant = is_constant(first)
    unit = np.ldexp(1.0, -np.clip(np.frexp(np.abs(first).max(axis=0))[1], -1000, 1000))
    unit = np.where(constant, np.minimum(unit, 1.0), unit)
    mean = centre(first * unit)
    deviation = np.where(constant, unit, (first * unit).std(axis=0))
    scaled = [(x * unit - mean) / deviation for x in arrays]
    return scaled[0] if not others else tuple(scaled)


def is_constant(X: Array) -> Any:
    """Which columns hold one number alone; their deviation need not be 0, for their mean is rounded."""
    return (X[:1] == X).all(axis=0)


def centre(X: Array) -> Any:
    """The mean of each column; of one that is constant the number itself."""
    return np.where(is_constant(X), X[0], X.mean(axis=0)) if len(X) else 0.0
