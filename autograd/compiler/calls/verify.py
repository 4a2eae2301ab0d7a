"""Never silently wrong: a program is checked against the function it came from."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import functions
from autograd.compiler.calls.call import Call, Point, Recording
from autograd.compiler.calls.chance import draws_numbers
from autograd.compiler.program.entries import Entries
from autograd.compiler.program.program import Program
from autograd.compiler.scalars.tape import FIRST_BATCHED, FIXED, PARAMETER, Tape
from autograd.errors import CompileError
from autograd.explain import call as shown
from autograd.recorded import gradients
from autograd.value import Value, apply

__all__ = ["other_point", "verify"]

Array = npt.NDArray[np.float64]

# How far results may differ, relative to the largest: far above rounding, far below a wrong formula.
TOLERANCE = 1e-6
DERIVATIVES = ("", "the gradient", "the second derivative")
# Where rounding, a few units in the last place of every operation, makes this part of a difference, it proves nothing.
ULPS, NOISE = 4e-16, 1e-3


def verify(call: Call, first: Recording, program: Program, entries: Entries | None = None) -> None:
    """Record the function again, at other numbers, and compare; then compare program and graph at other points.

    Raises
    ------
    CompileError
        If the graph depends on more than the arguments' structure, or the program's numbers are not the graph's.
    """
    name = call.subject.name
    drawn, second = draws_numbers(call, lambda: call.record(other_point(call.point(0))))
    if drawn:
        raise CompileError(
            f"{name} draws random numbers, and a program would draw them once, for all calls; draw them outside, and "
            "pass them as arguments"
        )
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
    _compare(call, first, program, entries)


def other_point(point: Point) -> Point:
    """Numbers that have nothing in common with those of a call: other signs, other sizes, no zeros."""
    rng = np.random.default_rng(0)
    parameters, fixed, *rows = [_moved(x, rng) for x in (point.parameters, point.fixed, *point.rows)]
    return point._replace(parameters=parameters, fixed=fixed, rows=rows)


def _compare(call: Call, recording: Recording, program: Program, entries: Entries | None) -> None:
    """Compare at independent points until one gives finite numbers; nan that agrees with nan verifies nothing."""
    point, tape, name, inputs = call.point(0), recording.tape, call.subject.name, call.places
    fixed = np.concatenate([point.fixed, [leaf._data for leaf in tape.captured]])
    several = not recording.bare or call.subject.by_example
    if call.wanted:
        order = 0 if max(tape.outputs) < 0 or (call.wanted.order == 2 and len(tape.outputs) > 1) else call.wanted.order
    else:
        order = 0 if several or tape.outputs[0] < 0 else 1
    overflow = None
    for places in _points([point.parameters, fixed, *point.rows]):
        expected, slopes = _eager(tape, places, order, inputs)
        if not np.isfinite(expected).all():
            slopes = np.full_like(slopes, np.nan)  # what is not finite has no derivative, whatever the rules make of it
        parameters, fixed, batch = places[0], places[1], [row[None] for row in places[2:]]
        pairs = []
        if entries is not None:
            pairs += _combined(call, entries, parameters, fixed, batch, expected, slopes)
        else:
            pairs.append(("the value", np.ravel(program.value(parameters, *batch, fixed=fixed)), expected))
            if order:
                pairs.append((DERIVATIVES[1], program.value_and_grad(parameters, *batch, fixed=fixed)[1], slopes))
        clear = np.isfinite(expected).all() and np.isfinite(slopes).all()
        for what, found, right in pairs:
            wrong = _differences(found, right)
            # What is not finite is asked of the engine, in every call; a value that never is finite is no overflow.
            finite = np.isfinite(found)
            clear = clear and finite.all()
            if right is not slopes and (wrong & ~finite).any():
                overflow = overflow or _differs(what, name, found, right, wrong & ~finite)
            wrong &= finite
            if wrong.any():
                nearby = _eager(tape, places, order, inputs, ULPS)[right is slopes]
                wrong &= ~(np.abs(nearby - right) > NOISE * np.abs(found - right))
            if wrong.any():
                raise _differs(what, name, found, right, wrong)
        if clear:
            return
    if overflow:
        raise overflow
    warnings.warn(
        f"the compiled {name} is not verified: the function is nan or infinite wherever it was tried; check that it "
        "is finite for the numbers that it is meant for",
        stacklevel=2,
    )


def _differs(what: str, name: str, found: Array, right: Array, wrong: Any) -> CompileError:
    i = int(wrong.argmax())
    return CompileError(
        f"{what} of the compiled {name} differs from {name} itself at a second point, {found[i]} against {right[i]}; "
        "please report this, and leave the function uncompiled"
    )


def _combined(
    call: Call,
    entries: Entries,
    parameters: Array,
    fixed: Array,
    batch: Sequence[Array],
    expected: Array,
    slopes: Array,
) -> list[tuple[str, Array, Array]]:
    """What a program of entries gives, its rows added up with weights, beside what the engine gives for the same."""
    (m, p), rows, columns, _ = entries.pattern
    wanted = call.wanted
    assert wanted is not None
    if wanted.along and call.inputs:
        batch = [*batch, _direction(p)[None]]
    elif wanted.along:
        fixed = np.concatenate([fixed, _direction(p)])
    results = np.ravel(entries.program.value(parameters, *batch, fixed=fixed))
    pairs = [("the value", results[: entries.values], expected)] if entries.values else []
    if len(slopes):
        weights = np.ones(1) if wanted.along else _direction(m)
        found = np.bincount(columns, entries.data(results) * weights[rows], p)
        pairs.append((DERIVATIVES[wanted.order], found, slopes))
    return pairs


def _points(numbers: Sequence[Array]) -> Iterator[list[Array]]:
    """Points to compare at: of other signs, of any, positive, between 0 and 1, and at last near the call's own."""
    rng = np.random.default_rng(1)
    yield [_moved(x, rng) for x in numbers]
    yield [_moved(x, rng) * rng.choice([-1.0, 1.0], x.shape) for x in numbers]
    yield [np.abs(_moved(x, rng)) for x in numbers]
    yield [rng.uniform(0.05, 0.95, x.shape) for x in numbers]
    yield [x * rng.uniform(0.9, 1.0, x.shape) for x in numbers]


