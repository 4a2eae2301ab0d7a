"""Every kind of statement as a loop of JavaScript, over views of any shape and stride, does what its docstring says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd import ops
from autograd.compiler.backends.javascript import JavaScriptCode
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map, MatMul, Reduce, Segments, Take, Total
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIXED, PARAMETER
from tests.compiler.statements import ARGUMENT, EXAMPLES, MODES, PLACES, meant, numbers, program
from tests.node import Node, node_fixture  # noqa: F401 - pytest uses it

HALF = 60  # operands lie below, targets above
OPS = [ops.tanh, ops.atan2, ops.mul_no_nan, ops.silu, ops.clip, ops.where, ops.erf]
STATE = {
    PARAMETER: "theta",
    FIXED: "fixed",
    RESULT: "gradient",
    UNBATCHED: "numbers",
    BATCHED: "batch",
    COUNT: "counts",
}
RUN = """
export function after(n, x, ...state) {
  const {forward, ...memory} = bind(state[0], state[2], state[1], n);
  [memory.numbers, memory.batch, memory.counts].forEach((array, k) => array.set(state[3 + k]));
  forward(x);
  return [state[0], state[1], state[2], memory.numbers, memory.batch, memory.counts];
}
"""


def run(node: Node, memory: dict[int, Any], *statements: Any) -> dict[int, Any]:
    """Memory after the module's first pass."""
    found = replace(program(*statements), constants=memory[CONSTANT])
    found.sizes[COUNT] = 2
    source = JavaScriptCode(found).source.replace("return {value,", "return {forward, numbers, batch, counts, value,")
    state = [memory[place].ravel() if place != COUNT else memory[place][:2] for place in STATE]
    arrays = node.call(source + RUN, "after", EXAMPLES, memory[ARGUMENT].T, *state)
    return {place: array.reshape(memory[place][: len(array)].shape if place == COUNT else memory[place].shape)
            for place, array in zip(STATE, arrays, strict=True)}  # fmt: skip


def agree(node: Node, statement: Any) -> None:
    """What the module does and what is meant, in every slot."""
    memory = numbers()
    found, expected = run(node, memory, statement), meant(memory, statement)
    for place, array in found.items():
        assert np.allclose(array, expected[place][: len(array)], rtol=1e-13, atol=1e-14), PLACES[place]


@st.composite
def views(draw: Any, shape: tuple[int, ...], batched: bool, target: bool = False) -> View:
    """A view of that shape; an operand may be reversed, or repeat itself along some axes."""
    places = [BATCHED] if target and batched else [BATCHED, ARGUMENT] if batched else [UNBATCHED, RESULT]
    places = places if target or batched else [*places, PARAMETER, FIXED, CONSTANT]
    strides, step = [0] * len(shape), 1
    for axis in draw(st.permutations(range(len(shape)))):
        if target or draw(st.integers(0, 3)):
            strides[axis] = step
            step *= shape[axis]
    offset = draw(st.integers(0, HALF - step))
    for axis in range(len(shape)):
        if not target and shape[axis] > 1 and not draw(st.integers(0, 3)):
            offset += strides[axis] * (shape[axis] - 1)
            strides[axis] *= -1
    return View(draw(st.sampled_from(places)), offset + HALF * target, shape, tuple(strides))


shapes = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)
modes = st.sampled_from(MODES)
numbers_or = lambda view: st.one_of(view, view, st.sampled_from([0.5, -2.0, 1.0]))


@st.composite
def beside(draw: Any, target: View) -> Any:
    """An operand of an elementwise statement: it may lack the batch, or leading axes, or have axes of length one."""
    shape = tuple([1 if not draw(st.integers(0, 4)) else n for n in target.shape])
    shape = shape[draw(st.sampled_from([0, 0, 0, len(shape) - 1])) :]
    return draw(numbers_or(views(shape, target.batched and draw(st.booleans()))))


@given(shape=shapes, batched=st.booleans(), data=st.data())
def test_elementwise(node: Node, shape: tuple[int, ...], batched: bool, data: st.DataObject):
    target = data.draw(views(shape, batched, target=True))
    op = data.draw(st.sampled_from(OPS))
    args = tuple([data.draw(beside(target)) for _ in range(op.arity)])
    agree(node, Map(target, op, args))
    terms = st.tuples(st.sampled_from([1, -1]), st.lists(beside(target), min_size=1, max_size=3).map(tuple))
    agree(node, Linear(target, data.draw(modes), tuple(data.draw(st.lists(terms, min_size=1, max_size=3)))))
    agree(node, Linear(target, "=", ((1, (data.draw(st.sampled_from([0.0, -0.0, 2.5])),)),)))


@given(shape=shapes, batched=st.booleans(), mode=modes, data=st.data())
def test_sums(node: Node, shape: tuple[int, ...], batched: bool, mode: str, data: st.DataObject):
    """Over some axes, over the batch, over segments; and operations of many operands."""
    source = data.draw(views(shape, batched))
    axes = tuple(sorted(data.draw(st.sets(st.integers(0, len(shape) - 1)))))
    kept = tuple([n for k, n in enumerate(shape) if k not in axes])
    agree(node, Total(data.draw(views(kept, batched and data.draw(st.booleans()), True)), mode, source, axes))
    target = data.draw(views(shape[:-1], batched, True))
    agree(node, Reduce(target, data.draw(st.sampled_from([ops.logsumexp, ops.norm, ops.prod, ops.sum])), source))
    cuts = data.draw(st.sets(st.integers(1, shape[0]).filter(lambda k: k < shape[0])) if shape[0] > 1 else st.just({}))
    starts = np.array([0, *sorted(cuts)])
    agree(node, Segments(data.draw(views((len(starts), *shape[1:]), batched, True)), mode, source, starts))


@given(sizes=st.tuples(*[st.integers(1, 3)] * 4), batched=st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1)]),
       summed=st.booleans(), mode=modes, data=st.data())  # fmt: skip
def test_products(node: Node, sizes: Any, batched: Any, summed: bool, mode: str, data: st.DataObject):
    """Of matrices, of which either may be different for each example; the examples may be summed over."""
    h, i, j, k = sizes
    left, right = data.draw(views((h, i, k), batched[0])), data.draw(views((h, j, k), batched[1]))
    agree(node, MatMul(data.draw(views((h, i, j), any(batched) and not summed, True)), mode, left, right))


@given(shape=shapes, batched=st.booleans(), data=st.data())
def test_chosen_members(node: Node, shape: tuple[int, ...], batched: bool, data: st.DataObject):
    """To the target's members in order, or to some of them."""
    source = data.draw(views(shape, batched and data.draw(st.booleans())))
    index = np.array(data.draw(st.lists(st.integers(0, shape[0] - 1), min_size=1, max_size=4)))
    target = data.draw(views((len(index), *shape[1:]), batched, True))
    agree(node, Take(target, source, index))
    positions = np.array(data.draw(st.permutations(range(len(index)))))[: data.draw(st.integers(1, len(index)))]
    agree(node, Take(target, source, index[: len(positions)], positions))
