"""Elementwise statements of the C runtime that are computed where they are read: the same numbers, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import ops
from autograd.compiler.backends import UnsupportedProgramError
from autograd.compiler.backends.c import tiles
from autograd.compiler.backends.c.arrays import TileCode
from autograd.compiler.backends.c.chained import Chained, chained
from autograd.compiler.backends.c.steps import REST, REST_TIMES, TIMES_PLUS
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import PARAMETER
from tests.compiler.runtime import needs_runtime
from tests.compiler.statements import ARGUMENT, PLACE, meant, numbers, program, view
from tests.compiler.test_tile_statements import agree, ran

OPS = [ops.add, ops.sub, ops.mul, ops.div, ops.tanh, ops.exp, ops.sin, ops.relu, ops.neg, ops.maximum]
MODES = st.sampled_from(["=", "=", "+=", "-="])


@st.composite
def chains(draw: Any) -> list[Any]:
    """Elementwise statements, each of which reads others before it, in two axes."""
    batched, shape = draw(st.booleans()), (draw(st.integers(1, 4)), draw(st.integers(1, 5)))
    size, place = shape[0] * shape[1], PLACE[batched]
    outside = [view(PARAMETER, k, *shape) for k in range(3)] + [View(PARAMETER, 7, shape, (0, 1))]
    outside += [view(ARGUMENT, 3, *shape), View(ARGUMENT, 50, shape, (0, 0))] * batched
    statements: list[Any] = []
    for k in range(draw(st.integers(2, 5))):
        target = view(place, 25 * k, *shape)
        known = [s.target for s in statements] * 3
        operand = st.sampled_from([*outside, *known, *[replace(v, offset=v.offset + size // 2) for v in known[:1]]])
        if draw(st.booleans()):
            op = draw(st.sampled_from(OPS))
            statements.append(Map(target, op, tuple([draw(operand) for _ in range(op.arity)])))
            continue
        factors = st.lists(operand | st.sampled_from([0.5, 2.0]), min_size=1, max_size=2).map(tuple)
        terms = draw(st.lists(st.tuples(st.sampled_from([1, 1, -1]), factors), min_size=1, max_size=3))
        statements.append(Linear(target, draw(MODES), tuple(terms)))
    return statements


def bits(wanted: list[Any], count: int) -> dict[int, Any]:
    """Memory after the runtime has run them, each written by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiles, "chained", lambda sizes, statements, outputs: statements)
        return ran(numbers(examples=count, room=150), *wanted)


@needs_runtime
@given(wanted=chains(), count=st.integers(1, 17))
def test_chains_give_what_their_statements_give(wanted: list[Any], count: int):
    """To the last bit in what is read elsewhere; and as it is meant."""
    target = wanted[-1].target
    try:
        alone = bits(wanted, count)
    except UnsupportedProgramError:
        with pytest.raises(UnsupportedProgramError):
            ran(numbers(examples=count, room=150), *wanted)
        return
    found = ran(numbers(examples=count, room=150), *wanted)[target.place][target.slots()]
    assert found.tobytes() == alone[target.place][target.slots()].tobytes()
    expected = meant(numbers(examples=count, room=150), *wanted)[target.place][target.slots()]
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-9, equal_nan=True)


x, y, z = [view(PARAMETER, 15 * k, 12) for k in range(3)]
t, u, w = [view(UNBATCHED, 30 + 15 * k, 12) for k in range(3)]
square = Linear(t, "=", ((1, (1.0,)), (-1, (x, x))))
last = Map(u, ops.mul, (y, t))


def joined(*wanted: Any) -> list[Any]:
    body = program(room=150)
    return [s for s in chained(body.sizes, wanted, body.outputs) if isinstance(s, Chained)]


