"""The paths along which a derivative arrives, with the product of local derivatives along each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nlargest
from math import inf, isnan
from typing import NamedTuple

from autograd.convert import describe
from autograd.errors import OperandError
from autograd.graph import adjoints
from autograd.node import as_number
from autograd.recorded import recorded_partials
from autograd.tracing import DERIVATIVE, refuse_while_recording
from autograd.value import Value

__all__ = ["Path", "Paths", "paths"]


class Path(NamedTuple):
    """One way from the root down to a leaf.

    Attributes
    ----------
    nodes : tuple of Value
        From the root to the leaf.
    partials : tuple of float
        The local derivative along each step.
    product : float
        Of the partials: what this path adds to the gradient.
    """

    nodes: tuple[Value, ...]
    partials: tuple[float, ...]
    product: float


class Paths(tuple[Path, ...]):
    """The largest paths from a root to a leaf, largest first.

    Attributes
    ----------
    gradient : float
        The derivative of the root with respect to the leaf: the sum over all paths, where these are finite.
    total : int
        How many paths there are; this tuple may hold fewer.
    """

    gradient: float
    total: int

    @property
    def rest(self) -> float:
        """What the paths that are not listed add up to."""
        return self.gradient - sum(path.product for path in self)


def paths(root: Value, leaf: Value, limit: int = 10) -> Paths:
    """The paths from ``root`` to ``leaf`` whose products of local derivatives are largest in size.

    Parameters
    ----------
    root : Value
        What is differentiated.
    leaf : Value
        With respect to what; an intermediate result will do.
    limit : int
        How many paths to list at most. There may be exponentially many; the cost is ``limit`` times that of a
        backward pass.

    Returns
    -------
    Paths
        Largest first. The products of all paths add up to ``gradient`` where they are finite; above a pole one may be
        infinite and another minus that, while the engine adds up adjoints before it multiplies.

    Notes
    -----
    A path ends where the product becomes exactly zero, by the rule of :func:`autograd.graph.chain_rule`, which does
    the walking here too: its adjoints are lists of paths instead of numbers.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> y = x * x + 2.0 * x
    >>> found = paths(y, x)
    >>> [path.product for path in found], found.gradient, found.total
    ([3.0, 3.0, 2.0], 8.0, 3)
    """
    for value, what in ((root, "root"), (leaf, "leaf")):
        if not isinstance(value, Value):
            raise OperandError(f"paths takes a Value as its {what}, got {describe(value)}")
    if limit < 1:
        raise ValueError(f"paths takes a limit of at least 1, got {limit}")
    refuse_while_recording("paths()", DERIVATIVE)
    none, whole = _Largest(limit), [_Trail(1.0, None, None)]
    (largest,) = adjoints(root, [leaf], _steps, zero=none, one=none + whole)
    (gradient,) = adjoints(root, [leaf], recorded_partials)
    (total,) = adjoints(root, [leaf], lambda node: ((x, 1) for x, _ in recorded_partials(node)), zero=0, one=1)
    found = Paths(_unroll(root, trail) for trail in largest.trails)
    found.gradient, found.total = gradient, total
    return found


class _Trail(NamedTuple):
    """A path under way: its product so far, its last step, and the trail before that."""

    product: float
    step: tuple[Value, float] | None
    before: _Trail | None


class _Largest:
    """An adjoint to which lists of paths are added, of which it keeps the largest; its product extends each path."""

    __slots__ = ("limit", "trails")

    def __init__(self, limit: int, trails: Sequence[_Trail] = ()) -> None:
        self.limit = limit
        self.trails = trails

    def __add__(self, trails: Sequence[_Trail]) -> _Largest:
        return _Largest(self.limit, nlargest(self.limit, (*self.trails, *trails), key=_size))

    def __mul__(self, step: tuple[Value, float]) -> list[_Trail]:
        return [_Trail(trail.product * step[1], step, trail) for trail in self.trails if trail.product]


def _size(trail: _Trail) -> float:
    """How much a path matters: most of all if its product is nan."""
    return inf if isnan(trail.product) else abs(trail.product)


def _steps(node: Value) -> Iterator[tuple[Value, tuple[Value, float]]]:
    for operand, partial in recorded_partials(node):
        yield operand, (operand, as_number(partial))


def _unroll(root: Value, trail: _Trail) -> Path:
    steps = []
    last: _Trail | None = trail
    while last is not None and last.step is not None:
        steps.append(last.step)
        last = last.before
    steps.reverse()
    return Path((root, *(node for node, _ in steps)), tuple(partial for _, partial in steps), trail.product)
