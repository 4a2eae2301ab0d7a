"""Neural networks built from Values. Begin with :class:`MLP`."""

from nn.activations import ACTIVATIONS, Activation
from nn.initializers import INITIALIZERS, constant, he, lecun, normal, uniform, xavier, zeros
from nn.layers import Layer, Neuron
from nn.losses import squared_error
from nn.module import Module
from nn.networks import MLP, Sequential
from nn.optimizers import SGD

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "MLP",
    "SGD",
    "Activation",
    "Layer",
    "Module",
    "Neuron",
    "Sequential",
    "constant",
    "he",
    "lecun",
    "normal",
    "squared_error",
    "uniform",
    "xavier",
    "zeros",
]
