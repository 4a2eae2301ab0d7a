"""A progress bar where somebody looks on and there is tqdm to draw it with; otherwise silence."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["progress_bar"]


class _Silence:
    """What takes a bar's place."""

    def update(self, loss: float) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Leave nothing behind."""


class _Bar:
    def __init__(self, tqdm: Any, epochs: int) -> None:
        self._tqdm = tqdm(total=epochs, unit="epoch")

    def update(self, loss: float) -> None:
        """One epoch more, and its loss."""
        self._tqdm.set_postfix(loss=f"{loss:.4g}", refresh=False)
        self._tqdm.update(1)

    def close(self) -> None:
        """Leave the last state on the screen."""
        self._tqdm.close()


def progress_bar(epochs: int, show: bool) -> _Silence | _Bar:
    """A bar of ``epochs`` steps on standard error."""
    if not show or not _somebody_looks_on():
        return _Silence()
    try:
        return _Bar(import_module("tqdm").tqdm, epochs)
    except ImportError:
        return _Silence()


def _somebody_looks_on() -> bool:
    """Whether standard error is a terminal or what stands below a notebook's cell, which says that it is none."""
    stream = sys.stderr
    return stream is not None and (stream.isatty() or type(stream).__module__ == "ipykernel.iostream")
