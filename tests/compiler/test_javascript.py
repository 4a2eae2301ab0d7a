"""Programs as JavaScript, run by Node: equal to the interpreter of the statements, at every edge too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import CompileError, Value, compile, operation, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.javascript import JavaScriptCode, scalars
from autograd.op import REAL, Op
from autograd.value import apply
from tests.compiler.graphs import Lanes, arrays_of, examples_of, lanes
from tests.compiler.test_array_program import ROWS, interpret, network
from tests.edges import EDGES
from tests.edges.rows import near
from tests.node import Node, node_fixture  # noqa: F401 - pytest uses it


@given(graph=lanes(), order=st.sampled_from([1, 2]), seed=st.integers(0, 99))
def test_module_equals_the_interpreter(node: Node, graph: Lanes, order: int, seed: int):
    """Both sorts of program, value and derivatives to the second order, with numbers that are not differentiated."""
    leaves, root = graph.record()
    fixed = leaves[1::3]
    parameters = [leaf for leaf in leaves if leaf not in fixed]
    tape = record([root], parameters, fixed)
    numbers = dict(zip(leaves, graph.near(np.random.default_rng(seed)), strict=True))
    theta, others = [np.array([numbers[leaf] for leaf in part]) for part in (parameters, fixed)]
    programs = [compile_tape(tape, kind=kind, order=order) for kind in ("arrays", "python")]
    with np.errstate(all="ignore"):
        expected, slopes = interpret(programs[0].body, theta, fixed=others)
    scale = np.abs(slopes[np.isfinite(slopes)]).max(initial=1.0)
    for program in programs:
        value, found = node.run(program.js_source, theta, fixed=others)
        assert np.allclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
        assert np.allclose(found, slopes, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)


@pytest.mark.parametrize("reduce", ["mean", "sum", None])
@given(graph=lanes(), seed=st.integers(0, 99), count=st.integers(1, 3))
def test_module_takes_rows_of_examples(node: Node, graph: Lanes, seed: int, count: int, reduce: str | None):
    """Some leaves are one number for each example; results are summed, or come as a row for each."""
    root, parameters, inputs, theta, X = examples_of(graph, seed, count, lambda leaves: leaves[1::2])
    outputs = [root, root * 2.0] if reduce is None else [root]
    program = compile_tape(record(outputs, parameters, [], [inputs]), [("x", (len(inputs),))], reduce)
    if reduce is None:
        value, _ = node.run(program.js_source, theta, X, name="value")
        assert np.allclose(value.reshape(count, 2), program.value(theta, X), rtol=1e-9, atol=1e-9, equal_nan=True)
        return
    with np.errstate(all="ignore"):
        expected, slopes = interpret(arrays_of(program), theta, X)
    scale = np.abs(slopes[np.isfinite(slopes)]).max(initial=1.0)
    value, found = node.run(program.js_source, theta, X)
    assert np.allclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
    assert np.allclose(found, slopes, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)
    alone, _ = node.run(program.js_source, theta, X, name="value")
    assert alone.tobytes() == value.tobytes()


@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_edge_is_that_of_the_engine(node: Node, f, operands, value, gradient):
    """Kinks, poles, infinities and nan, and a zero adjoint that wins against all of them, in both sorts of program."""
    xs = [Value(x) for x in operands]
    tape = record([f(*xs)], xs)
    for kind in ("python", "arrays"):
        source = compile_tape(tape, kind=kind).js_source
        (found,), slopes = node.run(source, operands)
        assert (found, *slopes) == (near(value), *map(near, gradient))


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
@pytest.mark.parametrize("batched", [True, False])
def test_new_row_needs_no_edit(node: Node, op: Op, batched: bool):
    """Also one of any number of operands."""

    def f(w, x):
        groups = [[w[k] * x[0], w[k + 1], x[1] + w[k]][: op.arity] for k in range(5)]
        return sum(tanh(apply(op, *operands)) for operands in groups)

    rng = np.random.default_rng(0)
    w, X = rng.uniform(0.5, 1.5, 6), rng.uniform(0.5, 1.5, (3, 2))
    fast = compile(f, batched="x" if batched else ())
    args = (w, X) if batched else (w, X[0])
    expected, slopes = fast.value_and_grad(*args)
    found = node.run(fast.js_source, w, *([X] if batched else []), fixed=[] if batched else X[0])
    assert np.allclose(found[0], expected, rtol=1e-12)
    assert np.allclose(found[1], slopes, rtol=1e-12)


@operation(lambda m, y, a: m.cos(a) * a + m.sin(a))
def x_sin_x(m, a):
    return a * m.sin(a)


def test_operation_of_the_users_own_is_printed(node: Node):
    """It is written over the same functions as the rows of the table."""
    fast = compile(lambda x: x_sin_x(x) * 2.0)
    value, slope = fast.value_and_grad(0.7)
    assert np.allclose(node.run(fast.js_source, [0.7]), [[value], [slope]], rtol=1e-15)


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("kind", ["python", "arrays"])
def test_several_results_and_their_derivatives(node: Node, kind: str, order: int):
    """An array of them; derivatives of the first come first. Without derivatives there is a value alone."""
    x, y = Value(0.7), Value(-1.3)
    program = compile_tape(record([x * y, autograd.sin(x), y * y * y], [x, y]), kind=kind, order=order)
    found = node.run(program.js_source, [0.7, -1.3], name="value_and_grad" if order else "value")
    assert np.allclose(found[0], program.value([0.7, -1.3]), rtol=1e-15)
    if order:
        assert np.allclose(found[1], program.value_and_grad([0.7, -1.3])[1], rtol=1e-15)
    else:
        assert "value_and_grad" not in program.js_source


def test_operation_may_have_any_name(node: Node):
    """Also one of several lines, which would end a comment."""
    row = lambda m, a: m.exp(a)
    row.__name__ = "a\nb\u2028c();\rd"
    odd = operation(lambda m, y, a: y)(row)
    w, x = Value(0.3), Value(2.0)
    program = compile_tape(record([odd(w * x)], [w], [], [[x]]), [("x", ())], "sum")
    value, slope = program.value_and_grad([0.5], np.array([1.0, 2.0]))
    assert np.allclose(node.run(program.js_source, [0.5], [1.0, 2.0]), [[value], slope], rtol=1e-14)


@operation(lambda m, y, a: m.sigmoid(a) * m.sigmoid(-a) * (2.0 * m.sigmoid(a) + m.exp(m.sigmoid(a))))
def repeats_itself(m, a):
    return m.sigmoid(a) * m.sigmoid(a) + m.exp(m.sigmoid(a))


def test_what_a_row_says_twice_is_computed_once(node: Node):
    """In a loop, where it would be computed again for each member and example."""
    x, w = Value(0.3), Value(0.4)
    program = compile_tape(record([repeats_itself(w * x)], [w], [], [[x]]), [("x", ())], "sum", order=0)
    assert program.js_source.count("sigmoid(batch") == 1
    (found,), _ = node.run(program.js_source, [0.4], [0.3, -2.0], name="value")
    assert np.isclose(found, repeats_itself(0.12) + repeats_itself(-0.8), rtol=1e-15)


def test_network_of_matrices(node: Node):
    """Products of either shape, and the one number of examples that was compiled is not the only one."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(5, 2)), rng.normal(size=5)), (rng.normal(size=(1, 5)), rng.normal(size=1))]
    fast = compile(network, batched=("x", "y"))
    theta = np.concatenate([np.ravel(part) for layer in layers for part in layer])
    for count in (1, 4, 7):
        X, Y = rng.normal(size=(count, 2)), rng.normal(size=(count, 1))
        value, slopes = fast.value_and_grad(layers, X, Y)
        found = node.run(fast.js_source, theta, X, Y)
        assert np.allclose(found[0], value, rtol=1e-14)
        assert np.allclose(found[1], np.concatenate([np.ravel(p) for layer in slopes for p in layer]), rtol=1e-12)


