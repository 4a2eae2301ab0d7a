"""Pickles and copies that keep a graph whole, however deep it is.

``pickle`` and ``copy`` go from a result to its operands by recursion, which a chain of a thousand operations exhausts.
So a result hands them first everything below it in topological order: when an operation's turn comes, its operands are
known already and nothing is entered twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import local
from typing import TYPE_CHECKING, Any

from autograd import graph
from autograd.graph import topological_order

if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["reduce_node"]

FIELDS = ("_data", "_grad", "_label", "_made_by", "_a", "_b", "_da", "_db")


class _Below(list["Value"]):
    """The operations below a result, operands first, for ``pickle`` and ``copy`` to go through one by one."""

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _Below, (), None, _Announcement(self)


class _Announced(local):
    """Nodes, in each thread, that a list above them has announced, so that they need no list of their own."""

    def __init__(self) -> None:
        self.nodes: set[Value] = set()


_announced = _Announced()


class _Announcement:
    """The nodes of a list, one by one; they are announced for as long as someone holds this, not just until its end.

    The pickler that is written in Python takes a thousand of them before it goes into the first.
    """

    def __init__(self, nodes: Iterable[Value]) -> None:
        self.nodes = tuple(nodes)
        self.left = iter(self.nodes)
        _announced.nodes.update(self.nodes)

    def __iter__(self) -> Iterator[Value]:
        return self

    def __next__(self) -> Value:
        return next(self.left)

    def __del__(self) -> None:
        _announced.nodes.difference_update(self.nodes)


def reduce_node(value: Any) -> tuple[Callable[..., Value], tuple[Any, ...]]:
    """What ``pickle`` and ``copy`` are told of a node: what lies below it, then its fields."""
    known = value._made_by is None or value in _announced.nodes
    below = _Below() if known else _Below(topological_order(value)[:-1])
    fields = [getattr(value, name) for name in FIELDS]
    return _restore, (below, type(value), fields)


def _restore(_below: Any, kind: type[Value], fields: list[Any]) -> Value:
    value = object.__new__(kind)
    for name, field in zip(FIELDS, fields, strict=True):
        setattr(value, name, field)
    value._mark = graph.leaf_mark if value._made_by is None else 0  # marks count the passes of one process
    return value
