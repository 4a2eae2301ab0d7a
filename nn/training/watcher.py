"""Callbacks that only look: training needs to look at nothing again after them, and they look only so often."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from nn.model.module import Module
from nn.training.history import History

__all__ = ["Watcher", "begin", "due", "finish", "only_watchers"]

PAUSE = 0.2  # seconds between two looks
SHARE = 0.08  # of the time, at most, is spent looking


class Watcher(ABC):
    """Base of callbacks of ``fit`` that show a run and change nothing.

    One that is derived from it defines :meth:`show`. It is called after an epoch, five times a second at most and so
    rarely that looking takes less than a tenth of the time; and once at the end.
    """

    def __init__(self) -> None:
        self._next = 0.0

    @abstractmethod
    def show(self, model: Module, history: History) -> Any:
        """Show how far it has come; the model has the parameters of the last epoch."""

    def end(self, model: Module, history: History) -> Any:
        """Show where it ended, in one look that nothing follows: as before, unless told otherwise."""
        return self.show(model, history)

    def __call__(self, model: Module, history: History) -> None:
        """Show it, and note what that cost."""
        start = time.perf_counter()
        self.show(model, history)
        end = time.perf_counter()
        self._next = end + max(PAUSE, (end - start) / SHARE)

    def _begin(self) -> None:
        self._next = time.perf_counter() + PAUSE

    def _is_due(self) -> bool:
        return time.perf_counter() >= self._next


def only_watchers(callbacks: Sequence[Any]) -> bool:
    """Whether all of them change nothing."""
    return all(isinstance(callback, Watcher) for callback in callbacks)


def due(callbacks: Sequence[Any]) -> list[Any]:
    """Those that are called now."""
    return [callback for callback in callbacks if not isinstance(callback, Watcher) or callback._is_due()]


def begin(callbacks: Sequence[Any]) -> None:
    """A run begins: the first look is not at once."""
    for callback in callbacks:
        if isinstance(callback, Watcher):
            callback._begin()


def finish(callbacks: Sequence[Any], model: Module, history: History) -> None:
    """A run is over, however it ended: what is shown last is where it ended."""
    for callback in callbacks:
        if isinstance(callback, Watcher):
            callback.end(model, history)