# Words of JavaScript, what is global in it, and what a module of ours calls something.
NAMES = [
    "arguments", "const", "eval", "export", "function", "let", "new", "static", "super", "switch", "this", "typeof",
    "var", "void", "enum", "undefined", "NaN", "Infinity", "Math", "Object", "Float64Array", "Int32Array", "RangeError",
    "constructor", "prototype", "bind", "value", "value_and_grad", "program", "theta", "gradient", "fixed", "n", "e",
    "s", "t0", "v1", "check", "counts", "batch", "numbers", "constants", "index1", "abs", "exp", "tanh", "dot",
]  # fmt: skip


@pytest.mark.parametrize("batched", [True, False])
def test_numbers_may_be_called_anything(node: Node, batched: bool):
    """Also as JavaScript, its globals or the module itself call something."""
    space = {"T": tanh}
    terms = " + ".join(f"{k + 1}.5 * T({name} * _w)" for k, name in enumerate(NAMES))
    exec(f"def eval(_w, {', '.join(NAMES)}): return {terms}", space)
    fast = compile(space["eval"], batched=NAMES if batched else ())
    numbers = np.linspace(-1.0, 1.0, len(NAMES))
    rows = [np.array([x, x / 2.0, -x]) for x in numbers] if batched else numbers.tolist()
    expected, slope = fast.value_and_grad(0.75, *rows)
    found = node.run(fast.js_source, [0.75], *(rows if batched else []), fixed=[] if batched else numbers)
    assert np.allclose(found, [[expected], [slope]], rtol=1e-13)


