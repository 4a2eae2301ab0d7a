"""Nothing enters C that would read elsewhere: a tape is checked before it is run."""

from __future__ import annotations

import ctypes
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import ops
from autograd.compiler import record
from autograd.compiler.backends.c import library
from autograd.compiler.backends.c.encode import encode
from autograd.compiler.scalars.normalise import normalise
from tests.compiler.graphs import Lanes, lanes
from tests.compiler.runtime import chained, needs_runtime


def verdict(code, forward: int, constants: int, given: int) -> int:
    """How many slots a tape fills, -1 if it must not run: as ``check_tape`` reads it."""
    found = library()
    by_number = {number: name for name, number in found.codes.items()}
    filled, at, ends = given, 0, {0}
    while at < len(code):
        name = by_number.get(code[at])
        if name is None:
            return -1
        at += 1
        if name in found.arities:
            n = found.arities[name]
        elif name.startswith("total_"):
            products, plus, minus = map(int, name.split("_")[1:])
            n = 2 * products + plus + minus
        else:
            counts = code[at : at + (3 if name.endswith("total") else 1)]
            if len(counts) < (3 if name.endswith("total") else 1) or min(counts) < 0:
                return -1
            at += len(counts)
            n = counts[0] + sum(counts) if len(counts) == 3 else counts[0]
        operands = code[at : at + n]
        if len(operands) < n or not all(-constants <= a < filled for a in operands):
            return -1
        at += n
        filled += 1
        ends.add(at)
    return filled if forward in ends else -1


@needs_runtime
@given(
    graph=lanes(),
    changes=st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(-3, 60) | st.integers(-(2**31), 2**31 - 1)), max_size=3
    ),
    length=st.none() | st.integers(0, 10**6),
    forward=st.none() | st.integers(0, 10**6),
)
def test_tape_that_would_read_elsewhere_is_not_run(graph: Lanes, changes, length, forward):
    """Numbers of a good tape are changed, and its end is cut off: what is refused is just what has to be."""
    leaves, root = graph.record()
    tape = encode(normalise(record([root], leaves)).out, library())
    code = tape.code.copy()
    assert verdict(code.tolist(), tape.forward, len(tape.constants), len(leaves)) == tape.size
    for at, number in changes:
        if len(code):
            code[at % len(code)] = number
    code = code[: len(code) if length is None else length % (len(code) + 1)].copy()
    forward = tape.forward if forward is None else forward % (len(code) + 2)
    sizes = [ctypes.c_int64(n) for n in (len(code), forward, len(tape.constants), len(leaves))]
    found = library().check_tape(ctypes.c_void_p(code.ctypes.data), *sizes)
    assert found == verdict(code.tolist(), forward, len(tape.constants), len(leaves))


@needs_runtime
@pytest.mark.parametrize("where", ["args", "outputs", "derivatives"])
@pytest.mark.parametrize("operand", [-(10**6), 500])
def test_program_with_an_operand_that_is_not_there_is_refused(where, operand):
    """As one from a pickle may have it."""
    body = pickle.loads(pickle.dumps(chained().body))
    if where == "args":
        body.args[-1] = (operand,)
        body.ops[-1] = ops.tanh
    else:
        getattr(body, where)[0] = operand
    with pytest.raises((ValueError, IndexError), match=r"before its result|index out of range"):
        encode(body, library())
