"""A row of a table of edges, and how near to it a number is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd.testing.oracles import EPSILON


def at(name: str, f: Callable[..., Any], operands: Any, value: float, *gradient: Any) -> Any:
    """A row: the function, where, its value, and one derivative for each operand."""
    operands = operands if isinstance(operands, tuple) else (operands,)
    return pytest.param(f, operands, value, gradient, id=f"{name} at {', '.join(map(str, operands))}")


def near(x: Any) -> Any:
    """``x`` up to two roundings; nan is nan, infinities have their sign, zeros are equal."""
    return pytest.approx(x, rel=2 * EPSILON, abs=0.0, nan_ok=True) if isinstance(x, float) else x