def _moved(x: Array, rng: np.random.Generator) -> Array:
    """Numbers of the other sign and of a similar size; around 1 for those that are zero or not finite."""
    usual = np.isfinite(x) & (x != 0.0)
    moved: Array = np.where(usual, -x, 1.0) * rng.uniform(0.5, 1.5, x.shape)
    return moved


def _eager(
    tape: Tape, places: Sequence[Array], order: int, inputs: Sequence[int] = (), rounding: float = 0.0
) -> tuple[Array, Array]:
    """Results, and derivatives of the one result, by the engine: the recorded graph made again at other numbers.

    Of several results, and of second derivatives, it gives those along one direction. It differentiates by the
    parameters, and by the places in ``inputs``.
    With ``rounding``, each operation is off by about that part, to see how much of a result is rounding.
    """
    rng = np.random.default_rng(2)
    numbers = {PARAMETER: places[0], FIXED: places[1], **{FIRST_BATCHED + k: x for k, x in enumerate(places[2:])}}
    leaves = {place: [Value(x) for x in np.ravel(array).tolist()] for place, array in numbers.items()}
    nodes: list[Any] = []

    def read(i: int) -> Any:
        return nodes[i] if i >= 0 else tape.constants[-1 - i]

    for op, args in zip(tape.ops, tape.args, strict=True):
        y = leaves[args[0]][args[1]] if op is None else apply(op, *map(read, args))
        nodes.append(y * (1.0 + rounding * rng.uniform(-1.0, 1.0)) if rounding else y)
    results = [read(i) for i in tape.outputs]
    values = np.array([y._data if isinstance(y, Value) else y for y in results])
    wanted = [x for place in (PARAMETER, *inputs) for x in leaves[place]]
    if order == 2:
        results = gradients(results[0], wanted, create_graph=True, check=False)
    if order == 2 or len(results) > 1:
        results = [functions.dot(results, _direction(len(results)).tolist())]
    if not isinstance(results[0], Value):
        return values, np.zeros(len(wanted) if order else 0)
    return values, np.array(gradients(results[0], wanted, check=False) if order else ())


def _direction(count: int) -> Array:
    """A direction along which derivatives are compared: in none of its entries zero; of a single result, itself."""
    return np.ones(1) if count == 1 else np.random.default_rng(3).uniform(0.5, 1.5, count)


def _differences(found: Array, right: Array) -> Any:
    """Where finite numbers are not met, relative to the largest of them."""
    finite = np.isfinite(right)
    scale = np.abs(right[finite]).max(initial=1e-3)
    return finite & ~np.isclose(found, right, rtol=0.0, atol=TOLERANCE * scale)


def _frozen(tape: Tape) -> tuple[object, ...]:
    """What must not depend on the numbers; nan equals nan here."""
    return tape.ops, tape.args, tape.outputs, [x.hex() for x in tape.constants], tape.captured
