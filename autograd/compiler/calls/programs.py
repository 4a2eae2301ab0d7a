"""The programs of one compiled function: by what they were recorded for, and by how their arguments are given."""

from __future__ import annotations

import warnings
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, NamedTuple

from autograd import tracing, variables
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.caller import write_caller
from autograd.compiler.calls.recordings import Recorded
from autograd.compiler.captured.state import State

__all__ = ["Programs"]

# So many are kept, those used last; a loop over more structures records each again and again.
KEPT = 32
# So many recordings are no longer a few cases but a number that changes.
MANY = 8
# So many ways of giving arguments are known by heart.
CALLERS = 32


class Direct(NamedTuple):
    """Calls that need no taking apart of arguments, by how these are given, as long as nothing outside changes."""

    watch: Any
    key: Hashable
    callers: dict[tuple[Any, ...], tuple[Callable[..., Any], Recorded]]


class Programs:
    """Programs by key; the one used longest ago goes first.

    Parameters
    ----------
    environment : State
        Of the function: all that it reads besides its arguments.

    Attributes
    ----------
    last : Recorded or None
        What served the last call for a value or its gradient.
    """

    def __init__(self, environment: State) -> None:
        self._environment = environment
        self._kept: OrderedDict[tuple[Hashable, ...], Recorded] = OrderedDict()
        self._counts: Counter[Hashable] = Counter()
        self.last: Recorded | None = None
        self.direct = Direct(*environment.seen, {})

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[Hashable, ...]) -> Recorded | None:
        """The program for this key, if it is kept."""
        found = self._kept.get(key)
        if found is not None and len(self._kept) > 1:
            with suppress(KeyError):  # another thread's was newer
                self._kept.move_to_end(key)
        return found

    def add(self, call: Call, recorded: Recorded) -> None:
        """Keep the program of a call; warn once if there have been many, and say what changes from call to call.

        The first part of the key is what is asked for. Each kind of derivative is recorded once: those do not add up.
        """
        asked = call.key[0]
        self._counts[asked] += 1
        if self._counts[asked] == MANY + 1:
            before = next((key for key in reversed([*self._kept]) if key[0] == asked), call.key)
            changed = [part for part, old, new in zip(call.parts(), before, call.key, strict=True) if old != new]
            warnings.warn(
                f"{call.subject.name} has been recorded {MANY + 1} times, which takes far longer than running it; "
                f"what changes from call to call is {' and '.join(changed)}: give a number that varies as a float or "
                "an array, pad arrays to one shape, make a class one-hot",
                stacklevel=5,
            )
        self._kept[call.key] = recorded
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    # ── Calls known by heart ─────────────────────────────────────────────────────────────────────────────────────────

    def serve(self, given: tuple[Any, ...], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of a call like one before, if nothing outside has changed since; else None."""
        watch, _, callers = self.direct
        try:
            found = callers.get(given)
        except TypeError:  # a list cannot be looked up, and is refused later
            return None
        if found is None or tracing.active or variables.active or not watch.is_current():
            return None
        caller, recorded = found
        result = caller(*args, *kwargs.values())
        if result is not None and recorded.entries is None:
            self.last = recorded
        return result

    def remember(
        self,
        call: Call,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        asked: Any,
        gradients: str | None,
        finish: Callable[..., Any] | None = None,
    ) -> None:
        """Let calls like this one find their way by themselves, if they give all arguments.

        Parameters
        ----------
        asked : hashable
            What they ask for, beside how their arguments are given.
        gradients, finish
            See :func:`write_caller`.
        """
        watch, key = self._environment.seen
        if key is not call.key[1] or len(args) + len(kwargs) != len(call.names):  # another thread has seen a change
            return
        if self.direct.key is not key or self.direct.watch is not watch:
            self.direct = Direct(watch, key, self.direct.callers if self.direct.key is key else {})
        given, known = (asked, len(args), *kwargs), call.recorded.callers
        if given not in known:
            known[given] = write_caller(call, [*call.names[: len(args)], *kwargs], gradients, finish)
        caller, callers = known[given], self.direct.callers
        if caller is not None:
            while len(callers) >= CALLERS:
                callers.pop(next(iter(callers)), None)
            callers[(*given, *map(type, args))] = caller, call.recorded
