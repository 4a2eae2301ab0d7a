"""The operations as documented functions of ``Value | float``: floats in, float out; a Value in, Value out.

This package is also the namespace in which a table row's partials are evaluated when a derivative is recorded to be
differentiated again. Every operation of one or two operands is a method of ``Value`` as well, named as NumPy names
its ufunc, which is what makes ``np.tanh(objects)`` and ``np.arctan2`` work on object arrays of Values.
"""

from autograd import ops
from autograd.functions import activations, arithmetic, choosing, elementary, probability, reductions, trigonometric
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
from autograd.functions.ufuncs import apply_ufunc
from autograd.value import Value

__all__: list[str] = []
__all__ += activations.__all__
__all__ += arithmetic.__all__
__all__ += choosing.__all__
__all__ += elementary.__all__
__all__ += probability.__all__
__all__ += reductions.__all__
__all__ += trigonometric.__all__

for _op in ops.TABLE.values():
    if _op.arity in (1, 2) and not _op.domain[0].whole:  # an order has no methods
        setattr(Value, _op.ufunc or _op.name, globals()[_op.name])
Value.__array_ufunc__ = apply_ufunc  # type: ignore[attr-defined]
