"""A scalar reverse-mode autograd engine.

``Value`` is a float that remembers how it was made; ``backward()`` walks that memory in topological order and applies
the chain rule. Start at :class:`Value`, then read :mod:`autograd.ops`, the table of operations.
"""

from autograd import functions
from autograd.check import GradientCheck, check_gradient
from autograd.derivatives import gradients
from autograd.errors import AutogradError, GradientError, NonFiniteError, OperandError
from autograd.functions import *
from autograd.value import Value

__version__ = "0.1.0"

__all__ = [
    "AutogradError",
    "GradientCheck",
    "GradientError",
    "NonFiniteError",
    "OperandError",
    "Value",
    "check_gradient",
    "gradients",
]
__all__ += functions.__all__
