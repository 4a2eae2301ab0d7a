"""Values and modules, found by the attributes and containers that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograd import Value

__all__ = ["HOLDERS", "Tree", "inside", "named_values", "parts", "values_of"]


class Tree:
    """What is searched by its attributes: a module, before it is known what else a module can do."""


HOLDERS = (Value, Tree, list, tuple, dict, np.ndarray)


def parts(root: Tree) -> Iterator[tuple[str, Any]]:
    """Trees, Values and lists of Values below ``root``, itself first, in definition order, with dotted names.

    Trees and lists come once; a Value comes as often as it is held.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        name, part = stack.pop()
        if isinstance(part, Value):
            yield name, part
            continue
        if id(part) in seen:
            continue
        seen.add(id(part))
        if part.__class__ is list and set(map(type, part)) == {Value}:  # weights: no need for the stack
            yield name, part
            continue
        if isinstance(part, Tree):
            yield name, part
        prefix = f"{name}." if name else ""
        held = [(f"{prefix}{key}", x) for key, x in inside(part) if isinstance(x, HOLDERS)]
        stack.extend(reversed(held))


def values_of(root: Tree) -> list[Value]:
    """Every Value below ``root`` once, leaves and results, in definition order."""
    values: list[Value] = []
    for _, part in parts(root):
        if part.__class__ is list:
            values.extend(part)
        elif isinstance(part, Value):
            values.append(part)
    return list(dict.fromkeys(values))


def named_values(root: Tree) -> list[tuple[str, Value]]:
    """The same with dotted names, each the first it has."""
    names: dict[Value, str] = {}
    for name, part in parts(root):
        if part.__class__ is list:
            for i, x in enumerate(part):
                names.setdefault(x, f"{name}.{i}")
        elif isinstance(part, Value):
            names.setdefault(part, name)
    return [(name, value) for value, name in names.items()]


def inside(part: Any) -> Iterable[tuple[Any, Any]]:
    """What a module or a container holds, by name or number."""
    if isinstance(part, Tree):
        return vars(part).items()
    if isinstance(part, dict):
        return part.items()
    if isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.dtype == object and part.ndim):
        return enumerate(part)
    return ()
