"""Names as the documents write them: ``w⁽¹⁾₂₀`` is the weight of layer 1, neuron 2, input 0."""

from __future__ import annotations

__all__ = ["label"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def label(symbol: str, layer: int | None, *indices: int) -> str:
    """``symbol`` with the layer above and the indices below, separated where one of them has two digits."""
    above = "" if layer is None else f"⁽{layer}⁾"
    between = "," if any(index > 9 for index in indices) else ""
    return symbol + above.translate(_SUPERSCRIPTS) + between.join(map(str, indices)).translate(_SUBSCRIPTS)
