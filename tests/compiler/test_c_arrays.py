"""Array programs as a file of C99: every statement is what it says, whole programs give the same numbers."""

from __future__ import annotations

import ctypes
import subprocess
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, ops, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.c.array_source import c_source_of_arrays
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map, MatMul, Reduce, Segments, Take, Total
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIXED, PARAMETER
from tests.compiler.statements import ARGUMENT, EXAMPLES, PLACES, ROOM, meant, numbers, program
from tests.compiler.test_c_source import COMPILER, address, library, needs_compiler
from tests.compiler.test_javascript_statements import OPS, beside, modes, shapes, views

# ── Statements ───────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def statements(draw: Any) -> Any:
    """Of every kind, over views of any shape and stride."""
    kind = draw(st.sampled_from([Map, Linear, MatMul, Total, Reduce, Segments, Take]))
    shape, batched, mode = draw(shapes), draw(st.booleans()), draw(modes)
    if kind in (Map, Linear):
        target = draw(views(shape, batched, target=True))
        if kind is Map:
            op = draw(st.sampled_from(OPS))
            return Map(target, op, tuple([draw(beside(target)) for _ in range(op.arity)]))
        terms = st.tuples(st.sampled_from([1, -1]), st.lists(beside(target), min_size=1, max_size=3).map(tuple))
        alone = st.sampled_from([0.0, -0.0, 2.5, np.inf]).map(lambda x: [(1, (x,))])
        return Linear(target, mode, tuple(draw(st.lists(terms, min_size=1, max_size=3) | alone)))
    summed = draw(st.booleans())
    if kind is MatMul:
        h, i, j, k = [draw(st.integers(1, 3)) for _ in range(4)]
        left, right = draw(views((h, i, k), batched)), draw(views((h, j, k), draw(st.booleans())))
        return MatMul(draw(views((h, i, j), (left.batched or right.batched) and not summed, True)), mode, left, right)
    source = draw(views(shape, batched))
    if kind is Total:
        axes = tuple(sorted(draw(st.sets(st.integers(0, len(shape) - 1)))))
        kept = tuple([n for k, n in enumerate(shape) if k not in axes])
        return Total(draw(views(kept, batched and not summed, True)), mode, source, axes)
    if kind is Reduce:
        op = draw(st.sampled_from([ops.logsumexp, ops.norm, ops.prod, ops.sum]))
        return Reduce(draw(views(shape[:-1], batched, True)), op, source)
    if kind is Segments:
        cuts = draw(st.sets(st.integers(1, shape[0] - 1))) if shape[0] > 1 else ()
        starts = np.array([0, *sorted(cuts)])
        return Segments(draw(views((len(starts), *shape[1:]), batched, True)), mode, source, starts)
    index = np.array(draw(st.lists(st.integers(0, shape[0] - 1), min_size=1, max_size=4)))
    target = draw(views((len(index), *shape[1:]), batched, True))
    positions = np.array(draw(st.permutations(range(len(index)))))[: draw(st.integers(1, len(index)))]
    return Take(target, source, index) if summed else Take(target, source, index[: len(positions)], positions)


