"""A walk through all that an object or a function holds, each thing written down once."""

from __future__ import annotations

import os
import random
import sys
from collections import deque
from collections.abc import Hashable, Sequence
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any
from weakref import ref

import numpy as np

from autograd.compiler.captured.contents import CLASSES, content_of
from autograd.compiler.captured.watch import UNBOUND, Watch, bound, weakly
from autograd.errors import CompileError
from autograd.value import Value

__all__ = ["Walk", "slots", "state"]

# An array of more bytes than this counts by a digest of them: the keys of many programs are kept.
SMALL = 4096

# An object that holds more than this is no setting; nobody wants to wait for it to be compared in every call.
LARGEST = 1_000_000

_ATOMS = frozenset({bool, int, str, bytes, complex, type(None), type(...), type(NotImplemented), range, slice})
_LIBRARIES = frozenset({"autograd", "nn", "viz", "numpy"})
_STANDARD_LIBRARY = str(Path(os.__file__).parent)
_GENERATORS = (random.Random, np.random.Generator, np.random.RandomState, np.random.BitGenerator)
# What is whole without its attributes and its class, which a subclass of these adds.
_CONTAINERS = frozenset({list, tuple, deque, dict, np.ndarray})


def state(x: Any) -> Hashable:
    """A key of all that ``x`` holds: equal keys, equal behaviour."""
    return tuple(Walk(x).tokens)


class Walk:
    """A walk through objects, each written down once, in an order that depends on them alone.

    Attributes
    ----------
    tokens : list
        What was met.
    watch : Watch
        Where it was met.
    generators : list
        Of random numbers, among what was met.
    """

    def __init__(self, x: Any, root: bool = False) -> None:
        self.tokens: list[Any] = []
        self.watch = Watch()
        self.generators: list[Any] = []
        self.seen: dict[int, tuple[int, Any]] = {}  # the object too, so that it stays alive
        self.stack: list[Any] = []
        self.over(x, root)

    def over(self, x: Any, root: bool) -> None:
        """Walk ``x``; as the root, a function is followed wherever it comes from."""
        self.stack.append(x)
        while self.stack:
            x = self.stack.pop()
            kind = x.__class__
            if kind is float:
                self.tokens.append(x.hex())
            elif kind in _ATOMS:
                self.tokens += (kind, x) if kind is not slice else (kind, repr(x))
            elif isinstance(x, Value):
                self.tokens.append(ref(x))
            elif id(x) in self.seen:
                self.tokens += ("again", self.seen[id(x)][0])
            else:
                self.seen[id(x)] = len(self.seen), x
                self._object(x, root)
            root = False
            if len(self.tokens) > LARGEST:
                raise CompileError(
                    "a compiled function compares in every call what its arguments and the objects it finds outside "
                    f"hold, got more than {LARGEST:,} parts; pass their numbers as arrays"
                )

    def _object(self, x: Any, root: bool) -> None:
        if isinstance(x, list | tuple | deque):
            self._sequence(x)
            self._subclass(x)
        elif isinstance(x, dict):
            self._dict(x)
            self._subclass(x)
        elif isinstance(x, FunctionType):
            self._function(x, root or not _installed(x.__globals__.get("__name__"), x.__code__.co_filename))
        elif isinstance(x, MethodType):
            self._push("method", [x.__func__, x.__self__])
        elif isinstance(x, partial):
            self._push("partial", [x.func, x.args, x.keywords])
        elif isinstance(x, type):
            self._class(x)
        elif isinstance(x, BuiltinFunctionType | MethodWrapperType) and not isinstance(x.__self__, ModuleType | None):
            self._push(("method", x.__name__), [x.__self__])
        elif isinstance(x, ModuleType | BuiltinFunctionType | np.ufunc):
            self.tokens.append(x)
        elif parts := getattr(type(x), "_compiled_parts", None):
            self._push(type(x), parts(x))
        elif isinstance(x, np.ndarray | np.generic):
            self._array(x)
            self._subclass(x)
        elif isinstance(x, set | frozenset):
            self.watch.complete = False
            self.tokens.append(frozenset(map(state, x)))
            self._attributes(x, [])
        else:
            self._instance(x)

    def _subclass(self, x: Any) -> None:
        """The attributes and the class of an object that is a container besides."""
        if type(x) not in _CONTAINERS and not isinstance(x, np.generic):
            self._attributes(x, [])

    def _sequence(self, x: Any) -> None:
        entries = tuple(x)
        if x.__class__ is not tuple:
            self.watch.lists.append((x, entries))
        if entries and set(map(type, entries)) == {Value}:  # weights: no need for the stack
            self.tokens += (type(x), len(x), *map(ref, entries))
        else:
            self._push((type(x), len(x)), entries)

    def _dict(self, x: Any) -> None:
        keys, values = tuple(x), tuple(x.values())
        self.watch.dicts.append((x, keys, values))
        if set(map(type, keys)) <= {str}:
            self._push((type(x), *keys), values)
        else:
            self._push((type(x), len(x)), [part for item in x.items() for part in item])

    def _array(self, x: Any) -> None:
        if x.dtype.hasobject:
            self.watch.complete = False
            self._push((np.ndarray, x.shape), [x.tolist()])
        else:
            content = x.tobytes()
            kept = content if len(content) <= SMALL else blake2b(content).digest()
            self.tokens += (x.dtype.str if x.dtype.names is None else repr(x.dtype), x.shape, len(content), kept)
            self.watch.arrays.append((x, x.dtype, x.shape, content))

    def _function(self, f: FunctionType, whole: bool) -> None:
        """A function; of an installed package's, which may be a decorator's, the closure alone."""
        found = [self._bind(cell, "") for cell in f.__closure__ or ()]
        if whole or found:
            found += [f.__defaults__, f.__kwdefaults__]
        if whole:
            self.watch.functions.append((f, f.__code__, f.__defaults__, f.__kwdefaults__, None if vars(f) else vars(f)))
            found += [self._bind(f.__globals__, name) for name in _names(f.__code__)]
            found += [vars(f) or None]
        self._push(f.__code__ if found else f, found)

    def _bind(self, place: Any, name: str) -> Any:
        x = bound(place, name)
        self.watch.bindings.append((place, name, x))
        return None if x is UNBOUND else x

    def _class(self, x: type) -> None:
        self.tokens.append(x)
        module: Any = x.__module__  # not a name, but a descriptor, of metaclasses that are written in C
        if isinstance(module, str) and not _installed(module, getattr(sys.modules.get(module), "__file__", None)):
            members = vars(x)
            self.watch.dicts.append((members, tuple(members), tuple(members.values())))
            self.watch.kinds.append((ref(x), type(x)))
            self.watch.bases.append((x, x.__bases__))
            found = [part for name, member in members.items() if (part := _member(name, member)) is not UNBOUND]
            self._push(len(found), [*found, type(x), *x.__bases__])

    def _instance(self, x: Any) -> None:
        kind: Any = type(x)
        if isinstance(x, _GENERATORS):
            self.generators.append(x)
        content = content_of(x)
        if content is not None:
            self.watch.complete = self.watch.complete and content.constant
            self.tokens.append(content.token)
            self._attributes(x, content.parts)
            return
        by_content = isinstance(x, Hashable) and _is_content(kind)
        if by_content:
            self.tokens += (kind, x)
        if slots(kind) or hasattr(x, "__dict__"):
            self._attributes(x, [])
        elif not by_content:
            self.tokens.append(_identity(x))

    def _attributes(self, x: Any, parts: Sequence[Any]) -> None:
        """The class of an object, its attributes, and ``parts`` that are none."""
        kind: Any = type(x)
        names = [name for name in slots(kind) if hasattr(x, name)]
        attributes = getattr(x, "__dict__", None)
        values = [getattr(x, name) for name in names]
        self.watch.kinds.append((weakly(x), x.__class__))
        if attributes is not None:
            keys = tuple(attributes)
            self.watch.dicts.append((attributes, keys, tuple(attributes.values())))
            names, values = [*names, *keys], [*values, *attributes.values()]
        if slots(kind):
            self.watch.complete = False
        self._push(("object", len(parts), *names), [kind, *parts, *values])

    def _push(self, token: Any, parts: Sequence[Any]) -> None:
        self.tokens.append(token)
        self.stack.extend(parts[::-1])


