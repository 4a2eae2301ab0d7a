"""What a Value refuses to become: a plain number, which forgets the graph, or one of whole steps."""

from __future__ import annotations

from typing import Any, NoReturn

from autograd.convert import knows_better
from autograd.errors import OperandError
from autograd.tracing import CONSTANT, STEPS, refuse_while_recording

__all__ = ["Plain"]


class Plain:
    """Conversions and operations that have no derivative, each with what to do instead."""

    __slots__ = ()

    def _text(self) -> str:
        raise NotImplementedError

    def __float__(self) -> NoReturn:
        refuse_while_recording("float() of a Value", CONSTANT)
        raise OperandError(
            f"float() of {self._text()} would forget how it was made; use value.data for its number, "
            "autograd.data(...) for those of whatever a function gives, and autograd.exp, autograd.sin ... instead of "
            "the functions of math"
        )

    def __int__(self) -> NoReturn:
        refuse_while_recording("int() of a Value", CONSTANT)
        raise OperandError(f"int() of {self._text()} would forget how it was made; use int(value.data)")

    def __index__(self) -> NoReturn:
        refuse_while_recording(
            "using a Value as an index", "give whole numbers as they are, or classes as one-hot rows"
        )
        raise OperandError(f"an index is a whole number, got {self._text()}; use int(value.data)")

    def __complex__(self) -> NoReturn:
        refuse_while_recording("complex() of a Value", CONSTANT)
        raise OperandError(
            f"complex() of {self._text()} would forget how it was made; real and imaginary part are two Values, and "
            "complex(value.data) is the number"
        )

    # ── Steps: their derivative is zero, or none ─────────────────────────────────────────────────────────────────────

    def __round__(self, digits: int | None = None) -> NoReturn:
        self._refuse_rounding("round")

    def __trunc__(self) -> NoReturn:
        self._refuse_rounding("math.trunc")

    def __floor__(self) -> NoReturn:
        self._refuse_rounding("math.floor")

    def __ceil__(self) -> NoReturn:
        self._refuse_rounding("math.ceil")

    def rint(self) -> NoReturn:
        """What NumPy asks for to round an array of objects: refused, as ``round`` is."""
        self._refuse_rounding("np.rint")

    def _refuse_rounding(self, name: str) -> NoReturn:
        refuse_while_recording("rounding a Value", CONSTANT)
        raise OperandError(f"{name}() of {self._text()} would forget how it was made; use {name}(value.data)")

    def __mod__(self, other: Any) -> Any:
        return self._refuse_steps("%", other)

    def __rmod__(self, other: Any) -> Any:
        return self._refuse_steps("%", other)

    def __floordiv__(self, other: Any) -> Any:
        return self._refuse_steps("//", other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._refuse_steps("//", other)

    def __divmod__(self, other: Any) -> Any:
        return self._refuse_steps("divmod", other)

    def __rdivmod__(self, other: Any) -> Any:
        return self._refuse_steps("divmod", other)

    def _refuse_steps(self, operation: str, other: Any) -> Any:
        """NotImplemented where ``other`` may know better, as an array does."""
        if knows_better(other):
            return NotImplemented
        refuse_while_recording(f"{operation} of a Value", STEPS)
        raise OperandError(
            f"{operation} counts whole steps, which have no derivative, got {self._text()}; count them from numbers, "
            "k = math.floor(a.data / b.data), and use a - b * k for a % b, k for a // b"
        )