@needs_compiler
@settings(max_examples=3, phases=[Phase.generate])  # each takes a second, which shrinking would multiply
@given(drawn=st.lists(statements(), min_size=15, max_size=15))
def test_every_statement_is_what_it_says(tmp_path_factory, drawn: list[Any]):
    """In every slot: each a file of its own, by one call of the compiler."""
    folder, memory = tmp_path_factory.mktemp("statements"), numbers()
    memory[COUNT][:2] = EXAMPLES, 1.0 / EXAMPLES
    for k, statement in enumerate(drawn):
        found = replace(program(), constants=memory[CONSTANT], passes=((), (statement,)))
        (folder / f"s{k}.c").write_text(c_source_of_arrays(found, ((), ()), f"s{k}"))
    flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O0", "-shared", "-fPIC"]
    command = [COMPILER, *flags, *map(str, folder.glob("*.c")), "-o", str(folder / "all.so"), "-lm"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    loaded = ctypes.CDLL(str(folder / "all.so"))
    for k, statement in enumerate(drawn):
        expected = meant(memory, statement)
        given = {place: array.copy() for place, array in memory.items()}
        workspace = np.concatenate([given[UNBATCHED], given[BATCHED].ravel()])
        assert len(workspace) == loaded[f"s{k}_workspace"](ctypes.c_ssize_t(EXAMPLES))
        rows = np.ascontiguousarray(given[ARGUMENT].T)
        loaded[f"s{k}_and_gradient"](
            address(given[PARAMETER]), address(given[FIXED]), ctypes.c_ssize_t(EXAMPLES), address(rows),
            address(workspace), address(given[RESULT]),
        )  # fmt: skip
        given[UNBATCHED], given[BATCHED] = workspace[:ROOM], workspace[ROOM:].reshape(given[BATCHED].shape)
        for place in (PARAMETER, FIXED, RESULT, UNBATCHED, BATCHED):
            assert np.allclose(given[place], expected[place], rtol=1e-13, atol=1e-14), (statement, PLACES[place])


# ── Programs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def network(W1, b1, w2, factor, x, y):
    """Parameters of an array, and other numbers of arrays and alone."""
    hidden = [tanh(sum(w * a for w, a in zip(row, x, strict=True)) + b) for row, b in zip(W1, b1, strict=True)]
    return factor * (sum(w * h for w, h in zip(w2, hidden, strict=True)) - y) ** 2


RNG = np.random.default_rng(0)
NETWORK = [RNG.normal(size=(4, 3)), RNG.normal(size=4), RNG.normal(size=4), 0.5]
EXAMPLE = [RNG.normal(size=(5, 3)), RNG.normal(size=5)]


def run(source: str, folder: Any, name: str, given: list[Any], outputs: int, slopes: int) -> tuple[Any, Any]:
    """What a file gives: the results, by both of its functions, and the derivatives."""
    found = library(source, folder)
    count = len(given[2]) if len(given) > 2 else None
    size = found[f"{name}_workspace"](*[] if count is None else [ctypes.c_ssize_t(count)])
    gradient, workspace, results = np.zeros(slopes), np.full(size, np.nan), np.zeros(outputs)
    held = [np.ascontiguousarray(x, dtype=float).ravel() for x in given]
    head = [*map(address, held[:2]), *([] if count is None else [ctypes.c_ssize_t(count)]), *map(address, held[2:])]
    more = [address(results)] if "double *results" in source else []
    values = []
    for function, last in ((name, []), (f"{name}_and_gradient", [address(gradient)])):
        if not hasattr(found, function):
            continue
        call = getattr(found, function)
        call.restype = None if more else ctypes.c_double
        value = call(*head, address(workspace), *more, *last)
        values.append(results.tolist() if more else value)
    assert all(value == values[0] for value in values)
    return values[0], gradient


@needs_compiler
@pytest.mark.parametrize("reduce", ["mean", "sum"])
@pytest.mark.parametrize("count", [1, 5])
def test_batched_function_is_loops_over_its_examples(reduce, count, tmp_path):
    """By the user's names: of the arrays, of the number, and of the batched arguments."""
    fast = compile(network, batched=("x", "y"), reduce=reduce)
    X, y = [x[:count] for x in EXAMPLE]
    value, slopes = fast.value_and_grad(*NETWORK, X, y)
    source = fast.c_source
    for words in (
        "double network(const double *parameters, const double *others, ptrdiff_t n, const double *x, const double *y,",
        "    const double *const W1 = parameters;\n", "    const double *const w2 = others + 4;\n",
        "    const double factor = others[8];\n", "W1[3 * i + k] * x[3 * e + k]",
    ):  # fmt: skip
        assert words in source
    others = np.concatenate([NETWORK[1], NETWORK[2], [NETWORK[3]]])
    found, gradient = run(source, tmp_path, "network", [NETWORK[0], others, X, y], 0, 12)
    assert found == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(gradient, np.ravel(slopes), rtol=1e-12)


@needs_compiler
def test_sum_over_no_example_is_nothing(tmp_path):
    """And the loops know it."""
    fast = compile(network, batched=("x", "y"), reduce="sum")
    fast.value_and_grad(*NETWORK, *EXAMPLE)
    others = np.concatenate([NETWORK[1], NETWORK[2], [NETWORK[3]]])
    none = [x[:0] for x in EXAMPLE]
    found, gradient = run(fast.c_source, tmp_path, "network", [NETWORK[0], others, *none], 0, 12)
    assert found == 0.0
    assert not gradient.any()


@needs_compiler
def test_results_of_each_example_are_rows(tmp_path):
    """Two of each."""
    fast = compile(lambda w, x: [tanh(w[0] * x[0] + w[1]), w[0] - x[1]], batched="x", reduce=None)
    X, w = EXAMPLE[0][:, :2], [0.5, -0.3]
    expected = fast(w, X)
    found, _ = run(fast.c_source, tmp_path, "program", [w, [], X], 10, 0)
    np.testing.assert_allclose(np.reshape(found, (5, 2)), expected, rtol=1e-14)


@needs_compiler
@pytest.mark.parametrize("several", [False, True])
def test_matrices_without_examples_are_loops(several, tmp_path):
    """Of one result or of several, with sums of many operands; numbers that have no names."""
    leaves = [Value(x) for x in RNG.normal(size=20)]
    rows = [leaves[k : k + 4] for k in range(0, 16, 4)]
    hidden = [tanh(autograd.dot(row, leaves[16:])) for row in rows]
    roots = [autograd.logsumexp(hidden), autograd.norm(hidden), hidden[0] * leaves[0]]
    program = compile_tape(record(roots if several else [roots[0] * roots[1]], leaves), kind="arrays", order=1)
    at = [leaf.data for leaf in leaves]
    value, slopes = program.value_and_grad(at)
    found, gradient = run(program.c_source("program"), tmp_path, "program", [at, []], 3 * several, len(slopes))
    np.testing.assert_allclose(found, value, rtol=1e-13)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-11, atol=1e-15)


