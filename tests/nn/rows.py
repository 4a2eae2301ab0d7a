"""Rows for a model of two inputs, and a model whose call is given."""

import numpy as np

from autograd import Value
from nn import Module
from tests.nn.modules import INPUTS

ROWS = np.random.default_rng(3).normal(size=(40, INPUTS))


class Plain(Module):
    """A model of one leaf, whose call is given."""

    def __init__(self, call):
        self.w = Value(2.0)
        self.call = call

    def __call__(self, x):
        return self.call(self, x)
