"""Programs are data: an interpreter of their statements as these read, and every back end equals it."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, grad, hessian, ops, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS, Code, UnsupportedProgramError
from autograd.compiler.matrices.array_program import ArrayProgram
from autograd.compiler.matrices.schedule import BATCHED, RESULT
from autograd.compiler.scalars.normal import Normal
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER
from autograd.op import REAL, Op
from autograd.value import apply
from examples import compiler_passes
from tests.compiler.graphs import Lanes, arrays_of, examples_of, lanes
from tests.compiler.statements import meant


def interpret(program: ArrayProgram, theta, *batch, fixed=()):
    """Outputs and derivatives of a program, one statement after the other, one number after the other."""
    n = len(batch[0]) if batch else 1
    sizes = program.sizes.items()
    memory = {p: np.zeros((size, n) if p == BATCHED or p >= FIRST_BATCHED else size) for p, size in sizes}
    memory |= {PARAMETER: np.array(theta), FIXED: np.array(fixed), CONSTANT: program.constants}
    memory[COUNT] = np.array([n, 1.0 / n if n else np.inf])
    memory |= {FIRST_BATCHED + k: np.reshape(x, (n, program.sizes[FIRST_BATCHED + k])).T for k, x in enumerate(batch)}
    after = meant(memory, *[statement for statements in program.passes for statement in statements])
    return after[program.outputs.place][program.outputs.slots()], after[RESULT]


@given(graph=lanes(), order=st.sampled_from([1, 2]), seed=st.integers(0, 99))
def test_back_ends_equal_the_interpreter(graph: Lanes, order: int, seed: int):
    """Value and derivatives of random graphs, to the second order, with numbers that are not differentiated."""
    leaves, root = graph.record()
    fixed = leaves[1::3]
    parameters = [leaf for leaf in leaves if leaf not in fixed]
    tape = record([root], parameters, fixed)
    rng = np.random.default_rng(seed)
    numbers = dict(zip(leaves, graph.near(rng), strict=True))
    theta, others = [np.array([numbers[leaf] for leaf in part]) for part in (parameters, fixed)]
    programs = {kind: compile_tape(tape, kind=kind, order=order) for kind in BACKENDS}
    with np.errstate(all="ignore"):
        (expected,), slopes = interpret(programs["arrays"].body, theta, fixed=others)
    scale = np.abs(slopes[np.isfinite(slopes)]).max(initial=1.0)
    for program in programs.values():
        value, found = program.value_and_grad(theta, fixed=others)
        assert np.isclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
        assert np.allclose(found, slopes, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)


@pytest.mark.parametrize("reduce", ["mean", "sum"])
@given(graph=lanes(), seed=st.integers(0, 99), count=st.integers(1, 3))
def test_derivatives_of_examples_are_summed(graph: Lanes, seed: int, count: int, reduce: str):
    """Some leaves are one number for each example; each derivative is the mean or the sum of the examples' own."""
    root, parameters, inputs, theta, X = examples_of(graph, seed, count, lambda leaves: leaves[1::2])
    tape = record([root], parameters, [], [inputs])
    alone = compile_tape(record([root], parameters, inputs), kind="python", order=2)
    each = [alone.value_and_grad(theta, fixed=x) for x in X]
    weight = 1.0 / count if reduce == "mean" else 1.0
    expected = weight * sum([s for _, s in each])
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=1.0)
    for kind in [kind for kind in BACKENDS if BACKENDS[kind].takes is not Normal]:
        try:
            program = compile_tape(tape, [("x", (len(inputs),))], reduce, kind, order=2)
        except UnsupportedProgramError:  # one group holds sums over the examples and what examples need
            assert kind == "tiles"
            continue
        value, second = program.value_and_grad(theta, X)
        (found,), slopes = interpret(arrays_of(program), theta, X)
        assert np.isclose(found, value, rtol=1e-12)
        assert np.allclose(slopes, second, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)
        assert np.isclose(value, weight * sum([v for v, _ in each]), rtol=1e-9, atol=1e-9)
        assert np.allclose(second, expected, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)