@needs_compiler
@pytest.mark.parametrize("name", ["n", "e", "batch", "workspace", "double", "t0", "index1", "exp", "f_tanh"])
def test_names_that_the_file_has_are_changed(name, tmp_path):
    """Of a batched argument, of an array, and of the function."""
    space = {"tanh": tanh}
    exec(f"def {name}(w, {name}): return tanh(w[0] * {name}) + w[1] * {name}", space)
    fast = compile(space[name], batched=name)
    value, slopes = fast.value_and_grad(np.array([0.3, 0.4]), np.array([1.0, 2.0, 3.0]))
    called = next(line for line in fast.c_source.splitlines() if "_and_gradient(" in line)
    called = called.removeprefix("double ").split("_and_gradient")[0]
    found, gradient = run(fast.c_source, tmp_path, called, [[0.3, 0.4], [], [1.0, 2.0, 3.0]], 0, 2)
    assert found == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-13)


@needs_compiler
def test_operation_of_any_name_is_a_comment(tmp_path):
    """Which no name of an operation ends."""
    twice = autograd.operation(lambda m, y, a: 2.0 + 0.0 * a, symbol="2")(lambda m, a: 2.0 * a)
    object.__setattr__(twice.op, "name", "*/ ??/ /*")
    fast = compile(lambda w, x: twice(w * x), batched="x")
    value, slope = fast.value_and_grad(0.5, np.array([1.0, 2.0, 6.0]))
    found, gradient = run(fast.c_source, tmp_path, "program", [[0.5], [], [1.0, 2.0, 6.0]], 0, 1)
    assert (found, gradient.tolist()) == (value, [slope])
