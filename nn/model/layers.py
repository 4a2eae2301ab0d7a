"""A neuron, and a layer of neurons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.convert import describe
from autograd.functions import dot
from nn.checks import Array, as_flag, as_fresh_generator, as_inputs, as_size
from nn.model.activations import Activation, ActivationLike
from nn.model.initializers import Initializer, InitializerLike, as_initializer, draw, zeros
from nn.model.module import Module
from nn.model.notation import label

__all__ = ["Layer", "Neuron"]

Inputs = Value | float | Iterable[Value | float] | NDArray[Any]
Outputs = Value | list[Value]


class Neuron(Module):
    """``activation(weights · inputs + bias)``.

    Parameters
    ----------
    inputs : int
        Number of inputs.
    activation : str or callable
        A name of ``nn.ACTIVATIONS``, or a function of one Value; linear unless told otherwise.
    bias : bool
        Whether there is a bias.
    init, bias_init : str or callable, optional
        How weights and bias begin, see :mod:`nn.model.initializers`. Weights begin as ``he`` for relu and its kin
        and as ``xavier`` otherwise, a bias at 0.
    rng : numpy.random.Generator or int, optional
        Where the numbers come from. Without one no two begin alike; ``random.seed`` of Python makes it all repeatable.

    Attributes
    ----------
    weights : list of Value
    bias : Value or None
    activation : Activation
    """

    def __init__(
        self,
        inputs: int,
        activation: ActivationLike = "linear",
        *,
        bias: bool = True,
        init: InitializerLike = None,
        bias_init: InitializerLike = zeros,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        inputs, bias = as_size(inputs, "number of inputs"), as_flag(bias, "bias", "bias_init says how biases begin")
        self.activation = Activation.of(activation)
        rng = as_fresh_generator(rng)
        drawn = draw(as_initializer(init, self.activation.name), rng, 1, inputs)
        self.weights = [Value(w) for w in drawn[0].tolist()]
        self.bias = Value(draw(as_initializer(bias_init, "linear"), rng, 1, 1).item()) if bias else None
        self._write_labels(None)

    def __call__(self, inputs: Inputs) -> Value:
        """The output for one example: a sequence of numbers or Values; a lone number for a single input."""
        x = inputs if inputs.__class__ is list else as_inputs(inputs)
        if len(x) != len(self.weights):
            name = f" {self._name!r}" if self._name else ""
            plural = "s" if len(self.weights) > 1 else ""
            raise ValueError(f"Neuron{name} takes {len(self.weights)} input{plural}, got {len(x)}")
        z = dot(self.weights, x)
        if self.bias is not None:
            z = z + self.bias
        out = self.activation.function(z)
        if not isinstance(out, Value):
            raise TypeError(
                f"activation {self.activation.name!r} gives a Value for a Value, got {describe(out)}; "
                "use the functions of autograd instead of those of math"
            )
        out._label = self._output_label  # known to be text, and set for every node of every pass
        return out

    def _write_labels(self, layer: int | None, *neuron: int, output: str | None = None) -> None:
        for i, weight in enumerate(self.weights):
            weight.label = label("w", layer, *neuron, i)
        if self.bias is not None:
            self.bias.label = label("b", layer, *neuron)
        self._output_label = label("a", layer, *neuron) if output is None else output

    def _summary(self) -> str:
        return f"Neuron({len(self.weights)} → 1, {self.activation})"


class Layer(Module):
    """Neurons that read the same inputs.

    Parameters
    ----------
    inputs, outputs : int
        Number of inputs, and of neurons.
    activation, bias, init, bias_init, rng
        As for :class:`Neuron`; the weights are drawn neuron after neuron, then the biases. Give the layers of a model
        one generator, so that they do not begin alike.

    Attributes
    ----------
    neurons : list of Neuron
    activation : Activation
    """

    _is_unit = True
    _number = 0  # in the model it is a part of; the first is 1

    def __init__(
        self,
        inputs: int,
        outputs: int,
        activation: ActivationLike = "linear",
        *,
        bias: bool = True,
        init: InitializerLike = None,
        bias_init: InitializerLike = zeros,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        inputs, outputs = as_size(inputs, "number of inputs"), as_size(outputs, "number of outputs")
        bias = as_flag(bias, "bias", "bias_init says how biases begin")
        activation = Activation.of(activation)
        rng = as_fresh_generator(rng)
        weights = draw(as_initializer(init, activation.name), rng, outputs, inputs)
        biases = draw(as_initializer(bias_init, "linear"), rng, outputs, 1) if bias else zeros(rng, outputs, 1)
        self.neurons = [
            Neuron(inputs, activation, bias=bias, init=_given(w), bias_init=_given(b), rng=rng)
            for w, b in zip(weights, biases, strict=True)
        ]

    @property
    def activation(self) -> Activation:
        """That of the first neuron; to set it is to set it for all."""
        return self.neurons[0].activation

    @activation.setter
    def activation(self, activation: ActivationLike) -> None:
        for neuron in self.neurons:
            neuron.activation = Activation.of(activation)

    @property
    def inputs(self) -> int:
        """Number of inputs."""
        return len(self.neurons[0].weights)

    @property
    def outputs(self) -> int:
        """Number of outputs, one a neuron."""
        return len(self.neurons)

    def weight_matrix(self) -> Array:
        """The weights as an array of shape (outputs, inputs): ``z = W x + b``."""
        return np.array([[weight.data for weight in neuron.weights] for neuron in self.neurons])

    def bias_vector(self) -> Array:
        """The biases as an array of shape (outputs,), zeros without bias."""
        return np.array([0.0 if neuron.bias is None else neuron.bias.data for neuron in self.neurons])

    def __call__(self, inputs: Inputs) -> Outputs:
        """The outputs for one example: a list of Values, or the Value itself where there is one neuron."""
        x = inputs if inputs.__class__ is list else as_inputs(inputs)
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def _take_place(self, name: str, layers: int) -> int:
        super()._take_place(name, layers)
        if self._number != layers + 1:
            self._number = layers + 1
            output = label("a", self._number) if self.outputs == 1 else None
            for j, neuron in enumerate(self.neurons):
                neuron._write_labels(self._number, j, output=output)
        return self._number

    def _summary(self) -> str:
        return f"Layer({self.inputs} → {self.outputs}, {self.activation})"


def _given(numbers: Array) -> Initializer:
    """The initializer that gives one neuron the numbers its layer has drawn."""
    return lambda *_: numbers[np.newaxis]
