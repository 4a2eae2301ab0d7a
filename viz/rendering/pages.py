"""Pages: templates shipped with the package, filled with text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from importlib.resources import files

from viz.theme import Theme

__all__ = ["colours", "filled", "resource"]


def resource(name: str) -> str:
    """The text of a file of this package, by its path within it."""
    return files("viz").joinpath(name).read_text(encoding="utf-8")


def filled(template: str, parts: Mapping[str, str]) -> str:
    """``template`` with every ``{{name}}`` replaced, once: what is filled in is not looked through again."""
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template)


def colours(theme: Theme) -> str:
    """The colours of a theme as CSS variables: ``zero_line`` is ``--zero-line``, the first class ``--class-0``."""
    named = {field.name: getattr(theme, field.name) for field in fields(theme)}
    named |= {f"class_{i}": colour for i, colour in enumerate(theme.classes)}
    return " ".join(
        f"--{name.replace('_', '-')}: {colour};"
        for name, colour in named.items()
        if isinstance(colour, str) and colour.startswith("#")
    )