@given(graph=lanes(), seed=st.integers(0, 99), count=st.integers(0, 20))
def test_results_of_each_example_are_its_own(graph: Lanes, seed: int, count: int):
    """Several of them; one that all examples share, a number of the example itself, and a constant among them."""
    leaves, root = graph.record()
    inputs = leaves[1::2]
    parameters = [leaf for leaf in leaves if leaf not in inputs]
    rng = np.random.default_rng(seed)
    rows = [dict(zip(leaves, graph.near(rng), strict=True)) for _ in range(count)]
    theta = np.array(graph.near(rng))[[leaves.index(leaf) for leaf in parameters]]
    X = np.array([[row[leaf] for leaf in inputs] for row in rows]).reshape(count, len(inputs))
    results = [root, parameters[0] * 2.0, *inputs[:1], 1.5]
    alone = compile_tape(record(results, parameters, inputs), kind="python", order=0)
    expected = np.array([alone.value(theta, fixed=x) for x in X]).reshape(count, len(results))
    tape = record(results, parameters, [], [inputs])
    for kind in [kind for kind in BACKENDS if BACKENDS[kind].takes is not Normal]:
        found = compile_tape(tape, [("x", (len(inputs),))], None, kind).value(theta, X)
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
        shared = compile_tape(record(results[1:2], parameters, [], [inputs]), [("x", (len(inputs),))], None, kind)
        assert shared.value(theta, X).tolist() == [[2.0 * theta[0]]] * count


class InterpretedCode(Code):
    """The interpreter as a back end: all that one has to have."""

    takes = ArrayProgram

    def __init__(self, body, names=((), ())):
        self.source, self.body = str(body), body

    def prepare(self): ...

    def bind(self, parameters, derivatives, fixed, batch_size):
        def value(*batch):
            (found,), derivatives[:] = interpret(self.body, parameters, *batch, fixed=fixed)
            return found

        return value, value


def test_a_back_end_is_a_class_and_a_row(monkeypatch):
    """Programs run by a back end that the compiler has never heard of, and come back from a pickle."""
    monkeypatch.setitem(BACKENDS, "interpreted", InterpretedCode)
    w, v, x = Value(2.0), Value(0.5), Value(3.0)
    tape = record([tanh(w * x + v) ** 2], [w, v], [], [[x]])
    args = np.array([0.3, -0.2]), np.array([[1.0], [2.0]])
    program = compile_tape(tape, [("x", (1,))], kind="interpreted")
    value, slopes = compile_tape(tape, [("x", (1,))]).value_and_grad(*args)
    for run in (program, pickle.loads(pickle.dumps(program))):
        assert run.stats.kind == "interpreted"
        found = run.value_and_grad(*args)
        assert np.isclose(found[0], value, rtol=1e-12)
        assert np.allclose(found[1], slopes, rtol=1e-12)


def test_back_end_that_is_in_no_table_is_refused():
    with pytest.raises(ValueError, match=r"kind is one of 'arrays', 'python'.*, got 'fortran'; leave it out"):
        compile_tape(record([Value(1.0) * 2.0], []), kind="fortran")


def test_constant_factor_of_a_shared_number_is_no_example():
    """An operand below zero is a constant, and not a node counted from the end."""
    w, x = Value(2.0), Value(3.0)
    root = autograd.sum([w + w, w, 2.0, 1.5]) * 0.5 + 0.0 * x
    program = compile_tape(record([root], [w], [], [[x]]), [("x", (1,))], "sum")
    value, slope = program.value_and_grad([2.0], np.array([[3.0], [5.0]]))
    assert (value, slope.tolist()) == (9.5, [3.0])


def test_page_about_the_passes_is_what_the_code_writes():
    """Made anew by ``python -m examples.compiler_passes > examples/compiler.md``."""
    written = Path(compiler_passes.__file__).with_name("compiler.md").read_text(encoding="utf-8")
    assert "\n".join(compiler_passes.page()) == written


def network(layers, x, y):
    for weights, biases in layers:
        x = [tanh(sum(w * a for w, a in zip(row, x, strict=True)) + b) for row, b in zip(weights, biases, strict=True)]
    return sum((a - t) ** 2 for a, t in zip(x, y, strict=True))


def trained():
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(5, 2)), rng.normal(size=5)), (rng.normal(size=(1, 5)), rng.normal(size=1))]
    fast = compile(network, batched=("x", "y"))
    fast.value_and_grad(layers, rng.normal(size=(4, 2)), rng.normal(size=(4, 1)))
    return fast.program


def test_program_is_equal_to_itself_after_a_round_trip():
    """And to nothing else; it is what is pickled, and no text."""
    body = trained().body
    copy = pickle.loads(pickle.dumps(body))
    assert copy == body
    assert copy is not body
    assert str(copy) == str(body)
    assert body != compile_tape(record([Value(1.0) * 2.0], []), kind="arrays").body
    assert b"def bind" not in pickle.dumps(trained())


