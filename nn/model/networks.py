"""Layers in a row: the perceptron, and any modules one after another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.convert import describe
from nn.checks import Array, as_examples, as_fresh_generator, as_sizes
from nn.model.activations import Activation, ActivationLike
from nn.model.forward import layer_outputs
from nn.model.initializers import InitializerLike, zeros
from nn.model.layers import Layer, Outputs
from nn.model.module import Module

__all__ = ["MLP", "Sequential"]


class _Chain(Module):
    """Modules of which each reads what the one before it gave."""

    layers: Sequence[Module]

    def _one_after_another(self, inputs: Any) -> Outputs:
        """``__call__`` of the classes, each of which has its own: of a call without inputs Python says whose it was."""
        x = inputs
        for layer in self.layers:
            x = layer(x)
        outputs: Outputs = x
        return outputs

    def activations(self, X: Any) -> list[Array]:
        """What every layer gives for many examples: one array of shape (examples, outputs) a layer.

        Parameters
        ----------
        X : array_like
            Shape (examples, inputs); for a single input (examples,) will do.
        """
        return layer_outputs(self, as_examples(X))


class MLP(_Chain):
    """A multi-layer perceptron: fully connected layers, one after another.

    Parameters
    ----------
    inputs : int
        Number of inputs.
    sizes : sequence of int
        Number of neurons of each layer, the last one being the number of outputs.
    activation : str, callable, or a list of these
        Of the hidden layers; a list has one for every layer, the last included.
    output_activation : str or callable
        Of the last layer, where ``activation`` is not a list.
    bias, init, bias_init, rng
        As for :class:`Neuron`.

    Attributes
    ----------
    layers : list of Layer

    Examples
    --------
    >>> model = MLP(2, [16, 16, 1])
    >>> len(model.parameters())
    337
    >>> model.layers[0].weight_matrix().shape
    (16, 2)
    >>> model
    MLP: 337 parameters
      layers.0  Layer(2 → 16, relu)        48
      layers.1  Layer(16 → 16, relu)      272
      layers.2  Layer(16 → 1, linear)      17
    """

    layers: list[Layer]

    def __init__(
        self,
        inputs: int,
        sizes: Sequence[int],
        *,
        activation: ActivationLike | Sequence[ActivationLike] = "relu",
        output_activation: ActivationLike = "linear",
        bias: bool = True,
        init: InitializerLike = None,
        bias_init: InitializerLike = zeros,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        sizes = as_sizes(sizes)
        if isinstance(activation, (list, tuple)):
            if len(activation) != len(sizes):
                raise ValueError(
                    f"a list of activations has one for each of the {len(sizes)} layers, got {len(activation)}; "
                    "give one for the last layer too, for instance 'linear'"
                )
            activations = list(activation)
        else:
            hidden, output = Activation.of(activation), Activation.of(output_activation)  # type: ignore[arg-type]
            activations = [hidden] * (len(sizes) - 1) + [output]
        rng = as_fresh_generator(rng)
        fan_in = [inputs, *sizes]
        self.layers = [
            Layer(n, size, f, bias=bias, init=init, bias_init=bias_init, rng=rng)
            for n, size, f in zip(fan_in, sizes, activations, strict=False)
        ]

    def __call__(self, inputs: Any) -> Outputs:
        """The outputs for one example: a list of Values, or the Value itself where there is one output."""
        return self._one_after_another(inputs)


class Sequential(_Chain):
    """Any modules, one after another.

    Parameters
    ----------
    *layers : Module
        At least one.

    Attributes
    ----------
    layers : tuple of Module

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> Sequential(Layer(2, 20, "tanh", rng=rng), Layer(20, 1, "sigmoid", rng=rng))
    Sequential: 81 parameters
      layers.0  Layer(2 → 20, tanh)         60
      layers.1  Layer(20 → 1, sigmoid)      21
    """

    layers: tuple[Module, ...]

    def __init__(self, *layers: Module) -> None:
        if not layers:
            raise ValueError("Sequential takes at least one module, got none")
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(f"Sequential takes modules one by one, got {describe(layer)} at position {i}")
        for before, after in pairwise(layers):
            if isinstance(before, Layer) and isinstance(after, Layer) and before.outputs != after.inputs:
                raise ValueError(
                    f"each layer has as many inputs as the one before it has outputs, got {after._summary()} "
                    f"after {before._summary()}"
                )
        self.layers = layers

    def __call__(self, inputs: Any) -> Outputs:
        """The outputs for one example: a list of Values, or the Value itself where there is one output."""
        return self._one_after_another(inputs)