@lru_cache(CLASSES)
def _names(code: CodeType) -> tuple[str, ...]:
    """The names a function may look up among its globals, those of functions inside it included."""
    inner = [name for constant in code.co_consts if isinstance(constant, CodeType) for name in _names(constant)]
    return tuple(dict.fromkeys([*code.co_names, *inner]))


def _installed(module: str | None, filename: str | None) -> bool:
    """Whether something is part of Python, of an installed package, or of this library."""
    root, place = (module or "").partition(".")[0], filename or "<"
    if root in sys.stdlib_module_names:  # and not a file of that name that stands elsewhere
        return place.startswith(("<", _STANDARD_LIBRARY))
    return root in _LIBRARIES or "site-packages" in place


def _member(name: str, member: Any) -> Any:
    """What a class holds that its objects may show; unbound for what Python keeps there."""
    if isinstance(member, property):
        return (name, member.fget)
    if isinstance(member, classmethod | staticmethod):
        return (name, member.__func__)
    of_python = name.startswith("__") and not callable(member)
    return UNBOUND if of_python or isinstance(member, GetSetDescriptorType | MemberDescriptorType) else (name, member)


@lru_cache(CLASSES)
def slots(kind: Any) -> tuple[str, ...]:
    """The names of the attributes that objects of a class keep in slots."""
    found: list[str] = []
    for base in kind.__mro__:
        names = vars(base).get("__slots__", ())
        names = (names,) if isinstance(names, str) else names
        private = f"_{base.__name__.lstrip('_')}"
        found += [private + name if name.startswith("__") and not name.endswith("__") else name for name in names]
    return tuple(name for name in found if name not in ("__dict__", "__weakref__"))


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


@lru_cache(CLASSES)
def _is_content(kind: Any) -> bool:
    """Whether objects are equal by what they are, as a Decimal or a date is: by an installed class, not the user's."""
    base = next(base for base in kind.__mro__ if "__hash__" in vars(base))
    return base is not object and _installed(base.__module__, None)


class _Same:
    """A token of one object, which it keeps alive."""

    __slots__ = ("x",)

    def __init__(self, x: Any) -> None:
        self.x = x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.x is other.x

    def __hash__(self) -> int:
        return id(self.x)
