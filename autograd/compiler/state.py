"""What a function's result may depend on besides the numbers in its arguments, as a key that changes with it.

A program is recorded under the state of the objects among the arguments and of what the function finds outside them. A
change of either is another key, and so another program. Followed are containers, arrays, attributes of objects and of
their classes, closures, defaults and globals of functions, and the functions these call. Values and imported modules
count by identity, and so do functions and classes of installed packages.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from functools import cache, partial
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any
from weakref import ref

import numpy as np

from autograd.errors import CompileError
from autograd.value import Value

__all__ = ["Environment", "state"]

# An object that holds more than this is no setting; nobody wants to wait for it to be compared in every call.
LARGEST = 1_000_000

_ATOMS = frozenset({bool, int, str, bytes, complex, type(None), type(...), type(NotImplemented), range, slice})
_UNBOUND = object()
_LIBRARIES = frozenset({"autograd", "nn", "viz", "numpy", *sys.stdlib_module_names})


def state(x: Any) -> Hashable:
    """A key of all that ``x`` holds: equal keys, equal behaviour."""
    walk = _Walk()
    walk.over(x)
    return tuple(walk.tokens)


class Environment:
    """What a function finds outside its arguments.

    Names are compared by what they are bound to, which is quick; only what can change inside is walked in every call.
    """

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f
        self._seen = self._follow()

    def key(self) -> Hashable:
        """The state of it all, as it is now: the same object as long as nothing changes."""
        bindings, contents, inside, key = self._seen
        for place, name, x in bindings:
            if _bound(place, name) is not x:
                break
        else:
            if not contents or inside == state(contents):
                return key
        self._seen = self._follow()
        return self._seen[-1]

    def _follow(self) -> tuple[list[tuple[Any, str, Any]], list[Any], Hashable, Hashable]:
        walk = _Walk()
        walk.over(self.f, root=True)
        return walk.bindings, walk.contents, state(walk.contents), _Key(tuple(walk.tokens))


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


class _Walk:
    """A walk through objects, each written down once, in an order that depends on them alone.

    Attributes
    ----------
    tokens : list
        What was met.
    bindings : list of (place, name, object)
        Cells and globals of the functions met.
    contents : list
        What these functions are bound to that can change inside.
    """

    def __init__(self) -> None:
        self.tokens: list[Any] = []
        self.bindings: list[tuple[Any, str, Any]] = []
        self.contents: list[Any] = []
        self.seen: dict[int, tuple[int, Any]] = {}  # the object too, so that it stays alive
        self.stack: list[tuple[Any, bool]] = []

    def over(self, x: Any, root: bool = False) -> None:
        """Walk ``x``; as the root, a function is followed wherever it comes from."""
        self.stack.append((x, True))
        while self.stack:
            x, outside = self.stack.pop()
            kind = x.__class__
            if kind is float:
                self.tokens.append(x.hex())
            elif isinstance(x, Value):
                self.tokens.append(ref(x))
            elif kind in _ATOMS:
                self.tokens += (kind, x) if kind is not slice else (kind, repr(x))
            elif id(x) in self.seen:
                self.tokens += ("again", self.seen[id(x)][0])
            else:
                self.seen[id(x)] = len(self.seen), x
                self._object(x, outside, root)
            root = False
            if len(self.tokens) > LARGEST:
                raise CompileError(
                    "a compiled function compares in every call what its arguments and the objects it finds outside "
                    f"hold, got more than {LARGEST:,} parts; pass their numbers as arrays"
                )

    def _object(self, x: Any, outside: bool, root: bool) -> None:
        if isinstance(x, FunctionType):
            self._function(x, outside, root or not _installed(x.__module__, x.__code__.co_filename))
        elif isinstance(x, MethodType):
            self._push("method", [x.__func__, x.__self__], outside)
        elif isinstance(x, partial):
            self._push("partial", [x.func, x.args, x.keywords], outside)
        elif isinstance(x, type):
            self.tokens.append(x)
            if not _installed(x.__module__, getattr(sys.modules.get(x.__module__), "__file__", None)):
                if outside:
                    self.contents.append(x)
                self._class(x)
        elif isinstance(x, ModuleType | BuiltinFunctionType | np.ufunc | ref):
            self.tokens.append(x)
        elif parts := getattr(type(x), "_compiled_parts", None):
            self._push(type(x), parts(x), outside)
        else:
            if outside:
                self.contents.append(x)
            self._holder(x)

    def _function(self, f: FunctionType, outside: bool, whole: bool) -> None:
        """A function; of an installed package's, which may be a decorator's, the closure alone."""
        found = [self._bind(cell, "", outside) for cell in f.__closure__ or ()]
        if whole:
            found += [self._bind(f.__globals__, name, outside) for name in _names(f.__code__)]
            found += [f.__defaults__, f.__kwdefaults__, vars(f) or None]
        self._push(f.__code__ if whole or found else f, found, outside)

    def _bind(self, place: Any, name: str, outside: bool) -> Any:
        x = _bound(place, name)
        if outside:
            self.bindings.append((place, name, x))
        return None if x is _UNBOUND else x

    def _class(self, x: type) -> None:
        found = [part for name, member in vars(x).items() if (part := _member(name, member)) is not _UNBOUND]
        self._push(len(found), [*found, *x.__bases__], False)

    def _holder(self, x: Any) -> None:
        """Something that holds other things."""
        if isinstance(x, list | tuple | deque):
            if x and set(map(type, x)) == {Value}:  # weights: no need for the stack
                self.tokens += (type(x), len(x), *map(ref, x))
            else:
                self._push((type(x), len(x)), list(x), False)
        elif isinstance(x, np.ndarray | np.generic):
            if x.dtype == object:
                self._push((np.ndarray, x.shape), [x.tolist()], False)
            else:
                self.tokens += (x.dtype.str, x.shape, x.tobytes())
        elif isinstance(x, dict):
            self._push((type(x), len(x)), [part for item in x.items() for part in item], False)
        elif isinstance(x, set | frozenset):
            self.tokens += (type(x), frozenset(map(state, x)))
        elif hasattr(x, "__array__"):
            self._push(type(x), [np.asarray(x)], False)
        elif isinstance(x, bytearray):
            self.tokens += (bytearray, bytes(x))
        else:
            self._instance(x)

    def _instance(self, x: Any) -> None:
        attributes = dict(_attributes(x))
        if attributes or hasattr(x, "__dict__"):
            self._push("object", [type(x), attributes], False)
        elif isinstance(x, Hashable) and not _is_plain(x) and _installed(type(x).__module__, None):
            self.tokens += (type(x), x)  # a Decimal, a date: equal by what it is
        else:
            self.tokens.append(_identity(x))

    def _push(self, token: Any, parts: list[Any], outside: bool) -> None:
        self.tokens.append(token)
        self.stack.extend([(part, outside) for part in reversed(parts)])


def _bound(place: Any, name: str) -> Any:
    """What a cell, or a name among globals, is bound to."""
    if place.__class__ is CellType:
        try:
            return place.cell_contents
        except ValueError:  # not yet
            return _UNBOUND
    return place.get(name, _UNBOUND)


@cache
def _names(code: CodeType) -> tuple[str, ...]:
    """The names a function may look up among its globals, those of functions inside it included."""
    inner = [name for constant in code.co_consts if isinstance(constant, CodeType) for name in _names(constant)]
    return tuple(dict.fromkeys([*code.co_names, *inner]))


def _installed(module: str | None, filename: str | None) -> bool:
    """Whether something is part of Python, of an installed package, or of this library."""
    return (module or "").partition(".")[0] in _LIBRARIES or "site-packages" in (filename or "")


def _member(name: str, member: Any) -> Any:
    """What a class holds that its objects may show; unbound for what Python keeps there."""
    if isinstance(member, property):
        return (name, member.fget)
    if isinstance(member, classmethod | staticmethod):
        return (name, member.__func__)
    if name.startswith("__") and not callable(member):
        return _UNBOUND
    return (name, member) if isinstance(member, FunctionType) or not hasattr(type(member), "__get__") else _UNBOUND


def _attributes(x: Any) -> Iterator[tuple[str, Any]]:
    yield from getattr(x, "__dict__", {}).items()
    for kind in type(x).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(x, name):
                yield name, getattr(x, name)


def _identity(x: Any) -> Any:
    """A token that only ``x`` itself has, however long it lives."""
    try:
        return ref(x) if _is_plain(x) else _Same(x)  # a reference is as equal as its object
    except TypeError:
        return _Same(x)


def _is_plain(x: Any) -> bool:
    """Whether an object is equal to itself alone."""
    method: Any = type(x).__hash__
    return method is object.__hash__


class _Same:
    """A token of one object, which it keeps alive."""

    __slots__ = ("x",)

    def __init__(self, x: Any) -> None:
        self.x = x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.x is other.x

    def __hash__(self) -> int:
        return id(self.x)
