"""Neural networks built from Values.

=================  ====================================================================================================
a model            ``MLP``, or ``Sequential`` of ``Layer`` and ``Activation``; ``Neuron``; ``Module`` for your own
its parts          names in ``ACTIVATIONS``; ``INITIALIZERS``: ``he``, ``xavier``, ``lecun``, ``normal``, ``uniform``
training           ``fit`` gives a ``History``; ``EarlyStopping``; ``evaluate``
optimisers         ``SGD``, ``Adam``, ``AdamW``, ``RMSProp``, ``Backtracking``; names in ``OPTIMIZERS``
learning rates     ``ConstantSchedule``, ``StepSchedule``, ``LinearSchedule``, ``CosineSchedule``
losses, penalties  names in ``LOSSES``: ``mean_squared_error``, ``softmax_cross_entropy``, ...; ``L1``, ``L2``
measures           names in ``METRICS``: ``accuracy``, ...; ``confusion_matrix``, ``misclassified``
data               ``datasets``, ``load_mnist``, ``read_idx``; ``train_test_split``, ``standardize``, ``one_hot``
files              ``save``, ``load``
=================  ====================================================================================================

Build a model, train it, and ask it::

    from nn import MLP, Adam, datasets, fit

    X, y = datasets.sine_bands()
    model = MLP(2, [20, 20, 2, 1], activation="tanh", output_activation="sigmoid")
    history = fit(model, X, y, loss="binary_cross_entropy", optimizer=Adam(0.01), metrics="accuracy")
    model.predict(X)

Read :mod:`nn.layers` first: a neuron is three lines. Programs written for micrograd import ``nn.micrograd``.
"""

from nn import datasets
from nn.activations import ACTIVATIONS, Activation
from nn.backtracking import Backtracking
from nn.history import EarlyStopping, History
from nn.initializers import INITIALIZERS, constant, he, lecun, normal, uniform, xavier, zeros
from nn.layers import Layer, Neuron
from nn.losses import (
    LOSSES,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    mean_squared_error,
    softmax_cross_entropy,
    squared_error,
)
from nn.metrics import METRICS, accuracy, confusion_matrix, misclassified
from nn.mnist import load_mnist, read_idx
from nn.module import Module
from nn.networks import MLP, Sequential
from nn.optimizer import Optimizer
from nn.optimizers import OPTIMIZERS, SGD, Adam, AdamW, RMSProp
from nn.penalties import L1, L2
from nn.preprocessing import one_hot, standardize, train_test_split
from nn.schedules import ConstantSchedule, CosineSchedule, LinearSchedule, StepSchedule
from nn.serialization import load, save
from nn.training import evaluate, fit

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "L1",
    "L2",
    "LOSSES",
    "METRICS",
    "MLP",
    "OPTIMIZERS",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "Backtracking",
    "ConstantSchedule",
    "CosineSchedule",
    "EarlyStopping",
    "History",
    "Layer",
    "LinearSchedule",
    "Module",
    "Neuron",
    "Optimizer",
    "RMSProp",
    "Sequential",
    "StepSchedule",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "confusion_matrix",
    "constant",
    "datasets",
    "evaluate",
    "fit",
    "half_squared_error",
    "he",
    "hinge",
    "lecun",
    "load",
    "load_mnist",
    "mean_squared_error",
    "misclassified",
    "normal",
    "one_hot",
    "read_idx",
    "save",
    "softmax_cross_entropy",
    "squared_error",
    "standardize",
    "train_test_split",
    "uniform",
    "xavier",
    "zeros",
]