@needs_runtime
@pytest.mark.parametrize(
    ("wanted", "operations"),
    [
        ([square, last], [REST_TIMES]),
        ([square], [REST]),
        ([Map(t, ops.mul, (x, y)), Map(u, ops.add, (z, t))], [TIMES_PLUS]),
        ([Map(t, ops.mul, (x, y)), Map(u, ops.add, (t, z))], [TIMES_PLUS]),
        ([Map(t, ops.mul, (x, y)), Map(u, ops.sub, (t, z))], ["mul", "sub"]),
        ([Map(t, ops.mul, (x, y)), Map(u, ops.add, (t, t))], None),
        ([Linear(t, "=", ((1, (x, y)), (1, (y, z)), (1, (z,))))], ["mul", TIMES_PLUS, "add"]),
        ([square, Map(u, ops.mul, (t, t))], None),
        ([square, Map(u, ops.div, (t, y))], [REST, "div"]),
    ],
)
@pytest.mark.parametrize("place", [UNBATCHED, BATCHED])
def test_products_join_what_follows(wanted: list[Any], operations: list[Any] | None, place: int):
    """In one step of the runtime, if nobody else reads them; each is rounded as before."""
    wanted = [replace(s, target=replace(s.target, place=place)) for s in wanted]
    there = lambda v: replace(v, place=place) if isinstance(v, View) and v.place == UNBATCHED else v
    wanted = [replace(s, args=tuple(map(there, s.args))) if isinstance(s, Map) else s for s in wanted]
    code = TileCode(replace(program(room=150), passes=((), tuple(wanted))))
    names = {code.library.codes[name]: name for name in ("mul", "add", "sub", "div")}
    found = [names.get(k, k) for k in code.tiles[1].steps["operation"].tolist()]
    if operations is not None:
        assert found == operations
    target = wanted[-1].target
    rng = np.random.default_rng(0)
    memory = numbers(room=150)
    for array in memory.values():  # each rounded by itself, or another last bit
        array *= 10.0 ** rng.integers(-3, 3, array.shape)
    expected = meant(memory, *wanted)[place][target.slots()]
    assert ran(memory, *wanted)[place][target.slots()].tobytes() == expected.tobytes()


@needs_runtime
@pytest.mark.parametrize(
    "value",
    [
        lambda m, a, b: a * b + a * b,
        lambda m, a, b: (a * b) * (a * b + b),
        lambda m, a, b: (b - a * b) * (b - a * b),
        lambda m, a, b: (a * b - a * b) + m.sin(a * b),
        lambda m, a, b: (b - a * b) * b + m.sin(b - a * b),
    ],
)
def test_product_that_is_read_twice_is_computed_by_itself(value: Any):
    """As in rows that name a part once and use it again."""
    wanted = Map(u, replace(ops.mul, value=value), (x, y))
    found = ran(numbers(room=150), wanted)[UNBATCHED][u.slots()]
    assert np.allclose(found, meant(numbers(room=150), wanted)[UNBATCHED][u.slots()], rtol=1e-14)


STAY = {
    "it is read again": [square, last, Map(w, ops.exp, (t,))],
    "it is read again in part": [square, last, Map(view(UNBATCHED, 80, 3), ops.exp, (view(UNBATCHED, 34, 3),))],
    "it is read twice": [square, Map(u, ops.mul, (t, t))],
    "another view of it is read": [square, Map(u, ops.mul, (y, View(UNBATCHED, 41, (12,), (-1,))))],
    "it is repeated": [Map(view(UNBATCHED, 30, 4), ops.exp, (view(PARAMETER, 0, 4),)),
                       Map(view(UNBATCHED, 60, 3, 4), ops.mul, (view(PARAMETER, 3, 3, 4), view(UNBATCHED, 30, 4)))],
    "what it reads is written before": [square, Linear(view(PARAMETER, 3, 2), "+=", ((1, (2.0,)),)), last],
    "it is added to what is there": [replace(square, mode="+="), last],
    "it is computed when it has been read": [last, square],
    "it has no examples": [square, Map(view(BATCHED, 60, 12), ops.mul, (view(ARGUMENT, 0, 12), t))],
    "it is what the program gives": [replace(square, target=view(UNBATCHED, 0, 12)),
                                     Map(u, ops.mul, (y, view(UNBATCHED, 0, 12)))],
    "it is a result": [replace(square, target=view(RESULT, 0, 12)), Map(u, ops.mul, (y, view(RESULT, 0, 12)))],
    "it is long": [Linear(t, "=", ((1, (x,)), (1, (y,)), (1, (z,)))), last],
}  # fmt: skip


@needs_runtime
@pytest.mark.parametrize("name", STAY)
def test_what_is_needed_elsewhere_is_written(name: str):
    """Where it is not only for the one that follows, or would not be the same there."""
    assert not joined(*STAY[name])
    agree(*STAY[name], room=150)


@needs_runtime
def test_chain_without_room_runs_in_its_parts(monkeypatch):
    """A statement has so many operands at most; what ran before runs still."""
    wanted = [Map(t, ops.mul, (x, y)), Map(u, ops.div, (t, z))]
    assert joined(*wanted)
    monkeypatch.setattr(tiles, "MOST_OPERANDS", 2)
    found = ran(numbers(room=150), *wanted)[UNBATCHED][u.slots()]
    assert found.tobytes() == meant(numbers(room=150), *wanted)[UNBATCHED][u.slots()].tobytes()
