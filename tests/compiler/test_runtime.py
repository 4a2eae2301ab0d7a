"""The C runtime runs tapes: what they are checked for, the numbers they give, and what becomes of them without it."""

from __future__ import annotations

import ctypes
import math
import os
import pickle
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

import autograd
from autograd import Value, compile, floats, operation, ops, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.compiler.backends.c import library
from autograd.compiler.backends.c.encode import encode
from autograd.compiler.scalars.normalise import normalise
from autograd.testing.references import DIGITS, HIGH_PRECISION
from autograd.value import apply
from tests.compiler.graphs import Lanes, lanes
from tests.compiler.test_runtime_functions import error, points
from tests.compiler.threads import at_once
from tests.test_arrays import SPECIAL
from tests.test_edges import EDGES, near

LOADER = sys.modules[library.__module__]
needs_runtime = pytest.mark.skipif(library() is None, reason="there is no C runtime here")
EVERY_OP = pytest.mark.parametrize("op", ops.TABLE.values(), ids=ops.TABLE)


def chain(x, n: int = 60):
    """Far more operations than the longest that are left to Python, one after the other."""
    y = x[0]
    for k in range(n):
        y = tanh(y * x[k % 3] + 0.1) - x[1]
    return y


def chained():
    leaves = [Value(0.3), Value(-0.7), Value(1.1)]
    return compile_tape(record([chain(leaves)], leaves))


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@needs_runtime
@EVERY_OP
def test_row_is_that_of_floats_at_every_special_number(op):
    """Value and derivatives, as the Python back end gives them, up to the roundings of a few functions."""
    arity = op.arity or 2
    leaves = [Value(0.5) for _ in range(arity)]
    tape = record([apply(op, *leaves)], leaves)
    c, python = [compile_tape(tape, kind=kind) for kind in ("c", "python")]
    for row in product(SPECIAL, repeat=arity):
        expected, slopes = python.value_and_grad(row)
        value, found = c.value_and_grad(row)
        for a, b in zip([value, *found], [expected, *slopes], strict=True):
            assert a == pytest.approx(b, rel=1e-14, abs=0.0, nan_ok=True), row


@needs_runtime
@EVERY_OP
def test_row_with_constants_is_that_of_floats(op):
    """Each operand in turn is a number of the program, which may be simplified by it."""
    arity = op.arity or 2
    for k, constant in product(range(arity), [0.0, -0.0, 1.0, 2.0, 3.0, -1.0, 0.5, np.inf]):
        leaf = Value(0.75)
        operands = [leaf] * arity
        operands[k] = constant
        tape = record([apply(op, *operands) + leaf], [leaf])
        for x in (0.75, 0.0, np.nan):
            expected = op.value(floats, *[constant if j == k else x for j in range(arity)]) + x
            found = compile_tape(tape, kind="c").value([x])
            assert found == pytest.approx(expected, rel=1e-14, abs=0.0, nan_ok=True), (k, constant, x)


@needs_runtime
@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_edge_is_that_of_the_engine(f, operands, value, gradient):
    """At kinks, poles and where numbers overflow; the rule of the zero adjoint among them."""
    leaves = [Value(x) for x in operands]
    tape = record([f(*leaves)], leaves)
    found, slopes = compile_tape(tape, kind="c").value_and_grad(operands)
    assert (found, *slopes) == (near(value), *map(near, gradient))


@needs_runtime
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 9, 30])
def test_sum_of_any_shape(n):
    """Products, what is added and what is subtracted, in numbers that have an operation of their own and others."""
    rng = np.random.default_rng(n)
    leaves = [Value(x) for x in rng.normal(size=n)]
    for products, plus, minus, sign in product((0, 1, 2, 3, n), (0, 1, n), (0, 1, n), (1, -1)):
        pick = lambda k: leaves[k % n]
        terms = [sign * (pick(k) * pick(k + 1)) for k in range(products)] + [pick(k) for k in range(plus)]
        if not terms and not minus:
            continue
        root = autograd.sum(terms) if terms else 0.0
        for k in range(minus):
            root = root - pick(2 * k)
        root = root + 0.0 * leaves[0]
        program = compile_tape(record([root], leaves), kind="c")
        assert np.isclose(program.value([leaf.data for leaf in leaves]), root.data, rtol=1e-13, atol=1e-13)


