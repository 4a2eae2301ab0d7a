"""``Subject``: the function that is compiled, what was said of it, and what it reads besides its arguments."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from inspect import Parameter, Signature, signature
from typing import Any

import numpy as np

from autograd.compiler.calls.arguments import Remembered
from autograd.compiler.captured.state import State
from autograd.errors import CompileError

__all__ = ["Subject"]


class Subject:
    """What all calls of a compiled function have in common.

    Parameters
    ----------
    f : callable
    batched : tuple of str
        Names of the arguments whose first axis is examples.
    reduce : {"mean", "sum", None}
        What becomes of the results of the examples.
    verify : bool
        Whether a program is checked when it is made.
    threads : int
        How many of them may share the work of a call.

    Attributes
    ----------
    tells_apart : bool
        Whether what decorates the function may tell an argument given by position from one given by name.
    by_position : bool
        Whether all arguments can be given by position.
    names : dict of str
        By which what is called here may read modules: the function, what it calls, and what it was given so far.
    modules : dict
        Modules among the arguments, as they were last.
    """

    def __init__(
        self, f: Callable[..., Any], batched: tuple[str, ...], reduce: str | None, verify: bool, threads: int = 1
    ) -> None:
        if reduce not in ("mean", "sum", None):
            raise ValueError(f"reduce is 'mean', 'sum' or None, got {reduce!r}")
        if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
            raise ValueError(f"threads is a whole number of at least 1, got {threads!r}; take one for each core")
        if threads > 1 and not batched:
            raise ValueError(
                f"threads share examples, and no argument of what is compiled is batched, got threads={threads}; "
                "name the arguments that hold examples in batched, or leave threads out"
            )
        self.f = f
        self.batched = batched
        self.reduce = reduce
        self.verify = verify
        self.threads = threads
        self.name = getattr(f, "__name__", type(f).__name__)
        self.signature = _signature(f)
        kinds = {p.kind for p in self.signature.parameters.values()}
        if kinds & {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}:
            raise CompileError(f"a compiled function names its arguments, {self.name} has * or **; wrap it")
        self.tells_apart = _tells_apart(f)
        self.by_position = Parameter.KEYWORD_ONLY not in kinds
        missing = [name for name in batched if name not in self.signature.parameters]
        if missing:
            raise CompileError(
                f"batched names arguments of {self.name}, which has no {missing[0]!r}; "
                f"it has {', '.join(self.signature.parameters) or 'none'}"
            )
        self._look()

    def _look(self) -> None:
        self.names: dict[str, None] = {}
        self.environment = State(self.f, True, self.names)
        self._signed: Hashable = self.environment.seen[1]
        self.modules: dict[int, Remembered] = {}

    @property
    def by_example(self) -> bool:
        """Whether each example has a result of its own."""
        return bool(self.batched) and self.reduce is None

    def __getstate__(self) -> dict[str, Any]:
        return {name: x for name, x in vars(self).items() if name not in ("environment", "names", "_signed", "modules")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._look()

    def reads(self) -> Hashable:
        """The key of all that the function reads besides its arguments; where that changes, its defaults may have."""
        key = self.environment.key(self.f)
        if key is not self._signed:
            self.signature, self._signed = signature(self.f), key
        return key

    def look_again(self) -> None:
        """See what is read by names that arguments have brought along."""
        self.environment.look_again(self.f)
        for remembered in [*self.modules.values()]:
            remembered.state.look_again(remembered.module())  # None, if it has gone meanwhile


def _tells_apart(f: Callable[..., Any]) -> bool:
    try:
        own = signature(f, follow_wrapped=False).parameters.values()
    except ValueError:  # of an object that may stand for a method, as a derivative
        return True
    return not {p.kind for p in own}.isdisjoint({Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD})


def _signature(f: Callable[..., Any]) -> Signature:
    """The arguments of a function that is to be compiled, which are known by their names."""
    why = "takes NumPy's options with them"
    if not isinstance(f, np.ufunc):
        try:
            return signature(f)
        except ValueError:  # of some builtins
            why = "does not say what it takes"
    name = getattr(f, "__name__", type(f).__name__)
    raise CompileError(f"a compiled function names its arguments, {name} {why}; wrap it")
