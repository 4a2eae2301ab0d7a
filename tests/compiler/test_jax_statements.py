"""What JAX runs: statements of array programs, and functions of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    floats,
    ops,
)
from autograd.compiler.matrices.schedule import RESULT
from autograd.compiler.matrices.statements import Linear, Map, MatMul, Reduce, Segments, Take, Total
from autograd.compiler.scalars.tape import PARAMETER
from tests.compiler.statements import ARGUMENT, EXAMPLES, meant, numbers, program
from tests.compiler.test_javascript_statements import OPS, beside, modes, shapes, views

jax = pytest.importorskip("jax")
jnp = jax.numpy
backend = pytest.importorskip("autograd.compiler.backends.jax")

from autograd.compiler.backends.jax import run as runner  # noqa: E402 - without JAX there is nothing to import
from autograd.compiler.backends.jax.functions import FUNCTIONS  # noqa: E402
from autograd.compiler.backends.jax.memory import NOTHING, Memory  # noqa: E402

# XLA compiles every operation for every shape, which takes far longer than what is compiled.
FEW = settings(max_examples=4)


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def agree(statement: Any) -> None:
    """What JAX leaves in memory and what is meant, in every slot."""
    memory = numbers()
    found = runner._Runner(program(statement), [memory[PARAMETER]], [memory[ARGUMENT].T], EXAMPLES)
    found.memory = Memory({place: len(array) for place, array in memory.items()}, EXAMPLES)
    for place, array in memory.items():
        found.memory.write(place, np.arange(len(array)), jnp.asarray(array))
    found.execute(statement)
    for place, array in meant(memory, statement).items():
        np.testing.assert_allclose(found.memory.read(place, np.arange(len(array))), array, rtol=1e-13)


@FEW
@given(shape=shapes, batched=st.booleans(), data=st.data())
def test_elementwise_statements(shape: tuple[int, ...], batched: bool, data: st.DataObject) -> None:
    """Over views of any shape and stride."""
    target = data.draw(views(shape, batched, target=True))
    op = data.draw(st.sampled_from(OPS))
    agree(Map(target, op, tuple([data.draw(beside(target)) for _ in range(op.arity)])))
    terms = st.tuples(st.sampled_from([1, -1]), st.lists(beside(target), min_size=1, max_size=3).map(tuple))
    agree(Linear(target, data.draw(modes), tuple(data.draw(st.lists(terms, min_size=1, max_size=3)))))
    agree(Linear(target, "=", ((1, (data.draw(st.sampled_from([0.0, -0.0, 2.5])),)),)))
    source = data.draw(views(shape, batched and data.draw(st.booleans())))
    index = np.array(data.draw(st.lists(st.integers(0, shape[0] - 1), min_size=1, max_size=4)))
    into = data.draw(views((len(index), *shape[1:]), batched, True))
    agree(Take(into, source, index))
    if len(shape) == 1:
        positions = np.array(data.draw(st.permutations(range(len(index)))))
        agree(Take(into, source, index, positions))


@FEW
@given(shape=shapes, batched=st.booleans(), mode=modes, data=st.data())
def test_statements_that_sum(shape: tuple[int, ...], batched: bool, mode: str, data: st.DataObject) -> None:
    """Over axes, over the examples, over segments, by matrix products, and by operations of many operands."""
    source = data.draw(views(shape, batched))
    axes = tuple(sorted(data.draw(st.sets(st.integers(0, len(shape) - 1)))))
    kept = tuple([n for k, n in enumerate(shape) if k not in axes])
    agree(Total(data.draw(views(kept, batched and data.draw(st.booleans()), True)), mode, source, axes))
    several = data.draw(st.sampled_from([ops.logsumexp, ops.norm, ops.prod, ops.sum]))
    agree(Reduce(data.draw(views(shape[:-1], batched, True)), several, source))
    cuts = data.draw(st.sets(st.integers(1, shape[0] - 1))) if shape[0] > 1 else set()
    starts = np.array([0, *sorted(cuts)])
    agree(Segments(data.draw(views((len(starts), *shape[1:]), batched, True)), mode, source, starts))
    h, i, j, k = [data.draw(st.integers(1, 3)) for _ in range(4)]
    left, right = data.draw(views((h, i, k), batched)), data.draw(views((h, j, k), data.draw(st.booleans())))
    lanes = (left.batched or right.batched) and data.draw(st.booleans())
    agree(MatMul(data.draw(views((h, i, j), lanes, True)), mode, left, right))


@given(data=st.data())
def test_numbers_are_read_where_they_were_written_last(data: st.DataObject) -> None:
    """In any order and shape, from any number of arrays; where nothing was written they are 0."""
    size, lanes = 12, data.draw(st.sampled_from([0, 2]))
    place = ARGUMENT if lanes else RESULT
    tail = (lanes,) * (lanes > 0)
    memory, expected = Memory({place: size}, lanes), np.zeros((size, *tail))
    for turn in range(1, data.draw(st.integers(1, 12))):
        slots = np.array(data.draw(st.permutations(range(size)))[: data.draw(st.sampled_from([1, 2, 6, 12]))])
        slots = slots.reshape(data.draw(st.sampled_from([(-1,), (-1, 1)] + [(-1, 2)] * (len(slots) > 1))))
        kind = data.draw(st.sampled_from(["write", "number", "share"]))
        if kind == "write":
            numbers = turn + np.arange(slots.size * max(lanes, 1)).reshape(*slots.shape, *tail) / 100.0
            memory.write(place, slots, data.draw(st.sampled_from([np.asarray, jnp.asarray]))(numbers))
            expected[slots] = numbers
        elif kind == "number":
            memory.write(place, slots, float(turn))
            expected[slots] = turn
        else:
            others = np.array(data.draw(st.lists(st.integers(0, size - 1), min_size=slots.size, max_size=slots.size)))
            memory.share(place, slots, place, others.reshape(slots.shape))
            expected[slots] = expected[others.reshape(slots.shape)]
    shape = data.draw(st.sampled_from([(12,), (3, 4), (2, 2, 3), (4, 1, 3), (0,), (2, 0)]))
    index = np.array(data.draw(st.permutations(range(size)))[: np.prod(shape)], dtype=int).reshape(shape)
    affine = np.arange(np.prod(shape)).reshape(shape) % 12
    for asked in (index, affine, affine[::-1], affine.T, affine * 0, np.array(7), affine[..., None] * [1, 0]):
        found = memory.read(place, asked)
        assert (found.shape, np.asarray(found).tolist()) == (expected[asked].shape, expected[asked].tolist())
    assert not np.any(memory.read(place, np.full(3, NOTHING)))


def test_numbers_in_order_are_read_without_an_index() -> None:
    """A matrix that is read as it is, transposed, or part by part is no gather for XLA."""
    x, slots = np.arange(12.0).reshape(4, 3), np.arange(12).reshape(3, 4)
    where = {int(slot): float(x.T.flat[slot]) for slot in range(12)}
    in_order = slots.T.ravel()[1:7].reshape(2, 3)  # from the middle of a row on
    parts = [slots, slots.T, slots[:, :1], slots[1:], slots[0], slots[:, 2], in_order]
    for asked in (*parts, np.repeat(slots[:, :, None], 2, 2)[:1]):

        def read(x: Any, asked: Any = asked) -> Any:
            memory = Memory({RESULT: 20}, 1)
            memory.write(RESULT, slots.T, x)
            return memory.read(RESULT, asked)

        assert "gather" not in str(jax.make_jaxpr(read)(x))
        assert np.ravel(read(jnp.asarray(x))).tolist() == [where[int(slot)] for slot in np.ravel(asked)]


EDGES = np.array(
    [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e308, -1e308, 26.5, 710.0, -746.0, np.inf, -np.inf, np.nan]
)
POINTS = np.concatenate([EDGES, np.linspace(-5.0, 9.0, 57)])
TWO = {"atan2", "compare", "div", "hypot", "maximum", "minimum", "mul_no_nan", "pow", "sum", "prod", "norm", "dot"}
TWO |= {"logsumexp"}


@pytest.mark.parametrize("name", floats.__all__)
def test_function_is_the_one_of_the_engine(name: str) -> None:
    """At every edge and between; below 0 JAX has no polygamma function, for which it says nan."""
    if name in ("polygamma", "mills"):
        args = [np.repeat([0.0, 2.0, 0.5], len(POINTS)), np.tile(POINTS, 3)]
        if name == "polygamma":
            args = [a[(args[1] > 0.0) | (args[0] == 0.0) | np.isnan(args[1])] for a in args]
    else:
        count = 3 if name == "where" else 2 if name in TWO else 1
        args = [a.ravel() for a in np.meshgrid(*[POINTS if count < 3 else EDGES] * count)]
    order = {"polygamma", "mills"}
    found = np.asarray(getattr(FUNCTIONS, name)(*[a if name in order and k == 0 else jnp.asarray(a)
                                                  for k, a in enumerate(args)]))  # fmt: skip
    expected = np.array([getattr(floats, name)(*row) for row in zip(*[a.tolist() for a in args], strict=True)])
    tiny = np.abs(expected) < 1e-300  # XLA takes subnormal numbers for 0
    np.testing.assert_allclose(found[~tiny], expected[~tiny], rtol=2e-12, atol=1e-14)
    assert (np.abs(found[tiny]) < 1e-300).all()
