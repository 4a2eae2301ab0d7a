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

Read :mod:`nn.model.layers` first: a neuron is three lines. Programs written for micrograd import ``nn.micrograd``.
"""

import sys

from nn import datasets, files, measures, model, optimizers, training
from nn.datasets import load_mnist, mnist, one_hot, planar, preprocessing, read_idx, standardize, train_test_split
from nn.files import *
from nn.files import serialization
from nn.measures import *
from nn.measures import losses, metrics, penalties
from nn.model import *
from nn.model import activations, initializers, layers, module, networks
from nn.optimizers import *
from nn.optimizers import backtracking, optimizer, schedules
from nn.training import *
from nn.training import history

__all__ = ["datasets", "load_mnist", "one_hot", "read_idx", "standardize", "train_test_split"]
__all__ += files.__all__ + measures.__all__ + model.__all__ + optimizers.__all__ + training.__all__

# Before there were rooms these stood here: ``from nn.mnist import read_idx`` means the module where it is now.
for _module in (
    *(activations, initializers, layers, module, networks, losses, metrics, penalties, backtracking, optimizer),
    *(schedules, history, mnist, planar, preprocessing, serialization),
):
    sys.modules[f"nn.{_module.__name__.rpartition('.')[2]}"] = _module
