"""Programs for examples number by number in the C runtime, many side by side: the numbers of array programs."""

from __future__ import annotations

import pickle
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, exp, maximum, ops, sqrt, tanh, values
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS, UnsupportedProgramError
from autograd.compiler.backends.c import lanes, library
from autograd.compiler.backends.c.lane_code import encode_lanes
from autograd.compiler.backends.c.lane_nodes import MOST_OPERANDS
from autograd.compiler.matrices.example_program import ExampleProgram
from autograd.compiler.program.choose import MANY
from autograd.compiler.scalars.builder import Builder
from autograd.compiler.scalars.normal import Sum, batch_sum
from autograd.compiler.scalars.tape import FIRST_BATCHED, PARAMETER
from autograd.value import apply
from tests.compiler.graphs import Lanes, arrays_of, examples_of
from tests.compiler.graphs import lanes as graphs
from tests.compiler.runtime import needs_runtime
from tests.compiler.test_array_program import interpret
from tests.rows import EVERY_OP, SPECIAL

pytestmark = needs_runtime


def path(p, z):
    """A volatility that remembers, through which a price walks; and a penalty that no example has a part in."""
    x, v = 0.0, p[0]
    for a in z:
        v = p[1] * v + p[2] * maximum(v, 0.01) * a + 0.02
        x = x + sqrt(maximum(v, 0.01)) * a - 0.5 * v
    return tanh(exp(x) - p[3]) + exp(p[3]) * 0.1


THETA = np.array([0.3, 0.8, 0.1, 0.9])


def steps(n: int, count: int = 20):
    """Random numbers of some examples."""
    return np.random.default_rng(n).normal(size=(n, count))


def recorded(kind: str | None = "lanes", reduce: str | None = "mean", count: int = 20, order: int | None = None):
    p, z = values(THETA), values(np.ones(count))
    return compile_tape(record([path(p, z)], list(p), [], [list(z)]), [("z", (count,))], reduce, kind, order=order)


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 16, 63, 64, 65, 200, 1000])
def test_examples_are_those_of_the_interpreter(n):
    """However they fall into tiles, and whatever is left in the last one."""
    Z, program = steps(n), recorded()
    (value,), slopes = interpret(arrays_of(program), THETA, Z)
    for _ in range(2):  # what the first call leaves behind is no matter to the second
        found = program.value_and_grad(THETA, Z)
        assert np.isclose(found[0], value, rtol=1e-13)
        assert np.allclose(found[1], slopes, rtol=1e-11, atol=1e-14)
    assert program.value(THETA, Z) == found[0]


@given(n=st.integers(1, 140), width=st.integers(1, 13), data=st.data())
def test_numbers_of_examples_are_taken_and_given_each_in_its_place(n, width, data):
    """Four at a time, and those that are left; some are read by nobody, some wanted twice, some the same for all."""
    wanted = data.draw(st.lists(st.integers(-1, width - 1), min_size=1, max_size=13))
    x = [Value(0.0) for _ in range(width)]
    tape = record([x[k] * 2.0 if k >= 0 else 7.0 for k in wanted], [], [], [x])
    X = np.random.default_rng(n).normal(size=(n, width))
    found = compile_tape(tape, [("x", (width,))], None, "lanes").value([], X)
    assert (found == np.stack([2.0 * X[:, k] if k >= 0 else np.full(n, 7.0) for k in wanted], axis=1)).all()


@pytest.mark.parametrize("patience", [1, lanes.PATIENCE])
@given(n=st.integers(1, 140), width=st.integers(1, 9), data=st.data())
def test_rows_are_finite_if_all_their_numbers_are(patience, n, width, data):
    """Wherever the one stands that is not, in whatever tile and thread; also where the sum of all would overflow."""
    x = [Value(0.0) for _ in range(width)]
    program = compile_tape(record([-a for a in x], [], [], [x]), [("x", (width,))], None, "lanes")
    program.code.threads = data.draw(st.integers(1, 3))
    X, number = np.full((n, width), 1.7e308), data.draw(st.sampled_from([np.nan, np.inf, -np.inf, 1.7e308, 5e-324]))
    X[data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, width - 1))] = number
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "SHARE", 1)
        patch.setattr(lanes, "PATIENCE", patience)
        value = program.bind(np.zeros(0), n).value
        for _ in range(2):
            found = value(X, finite=True)
            assert (found is not None) == np.isfinite(number)
            assert found is None or np.array_equal(found, -X)
            assert np.array_equal(value(X), -X, equal_nan=True)
            assert np.array_equal(value(np.ones((n, width)), finite=True), -np.ones((n, width)))


@pytest.mark.parametrize("n", [0, 1, 8, 65, 1000])
def test_results_of_each_example_are_its_own(n):
    """In an array of their own in each call."""
    Z, program = steps(n), recorded(reduce=None)
    found, again = [program.value(THETA, Z) for _ in range(2)]
    assert found.shape == (n, 1)
    assert np.allclose(found[:, 0], [path(THETA, z) for z in Z], rtol=1e-12)
    assert np.array_equal(found, again)
    assert not np.shares_memory(found, again)


