"""micrograd's ``Neuron``, ``Layer`` and ``MLP``: its signatures and defaults, and the same numbers from the same seed.

In a program written for micrograd only the import changes::

    from nn.micrograd import MLP

The modules are those of :mod:`nn`, built as micrograd builds them: weights are drawn from Python's ``random`` evenly
between -1 and 1, one after another, biases begin at 0, and neurons end in relu unless told otherwise. So ``fit``,
``predict`` and pictures take them, and :func:`nn.load` fills one that is given as ``model=``.
The defaults of :mod:`nn` itself, made for deeper networks, are others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Literal

import numpy as np

from autograd import Value
from nn.checks import Array, as_flag, as_size, as_sizes
from nn.model import layers, networks
from nn.model.activations import Activation

__all__ = ["MLP", "Layer", "Neuron"]


def _uniform(_rng: np.random.Generator, outputs: int, inputs: int) -> Array:
    return np.array([[random.uniform(-1.0, 1.0) for _ in range(inputs)] for _ in range(outputs)])


def _other_name(of: str) -> Any:
    return property(attrgetter(of), lambda self, value: setattr(self, of, value), doc=f"micrograd's name of ``{of}``.")


class Neuron(layers.Neuron):
    """``relu(weights · inputs + bias)``, or without the relu.

    Parameters
    ----------
    nin : int
        Number of inputs.
    nonlin : bool
        Whether the output goes through relu.

    Attributes
    ----------
    w : list of Value
        Another name of ``weights``.
    b : Value
        Another name of ``bias``.
    nonlin : bool

    Examples
    --------
    >>> neuron = Neuron(2, nonlin=False)
    >>> neuron
    Neuron(2 → 1, linear): 3 parameters
    >>> neuron.b
    Value(data=0.0, grad=0.0, label='b')
    """

    w: list[Value] = _other_name("weights")
    b: Value = _other_name("bias")

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        # Drawing from `random`, `_uniform` needs no generator; without one a seed would be drawn from there too.
        super().__init__(nin, _activation(nonlin), init=_uniform, rng=0)

    @property
    def nonlin(self) -> bool:
        """Whether the output goes through relu."""
        return self.activation.name == "relu"

    @nonlin.setter
    def nonlin(self, nonlin: bool) -> None:
        self.activation = Activation.of(_activation(nonlin))


def _activation(nonlin: bool) -> Literal["relu", "linear"]:
    return "relu" if as_flag(nonlin, "nonlin", "nn.Neuron takes other activations") else "linear"


class Layer(layers.Layer):
    """Neurons that read the same inputs.

    Parameters
    ----------
    nin, nout : int
        Number of inputs, and of neurons.
    nonlin : bool
        Whether the outputs go through relu.

    Attributes
    ----------
    neurons : list of Neuron
    """

    neurons: list[Neuron]  # type: ignore[assignment]  # of micrograd's

    def __init__(self, nin: int, nout: int, nonlin: bool = True) -> None:
        self.neurons = [Neuron(nin, nonlin) for _ in range(as_size(nout, "number of outputs"))]


class MLP(networks.MLP):
    """A multi-layer perceptron with relu after every layer but the last.

    Parameters
    ----------
    nin : int
        Number of inputs.
    nouts : sequence of int
        Number of neurons of each layer, the last one being the number of outputs.

    Attributes
    ----------
    layers : list of Layer

    Examples
    --------
    >>> random.seed(1337)
    >>> model = MLP(2, [16, 16, 1])
    >>> random.seed(1337)
    >>> model.layers[0].neurons[0].w[0].data == random.uniform(-1, 1)
    True
    """

    layers: list[Layer]  # type: ignore[assignment]

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = as_sizes(nouts)
        last = len(sizes) - 1
        fan_in = [nin, *sizes]
        self.layers = [Layer(fan_in[i], size, nonlin=i != last) for i, size in enumerate(sizes)]
