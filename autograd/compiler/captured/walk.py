"""A walk through all that an object or a function holds, each thing written down once."""

from __future__ import annotations

import os
import random
import sys
from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from hashlib import blake2b
from types import BuiltinFunctionType, FunctionType, MethodType, MethodWrapperType, ModuleType
from typing import Any
from weakref import ref

import numpy as np

from autograd.compiler.captured.contents import PROXIES, content_of, is_pickled, pickled, referents
from autograd.compiler.captured.identity import identity, is_content
from autograd.compiler.captured.imported import Imported, modules_named
from autograd.compiler.captured.lookups import lookups
from autograd.compiler.captured.members import member, slots
from autograd.compiler.captured.origin import home_of, is_installed, is_library
from autograd.compiler.captured.watch import UNBOUND, Watch, bound, weakly
from autograd.errors import CompileError
from autograd.value import Value

__all__ = ["Walk"]

# An array of more bytes than this counts by a digest of them: the keys of many programs are kept.
SMALL = 4096

# An object that holds more than this is no setting; nobody wants to wait for it to be compared in every call.
LARGEST = 1_000_000

_ATOMS = frozenset({bool, int, str, bytes, complex, type(None), type(...), type(NotImplemented), range, slice})
_GENERATORS = (random.Random, np.random.Generator, np.random.RandomState, np.random.BitGenerator)
# What is whole without its attributes and its class, which a subclass of these adds.
_CONTAINERS = frozenset({list, tuple, deque, dict, np.ndarray})


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
    names : tuple of str
        By which the functions that were met may read modules, and ``names``.
    """

    def __init__(self, x: Any, root: bool = False, names: Iterable[str] = ()) -> None:
        self.tokens: list[Any] = []
        self.watch = Watch()
        self.generators: list[Any] = []
        self._imported = Imported(home_of(x) if root else None)
        self._imported.look_up(names)
        self.seen: dict[int, tuple[int, Any]] = {}  # the object too, so that it stays alive
        self.stack: list[Any] = []
        self.over(x, root)

    def over(self, x: Any, root: bool) -> None:
        """Walk ``x``; as the root, a function is followed wherever it comes from."""
        self.stack.append(x)
        self._drain(root)
        while unread := self._imported.unread():  # which may lead to functions that read more
            for module, name, x, watched, followed in unread:
                if watched:
                    self.watch.bindings.append((vars(module), name, x))
                self.tokens.append((module, name) if followed else (module, name, identity(x)))
                self.stack += [x] * followed
                self._drain(False)
        self.watch.missing = self._imported.missing()
        self.names = tuple(self._imported.names)

    def _drain(self, root: bool) -> None:
        while self.stack:
            x = self.stack.pop()
            kind = type(x)
            if kind is float:
                self.tokens.append(x.hex())
            elif kind in _ATOMS:
                self.tokens += (kind, x) if kind is not slice else (kind, repr(x))
                if kind is str:
                    self._imported.look_up((x,))  # by getattr
            elif kind in PROXIES:
                self.watch.complete = False
                self._push(kind, referents(x))
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
        if x is sys.modules:
            self.tokens.append("modules")
        elif isinstance(x, list | tuple | deque):
            self._sequence(x)
            self._subclass(x)
        elif isinstance(x, dict):
            self._dict(x)
            self._subclass(x)
        elif x is os.getenv:
            self._push("getenv", [os.environ])
        elif isinstance(x, FunctionType):
            self._function(x, root or not self._is_installed(x.__globals__.get("__name__"), x.__code__.co_filename))
        elif isinstance(x, MethodType):
            self._push("method", [x.__func__, x.__self__])
        elif isinstance(x, partial):
            self._push("partial", [x.func, x.args, x.keywords])
        elif isinstance(x, type):
            self._class(x)
        elif isinstance(x, BuiltinFunctionType | MethodWrapperType) and not isinstance(x.__self__, ModuleType | None):
            self._push(("method", x.__name__), [x.__self__])
        elif isinstance(x, ModuleType):
            self._module(x)
        elif isinstance(x, BuiltinFunctionType | np.ufunc):
            self.tokens.append(x)
        elif parts := getattr(type(x), "_compiled_parts", None):
            self._push(type(x), parts(x))
        elif isinstance(x, np.ndarray | np.generic):
            self._array(x)
            self._subclass(x)
        elif isinstance(x, set | frozenset):
            self.watch.complete = False
            self.tokens.append(frozenset(tuple(Walk(part).tokens) for part in x))
            self._attributes(x, [part for part in x if type(part) not in _ATOMS])  # in an order that may differ
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
            self._imported.look_up(keys)
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
            names = lookups(f.__code__)
            found += [self._bind(f.__globals__, name) for name in names.globals]
            found += [self._bind(sys.modules, name) for name in modules_named(names, f.__globals__)]
            found += [vars(f) or None]
            self._imported.look_up(names.attributes)
        self._push(f.__code__ if found else f, found)

    def _bind(self, place: Any, name: str) -> Any:
        x = bound(place, name)
        self.watch.bindings.append((place, name, x))
        return None if x is UNBOUND else x

    def _module(self, x: ModuleType) -> None:
        """A module, of which is read later what the functions in this walk have names for."""
        self.tokens.append(x)
        self._imported.meet(x)
        if type(x) is not ModuleType:
            self._push("module", [type(x)])

    def _class(self, x: type) -> None:
        self.tokens.append(x)
        module: Any = x.__module__  # not a name, but a descriptor, of metaclasses that are written in C
        filename = getattr(sys.modules.get(module), "__file__", None) if isinstance(module, str) else None
        if not isinstance(module, str) or is_library(module, filename):
            return
        if self._is_installed(module, filename):
            self._imported.meet_class(x, filename)
            self._push("bases", x.__bases__)
        else:
            members = vars(x)
            self.watch.dicts.append((members, tuple(members), tuple(members.values())))
            self.watch.kinds.append((ref(x), type(x)))
            self.watch.bases.append((x, x.__bases__))
            found = [part for name, x in members.items() if (part := member(name, x)) is not UNBOUND]
            self._push(len(found), [*found, type(x), *x.__bases__])

    def _instance(self, x: Any) -> None:
        kind: Any = type(x)
        if kind.__module__ == "logging":  # holds all loggers there are, and no number of anyone's
            self.tokens.append(identity(x))
            return
        if isinstance(x, _GENERATORS):
            self.generators.append(x)
        content = content_of(x)
        if content is not None:
            self.watch.complete = self.watch.complete and content.constant
            self.tokens.append(content.token)
            self._attributes(x, content.parts)
            return
        by_content = isinstance(x, Hashable) and is_content(kind)
        if by_content:
            self.tokens += (kind, x)
        if slots(kind) or hasattr(x, "__dict__"):
            self._attributes(x, [])
        elif not by_content:
            self.tokens.append(identity(x))
            if is_pickled(kind):
                self.watch.complete = False
                self.stack.append(pickled(x))

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

    def _is_installed(self, module: str | None, filename: str | None) -> bool:
        return is_installed(module, filename, self._imported.home)

    def _push(self, token: Any, parts: Sequence[Any]) -> None:
        self.tokens.append(token)
        self.stack.extend(parts[::-1])
