"""What a module holds besides parameters: results that no longer follow them, and what a call replaces."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Any

import numpy as np

from autograd import CompileError, Value
from nn.model.tree import HOLDERS, Tree, inside, named_values

__all__ = ["Snapshot", "call_fresh", "call_once", "call_unchanged", "refuse_results", "results"]


def results(model: Tree) -> dict[Value, str]:
    """The Values below ``model`` that operations made, with their dotted names."""
    return {value: name for name, value in named_values(model) if value.op is not None}


def refuse_results(model: Tree, stale: dict[Value, str]) -> None:
    """Raise if there is a result that nobody renews: it would keep its number while its operands are trained."""
    for value, name in stale.items():
        raise ValueError(
            f"attribute {name!r} of {type(model).__name__} is a result of {value.op.name}, which does not follow the "  # type: ignore[union-attr]
            "parameters it was made of; compute it in __call__"
        )


def call_fresh(model: Tree, function: Callable[[], Any]) -> Any:
    """What ``function`` gives, which calls the model; refused if the model holds results and the call leaves them."""
    before = results(model)
    given = function()
    if before:
        now = results(model)
        refuse_results(model, {value: name for value, name in before.items() if value in now})
    return given


def call_once(model: Tree, function: Callable[[], Any]) -> Any:
    """The same, as if the model had not been called."""
    snapshot = Snapshot(model)
    try:
        return call_fresh(model, function)
    finally:
        snapshot.restore()


def call_unchanged(model: Tree, function: Callable[[], Any]) -> Any:
    """What ``function`` gives while it is recorded, once for all calls; refused if it changes what the model holds."""
    snapshot = Snapshot(model)
    try:
        given = function()
    finally:
        changed = snapshot.restore()
    if changed:
        raise CompileError(
            f"{type(model).__name__} replaces what it holds when it is called, which a program would do once; "
            "it is called row by row"
        )
    return given


class Snapshot:
    """Everything below a module that a call may change: attributes, containers, arrays and the numbers of leaves."""

    # `_data`, because `data` refuses while a function is recorded.

    def __init__(self, model: Tree) -> None:
        self._held: list[tuple[Any, Any]] = []
        seen: set[int] = set()
        stack: list[Any] = [model]
        while stack:
            part = stack.pop()
            if id(part) in seen:
                continue
            seen.add(id(part))
            if isinstance(part, Value):
                if part.op is None:
                    self._held.append((part, part._data))
                continue
            holder = vars(part) if isinstance(part, Tree) else part
            if not isinstance(holder, tuple):
                self._held.append((holder, holder.copy()))
            stack.extend([x for _, x in inside(part) if isinstance(x, HOLDERS)])

    def restore(self) -> bool:
        """Put everything back; whether there was anything to put back."""
        changed = [(part, before) for part, before in self._held if not _is_same(part, before)]
        for part, before in changed:
            if isinstance(part, Value):
                part._data = before
            elif isinstance(part, np.ndarray):
                part[...] = before
            else:
                part.clear()
                part.update(before) if isinstance(part, dict) else part.extend(before)
        return bool(changed)


def _is_same(part: Any, before: Any) -> bool:
    if isinstance(part, Value):
        return part._data is before
    if isinstance(part, np.ndarray):
        return bool(part.tobytes() == before.tobytes())  # of objects: where they are
    if isinstance(part, dict):
        return list(part) == list(before) and all(map(is_, part.values(), before.values()))
    return len(part) == len(before) and all(map(is_, part, before))
