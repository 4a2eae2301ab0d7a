"""A scalar reverse-mode autograd engine: ``Value`` is a float that remembers how it was made.

======================  ===============================================================================================
a number                ``Value``; ``values`` and ``data`` for arrays of them, ``grads`` for what arrived in them
its derivatives         ``y.backward()`` fills every ``x.grad``; ``gradients(y, xs)`` gives them without side effects
of a function           ``grad``, ``value_and_grad``, ``jacobian``, ``hessian``, ``hvp``
run as array code       ``compile``; what cannot be recorded raises ``CompileError``
elementary functions    ``exp``, ``log``, ``sqrt``, ``sin``, ``tanh``, ``erf``, ...: :mod:`autograd.functions` has all
of likelihoods          ``lgamma``, ``digamma``, ``polygamma``, ``ndtr``, ``log_ndtr``, ``mills``
of neural networks      ``sigmoid``, ``relu``, ``gelu``, ``softplus``, ``softmax``, ``logsumexp``, ...
of many numbers         ``sum``, ``prod``, ``dot``, ``mean``, ``norm``
of two and more cases   ``where``, ``maximum``, ``minimum``, ``clip``, ``step``, ``stop_gradient``
your own operation      ``operation``, with ``Op`` and ``Interval``; :mod:`autograd.ops` is the table of all
why is it so?           ``paths`` along which a gradient came, ``diagnose`` for dead and exploding ones
is it right?            ``check_gradient``; :mod:`autograd.testing` for any library's gradient
when it is not          ``AutogradError`` and its kinds: ``OperandError``, ``NonFiniteError``, ``GradientError``
======================  ===============================================================================================

Start at ``help(autograd.Value)``. What it computes is a row of a table, the chain rule is written once. A compiled
program runs in NumPy, in Python, or in C where the wheel carries the runtime: ``fast.stats.kind`` says which, and
``AUTOGRAD_NO_C=1`` does without.
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
from autograd.derivatives import grad, jacobian, value_and_grad
from autograd.diagnosis import Diagnosis, diagnose
from autograd.errors import AutogradError, CompileError, GradientError, NonFiniteError, OperandError
from autograd.functions.activations import *
from autograd.functions.arithmetic import *
from autograd.functions.arithmetic import abs as abs
from autograd.functions.arithmetic import pow as pow
from autograd.functions.choosing import *
from autograd.functions.elementary import *
from autograd.functions.probability import *
from autograd.functions.reductions import *
from autograd.functions.reductions import sum as sum
from autograd.functions.trigonometric import *
from autograd.objects import data, grads, values
from autograd.op import Interval, Op
from autograd.pathways import Path, Paths, paths
from autograd.recorded import gradients
from autograd.second_derivatives import hessian, hvp
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