def test_long_programs_are_cut(node: Node, monkeypatch):
    """Into functions that an engine optimises; nothing else changes."""
    monkeypatch.setattr(scalars, "ONE_FUNCTION", 150)
    monkeypatch.setattr(scalars, "PIECE", 50)

    def irregular(p):
        x = p[0]
        for k in range(150):
            x = [tanh, autograd.sin, autograd.sigmoid][k % 3](x * p[k % 5] + 0.1 * (k % 7))
        return x

    p = np.array([0.5, -1.5, 1.25, 0.75, 2.0])
    leaves = [Value(x) for x in p]
    tape = record([irregular(leaves)], leaves)
    for kind in ("python", "arrays"):
        program = compile_tape(tape, kind=kind)
        value, slopes = program.value_and_grad(p)
        source = program.js_source
        assert {"python": "backward50(theta, fixed)", "arrays": "forward_1()"}[kind] in source
        found = node.run(source, p)
        assert np.allclose(found[0], value, rtol=1e-9)
        assert np.allclose(found[1], slopes, rtol=1e-9, atol=1e-9 * np.abs(slopes).max())


@pytest.mark.parametrize("name", ["new", "theta", "e", "n", "exp", "bind", "Math", "λ", "t3", "index1", "ERF"])
def test_argument_may_have_any_name(node: Node, name: str):
    """Also one that means something else in JavaScript, or in the module."""
    w, x, y = Value(2.0), Value(3.0), Value(1.0)
    tape = record([(autograd.erf(w * x) - y) ** 2], [w], [], [[x], [y]])
    program = compile_tape(tape, [(name, ()), (f"{name}_", ())])
    value, slope = program.value_and_grad([0.3], np.array([1.0, 2.0]), np.array([0.5, 0.25]))
    found = node.run(program.js_source, [0.3], [1.0, 2.0], [0.5, 0.25])
    assert np.allclose(found, [[value], slope], rtol=1e-13)


def test_module_reads_as_the_equations_of_its_program():
    """A comment for each statement, and no function that nothing calls."""
    w, x = Value(2.0), Value(3.0)
    tape = record([tanh(w * x)], [w], [], [[x]])
    program = compile_tape(tape, [("x", (1,))], "sum")
    comments = [line.strip()[3:] for line in program.js_source.splitlines() if line.strip().startswith("//")]
    listing = str(arrays_of(program)).splitlines()
    assert comments == [line.strip() for line in listing if line.startswith("  ")]
    assert "function erf" not in program.js_source
    assert "function erf" in compile_tape(record([autograd.erfc(w)], [w])).js_source


def test_arrays_of_another_length_are_refused(node: Node):
    """An entry that is not there would be nan, or a result silently left out."""
    w, x = Value(2.0), Value(3.0)
    source = compile_tape(record([w * x], [w], [], [[x, Value(0.0)]]), [("rows", (2,))], "sum").js_source
    with pytest.raises(RuntimeError, match="RangeError: theta holds 1 numbers, got 2"):
        node.run(source, [1.0, 2.0], [[1.0, 2.0]])
    with pytest.raises(RuntimeError, match="RangeError: rows holds 2 numbers, got 3"):
        node.run(source, [1.0], [[1.0, 2.0, 3.0]])
    assert node.run(source, [2.0], [[1.0, 2.0]])[0] == [2.0]


def test_function_that_javascript_lacks_is_refused(monkeypatch):
    """In words that say where it would go."""
    monkeypatch.setattr("autograd.floats.__all__", [*autograd.floats.__all__, "gamma"])
    odd = Op("odd", "odd", lambda m, a: m.gamma(a), (lambda m, y, a: m.gamma(y),), (REAL,))
    tape = record([Value(2.0)], [])
    tape.ops.append(odd)
    tape.args.append((0,))
    tape.outputs[:] = [1]
    body = compile_tape(record([Value(2.0)], []), kind="python").body
    body.ops[:], body.args[:], body.outputs[:] = tape.ops, tape.args, [1]
    with pytest.raises(CompileError, match=r"JavaScript has no 'gamma' yet; add it to functions\.js"):
        JavaScriptCode(body).source  # noqa: B018
