"""Names as the documents write them: ``w⁽¹⁾₂₀`` is the weight of layer 1, neuron 2, input 0."""

from __future__ import annotations

from functools import cache

__all__ = ["label"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def label(symbol: str, layer: int | None, *indices: int) -> str:
    """``symbol`` with the layer above and the indices below, separated where one of them has two digits."""
    above = "" if layer is None else _above(layer)
    between = "," if indices and max(indices) > 9 else ""
    return f"{symbol}{above}{between.join(map(_below, indices))}"


@cache
def _above(layer: int) -> str:
    return f"⁽{str(layer).translate(_SUPERSCRIPTS)}⁾"


@cache
def _below(index: int) -> str:
    return str(index).translate(_SUBSCRIPTS)