def test_sum_over_no_examples_is_zero():
    """Also after a call with some."""
    program, whole = recorded(reduce="sum"), recorded("arrays", "sum")
    for n in (3, 0, 3, 0):
        expected, slopes = whole.value_and_grad(THETA, steps(n))
        value, found = program.value_and_grad(THETA, steps(n))
        assert np.isclose(value, expected, rtol=1e-13)
        assert np.allclose(found, slopes, rtol=1e-11)


def test_second_derivatives_are_those_of_the_interpreter():
    Z, program = steps(70), recorded(order=2)
    _, second = interpret(arrays_of(program), THETA, Z)
    assert np.allclose(program.value_and_grad(THETA, Z)[1], second, rtol=1e-9, atol=1e-12)


@EVERY_OP
def test_row_is_that_of_numpy_at_every_special_number(op):
    """Of each example and of what they share; zeros, infinities and nan among them."""
    arity = op.arity or 2
    shared, each = [Value(0.5) for _ in range(arity)], [Value(0.5) for _ in range(arity)]
    rows = np.random.default_rng(0).choice(SPECIAL, (25, arity))
    for mixed in range(arity):
        operands = [shared[k] if k == mixed else each[k] for k in range(arity)]
        root = apply(op, *operands) if arity > 1 else apply(op, each[0]) + shared[0]
        before = apply(op, *shared)
        for result in (root, before):
            tape = record([result], shared, [], [each])
            ours, whole = [compile_tape(tape, [("x", (arity,))], "sum", kind) for kind in ("lanes", "arrays")]
            for x, row in product(SPECIAL, rows if result is root else rows[:1]):
                theta = np.full(arity, x)
                expected, slopes = whole.value_and_grad(theta, row[None])
                value, found = ours.value_and_grad(theta, row[None])
                assert value == pytest.approx(expected, rel=1e-13, abs=0.0, nan_ok=True), (row, x)
                assert np.allclose(found, slopes, rtol=1e-13, atol=0.0, equal_nan=True), (row, x)


def terms(x, products, plus, minus, sign):
    """Of a sum, from some numbers again and again."""
    pick = lambda k: x[k % len(x)]
    found = [sign * (pick(k) * pick(k + 1)) for k in range(products)]
    return found + [pick(k) for k in range(plus)] + [-pick(2 * k) for k in range(minus)]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 9, 30])
def test_sum_of_any_shape(n):
    """Products, what is added and what is subtracted, in numbers that have an operation of their own and others."""
    rng = np.random.default_rng(n)
    leaves = [Value(x) for x in rng.normal(size=n)]
    X = rng.normal(size=(11, n))
    for shape in product((0, 1, 2, 3, n), (0, 1, n), (0, 1, n), (1, -1)):
        if not any(shape[:3]):
            continue
        root = autograd.sum(terms(leaves, *shape))
        program = compile_tape(record([root], [], [], [leaves]), [("x", (n,))], None, "lanes")
        assert np.allclose(program.value([], X)[:, 0], [sum(terms(x, *shape)) for x in X], rtol=1e-13, atol=1e-13)


def test_zero_keeps_its_sign():
    """A sum begins with its first term, for 0.0 + -0.0 is another zero."""
    x = [Value(1.0) for _ in range(7)]
    rows = np.array(list(product((0.0, -0.0), repeat=7)))
    for root in (
        autograd.sum(x), autograd.sum(x[:2]), -(x[0] * x[1]), x[0] * x[1] + x[2] * x[3] + x[4] * x[5] + x[6],
        -autograd.sum(x[:3]), -(x[0] * x[1]) - x[2] * x[3] + x[4], -autograd.dot(x[:6], x[1:]),
    ):  # fmt: skip
        alone = compile_tape(record([root], [], x), kind="python")
        expected = [alone.value([], fixed=row) for row in rows.tolist()]
        found = compile_tape(record([root], [], [], [x]), [("x", (7,))], None, "lanes").value([], rows)[:, 0]
        assert np.array_equal(np.signbit(found), np.signbit(expected)), root


@given(graph=graphs(), seed=st.integers(0, 99), count=st.integers(1, 20), choice=st.integers(0, 2**10))
def test_random_programs_have_the_numbers_of_arrays(graph: Lanes, seed: int, count: int, choice: int):
    """Value and gradient, whichever leaves differ by example; shared results before and after the tiles among them."""
    chosen = lambda leaves: [leaf for k, leaf in enumerate(leaves) if choice >> k % 10 & 1] or leaves[:1]
    root, parameters, inputs, theta, X = examples_of(graph, seed, count, chosen)
    tape = record([root], parameters, [], [inputs])
    ours, whole = [compile_tape(tape, [("x", (len(inputs),))], "sum", kind) for kind in ("lanes", "arrays")]
    (value, found), (expected, slopes) = ours.value_and_grad(theta, X), whole.value_and_grad(theta, X)
    scale = np.abs(slopes[np.isfinite(slopes)]).max(initial=1.0)
    assert np.isclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
    assert np.allclose(found, slopes, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)


