"""What a function's result may depend on besides the numbers in its arguments, as a key that changes with it.

A program is recorded under the state of the objects among the arguments and of what the function finds outside them. A
change of either is another key, and so another program. Followed are containers, arrays, attributes of objects and of
their classes, closures, defaults and globals of functions, the functions these call, and of modules what functions have
names for. Values count by identity, and so do functions and classes of installed packages.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from autograd.compiler.captured.walk import Walk
from autograd.compiler.captured.watch import Watch

__all__ = ["State", "state"]


def state(x: Any, names: dict[str, None] | None = None) -> Hashable:
    """A key of all that ``x`` holds: equal keys, equal behaviour.

    ``names`` are those by which modules may be read; those by which functions in ``x`` may are added to them.
    """
    walk = Walk(x, names=names or ())
    if names is not None:
        names.update(dict.fromkeys(walk.names))
    return tuple(walk.tokens)


class State:
    """The state of an object or a function, which is walked again only when something in it is another object.

    Parameters
    ----------
    x : object
        Not kept alive.
    root : bool
        Whether ``x`` is a function to follow wherever it comes from.
    names : dict of str
        By which others may read modules in ``x``, in order; those by which ``x`` may read theirs are added to them.
    """

    def __init__(self, x: Any, root: bool = False, names: dict[str, None] | None = None) -> None:
        self._root = root
        self._names = {} if names is None else names
        self.seen = self._walk(x, None)  # the last key, and what to ask whether it still holds

    def key(self, x: Any) -> Hashable:
        """The key of ``x``, which is the object this was made for: the same key as long as nothing changes."""
        watch, key = self.seen
        if not watch.is_current():
            self.seen = watch, key = self._walk(x, key)
        return key

    def look_again(self, x: Any) -> None:
        """Walk anew, by names that others have added."""
        self.seen = self._walk(x, self.seen[1])

    def _walk(self, x: Any, before: _Key | None) -> tuple[Watch, _Key]:
        walk = Walk(x, self._root, tuple(self._names))
        walk.watch.close()
        self._names.update(dict.fromkeys(walk.names))
        key = _Key(tuple(walk.tokens))
        return walk.watch, before if before == key and before is not None else key


class _Key:
    """A key that is long and compared often: its hash is computed once."""

    __slots__ = ("_hash", "tokens")

    def __init__(self, tokens: Hashable) -> None:
        self.tokens = tokens
        self._hash = hash(tokens)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Key) and self.tokens == other.tokens)
