"""The back ends: what a program can be run by.

Each takes a program as data and gives a :class:`~autograd.compiler.backends.code.Code`. It knows nothing of
derivatives, which are statements like any other.
"""

from autograd.compiler.backends.c import LaneCode, TapeCode, TileCode, library
from autograd.compiler.backends.code import Code, FloatCode, UnsupportedProgramError, parted
from autograd.compiler.backends.numpy import NumPyCode
from autograd.compiler.backends.python import PythonCode

__all__ = ["BACKENDS", "Code", "FloatCode", "UnsupportedProgramError", "parted"]

# By what ``stats.kind`` calls them.
BACKENDS: dict[str, type[Code]] = {
    "arrays": NumPyCode,
    "python": PythonCode,
}
if library() is not None:
    BACKENDS["c"] = TapeCode
    BACKENDS["tiles"] = TileCode
    BACKENDS["lanes"] = LaneCode
