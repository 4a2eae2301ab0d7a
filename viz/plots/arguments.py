"""What plots are handed, looked at before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.convert import describe

__all__ = ["as_row", "as_way", "is_model"]


def as_row(things: Any, name: str, what: str) -> Sequence[Any]:
    """Things one after another, for the function called ``name``, which takes ``what``."""
    if isinstance(things, (str, bytes)) or not (hasattr(things, "__len__") and hasattr(things, "__getitem__")):
        raise TypeError(f"{name} takes {what}, got {describe(things)}")
    return things  # type: ignore[no-any-return]


def as_way(model: Any, name: str, what: str) -> Any:
    """A model or a function, for the function called ``name``; a class is neither as long as nothing is built of it."""
    if (not callable(model) and not hasattr(model, "predict")) or isinstance(model, type):
        raise TypeError(f"{name} takes {what}, or a function of inputs, got {describe(model)}")
    return model


def is_model(thing: Any) -> bool:
    """Whether it has parameters of its own."""
    return hasattr(thing, "named_parameters") and not isinstance(thing, type)
