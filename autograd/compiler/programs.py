"""The programs of one compiled function, by what they were recorded for; as many as are worth keeping."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

__all__ = ["Programs"]

# So many are kept, those used last; a loop over more structures records each again and again.
KEPT = 32
# So many recordings are no longer a few cases but a number that changes.
MANY = 8

Recorded = TypeVar("Recorded")


class Programs(Generic[Recorded]):
    """Programs by key; the one used longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Hashable, ...], Recorded] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[Hashable, ...]) -> Recorded | None:
        """The program for this key, if it is kept."""
        found = self._kept.get(key)
        if found is not None and len(self._kept) > 1:
            with suppress(KeyError):  # another thread's was newer
                self._kept.move_to_end(key)
        return found

    def add(self, key: tuple[Hashable, ...], recorded: Recorded, function: str, parts: Sequence[str]) -> None:
        """Keep a program; warn once if there have been many, and say which of the ``parts`` of the key changes."""
        self._count += 1
        if self._count == MANY + 1:
            before = next(reversed(self._kept))
            changed = [part for part, old, new in zip(parts, before, key, strict=True) if old != new]
            warnings.warn(
                f"{function} has been recorded {self._count} times, which takes far longer than running it; what "
                f"changes from call to call is {' and '.join(changed)}: give a number that varies as a float or an "
                "array, pad arrays to one shape, make a class one-hot",
                stacklevel=5,
            )
        self._kept[key] = recorded
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
