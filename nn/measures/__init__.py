"""What is measured: ``losses`` of predictions, ``penalties`` on weights, ``metrics`` of classifiers."""

from nn.measures.losses import (
    LOSSES,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    mean_squared_error,
    softmax_cross_entropy,
    squared_error,
)
from nn.measures.metrics import METRICS, accuracy, confusion_matrix, misclassified
from nn.measures.penalties import L1, L2

__all__ = [
    "L1",
    "L2",
    "LOSSES",
    "METRICS",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "confusion_matrix",
    "half_squared_error",
    "hinge",
    "mean_squared_error",
    "misclassified",
    "softmax_cross_entropy",
    "squared_error",
]
