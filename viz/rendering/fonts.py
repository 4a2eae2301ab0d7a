"""Fonts for machines that have none, as a container with Python alone: matplotlib brings a family along."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["font_environment"]

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")  # fontconfig's own
SUFFIXES = (".ttf", ".otf", ".ttc", ".pfb")
CONFIGURATION = "<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"


@contextmanager
def font_environment() -> Iterator[dict[str, str]]:
    """The environment for a layout program, in which it finds a font if there is any.

    Without one, Graphviz writes every letter of a PNG as an empty box. Where fontconfig has been set up, and where
    there is a font, everything stays as it is.
    """
    fonts = _matplotlib_fonts()
    if fonts is None or sys.platform != "linux" or "FONTCONFIG_FILE" in os.environ or any(map(_has_font, FOLDERS)):
        yield dict(os.environ)
        return
    with TemporaryDirectory() as folder:
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(CONFIGURATION.format(fonts=fonts, cache=folder), encoding="utf-8")
        yield {**os.environ, "FONTCONFIG_FILE": str(configuration)}


def _has_font(folder: str) -> bool:
    """Whether there is a font in a folder or below it."""
    return any(name.endswith(SUFFIXES) for _, _, names in os.walk(Path(folder).expanduser()) for name in names)


def _matplotlib_fonts() -> Path | None:
    """Matplotlib's folder of fonts, if it is installed; nothing of it is loaded."""
    found = find_spec("matplotlib")
    return None if found is None or found.origin is None else Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