def test_listing_reads_like_the_equations_of_backpropagation():
    """Passes apart, shapes with ``n`` examples, each adjoint called after what it is the adjoint of."""
    assert str(trained().body).splitlines() == [
        "forward",
        "  v1[5×n] = W1[5×2] @ x[2×n]",
        "  v1[5×n] += b1[5]",
        "  v2[5×n] = tanh(v1[5×n])",
        "  v3[1×n] = W2[5] @ v2[5×n]",
        "  v3[1×n] += b2[1]",
        "  v4[1×n] = tanh(v3[1×n])",
        "  v5[1×n] = v4[1×n] - y[1×n]",
        "  v6[1×n] = pow(v5[1×n], 2)",
        "  v7[1] = Σ v6[1×n] over batch",
        "  v8[1] = mul(inverse_count[1], v7[1])",
        "backward",
        "  v9[1×n] = mul(2, v5[1×n])",
        "  v10[1×n] = - v4[1×n] · v4[1×n] + 1",
        "  g_v5[1×n] = mul(inverse_count[1], v9[1×n])",
        "  g_v3[1×n] = mul(g_v5[1×n], v10[1×n])",
        "  v11[5×n] = - v2[5×n] · v2[5×n] + 1",
        "  g_v2[5×n] = W2[5] @ g_v3[1×n]",
        "  g_v1[5×n] = mul(g_v2[5×n], v11[5×n])",
        "  g_b2[1] = Σ g_v3[1×n] over batch",
        "  g_W2[5] = g_v3[1×n] @ v2[5×n]ᵀ",
        "  g_b1[5] = Σ g_v1[5×n] over batch",
        "  g_W1[5×2] = g_v1[5×n] @ x[2×n]ᵀ",
    ]


ROWS = [
    Op("softsign", "softsign", lambda m, a: m.div(a, 1.0 + m.abs(a)),
       (lambda m, y, a: m.div(1.0, (1.0 + m.abs(a)) * (1.0 + m.abs(a))),), (REAL,)),
    Op("blend", "blend", lambda m, a, b: m.sigmoid(a) * b, (
        lambda m, y, a, b: y * (1.0 - m.sigmoid(a)), lambda m, y, a, b: m.sigmoid(a)), (REAL, REAL)),
    Op("mean_square", "ms", lambda m, *args: m.div(m.dot(*args, *args), 1.0 * len(args)),
       lambda m, y, *args: [m.div(2.0 * a, 1.0 * len(args)) for a in args], (REAL,)),
    Op("soft_maximum", "smax", lambda m, *args: m.logsumexp(*args) - m.norm(*args),
       lambda m, y, *args: [m.exp(a - m.logsumexp(*args)) - m.div(a, m.norm(*args)) for a in args], (REAL,)),
]  # fmt: skip


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
@pytest.mark.parametrize("batched", [True, False])
def test_new_row_is_compiled_by_every_back_end(op: Op, batched: bool):
    """Also one of any number of operands; the compiler knows no row by name that it does not need to."""

    def f(w, x):
        groups = [[w[k] * x[0], w[k + 1], x[1] + w[k]][: op.arity] for k in range(5)]
        return sum(tanh(apply(op, *operands)) for operands in groups)

    rng = np.random.default_rng(0)
    w, X = rng.uniform(0.5, 1.5, 6), rng.uniform(0.5, 1.5, (3, 2))
    fast = compile(f, batched="x" if batched else ())
    value, slope = fast.value_and_grad(w, X if batched else X[0])
    rows = X if batched else X[:1]
    assert np.isclose(value, np.mean([f(w, x) for x in rows]), rtol=1e-12)
    assert np.allclose(slope, np.mean([grad(f)(w, x) for x in rows], axis=0), rtol=1e-12)
    leaves = [Value(e) for e in w]
    tape = record([f(leaves, X[0].tolist())], leaves)
    first, *others = [compile_tape(tape, kind=kind).value_and_grad(w)[1] for kind in BACKENDS]
    assert all(np.allclose(found, first, rtol=1e-12) for found in others)
    if op.arity:
        second = np.mean([hessian(f)(w, x) for x in rows], axis=0)
        assert np.allclose(hessian(fast)(w, X if batched else X[0]), second, rtol=1e-9, atol=1e-12)


def test_row_that_calls_an_unknown_function_is_refused():
    """In the words of the namespace."""
    odd = Op("odd", "odd", lambda m, a: m.gamma(a), (lambda m, y, a: y,), (REAL,))
    tape = record([Value(2.0)], [])
    tape.ops.append(odd)
    tape.args.append((0,))
    tape.outputs[:] = [1]
    with pytest.raises(AttributeError, match=r"table rows may call the functions of autograd\.floats, got 'gamma'"):
        compile_tape(tape)
    assert ops.TABLE.get("odd") is None
