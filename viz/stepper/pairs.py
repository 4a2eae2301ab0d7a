"""The pairs of factors that a ``dot`` adds up, as rows of its box."""

from __future__ import annotations

from typing import Any

from autograd import Value, ops
from viz.stepper.layout import factor_port, port

__all__ = ["pairs", "ports", "rows"]

MAX_ROWS = 8  # the last of them stands for all others


def pairs(result: Value) -> list[tuple[Any, Any]]:
    """Operands, two by two, of a sum of products; none of any other operation."""
    if result.op is not ops.dot:
        return []
    half = len(result.args) // 2
    return list(zip(result.args[:half], result.args[half:], strict=True))


def rows(result: Value) -> int:
    """How many rows its box has."""
    return min(len(pairs(result)), MAX_ROWS)


def ports(result: Value) -> list[float]:
    """Where each operand that is a Value enters the box: the factors of a pair beside its row."""
    values = [place for place, arg in enumerate(result.args) if isinstance(arg, Value)]
    count, half = rows(result), len(result.args) // 2
    if not count:
        return [port(place, len(values)) for place in range(len(values))]
    return [factor_port(min(place % half, count - 1), count, second=place >= half) for place in values]
