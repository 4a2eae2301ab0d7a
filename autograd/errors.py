"""The families of errors, each also a builtin, so that ``except TypeError`` keeps working."""

from __future__ import annotations

__all__ = ["AutogradError", "CompileError", "GradientError", "NonFiniteError", "OperandError"]


class AutogradError(Exception):
    """Base of every error this library raises on purpose."""


class OperandError(AutogradError, TypeError):
    """Something that is not a real number was given where one is needed."""


class NonFiniteError(AutogradError, ArithmeticError):
    """A result is nan or infinite; the message names the operation where that began."""


class GradientError(AutogradError, AssertionError):
    """A gradient lies outside the error bound of its finite difference."""


class CompileError(AutogradError, RuntimeError):
    """A function cannot be compiled faithfully: its path depends on its numbers, or its result on something else."""
