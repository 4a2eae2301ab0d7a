"""What a model is worth on some examples: ``evaluate``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from autograd import compile, data
from autograd.convert import describe
from nn.checks import Array, as_row, find
from nn.measures.losses import (
    LOSSES,
    Loss,
    LossName,
    as_loss,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
)
from nn.measures.metrics import Metric, MetricsLike, as_metrics, threshold_of, with_threshold
from nn.measures.outputs import REDUCTIONS, Reduce
from nn.model.module import Module
from nn.training.examples import as_training_examples

__all__ = ["evaluate", "metrics_by_name"]

_THRESHOLDS: dict[Loss, float] = {binary_cross_entropy: 0.5, binary_cross_entropy_with_logits: 0.0, hinge: 0.0}


def evaluate(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: LossName | Loss = "squared_error",
    reduce: Reduce = "mean",
    metrics: MetricsLike = (),
) -> dict[str, float]:
    """Loss and metrics of a model on some examples, without training.

    Parameters
    ----------
    model, X, y, loss, reduce, metrics
        As for :func:`fit`.

    Returns
    -------
    dict of float
        Under ``"loss"`` and each metric's name.
    """
    loss = as_loss(loss)
    find(REDUCTIONS, reduce, "reduce")
    if not isinstance(model, Module):
        raise TypeError(f"model of evaluate takes Module objects, got {describe(model)}; evaluate(model, X, y)")
    X, y = as_training_examples(model, X, y, loss)
    measured = {name: float(metric(model, X, y)) for name, metric in metrics_by_name(metrics, loss, y).items()}
    return {"loss": _total_loss(model, X, y, loss, reduce), **measured}


def _total_loss(model: Module, X: Array, y: Array, loss: Loss, reduce: Reduce) -> float:
    """The losses of all examples put together."""
    if loss in LOSSES.values():
        return float(_compiled_loss(loss, reduce)(model.predict(X), y))
    costs = [loss(model(x), target) for x, target in zip(X.tolist(), y.tolist(), strict=True)]
    return float(REDUCTIONS[reduce](data(costs).tolist()))


@cache
def _compiled_loss(loss: Loss, reduce: Reduce) -> Callable[[Array, Array], Any]:
    """A loss of the library's own for many predictions; these take any sequence for a list."""
    return compile(
        lambda prediction, y: loss(as_row(prediction), as_row(y)), batched=("prediction", "y"), reduce=reduce
    )


def metrics_by_name(metrics: Any, loss: Loss, y: Array) -> dict[str, Metric]:
    """Metrics by name, that know from where on one output means class 1 if loss or targets say so."""
    threshold = _THRESHOLDS.get(loss, threshold_of(y)) if loss in LOSSES.values() else threshold_of(y)
    return {name: with_threshold(metric, threshold) for name, metric in as_metrics(metrics).items()}