@needs_runtime
@pytest.mark.parametrize("name", ["norm", "logsumexp"])
def test_reduction_is_within_a_unit_and_a_half_in_the_last_place_of_the_largest(name):
    """Of any length; of numbers whose squares and exponentials overflow, and of such that are next to nothing."""
    rng = np.random.default_rng(0)
    reduction, exact = getattr(autograd, name), HIGH_PRECISION[name]
    rows = [rng.normal(size=n) * size for n in (1, 2, 4, 5, 9, 40) for size in (1e-300, 1e-3, 1.0, 30.0, 1e300)]
    rows += [np.array([0.0, -x, -x - 1.0]) for x in (1.0, 37.0, 600.0, 700.0, 720.0, 744.0, 800.0, 1e200)]
    for x in rows:
        leaves = [Value(e) for e in x]
        found = compile_tape(record([reduction(leaves)], leaves), kind="c").value(x)
        with mp.workdps(400):
            expected = exact(*map(mpf, x.tolist()))
            unit = max(math.ulp(float(expected)), math.ulp(float(max(x))) if name == "logsumexp" else 0.0)
            assert abs(mpf(found) - expected) <= 1.5 * unit, (x, found)


@needs_runtime
def test_numbers_that_stand_alone_are_within_a_unit_and_a_half_in_the_last_place():
    """A tape has its own way to some functions, for it has no others beside them."""
    leaf = Value(0.5)
    for name in ("exp", "sigmoid", "softplus"):
        value = compile_tape(record([apply(ops.TABLE[name], leaf)], [leaf]), kind="c").value
        numbers = [x for x in points(name, np.random.default_rng(1)).tolist() if x < 709.0]
        with mp.workdps(DIGITS):
            worst = max((error(value([x]), HIGH_PRECISION[name](mpf(x))), x) for x in numbers)
        assert worst[0] <= 1.5, (name, worst)


@needs_runtime
@pytest.mark.parametrize("exponent", [2.0, 3.0, -1.0, 0.5, -2.0, 7.0, 1e-3, -0.1])
def test_power_with_a_constant_exponent_is_within_a_unit_and_a_half_in_the_last_place(exponent):
    """Some are products and quotients."""
    leaf = Value(0.5)
    value = compile_tape(record([leaf**exponent], [leaf]), kind="c").value
    reach = min(abs(1000.0 / exponent), 1022.0)
    numbers = np.exp2(np.random.default_rng(0).uniform(-reach, reach, 500)).tolist()
    numbers += points("log", np.random.default_rng(1)).tolist()
    with mp.workdps(DIGITS):
        worst = max((error(value([x]), mpf(x) ** mpf(exponent)), x) for x in numbers if x > 0.0)
    assert worst[0] <= 1.5, worst


@needs_runtime
def test_every_function_that_a_row_may_call_is_there():
    """One that were not would be found out only when it is called."""
    assert {*floats.__all__} <= library().codes.keys()


@needs_runtime
def test_operation_of_the_users_own_runs():
    """It is written over the functions that the runtime has."""
    leaves = [Value(0.3), Value(2.0)]
    root = swing(leaves[0], leaves[1]) * leaves[1]
    program = compile_tape(record([root], leaves), kind="c")
    value, slopes = program.value_and_grad([0.3, 2.0])
    root.backward()
    assert np.isclose(value, root.data, rtol=1e-15)
    assert np.allclose(slopes, [leaf.grad for leaf in leaves], rtol=1e-14)


@operation(lambda m, y, a, b: b * m.cos(a), lambda m, y, a, b: m.sin(a))
def swing(m, a, b):
    """``b sin(a)``."""
    return b * m.sin(a)


@needs_runtime
def test_derivatives_of_any_order_are_programs():
    """Gradient, Jacobian and Hessian of a function that runs in C."""
    x = [0.3, -0.7, 1.1]
    fast = compile(chain)
    fast.value_and_grad(x)
    assert fast.stats.kind == "c"
    assert np.allclose(fast.value_and_grad(x)[1], autograd.grad(chain)(x), rtol=1e-12)
    assert np.allclose(autograd.hessian(fast)(x), autograd.hessian(chain)(x), rtol=1e-10)
    both = compile(lambda x: [chain(x), chain(x, 50)])
    expected = autograd.jacobian(lambda x: [chain(x), chain(x, 50)])(x)
    assert np.allclose(autograd.jacobian(both)(x), expected, rtol=1e-12)


