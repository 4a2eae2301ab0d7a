"""What a model is made of: modules and their parameters, neurons, layers, networks, and how they begin.

``module`` finds the parameters, ``layers`` and ``networks`` are the modules there are, ``activations`` and
``initializers`` what they are built with. ``forward`` runs a model on many examples, ``state`` sees to what a call
changes, ``notation`` writes the names of weights.
"""

from nn.model.activations import ACTIVATIONS, Activation
from nn.model.initializers import INITIALIZERS, constant, he, lecun, normal, uniform, xavier, zeros
from nn.model.layers import Layer, Neuron
from nn.model.module import Module
from nn.model.networks import MLP, Sequential

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "MLP",
    "Activation",
    "Layer",
    "Module",
    "Neuron",
    "Sequential",
    "constant",
    "he",
    "lecun",
    "normal",
    "uniform",
    "xavier",
    "zeros",
]
