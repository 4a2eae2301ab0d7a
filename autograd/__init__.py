"""A scalar reverse-mode autograd engine.

``Value`` is a float that remembers how it was made; ``backward()`` walks that memory in topological order and applies
the chain rule. Start at :class:`Value`, then read :mod:`autograd.ops`, the table of operations.
"""

from pathlib import Path as _Path

if (_Path(__file__).parent / "tracer.py").exists():  # a file of the other distribution, which would shadow ours
    raise ImportError(
        "the folder of 'autograd' holds files of another distribution of that name; "
        "uninstall both 'autograd' and 'scalar-autograd', then install 'scalar-autograd' alone"
    )

from autograd import functions
from autograd.check import GradientCheck, check_gradient
from autograd.compiler import compile as compile
from autograd.custom import operation
from autograd.derivatives import grad, hessian, hvp, jacobian, value_and_grad
from autograd.diagnosis import Diagnosis, diagnose
from autograd.errors import AutogradError, CompileError, GradientError, NonFiniteError, OperandError
from autograd.functions.activations import *
from autograd.functions.arithmetic import *
from autograd.functions.arithmetic import abs as abs
from autograd.functions.arithmetic import pow as pow
from autograd.functions.choosing import *
from autograd.functions.elementary import *
from autograd.functions.reductions import *
from autograd.functions.reductions import sum as sum
from autograd.functions.trigonometric import *
from autograd.objects import data, grads, values
from autograd.op import Interval, Op
from autograd.pathways import Path, Paths, paths
from autograd.recorded import gradients
from autograd.value import Value

__version__ = "0.1.0"

# abs, compile, pow and sum are imported by name: a star would replace the builtins.
__all__ = [
    "AutogradError",
    "CompileError",
    "Diagnosis",
    "GradientCheck",
    "GradientError",
    "Interval",
    "NonFiniteError",
    "Op",
    "OperandError",
    "Path",
    "Paths",
    "Value",
    "check_gradient",
    "data",
    "diagnose",
    "grad",
    "gradients",
    "grads",
    "hessian",
    "hvp",
    "jacobian",
    "operation",
    "paths",
    "value_and_grad",
    "values",
]
__all__ += functions.__all__