# ── What it is called with ───────────────────────────────────────────────────────────────────────────────────────────


@needs_runtime
def test_bound_step_reads_parameters_where_they_lie():
    """In a row, or anywhere else: of another sort of number, with gaps, backwards."""
    expected, slopes = chained().value_and_grad([0.5, 0.25, -1.0])
    wide = np.zeros(6)
    for theta in (np.zeros(3), np.zeros(3, dtype=np.float32), np.zeros(3, dtype=">f8"), wide[::2], wide[2::-1]):
        step = chained().bind(theta)
        step.value()
        theta[:] = [0.5, 0.25, -1.0]
        assert step.value() == expected
        assert step.value_and_grad() == expected
        assert step.gradient.tolist() == slopes.tolist()


@needs_runtime
def test_threads_run_one_program_at_once():
    """Each on buffers of its own, while Python's lock is free."""
    program = chained()
    points = np.random.default_rng(0).normal(size=(4, 3))
    expected = [program.value_and_grad(x) for x in points]

    def work(k):
        for _ in range(300):
            value, slopes = program.value_and_grad(points[k])
            assert value == expected[k][0]
            assert slopes.tolist() == expected[k][1].tolist()

    at_once(work, range(len(points)))


SHOW_PROGRAM = """
import autograd
from autograd.compiler import compile_tape, record
x = y = autograd.Value(0.5)
for _ in range(100):
    y = autograd.tanh(y * x)
program = compile_tape(record([y], [x]))
print(program.stats.kind, program.value([0.5]))
"""


def output_of(text: str, **variables: str) -> str:
    """What a program prints in a process of its own, which imports what is tested here."""
    command, environment = [sys.executable, "-c", text], {**os.environ, **variables}
    home = Path(autograd.__file__).parent.parent
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout


FORK = (
    SHOW_PROGRAM
    + """
import os
expected = program.value([0.3])
process = os.fork()
if not process:
    os._exit(program.value([0.3]) != expected)
print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""
)


@needs_runtime
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_child_runs_what_its_parent_compiled():
    """In a process without threads of others, which would say that they do not like it."""
    assert output_of(FORK).split()[-1] == "0"


# ── What enters C ────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── Without it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_program_of_another_machine_runs_without_the_runtime(monkeypatch):
    """A pickle holds what is computed, and not how it was run."""
    program = chained()
    value, slopes = program.value_and_grad([0.5, 0.25, -1.0])
    text = pickle.dumps(program)
    monkeypatch.delitem(BACKENDS, "c", raising=False)
    copy = pickle.loads(text)
    assert copy.stats.kind == "python"
    found = copy.value_and_grad([0.5, 0.25, -1.0])
    assert np.isclose(found[0], value, rtol=1e-13)
    assert np.allclose(found[1], slopes, rtol=1e-12)


def test_variable_turns_the_runtime_off():
    """And says so in the statistics."""
    assert output_of(SHOW_PROGRAM, AUTOGRAD_NO_C="1").split()[0] == "python"
    assert output_of(SHOW_PROGRAM, AUTOGRAD_NO_C="0").split()[0] == ("c" if LOADER.LIBRARY.exists() else "python")


@pytest.mark.parametrize("content", [b"", b"no library", b"\x7fELF" + bytes(500)])
def test_file_that_is_no_library_breaks_nothing(content, tmp_path, monkeypatch):
    """It counts as none."""
    path = tmp_path / "runtime.library"
    path.write_bytes(content)
    monkeypatch.setattr(LOADER, "LIBRARY", path)
    assert library.__wrapped__() is None


@needs_runtime
def test_library_of_other_sources_is_not_used(monkeypatch):
    """One that was built before the sources changed would be silently wrong."""
    monkeypatch.setattr(LOADER, "fingerprint", lambda: "other")
    assert library.__wrapped__() is None


def test_kind_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.delitem(BACKENDS, "c", raising=False)
    with pytest.raises(ValueError, match=r"kind is one of 'arrays', 'python'.*, got 'c'; leave it out"):
        compile_tape(record([Value(1.0) * 2.0], []), kind="c")
