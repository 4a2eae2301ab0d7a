"""Never silently wrong: a program is checked against the function it came from."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.calls.again import Array, Places, again, direction, eager, side_by_side, slopes_again
from autograd.compiler.calls.call import Call
from autograd.compiler.calls.chance import draws_numbers
from autograd.compiler.calls.recordings import Point, Recording, Trace
from autograd.compiler.calls.rounding import SMALLEST, ULPS, rounding
from autograd.compiler.program.entries import Entries, Index
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.tape import Tape
from autograd.errors import CompileError
from autograd.explain import call as shown

__all__ = ["other_point", "verify"]


class Found(NamedTuple):
    """What a program gives, by degree: values, first or second derivatives, rows of these added up with weights."""

    numbers: dict[int, Array]
    weights: Array


# How far each result may be off, relative to itself: far above rounding, far below a wrong formula.
TOLERANCE = 1e-6
WHAT = ("the value", "the gradient", "the second derivative")
# Where rounding, a few units in the last place of every operation, makes this part of a difference, it proves nothing.
NOISE = 1e-3
# So many operands are computed to verify a program, if one point tells something before; for second derivatives each
# costs several times as much.
ENOUGH, SECOND = 10_000, 5


def verify(call: Call, first: Recording, program: Program, entries: Entries | None = None) -> None:
    """Record the function again, at other numbers, and compare; then compare program and graph at other points.

    Raises
    ------
    CompileError
        If the graph depends on more than the arguments' structure, or the program's numbers are not the graph's.
    """
    name = call.subject.name
    drawn, trace = draws_numbers(call, lambda: call.trace(other_point(call.point(0))))
    if drawn:
        raise CompileError(
            f"{name} draws random numbers, and a program would draw them once, for all calls; draw them outside, and "
            "pass them as arguments"
        )
    second = trace.listed()
    if _frozen(first.tape) != _frozen(second.tape):
        raise CompileError(
            f"{name} gave two different graphs for two sets of numbers: its path or a constant in it depends on them, "
            "on what an earlier call left behind, or on chance; pass such numbers in as arguments"
        )
    made_outside = {*map(id, first.tape.alone)} & {*map(id, second.tape.alone)}
    for node in first.tape.alone:
        if id(node) in made_outside:
            raise CompileError(
                f"{name} uses {shown(node)}, which was computed before the call and would not be again; compute it "
                "inside the function, or pass its number as an argument"
            )
    with np.errstate(all="ignore"):  # numbers that fade are no accident
        _compare(call, first, trace, program, entries)


def other_point(point: Point) -> Point:
    """Numbers that have nothing in common with those of a call: other signs, other sizes, no zeros."""
    rng = np.random.default_rng(0)
    parameters, fixed, *rows = [_moved(x, rng) for x in (point.parameters, point.fixed, *point.rows)]
    return point._replace(parameters=parameters, fixed=fixed, rows=rows)


def _compare(call: Call, recording: Recording, trace: Trace, program: Program, entries: Entries | None) -> None:
    """Compare at independent points until some tell something, one at least; of what is soon computed all.

    Nan that agrees with nan verifies nothing, nor do zeros alone or what is lost in rounding, as slopes of functions
    that are saturated: there the next points are tried too. At several points more branches are taken.
    """
    point, tape, name = call.point(0), recording.tape, call.subject.name
    fixed = np.concatenate([point.fixed, [leaf._data for leaf in tape.captured]])
    several = not recording.bare or call.subject.by_example
    if call.wanted:
        order = 0 if max(tape.outputs) < 0 or (call.wanted.order == 2 and len(tape.outputs) > 1) else call.wanted.order
    else:
        order = 0 if several or tape.outputs[0] < 0 else 1
    points = [*_points([point.parameters, fixed, *point.rows])]
    # A graph in which every number has moved is there already.
    traced = None
    if not tape.captured and not any(argument.leaves for argument in call.arguments.values()):
        parameters, fixed, rows = other_point(point)
        points[0] = traced = [parameters, fixed, *rows]
    overflow, verified, flat, still, told = None, False, None, None, 0
    enough = ENOUGH // (1 + sum(map(len, tape.args)) * (SECOND if order == 2 else 1))
    for k, (found, weights) in _finite_first(points, lambda places: _found(call, program, entries, places, order)):
        places = points[k]
        if flat is not None and enough < 1:
            still = _still(tape, points, call.places, flat[0]) if still is None else still
            if still[k] and _is_flat_too(found, flat[1]):
                continue
        results, leaves = (trace.results, trace.leaves) if places is traced else again(tape, places)
        expected, slopes = eager(results, leaves, call.places, order, weights)
        if not np.isfinite(expected).all():
            slopes = np.full_like(slopes, np.nan)  # what is not finite has no derivative, whatever the rules make of it
        clear, tells = np.isfinite(expected).all() and np.isfinite(slopes).all(), True
        for degree, numbers in found.items():
            right = slopes if degree else expected
            wrong = _differences(numbers, right)
            # What is not finite is asked of the engine, in every call; a value that never is finite is no overflow.
            finite = np.isfinite(numbers)
            clear = clear and finite.all()
            if not degree and (wrong & ~finite).any():
                overflow = overflow or _differs(degree, name, numbers, right, wrong & ~finite)
            wrong &= finite
            tells = tells and bool(right.any())
            if wrong.any():
                tells = False
                graph = slopes_again(results, leaves, call.places, order, weights) if degree else results
                wrong &= rounding(graph) < NOISE * np.abs(numbers - right)
            if wrong.any():
                raise _differs(degree, name, numbers, right, wrong)
        told += bool(clear and tells)
        if told and told >= enough:
            return
        if clear and not slopes.any():
            flat = k, expected
        verified = verified or bool(clear)
    if verified:
        return
    if overflow:
        raise overflow
    warnings.warn(
        f"the compiled {name} is not verified: the function is nan or infinite wherever it was tried; check that it "
        "is finite for the numbers that it is meant for",
        stacklevel=2,
    )


def _finite_first(points: Sequence[Places], run: Callable[[Places], Found]) -> Iterator[tuple[int, Found]]:
    """Of each point its number and what a program gives; last where that is not finite: the engine takes longer."""
    last = []
    for k, places in enumerate(points):
        found = run(places)
        if all(np.isfinite(numbers).all() for numbers in found.numbers.values()):
            yield k, found
        else:
            last.append((k, found))
    yield from last


def _is_flat_too(found: dict[int, Array], flat: Array) -> bool:
    """Whether a program gives what it gives at a point without slopes, and has none."""
    moving = any(numbers.any() for degree, numbers in found.items() if degree)
    return not moving and np.allclose(found.get(0, flat), flat, rtol=4.0 * ULPS, atol=0.0)


def _still(tape: Tape, points: Sequence[Places], inputs: Sequence[int], flat: int) -> Any:
    """At which points a function moves no more than at one of them, where it has no slope.

    So it is with what fades away over a long graph. The slopes of the engine, which take longest, would be no news.
    """
    results, moves = side_by_side(tape, points, inputs)
    near: Any = np.isclose(results, results[flat], rtol=4.0 * ULPS, atol=0.0).all(1)
    return near > moves


def _differs(degree: int, name: str, found: Array, right: Array, wrong: Any) -> CompileError:
    i = int(wrong.argmax())
    return CompileError(
        f"{WHAT[degree]} of the compiled {name} differs from {name} itself at a second point, {found[i]} against "
        f"{right[i]}; please report this, and leave the function uncompiled"
    )


def _found(call: Call, program: Program, entries: Entries | None, places: Places, order: int) -> Found:
    """What a program gives."""
    parameters, fixed, batch = places[0], places[1], [row[None] for row in places[2:]]
    if entries is None:
        found = {0: np.ravel(program.value(parameters, *batch, fixed=fixed))}
        if order:
            found[1] = program.value_and_grad(parameters, *batch, fixed=fixed)[1]
        return Found(found, np.ones(1))
    (m, p), rows, columns, _ = entries.pattern
    wanted, along = call.wanted, direction(p)
    assert wanted is not None
    if wanted.along and call.inputs:
        batch = [*batch, along[None]]
    elif wanted.along:
        fixed = np.concatenate([fixed, along])
    results = np.ravel(entries.program.value(parameters, *batch, fixed=fixed))
    found = {0: results[: entries.values]} if entries.values else {}
    weights = along if wanted.along else direction(m)
    if order:
        data = entries.data(results)
        if not wanted.along and m > 1:
            weights /= _sizes(data, rows, m)
        found[wanted.order] = np.bincount(columns, data if wanted.along else data * weights[rows], p)
    return Found(found, weights)


def _sizes(data: Array, rows: Index, count: int) -> Array:
    """The largest entry of each row, so that no row hides another."""
    sizes = np.zeros(count)
    np.maximum.at(sizes, rows, np.where(np.isfinite(data), np.abs(data), 0.0))
    return np.where(sizes > SMALLEST, sizes, 1.0)


def _points(numbers: Sequence[Array]) -> Iterator[list[Array]]:
    """Points to compare at: of other signs, near the call's own, of any sign, positive, in (0, 1), larger, its own."""
    rng = np.random.default_rng(1)
    yield [_moved(x, rng) for x in numbers]
    yield [x * rng.uniform(0.9, 1.0, x.shape) for x in numbers]
    yield [_moved(x, rng) * rng.choice([-1.0, 1.0], x.shape) for x in numbers]
    yield [np.abs(_moved(x, rng)) for x in numbers]
    yield [rng.uniform(0.05, 0.95, x.shape) for x in numbers]
    yield [x * rng.uniform(1.1, 2.0, x.shape) for x in numbers]  # a barrier may end where the call's own numbers are
    yield [*numbers]  # a power of a negative number may be finite nowhere else


def _moved(x: Array, rng: np.random.Generator) -> Array:
    """Numbers of the other sign and of a similar size; around 1 for those that are zero or not finite."""
    usual = np.isfinite(x) & (x != 0.0)
    moved: Array = np.where(usual, -x, 1.0) * rng.uniform(0.5, 1.5, x.shape)
    return moved


def _differences(found: Array, right: Array) -> Any:
    """Where finite numbers are not met."""
    return np.isfinite(right) & ~np.isclose(found, right, rtol=TOLERANCE, atol=TOLERANCE * SMALLEST)


def _frozen(tape: Tape) -> tuple[object, ...]:
    """What must not depend on the numbers; nan equals nan here."""
    return tape.ops, tape.args, tape.outputs, [x.hex() for x in tape.constants], tape.captured
