"""Never silently wrong."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import count, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import CompileError, NonFiniteError, Value, compile, exp, grad, hessian, log, ops, sqrt, where
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.compiler.backends.c import library
from autograd.compiler.backends.numpy import elementwise
from autograd.compiler.matrices import memory, sums
from autograd.compiler.matrices.contractions import find_grid
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.program import choose
from autograd.compiler.scalars import adjoints, builder
from autograd.testing.expressions import record as record_step
from autograd.testing.strategies import expressions
from autograd.value import apply

LARGE = 50.0


@pytest.mark.parametrize(
    ("f", "what"),
    [
        (lambda x: x if x > 0 else -x, "comparing a Value"),
        (lambda x: max(x, 0.0), "comparing a Value"),
        (lambda x: x if x else 1.0, "bool() of a Value"),
        (lambda x: x * math.sqrt(x), "float() of a Value"),
        (lambda x: x * int(x), "int() of a Value"),
    ],
)
def test_branch_on_a_number_is_refused(f, what):
    """Recording follows one path; a comparison would choose it for all examples."""
    with pytest.raises(CompileError, match=re.escape(what) + " inside a compiled function would freeze what"):
        compile(f)(2.0)


def test_comparisons_work_again_after_a_refusal():
    """Refusing is over when recording is."""
    with pytest.raises(CompileError):
        compile(lambda x: x if x > 0 else -x)(2.0)
    assert Value(1.0) < Value(2.0)


CALLS = count(2)


def test_constant_that_depends_on_the_call_is_refused():
    """Found by recording a second time, at other numbers."""
    with pytest.raises(CompileError, match="gave two different graphs for two sets of numbers"):
        compile(lambda x: x * next(CALLS))(2.0)


def test_verification_can_be_skipped():
    """Then what an earlier call left behind is frozen, as asked."""
    frozen = compile(lambda x: x * next(CALLS), verify=False)
    first = frozen(1.0)
    assert frozen(3.0) == 3.0 * first


def _one_left_factor(self, a, b):
    return a, a


def _last_first(normal):
    plan = schedule(normal)
    plan.passes[0].reverse()
    return plan


def _without_the_last(self, i, adjoint=adjoints.Adjoints.of):
    for handed in (self.own, self.summed):
        for terms in vars(handed).values():
            if len(terms.get(i, ())) > 1:
                terms[i].pop()
    return adjoint(self, i)


def _rows_moved(left, right):
    grid = find_grid(left, right)
    return grid and replace(grid, left=np.roll(grid.left, 1, axis=1))


FAULTS = {
    "normalise": (builder.Builder, "oriented", _one_left_factor),
    "schedule": (choose, "schedule", _last_first),
    "lay out": (memory, "refine", lambda dims, shape: (1,) * len(shape)),
    "find the matrices": (sums, "find_grid", _rows_moved),
    "differentiate": (adjoints.Adjoints, "of", _without_the_last),
    "emit": (elementwise, "UFUNCS", {**elementwise.UFUNCS, "exp": "expm1"}),
}
if runtime := library():
    FAULTS["encode"] = (runtime, "codes", {**runtime.codes, "exp": runtime.codes["expm1"]})


@pytest.mark.parametrize("name", FAULTS)
def test_fault_in_a_pass_is_noticed(name, monkeypatch):
    """Each pass broken in turn: the first call raises and gives no number."""

    def loss(w, u):
        a = [sum(x * y for x, y in zip(row, u, strict=True)) - 2.0 * u[0] for row in w]
        b = [exp(x) * y for x, y in zip(a[:3], u[1:], strict=True)]
        return sum(b) + sum(x * x for x in a) + a[0] * u[3] - 3.0 * sum(a[7:])

    rng = np.random.default_rng(0)
    fast = compile(loss)
    monkeypatch.setattr(*FAULTS[name])
    if name == "emit":  # by NumPy
        monkeypatch.delitem(BACKENDS, "tiles", raising=False)
    with pytest.raises(CompileError, match="of the compiled loss differs from loss itself at a second point"):
        fast.value_and_grad(rng.normal(size=(300, 4)) / 4, rng.normal(size=4), argnums=(0, 1))


def test_nan_is_traced_to_the_example_and_the_operation():
    """By an eager run at that example."""
    fast = compile(lambda w, x: log(w * x), batched="x")
    with pytest.raises(NonFiniteError, match=r"^example 2: the root is nan; it began at log\(-3\) = nan"):
        fast.value_and_grad(1.0, np.array([1.0, 2.0, -3.0]))


def test_value_alone_may_be_infinite():
    """As in the forward pass of the engine."""
    assert compile(exp)(1000.0) == math.inf


@pytest.mark.parametrize("kind", ["batched", "lists"])
def test_zero_adjoint_wins_over_an_infinite_partial(kind):
    """The branch that ``where`` did not take, at a point where its slope is infinite."""
    if kind == "batched":
        fast = compile(lambda w, x: where(x, sqrt(w * x * x), w), batched="x", reduce="sum")
        value, slope = fast.value_and_grad(4.0, np.array([0.0, 1.0, 0.0]))
        assert (value, slope) == (10.0, 2.25)
        return
    fast = compile(lambda w: sum(where(k % 2, sqrt(x), 2.0 * x) for k, x in enumerate(w)))
    value, slopes = fast.value_and_grad([0.0, 4.0])
    assert (value, slopes) == (2.0, [2.0, 0.25])


def test_masked_rule_keeps_nan_out_without_an_eager_run(monkeypatch):
    """The emitted program itself follows the rule of the zero adjoint."""
    fast = compile(lambda w, x: where(x, sqrt(x * w), 0.0), batched="x", reduce="sum")
    fast.value_and_grad(1.0, np.array([1.0]))
    value, gradient = fast.program.value_and_grad([4.0], np.array([[0.0], [1.0]])[:, 0])
    assert value == 2.0
    assert gradient.tolist() == [0.25]


@given(program=expressions(max_leaves=3, max_steps=8), order=st.sampled_from([1, 2]), seed=st.integers(0, 99))
def test_what_where_does_not_choose_says_nothing(program, order, seed):
    """Wherever it is nan inside, to the second order, in every back end and without the help of the engine."""
    rng = np.random.default_rng(seed)
    at = [float(x * rng.choice([-1.0, 1.0, 0.1, 3.0])) for x in program.leaves]
    leaves, chosen = [Value(x) for x in at], Value(1.0)
    nodes = program.run(leaves, record_step)
    assume(not any(map(_is_large, nodes)))
    tape = record([where(chosen, leaves[0] * leaves[0], nodes[-1])], leaves, [chosen])
    expected = np.zeros(len(at) ** order)
    expected[0] = 2.0 * at[0] if order == 1 else 2.0
    for kind in BACKENDS:
        value, found = compile_tape(tape, kind=kind, order=order).value_and_grad(at, fixed=[1.0])
        assert value == at[0] * at[0]
        assert found.tolist() == expected.tolist()


@given(program=expressions(max_leaves=3, max_steps=8), order=st.sampled_from([1, 2]), seed=st.integers(0, 99))
def test_what_where_does_not_choose_says_nothing_to_the_sum_of_examples(program, order, seed):
    """Each example has numbers of its own; where its operands are nan it chooses another."""
    rng = np.random.default_rng(seed)
    rows = [[float(x * rng.choice([-1.0, 1.0, 0.1, 3.0])) for x in program.leaves] for _ in range(3)]
    chosen = [float(not math.isfinite(y)) for y in (_engine(program, row)[-1].data for row in rows)]
    assume(not any(_is_large(y) for row in rows for y in _engine(program, row)))
    leaves, scale, choice = [Value(x) for x in program.leaves], Value(1.0), Value(1.0)
    inner = program.run([scale * x for x in leaves], record_step)[-1]
    tape = record([where(choice, scale * scale, inner)], [scale], [], [leaves, [choice]])
    arguments = [("x", (len(leaves),)), ("chosen", (1,))]
    found = compile_tape(tape, arguments, "sum", order=order).value_and_grad(
        [1.0], np.array(rows), np.array(chosen)[:, None]
    )
    f = lambda s, row, c: where(c, s * s, program.of([s * x for x in row]))
    slope = grad(f) if order == 1 else hessian(f)
    expected = sum(slope(1.0, row, c) for row, c in zip(rows, chosen, strict=True))
    assume(math.isfinite(expected))
    assert np.allclose(found[1], expected, rtol=1e-9, atol=1e-9)


def _engine(program, at):
    """All nodes at these leaves, as Values."""
    return [Value(y) if isinstance(y, float) else y for y in program.run([Value(x) for x in at], record_step)]


def _is_large(y: object) -> bool:
    """Whether derivatives might overflow: nothing is promised then."""
    return isinstance(y, Value) and LARGE < abs(y.data) < math.inf


def test_infinite_slope_is_given_as_the_engine_gives_it():
    """A finite value whose slope is infinite is no error."""
    assert compile(sqrt).value_and_grad(0.0) == (0.0, math.inf)


def test_mean_of_no_examples_is_refused():
    """There is no such number; the sum is 0."""
    f = lambda w, x: w * x
    with pytest.raises(ValueError, match="the mean takes at least one example, got none"):
        compile(f, batched="x")(1.0, np.zeros(0))
    assert compile(f, batched="x", reduce="sum").value_and_grad(2.0, np.zeros(0)) == (0.0, 0.0)


def test_what_is_no_function_is_refused() -> None:
    """The result of a call, where the function itself is meant."""
    with pytest.raises(TypeError, match=r"compile takes a function of numbers, got float 3\.0; pass the function, not"):
        compile(3.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("inner", [op for op in ops.TABLE.values() if op.arity == 2], ids=lambda op: op.name)
def test_zero_adjoint_wins_over_constants_that_make_infinity(inner):
    """A zero or an infinity among the operands, below any operation: what is finite is given by the program."""
    for outer in [op for op in ops.TABLE.values() if op.arity == 1]:
        for constant, first, x in product((0.0, math.inf, -math.inf), (True, False), (2.0, -0.5)):
            leaf = Value(x)
            root = apply(outer, apply(inner, *((leaf, constant) if first else (constant, leaf))))
            root.backward(check=False)
            if math.isfinite(leaf.grad):
                program = compile_tape(record([root], [leaf], []), kind="python")
                assert math.isclose(program.value_and_grad([x])[1][0], leaf.grad, rel_tol=1e-9, abs_tol=1e-12)
