"""The back ends: what a program can be run by.

Each takes a program as data and gives an object with ``source``, for people, and ``bind``, for
:class:`~autograd.compiler.program.Program`. It knows nothing of derivatives.
"""

from autograd.compiler.backends.numpy import NumPyCode
from autograd.compiler.backends.python import PythonCode

__all__ = ["NumPyCode", "PythonCode"]
