"""A progress bar where there is a terminal to draw it and tqdm to draw it with; otherwise silence."""

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
    if not show or sys.stderr is None or not sys.stderr.isatty():
        return _Silence()
    try:
        return _Bar(import_module("tqdm").tqdm, epochs)
    except ImportError:
        return _Silence()
