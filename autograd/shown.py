"""What a notebook shows of a thing that is a cell's last line: a picture, drawn by ``viz``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Shown"]

OWN = ("_repr_html_", "_repr_svg_", "_repr_png_", "_repr_markdown_", "_repr_latex_")  # a subclass that shows itself


class Shown:
    """A notebook asks for a bundle: every form in which there is something to show, beside the text.

    ``viz`` stands above this package, and is loaded only now.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:  # noqa: ARG002 - IPython's
        if any(hasattr(self, name) for name in OWN):
            return {}
        return import_module("viz.notebook").bundle(self)
