"""What to draw: numbers an operation is happy with, random expressions, networks and data.

Everything here reads the public table ``autograd.ops.TABLE`` and nothing else of the engine, so these strategies serve
an operation of your own as well: add it to the list you pass as ``operations``.

Numbers come from an operation's own domain. Expression graphs are safe by construction: each step chooses among the
operations that are legal at the values reached so far, at least :data:`MARGIN` away from kinks, poles and ends of
domains, so that no example is thrown away and a finite difference has room. A failing graph shrinks to a few steps,
since operands are counted back from the newest node and the list of steps can lose any of its members.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import chain, combinations, pairwise

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import SearchStrategy

from autograd import floats
from autograd.op import REAL, Interval, Op
from autograd.ops import TABLE
from autograd.testing.expressions import Expression, Step

__all__ = [
    "ANY_FLOAT",
    "DIFFERENTIABLE",
    "MARGIN",
    "MODERATE",
    "arguments",
    "arrays",
    "expressions",
    "inside",
    "networks",
    "room",
    "samples",
]

#: Every operation whose partials are the derivatives of its value: all but the one that declares them to be 0.
DIFFERENTIABLE = tuple(op for op in TABLE.values() if op.name != "stop_gradient")

# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ORDINARY = [1.0, 2.0, 0.5, -1.0, 3.0, -2.0, 0.25]
EXTREME = [0.0, -0.0, 5e-324, -5e-324, 1e-310, 1e-200, -1e-200, 1e-8, 40.0, -40.0, 709.0, -745.0, 1e8, 1e200, -1e200]

#: Every float there is: nan, infinities, subnormals.
ANY_FLOAT = st.sampled_from([*ORDINARY, *EXTREME, math.inf, -math.inf, math.nan]) | st.floats()

#: Numbers a person would use: 0, or of a size between a millionth and 4.
MODERATE = st.sampled_from([*ORDINARY, 0.0, -0.0]) | st.floats(1e-6, 4.0) | st.floats(-4.0, -1e-6)


def room(x: float, interval: Interval, kinks: Sequence[float] = ()) -> float:
    """Distance from ``x`` to the nearest end, pole or kink; negative outside the interval, inf if there is none."""
    if interval.whole:
        return math.inf if x in interval else -1.0
    if not interval.low < x < interval.high:
        return -1.0
    return min((abs(x - point) for point in (interval.low, interval.high, *interval.poles, *kinks)), default=math.inf)


@cache
def inside(
    interval: Interval = REAL,
    margin: float = 0.0,
    kinks: tuple[float, ...] = (),
    smallest: float = 0.0,
    largest: float = math.inf,
) -> SearchStrategy[float]:
    """Floats of an interval, more than ``margin`` away from its ends, poles and kinks.

    Ordinary numbers come first, then extreme ones (0, -0, tiny, huge, next to an end), then any.

    Parameters
    ----------
    interval : Interval
        A domain of the table, with its poles.
    margin : float
        The distance to keep.
    kinks : tuple of float
        More points to keep away from.
    smallest, largest : float
        Sizes; 0 is allowed all the same. An order is a whole number up to 4 whatever they are.
    """
    if interval.whole:
        return st.integers(math.floor(interval.low) + 1, 4).map(float)
    points = sorted({interval.low, interval.high, *interval.poles, *kinks, *([0.0] if smallest else [])})

    def legal(x: float) -> bool:
        return room(x, interval, kinks) > margin and (x == 0.0 or smallest <= abs(x) <= largest)

    gaps = []
    for low, high in pairwise(points):
        least, most = max(low + max(margin, smallest), -largest), min(high - max(margin, smallest), largest)
        gaps += [st.floats(least, most, allow_infinity=False).filter(legal)] if least < most else []
    nearest = [math.nextafter(point, side) for point in points for side in (-math.inf, math.inf)]
    return st.one_of(st.sampled_from([x for x in ORDINARY + EXTREME + nearest if legal(x)]), *gaps)


@cache
def arguments(
    op: Op, margin: float = 0.0, smallest: float = 0.0, largest: float = math.inf
) -> SearchStrategy[list[float]]:
    """Operands for one operation, from its domain; no two equal where a tie is a kink. Limits as in :func:`inside`."""
    first, *others = [
        inside(domain, margin, op.kinks if k == 0 else (), smallest, largest) for k, domain in enumerate(op.domain)
    ]
    if op.name == "dot":
        drawn = st.lists(st.tuples(first, first), min_size=1, max_size=2).map(
            lambda pairs: [*chain(*zip(*pairs, strict=True))]
        )
    elif op.arity is None:
        drawn = st.lists(first, min_size=1, max_size=4)
    else:
        drawn = st.tuples(first, *others).map(list)
    return drawn.filter(lambda xs: tie_distance(xs) > margin) if op.ties else drawn


def tie_distance(xs: Sequence[float]) -> float:
    """Distance between the two nearest of several numbers."""
    return min(abs(x - y) for x, y in combinations(xs, 2))


# ── Expression graphs ────────────────────────────────────────────────────────────────────────────────────────────────

#: Distance every node of a drawn graph keeps from kinks, poles and ends of domains.
MARGIN = 0.05

#: Nodes of a drawn graph are 0 or of a size between these; none moves faster than STEEPEST when a leaf moves.
SMALLEST, LARGEST, STEEPEST = 1e-6, 100.0, 1e3


def expressions(
    operations: Sequence[Op] = DIFFERENTIABLE,
    leaves: SearchStrategy[float] = MODERATE,
    constants: SearchStrategy[float] = MODERATE,
    at: Sequence[float] | None = None,
    max_leaves: int = 4,
    max_steps: int = 12,
) -> SearchStrategy[Expression]:
    """Expression graphs with shared and repeated operands, constants on either side, and operations of many operands.

    Parameters
    ----------
    operations : sequence of Op
        What a step may be. The first one that is legal wins while shrinking, so the simplest belong in front.
    leaves, constants : strategy of float
        Where numbers come from.
    at : sequence of float, optional
        The leaves themselves, in place of drawn ones.
    max_leaves, max_steps : int
        Largest size.

    Notes
    -----
    Leaves may stay unused, and so may nodes; their derivative is 0.
    """
    operand = st.integers(0, 5) | constants
    recipe = st.tuples(st.integers(0, len(operations) - 1), st.lists(operand, min_size=3, max_size=6))
    return st.builds(
        lambda xs, recipes: _build(operations, xs, recipes),
        st.lists(leaves, min_size=1, max_size=max_leaves) if at is None else st.just(list(at)),
        st.lists(recipe, min_size=1, max_size=max_steps),
    )


def _build(operations: Sequence[Op], leaves: list[float], recipes: list[tuple[int, list[int | float]]]) -> Expression:
    """A expression from drawn numbers, whatever they are: what is not legal becomes the next operation that is."""
    numbers, slopes = list(leaves), [1.0] * len(leaves)
    steps: list[Step] = []
    for first, drawn in recipes:
        places: list[int | float] = [len(numbers) - 1 - k % len(numbers) if isinstance(k, int) else k for k in drawn]
        for op in (*operations[first:], *operations[:first]):
            operands = _operands(op, places, len(numbers) - 1)
            result = _apply(op, operands, numbers, slopes)
            if result is not None:
                numbers.append(result[0])
                slopes.append(result[1])
                steps.append(Step(op.name, operands))
                break
    return Expression(tuple(leaves), tuple(steps) or (Step("neg", (0,)),))


def _operands(op: Op, places: Sequence[int | float], newest: int) -> tuple[int | float, ...]:
    """As many operands as the operation takes, at least one of them a node."""
    count = len(places) // 2 * 2 if op.arity is None else op.arity
    chosen = places[:count]
    return tuple(chosen) if any(isinstance(k, int) for k in chosen) else (newest, *chosen[1:])


def _apply(
    op: Op, operands: Sequence[int | float], numbers: Sequence[float], slopes: Sequence[float]
) -> tuple[float, float] | None:
    """Value and steepness of a step, or None where it is not legal."""
    args = [numbers[k] if isinstance(k, int) else k for k in operands]
    domains = op.domain if op.arity else op.domain * len(args)
    if any(room(x, domain) < MARGIN for x, domain in zip(args, domains, strict=True)):
        return None
    if room(args[0], REAL, op.kinks) < MARGIN or (op.ties and tie_distance(args) < MARGIN):
        return None
    y = op.value(floats, *args)
    if y != 0.0 and not SMALLEST <= abs(y) <= LARGEST:
        return None
    nodes = [i for i, k in enumerate(operands) if isinstance(k, int)]
    partials = op.differentiate(floats, y, args, nodes)
    steepness = sum(abs(p) * slopes[operands[i]] for i, p in zip(nodes, partials, strict=True))  # type: ignore[index]
    return (y, steepness) if steepness <= STEEPEST else None


# ── Networks and data ────────────────────────────────────────────────────────────────────────────────────────────────


def arrays(*shape: int) -> SearchStrategy[np.ndarray]:
    """Float arrays of a shape, filled with numbers a person would use."""
    return hnp.arrays(float, shape, elements=MODERATE)


def networks(max_layers: int = 3, max_width: int = 4) -> SearchStrategy[list[tuple[np.ndarray, np.ndarray]]]:
    """Weights ``(outputs, inputs)`` and biases ``(outputs,)`` of the layers of a perceptron, the first layer first."""

    def layers(widths: list[int]) -> SearchStrategy[list[tuple[np.ndarray, np.ndarray]]]:
        return st.tuples(*(st.tuples(arrays(after, before), arrays(after)) for before, after in pairwise(widths))).map(
            list
        )

    return st.lists(st.integers(1, max_width), min_size=2, max_size=max_layers + 1).flatmap(layers)


def samples(inputs: int, outputs: int = 1, max_rows: int = 5) -> SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    """Data to train on: inputs ``(rows, inputs)`` and targets ``(rows, outputs)``."""
    return st.integers(1, max_rows).flatmap(lambda rows: st.tuples(arrays(rows, inputs), arrays(rows, outputs)))
