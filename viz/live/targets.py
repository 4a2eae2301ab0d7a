"""How the page reads outputs beside targets: as classes, or as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.checks import Array
from nn.measures.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
    softmax_cross_entropy,
)
from nn.measures.metrics import threshold_of

__all__ = ["targets_of"]

MAX_CLASSES = 8  # that a plane can tell apart


def targets_of(loss: Any, name: str, y: Any, inputs: int, outputs: int) -> dict[str, Any]:
    """Classes with what stands for each in ``y``, how an output becomes a class, and the loss in words.

    ``kind`` is ``"numbers"``, ``"two"`` (one output with a threshold) or ``"many"`` (the largest output wins);
    ``scale`` is ``"probability"`` where outputs lie between the two targets, else ``"score"``. Targets that are 1 alone
    are numbers where the loss does not say what the other class is.
    """
    called = name or getattr(loss, "__name__", type(loss).__name__)
    words = {"loss": called.replace("_", " ").replace("<lambda>", "your loss"), "name": name}
    values = set(np.unique(y).tolist())
    flat = y.reshape(len(y), -1)
    low = _other_class(loss, flat)
    if outputs == 1 and flat.shape[1] == 1 and low is not None and values <= {low, 1.0}:
        score = loss in (binary_cross_entropy_with_logits, hinge)
        return {
            **words,
            "kind": "two",
            "classes": [[low], [1.0]],
            "names": [f"{low:g}".replace("-", "−"), "1"],
            "threshold": 0.0 if score else (low + 1.0) / 2.0,
            "scale": "score" if score else "probability",
        }
    one_hot = flat.shape[1] == outputs > 1 and values <= {0.0, 1.0} and bool((flat.sum(axis=1) == 1.0).all())
    if one_hot and (inputs > 2 or outputs <= MAX_CLASSES):
        rows = np.eye(outputs).tolist()
        scale = "score" if loss is softmax_cross_entropy else "probability"
        return {**words, "kind": "many", "classes": rows, "names": list(map(str, range(outputs))), "scale": scale}
    return {**words, "kind": "numbers", "classes": [], "names": []}


def _other_class(loss: Any, y: Array) -> float | None:
    """What stands beside 1: as the loss or the targets say; None where there is no telling."""
    if loss is hinge:
        return -1.0
    if loss in (binary_cross_entropy, binary_cross_entropy_with_logits):
        return 0.0
    threshold = threshold_of(y)
    return None if threshold is None else 2.0 * threshold - 1.0
