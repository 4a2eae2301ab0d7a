"""What counts as a real number, and what to say of everything else."""

from __future__ import annotations

from numbers import Complex, Real
from typing import Any

import numpy as np

from autograd.errors import OperandError
from autograd.tracing import is_recording

__all__ = ["as_float", "describe", "knows_better", "refuse_masked"]

# What has no idea of arithmetic with a Value: numbers, and what is plainly none.
_PLAIN = (Complex, str, bytes, list, tuple, dict, set, type(None))

# NumPy's letters for the real numbers: bool, int, unsigned, float.
_REAL_KINDS = "biuf"


def knows_better(x: Any) -> bool:
    """Whether ``x`` may have its own idea of arithmetic with a Value, as an array has.

    A Value of another class, micrograd's or one's own, has one that loses every derivative: it takes ours for a number.
    """
    return not isinstance(x, _PLAIN) and getattr(x, "ndim", None) != 0 and not _is_foreign_value(x)


def _is_foreign_value(x: Any) -> bool:
    return hasattr(x, "backward") and not hasattr(x, "ndim")


def as_float(x: Any, what: str) -> float:
    """``x`` as a Python float, or an error that begins with ``what`` and says what to pass instead."""
    if x.__class__ is int or isinstance(x, Real) or _is_real_scalar(x):
        try:
            return float(x)
        except OverflowError:
            raise ValueError(f"{what} a number that fits in a float, got an integer above 1.8e308; scale it") from None
    if hasattr(x, "_text"):
        raise OperandError(f"{what} a real number, got {x._text()}; use value.data for its number")
    if _is_foreign_value(x):
        raise OperandError(f"{what} a real number, got {describe(x)}; import Value from autograd everywhere")
    if hasattr(x, "backward") and x.ndim == 0:  # a tensor of PyTorch
        raise OperandError(f"{what} a real number, got {x!r}; use x.item() for its number")
    raise OperandError(f"{what} a real number, got {describe(x)}; {_advice(x)}")


def refuse_masked(x: Any, what: str) -> None:
    """Raise if entries of an array are masked: any number may stand below the mask, and NumPy hands it out as one."""
    if isinstance(x, np.ma.MaskedArray) and (missing := int(np.ma.getmaskarray(x).sum())):
        raise OperandError(
            f"{what} numbers, got a masked array in which {missing} of {x.size} entries are missing; fill them in with "
            "x.filled(...), or leave their rows out"
        )


def _is_real_scalar(x: Any) -> bool:
    """Whether ``x`` is an array of no dimensions and real, by the letters of NumPy's types; other types have none."""
    return getattr(x, "ndim", None) == 0 and getattr(x.dtype, "kind", "none") in _REAL_KINDS


def describe(x: Any) -> str:
    """What ``x`` is, for an error message: its type, and its shape or a short form of its value."""
    if isinstance(x, type):
        return f"the class {x.__qualname__}"
    kind = type(x)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if hasattr(x, "shape"):
        return f"{name} of shape {x.shape}"
    if x is None:
        return "None"
    if is_recording() and not isinstance(x, _PLAIN[:3]):
        return name  # what it holds may be Values, which do not show themselves now
    text = " ".join(line.strip() for line in repr(x).splitlines())  # a message is one line
    return f"{name} {text if len(text) <= 40 else text[:39] + '…'}"


def kind_of(x: Any) -> str:
    """The name of a thing's type, for an error message; a class is called one."""
    return describe(x) if isinstance(x, type) else type(x).__name__


def _advice(x: Any) -> str:
    if isinstance(x, str | bytes):
        return "use float(text) to convert it"
    if isinstance(x, Complex):
        return "real and imaginary part are two Values"
    if hasattr(x, "shape"):
        return "use autograd.values(array) for one Value per entry"
    if isinstance(x, list | tuple | set):
        return "make one Value per entry"
    if x is None:
        return "did a function forget its return?"
    return "use float(...) to convert it"