# ── What runs, and where ─────────────────────────────────────────────────────────────────────────────────────────────


def test_work_in_parts_is_the_same_work(monkeypatch):
    """Python may be interrupted between them."""
    Z = steps(1000)
    whole, each = recorded().value_and_grad(THETA, Z), recorded(reduce=None).value(THETA, Z)
    monkeypatch.setattr(lanes, "PATIENCE", 1)
    parts = recorded().value_and_grad(THETA, Z)
    assert (parts[0], parts[1].tolist()) == (whole[0], whole[1].tolist())
    assert np.array_equal(recorded(reduce=None).value(THETA, Z), each)


def test_slots_are_used_again():
    """A chain of operations takes few, however long it is."""
    counts = []
    for n in (20, 200):
        x = Value(1.0)
        y = x
        for _ in range(n):
            y = tanh(y * x)
        program = compile_tape(record([y], [], [], [[x]]), [("x", ())], None, "lanes")
        tape = encode_lanes(program.body, library(), False)
        assert len(tape.operations) == 2 * n
        counts.append(tape.slots)
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize("count", [3, MANY // 2])
def test_recurrence_runs_in_lanes(count):
    """Matrices are not even looked for in a long one; and both are there as text."""
    fast = compile(path, batched="z")
    Z = steps(30, count)
    value, slopes = fast.value_and_grad(THETA, Z)
    assert fast.stats.kind == "lanes"
    whole = recorded("arrays", count=count).value_and_grad(THETA, Z)
    assert np.isclose(value, whole[0], rtol=1e-12)
    assert np.allclose(slopes, whole[1], rtol=1e-9)
    assert "def value_and_grad" in fast.source
    assert "maximum" in fast.explain()
    assert "export const program" in fast.js_source


def test_program_of_another_machine_runs_by_numpy(monkeypatch):
    Z, program = steps(10), recorded()
    expected = program.value_and_grad(THETA, Z)
    assert str(pickle.loads(pickle.dumps(program))) == str(program)
    for kind in ("c", "tiles", "lanes"):
        monkeypatch.delitem(BACKENDS, kind)
    copy = pickle.loads(pickle.dumps(program))
    assert copy.stats.kind == "arrays"
    assert np.allclose(copy.value_and_grad(THETA, Z)[1], expected[1], rtol=1e-11)
    assert recorded(None).stats.kind == "arrays"


# ── What is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def built(write):
    """A program of one parameter and one number of each example, which gives what ``write`` makes of them."""
    builder = Builder([], [1, 0, 0, 1])
    made = write(builder, builder.leaf(PARAMETER, 0), builder.leaf(FIRST_BATCHED, 0))
    if isinstance(made, tuple):  # operands that no builder would take
        builder.out.ops.append(ops.mul)
        builder.out.args.append(made)
        made = len(builder.out.ops) - 1
    builder.out.outputs = [made]
    return ExampleProgram(builder.out, (("x", ()),), True)


def test_example_that_needs_a_sum_over_all_is_refused():
    """It would get what the tiles before it have come to."""

    def write(builder, w, x):
        return builder.append(ops.mul, (builder.append(batch_sum, Sum((), (), (x,), ())), x))

    with pytest.raises(UnsupportedProgramError, match=r"^an example needs what is summed over all of them; leave kind"):
        encode_lanes(built(write), library(), False)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda b, w, x: (w, 2), "has an operand that is not there before its result"),
        (lambda b, w, x: (x, -1), "has an operand that is not there before its result"),
        (lambda b, w, x: (b.leaf(PARAMETER, 1), x), "reads number 1 of place 0"),
        (lambda b, w, x: (b.leaf(FIRST_BATCHED, -1), x), "reads number -1 of place 3"),
        (lambda b, w, x: (b.leaf(FIRST_BATCHED + 1, 0), x), "reads number 0 of place 4"),
    ],
)  # fmt: skip
def test_program_that_would_read_outside_is_refused(write, message):
    with pytest.raises(ValueError, match=f"^a program {message}"):
        encode_lanes(built(write), library(), False)


def test_function_of_more_operands_than_there_is_room_for_runs_by_numpy():
    x = values(np.linspace(0.0, 1.0, MOST_OPERANDS + 1))
    tape = record([autograd.logsumexp(list(x))], [], [], [list(x)])
    with pytest.raises(UnsupportedProgramError, match=r"^logsumexp has 4097 operands, .*; leave kind out$"):
        compile_tape(tape, [("x", (len(x),))], None, "lanes")
    program = compile_tape(tape, [("x", (len(x),))], None)
    assert program.stats.kind == "arrays"
    assert program.value([], np.ones((2, len(x)))) == pytest.approx(1.0 + np.log(len(x)))
