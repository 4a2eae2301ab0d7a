"""Array programs in the C runtime, a few dozen examples at a time: the numbers of the interpreter of statements."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, ops, tanh, values
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS, UnsupportedProgramError
from autograd.compiler.backends.c import parts
from autograd.compiler.backends.c.phases import phases
from autograd.compiler.matrices.schedule import BATCHED, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map, Total
from autograd.value import apply
from tests.compiler.runtime import needs_runtime
from tests.compiler.statements import ARGUMENT, meant, numbers, program, view
from tests.compiler.test_array_program import interpret
from tests.rows import SPECIAL


def network(layers, x, y):
    """Two layers, a penalty that no example has a part in, and a reduction."""
    (W, b), (V, c) = layers
    hidden = [tanh(sum(w * a for w, a in zip(row, x, strict=True)) + e) for row, e in zip(W, b, strict=True)]
    out = [sum(v * a for v, a in zip(row, hidden, strict=True)) + e for row, e in zip(V, c, strict=True)]
    penalty = autograd.sum([w * w for row in W for w in row])
    return autograd.logsumexp([o - t for o, t in zip(out, y, strict=True)]) + 0.01 * penalty


def data(n: int):
    rng = np.random.default_rng(n)
    layers = [(rng.normal(size=(5, 3)), rng.normal(size=5)), (rng.normal(size=(2, 5)), rng.normal(size=2))]
    return layers, rng.normal(size=(n, 3)), rng.normal(size=(n, 2))


def recorded(order: int = 1, kind: str | None = "tiles", reduce: str | None = "mean"):
    """The program of the network."""
    layers, X, y = data(1)
    leaves = [Value(e) for part in layers for array in part for e in array.ravel()]
    left = iter(leaves)
    parts = [tuple(np.array([next(left) for _ in a.ravel()], object).reshape(a.shape) for a in p) for p in layers]
    x, t = values(X[0]), values(y[0])
    tape = record([network(parts, list(x), list(t))], leaves, [], [list(x), list(t)])
    return compile_tape(tape, [("x", (3,)), ("y", (2,))], reduce, kind, order=order)


def flat(layers):
    return np.concatenate([array.ravel() for part in layers for array in part])


@needs_runtime
@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 127, 128, 129, 300])
def test_examples_are_those_of_the_interpreter(n):
    """However they fall into tiles, and whatever is left in the last one."""
    layers, X, y = data(n)
    tiles = recorded()
    (value,), slopes = interpret(tiles.body, flat(layers), X, y)
    for _ in range(2):  # what the first call leaves behind is no matter to the second
        found = tiles.value_and_grad(flat(layers), X, y)
        assert np.isclose(found[0], value, rtol=1e-13)
        assert np.allclose(found[1], slopes, rtol=1e-11, atol=1e-14)
    assert tiles.value(flat(layers), X, y) == found[0]


@needs_runtime
def test_second_derivatives_are_those_of_the_interpreter():
    layers, X, y = data(20)
    tiles = recorded(order=2)
    _, second = interpret(tiles.body, flat(layers), X, y)
    assert np.allclose(tiles.value_and_grad(flat(layers), X, y)[1], second, rtol=1e-9, atol=1e-12)


@needs_runtime
@pytest.mark.parametrize("n", [0, 1, 7, 8, 129, 1000])
def test_results_of_each_example_are_those_of_the_interpreter(n):
    """In an array of their own in each call, however the examples fall into tiles and the work into parts."""
    layers, X, y = data(n)
    tiles = recorded(order=0, reduce=None)
    expected, _ = interpret(tiles.body, flat(layers), X, y)
    found, again = [tiles.value(flat(layers), X, y) for _ in range(2)]
    assert found.shape == (n, 1)
    assert np.allclose(found.T, expected, rtol=1e-12)
    assert np.array_equal(found, again)
    assert not np.shares_memory(found, again)


@needs_runtime
def test_sum_over_no_examples_is_what_needs_none():
    """Also in the second call."""
    layers, X, y = data(3)
    tiles, whole = recorded(reduce="sum"), recorded(kind="arrays", reduce="sum")
    for count in (3, 0, 3, 0):
        expected, slopes = whole.value_and_grad(flat(layers), X[:count], y[:count])
        value, found = tiles.value_and_grad(flat(layers), X[:count], y[:count])
        assert np.isclose(value, expected, rtol=1e-13)
        assert np.allclose(found, slopes, rtol=1e-12)


@needs_runtime
@pytest.mark.parametrize("op", ops.TABLE.values(), ids=ops.TABLE)
def test_row_is_that_of_numpy_at_every_special_number(op):
    """Of each example and of what they share; zeros, infinities and nan among them."""
    arity = op.arity or 2
    shared, each = [Value(0.5) for _ in range(arity)], [Value(0.5) for _ in range(arity)]
    for mixed in range(arity):
        operands = [shared[k] if k == mixed else each[k] for k in range(arity)]
        root = apply(op, *operands) if arity > 1 else apply(op, each[0]) + shared[0]
        tape = record([root], shared, [], [each])
        tiles, whole = [compile_tape(tape, [("x", (arity,))], "sum", kind) for kind in ("tiles", "arrays")]
        for row in np.random.default_rng(0).choice(SPECIAL, (25, arity)):
            for x in SPECIAL:
                theta = np.full(arity, x)
                expected, slopes = whole.value_and_grad(theta, row[None])
                value, found = tiles.value_and_grad(theta, row[None])
                assert value == pytest.approx(expected, rel=1e-13, abs=0.0, nan_ok=True), (row, x)
                assert np.allclose(found, slopes, rtol=1e-13, atol=0.0, equal_nan=True), (row, x)


@needs_runtime
def test_work_in_parts_is_the_same_work(monkeypatch):
    """Python may be interrupted between them; so that a sum over examples goes on where it was."""
    layers, X, y = data(1000)
    whole = recorded().value_and_grad(flat(layers), X, y)
    each = recorded(order=0, reduce=None).value(flat(layers), X, y)
    monkeypatch.setattr(parts, "PATIENCE", 1)
    pieces = recorded().value_and_grad(flat(layers), X, y)
    assert (pieces[0], pieces[1].tolist()) == (whole[0], whole[1].tolist())
    assert np.array_equal(recorded(order=0, reduce=None).value(flat(layers), X, y), each)


@needs_runtime
@pytest.mark.parametrize("n", [129, 900, 1000, 3000])
def test_sums_of_parts_are_the_sum(n, monkeypatch):
    """Also what is added to what no example has a part in; in a second call as in the first."""
    monkeypatch.setattr(parts, "SHARE", 1)
    layers, X, y = data(n)
    for order in (1, 2):
        tiles = recorded(order=order)
        (value,), slopes = interpret(tiles.body, flat(layers), X, y)
        for _ in range(2):
            found = tiles.value_and_grad(flat(layers), X, y)
            assert np.isclose(found[0], value, rtol=1e-13)
            assert np.allclose(found[1], slopes, rtol=1e-9, atol=1e-12)
    each = recorded(order=0, reduce=None)
    assert np.allclose(each.value(flat(layers), X, y).T, interpret(each.body, flat(layers), X, y)[0], rtol=1e-12)


@needs_runtime
@pytest.mark.parametrize("count", [4, 6000])
def test_examples_of_any_sort_of_array_are_read(count):
    """Few and many: backwards, in columns, of another sort of number."""
    layers, X, y = data(count)
    tiles = recorded()
    expected = tiles.value_and_grad(flat(layers), X, y)
    for other in (np.asfortranarray(X), X[::-1][::-1], X.astype(object), X.tolist()):
        found = tiles.value_and_grad(flat(layers), other, y)
        assert (found[0], found[1].tolist()) == (expected[0], expected[1].tolist())
    step = tiles.bind(flat(layers), count)
    assert step.value_and_grad(np.asfortranarray(X), y) == expected[0]
    for wrong in (X[:-1], X[0], 1.0):
        with pytest.raises(
            ValueError, match=r"^the program is bound to examples of shape \(\d+, 3\), got .*; bind anew$"
        ):
            step.value_and_grad(wrong, y)


@needs_runtime
def test_small_products_run_in_c_and_large_ones_in_numpy():
    """By a count; results of each example, too."""
    layers, X, y = data(10)
    fast = compile(network, batched=("x", "y"))
    value, _ = fast.value_and_grad(layers, X, y)
    assert fast.stats.kind == "tiles"
    assert np.isclose(value, np.mean([network(layers, *row) for row in zip(X, y, strict=True)]), rtol=1e-12)
    wide = compile(lambda W, x: sum(tanh(sum(w * a for w, a in zip(r, x, strict=True))) for r in W), batched="x")
    wide.value_and_grad(np.ones((30, 30)) / 30, np.ones((4, 30)))
    assert wide.stats.kind == "arrays"
    each = compile(network, batched=("x", "y"), reduce=None)
    assert each(layers, X, y).shape == (10,)
    assert each.stats.kind == "tiles"


@needs_runtime
@pytest.mark.parametrize(("width", "kind"), [(40, "tiles"), (400, "arrays")])
def test_wide_programs_without_examples_run_in_c_unless_a_product_is_large(width, kind):
    """Value and gradient are those of NumPy; numbers that are not differentiated among them."""
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(width, width)) / width, rng.normal(size=width)

    def loss(W, x):
        h = [tanh(sum(w * a for w, a in zip(row, x, strict=True))) for row in W]
        return sum(sum(w * a for w, a in zip(row, h, strict=True)) ** 2 for row in W)

    fast = compile(loss, verify=width < 100)
    value, slopes = fast.value_and_grad(W, x)
    assert fast.stats.kind == kind
    h = np.tanh(W @ x)
    outer = 2.0 * W @ h
    assert np.isclose(value, np.sum((W @ h) ** 2), rtol=1e-13)
    assert np.allclose(slopes, np.outer(outer, h) + np.outer(W.T @ outer * (1.0 - h * h), x), rtol=1e-11, atol=1e-15)


@needs_runtime
def test_program_of_another_machine_runs_by_numpy(monkeypatch):
    layers, X, y = data(10)
    tiles = recorded()
    expected = tiles.value_and_grad(flat(layers), X, y)
    monkeypatch.delitem(BACKENDS, "tiles")
    copy = pickle.loads(pickle.dumps(tiles))
    assert copy.stats.kind == "arrays"
    assert np.allclose(copy.value_and_grad(flat(layers), X, y)[1], expected[1], rtol=1e-11)


# ── Before the tiles, in each, and after the last ────────────────────────────────────────────────────────────────────

places = st.sampled_from([UNBATCHED, BATCHED, ARGUMENT])


@st.composite
def statements(draw):
    """Few slots, so that statements often meet."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        batched = draw(st.booleans())
        target = view(BATCHED if batched else UNBATCHED, draw(st.integers(0, 2)), draw(st.integers(1, 2)))
        mode = draw(st.sampled_from(["=", "+="]))
        read = view(draw(places), draw(st.integers(3, 5)) if draw(st.booleans()) else 0, *target.shape)
        if not batched and read.batched:
            found.append(Total(target, mode, read, ()))
        elif mode == "=":
            found.append(Map(target, ops.mul, (read, 0.5)))
        else:
            found.append(Linear(target, mode, ((1, (read,)),)))
    return found


@given(found=statements())
def test_phases_keep_what_is_read_and_written(found):
    """All statements of a phase, and then those of the next, give what they give in turn; or are refused."""
    memory = numbers()
    try:
        before, each, after = phases(program().sizes, found)
    except UnsupportedProgramError:
        return
    assert sorted(map(id, [*before, *each, *after])) == sorted(map(id, found))
    assert not any(s.target.batched for s in (*before, *after))
    expected, reordered = meant(memory, *found), meant(memory, *before, *each, *after)
    for place, array in expected.items():
        assert np.array_equal(reordered[place], array), place


def test_example_that_needs_a_sum_over_all_is_refused():
    """It would get what the tiles before it have come to."""
    total = Total(view(UNBATCHED, 0, 1), "=", view(ARGUMENT, 0, 1), ())
    reads = Map(view(BATCHED, 0, 1), ops.mul, (view(ARGUMENT, 0, 1), view(UNBATCHED, 0, 1)))
    with pytest.raises(UnsupportedProgramError, match=r"^an example needs what is summed over all of them"):
        phases(program().sizes, [total, reads])
    assert [len(part) for part in phases(program().sizes, [reads, total])] == [0, 2, 0]
