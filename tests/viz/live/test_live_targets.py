"""How a page of ``viz.live`` reads targets: as classes only where they, or the loss, say what these are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn.measures.losses import as_loss
from nn.measures.metrics import settled
from nn.training.evaluation import metrics_by_name
from viz.live.targets import targets_of


def own(output: Any, target: Any) -> Any:
    return (output - target) ** 2


LOSSES: dict[str | Callable[..., Any], list[float]] = {
    "squared_error": [0.0, -1.0],
    "binary_cross_entropy": [0.0],
    "binary_cross_entropy_with_logits": [0.0],
    "hinge": [-1.0],
    own: [0.0, -1.0],
}


@pytest.mark.parametrize(("loss", "low"), [(loss, low) for loss in LOSSES for low in LOSSES[loss]])
@pytest.mark.parametrize("present", ["both", "low", "high"])
def test_class_of_an_output_is_that_of_accuracy(loss: Any, low: float, present: str) -> None:
    """The same threshold; where targets are 1 alone and the loss leaves it open there are no classes, as it refuses."""
    y = np.array({"both": [1.0, low, 1.0], "low": [low, low], "high": [1.0, 1.0]}[present])
    cost = as_loss(loss)
    found = targets_of(cost, loss if isinstance(loss, str) else "", y, 2, 1)
    metric: Any = metrics_by_name("accuracy", cost, y)["accuracy"]
    given = getattr(metric, "keywords", {}).get("threshold")
    if found["kind"] == "numbers":
        assert len(LOSSES[loss]) > 1
        assert present == "high"
        with pytest.raises(ValueError, match="is 1 alone"):
            settled(given, y, np.array([0.25]))
        return
    assert found["kind"] == "two"
    assert found["classes"] == [[low], [1.0]]
    assert found["threshold"] == settled(given, y, np.array([0.25]))


def test_other_numbers_are_numbers() -> None:
    """Also 0 beside -1, of which neither is class 1 of anything."""
    for y in ([0.5, 1.0], [2.0, 0.0], [0.0, -1.0], [-1.0, 0.0, 1.0]):
        assert targets_of(as_loss("squared_error"), "squared_error", np.array(y), 2, 1)["kind"] == "numbers"
