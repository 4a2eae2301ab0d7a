"""The back end that runs programs too narrow for arrays: straight-line Python over floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.code import FloatCode, Functions
from autograd.compiler.backends.python.write import Writer
from autograd.compiler.scalars.normal import Normal

__all__ = ["PythonCode"]

Array = npt.NDArray[np.float64]


class PythonCode(FloatCode):
    """A program in normal form, without batched arguments, as source of Python.

    Parameters
    ----------
    body : Normal
    names : pair of sequences of str
        What to call the parameters and the other numbers; as far as they go.

    Attributes
    ----------
    source : str
        Defines ``value`` and, where there are derivatives, ``value_and_grad``: functions of all numbers in a row.
    """

    takes = Normal

    def __init__(self, body: Normal, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> None:
        shared, functions = Writer(body, names).write()
        self._pieces, self._functions = shared, functions
        self.differentiates = bool(body.passes)
        self.source = "\n".join([*shared, *functions.values()])

    def bind(self, parameters: Array, derivatives: Array, fixed: Array, batch_size: int) -> Functions:  # noqa: ARG002
        """Functions of no arguments, on these buffers."""

        def value() -> Any:
            return self.value(*parameters.tolist(), *fixed.tolist())

        def value_and_grad() -> Any:
            result, derivatives[:] = self.value_and_grad(*parameters.tolist(), *fixed.tolist())
            return result

        return value, value_and_grad if self.differentiates else None

    def prepare(self) -> None:
        """Have the function that does most, ready to be called."""
        _ = self.value_and_grad if self.differentiates else self.value

    def explain(self) -> str:
        """The part of the source that does most, in which each line is an equation."""
        return "\n".join([*self._pieces, list(self._functions.values())[-1]])

    @cached_property
    def value(self) -> Callable[..., Any]:
        """The outputs, from all numbers in a row."""
        return self._executed("value")

    @cached_property
    def value_and_grad(self) -> Callable[..., Any]:
        """The outputs and a tuple of their derivatives, from all numbers in a row."""
        return self._executed("value_and_grad")

    def _executed(self, name: str) -> Callable[..., Any]:
        space: dict[str, Any] = {}
        for piece in (*self._pieces, self._functions[name]):
            exec(compile(piece, "<compiled by autograd>", "exec"), space)
        function: Callable[..., Any] = space[name]
        return function
