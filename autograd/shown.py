"""What a notebook shows of a thing that is a cell's last line: a picture, drawn by ``viz``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Shown"]


class Shown:
    """A notebook asks for these one by one; each is None where there is nothing to show in that form.

    ``viz`` stands above this package, and is loaded only now.
    """

    __slots__ = ()

    def _repr_svg_(self) -> str | None:
        return _drawn("svg", self)  # type: ignore[no-any-return]

    def _repr_png_(self) -> Any:
        return _drawn("png", self)

    def _repr_html_(self) -> str | None:
        return _drawn("html", self)  # type: ignore[no-any-return]


def _drawn(form: str, thing: Shown) -> Any:
    return getattr(import_module("viz.notebook"), form)(thing)
