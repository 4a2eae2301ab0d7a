"""Running a program: what it takes, the buffers it keeps, and which form it has."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import autograd
from autograd import Value, dot, exp, tanh, values
from autograd.compiler import Program, compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.compiler.program import program as compiled_program
from autograd.compiler.program.buffers import KEPT
from autograd.compiler.program.choose import FEW
from autograd.compiler.program.choose import NARROW as WIDTHS_PAID

KINDS = ["arrays", "python"]
# What runs a program that is wide enough for arrays.
WIDE = "tiles" if "tiles" in BACKENDS else "arrays"


def product(kind: str) -> Program:
    """``w0 · u · tanh(w1)``, where ``u`` is no parameter."""
    w0, w1, u = Value(2.0), Value(3.0), Value(5.0)
    return compile_tape(record([w0 * u * tanh(w1)], [w0, w1], [u]), kind=kind)


def batched(reduce: str | None = "sum", kind: str | None = None) -> Program:
    """``exp(w x0) + x1``, over examples."""
    w, x = Value(2.0), values(np.array([3.0, 5.0]))
    return compile_tape(record([exp(w * x[0]) + x[1]], [w], [], [x]), [("x", (2,))], reduce, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_that_are_no_parameters_are_passed_beside_them(kind):
    """As a list or an array; the gradient has an entry for each parameter."""
    program = product(kind)
    for numbers in (list, np.array):
        assert np.isclose(program.value(numbers([2.0, 0.5]), fixed=numbers([7.0])), 14.0 * np.tanh(0.5))
        value, gradient = program.value_and_grad(numbers([2.0, 0.5]), fixed=numbers([7.0]))
        assert np.isclose(value, 14.0 * np.tanh(0.5))
        assert np.allclose(gradient, [7.0 * np.tanh(0.5), 14.0 / np.cosh(0.5) ** 2])
    assert (program.parameters, program.fixed, program.arguments) == (2, 1, ())


@pytest.mark.parametrize("kind", KINDS)
def test_bound_step_has_numbers_of_its_own_beside_the_parameters(kind):
    """Both are read in each call; whole numbers become floats, which a step can change."""
    program = product(kind)
    theta = np.array([2.0, 0.5])
    step = program.bind(theta, fixed=[7])
    assert step.parameters is theta
    assert step.gradient.tolist() == [0.0, 0.0]
    assert np.isclose(step.value(), 14.0 * np.tanh(0.5))
    step.fixed[0] = 0.5
    theta[0] = 4.0
    assert np.isclose(step.value(), 2.0 * np.tanh(0.5))
    assert np.isclose(step.value_and_grad(), 2.0 * np.tanh(0.5))
    assert np.allclose(step.gradient, [0.5 * np.tanh(0.5), 2.0 / np.cosh(0.5) ** 2])


def test_bound_step_takes_one_example_unless_told():
    """The batch size belongs to its buffers."""
    step = batched().bind(np.array([0.0]))
    assert step.value(np.array([[1.0, 2.0]])) == 3.0


@pytest.mark.parametrize("kind", KINDS)
def test_several_results_are_an_array(kind):
    """One is a float."""
    w = [Value(2.0), Value(3.0)]
    result = compile_tape(record([w[0] * w[1], exp(w[0]) - w[1]], w), kind=kind).value([0.0, 4.0])
    assert isinstance(result, np.ndarray)
    assert result.tolist() == [0.0, -3.0]
    one, theta = compile_tape(record([w[0] * w[1]], w), kind=kind), np.array([2.0, 4.0])
    assert type(one.value(theta)) is type(one.value_and_grad(theta)[0]) is float


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_is_an_array_for_the_caller_to_keep(kind):
    """Of floats, and another one in each call."""
    program = product(kind)
    _, first = program.value_and_grad([1.0, 0.0], fixed=[3.0])
    _, second = program.value_and_grad([2.0, 0.0], fixed=[3.0])
    assert (first.tolist(), second.tolist()) == ([0.0, 3.0], [0.0, 6.0])


def test_overflow_gives_no_warning():
    """An infinity is a result; a step of NumPy's in a loop leaves that to its caller."""
    program = batched(kind="arrays")
    X = np.array([[1.0, 0.0]])
    assert program.value([1000.0], X) == np.inf
    assert program.value_and_grad([1000.0], X)[0] == np.inf
    with pytest.warns(RuntimeWarning, match="overflow encountered in exp"):
        program.bind(np.array([1000.0])).value(X)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("parameters", "fixed"), [(1, 1), (2, 0), (1, 2), (3, 0)])
def test_another_count_of_numbers_is_refused(kind, parameters, fixed):
    """One number is not stretched to all, and none is taken for another."""
    program, got = product(kind), f"{parameters} and {fixed}"
    theta, fixed = [1.0] * parameters, [1.0] * fixed
    message = f"^this program takes 2 parameters and 1 fixed numbers, got {got}; pass one for each that was recorded$"
    for call in (program.value, program.value_and_grad, lambda theta, fixed: program.bind(np.array(theta), 1, fixed)):
        with pytest.raises(ValueError, match=message):
            call(theta, fixed=fixed)


def test_examples_that_are_whole_numbers_become_floats():
    """Whose products do not wrap around."""
    x = Value(2.0)
    program = compile_tape(record([x * x], [], [], [[x]]), [("x", ())], "sum")
    assert program.value([], np.array([2**40])) == 2.0**80


REFUSED = {
    "none": ([], "got shapes none"),
    "two": ([np.ones((3, 2)), np.ones(3)], r"got shapes \(3, 2\), \(3,\)"),
    "a number": ([2.0], r"got shapes \(\)"),
    "other examples": ([np.ones((3, 3))], r"got shapes \(3, 3\)"),
    "one example": ([np.ones(2)], r"got shapes \(2,\)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_examples_of_another_shape_are_refused(name):
    """Each argument by its name and the shape it was compiled for."""
    batch, got = REFUSED[name]
    program = batched()
    message = rf"^this program takes batched arguments of n examples, x of shape \('n', 2\), {got}; compile for others$"
    for call in (program.value, program.value_and_grad):
        with pytest.raises(ValueError, match=message):
            call([1.0], *batch)


def test_batches_of_two_lengths_are_refused():
    """Also where each is of a shape that was compiled for."""
    w, x, y = Value(1.0), Value(2.0), Value(3.0)
    program = compile_tape(record([w * x * y], [w], [], [[x], [y]]), [("x", ()), ("y", (1,))])
    message = (
        r"^this program takes batched arguments of n examples, x of shape \('n',\), y of shape \('n', 1\), "
        r"got shapes \(2,\), \(3, 1\); compile for others$"
    )
    with pytest.raises(ValueError, match=message):
        program.value([1.0], np.ones(2), np.ones((3, 1)))
    assert program.value([2.0], [1, 2], [[3], [4]]) == 11.0


@pytest.mark.parametrize("kind", KINDS)
def test_examples_for_a_program_without_any_are_refused(kind):
    """They are not left aside."""
    message = "^this program takes batched arguments of n examples, none, got shapes \\(2,\\); compile for others$"
    with pytest.raises(ValueError, match=message):
        product(kind).value([1.0, 2.0], np.ones(2), fixed=[3.0])


def test_buffers_are_kept_for_the_last_few_batch_sizes(monkeypatch):
    """Made once for each, until so many others have come that the oldest goes."""
    program, made, bound = batched(), [], compiled_program.bound
    monkeypatch.setattr(compiled_program, "bound", lambda *args: made.append(args[-1]) or bound(*args))
    sizes = range(1, KEPT + 1)
    for size in (*sizes, *sizes, KEPT + 1, *sizes[1:], 1):
        assert program.value([0.0], np.ones((size, 2))) == 2.0 * size
    assert made == [*sizes, KEPT + 1, 1]


def test_each_thread_has_buffers_of_its_own():
    """And the one that compiled it too, in a copy as well."""
    program = batched()
    program.value([0.0], np.ones((1, 2)))
    seen = []
    thread = threading.Thread(target=lambda: seen.append(dict(program.buffers.kept)))
    thread.start()
    thread.join()
    assert seen == [{}]
    assert list(program.buffers.kept) == [1]


def test_traceback_says_that_the_code_is_compiled():
    """Its file, which does not exist, has a name that explains it."""
    assert product("python").code.value.__code__.co_filename == "<compiled by autograd>"


@pytest.mark.parametrize("kind", KINDS)
def test_program_prints_as_its_source(kind):
    """All of it, as it is executed."""
    program = product(kind)
    space = {}
    exec(str(program), space)
    assert str(program) == program.source
    assert ("bind" if kind == "arrays" else "value_and_grad") in space


def test_statistics_of_a_python_program_count_its_operations():
    """Operations, of both passes; there are no matrix products in it."""
    program = product("python")
    stats = program.stats
    assert (stats.kind, stats.matmuls, stats.scalar_nodes) == ("python", 0, 3)
    assert stats.instructions == 6


NARROW = WIDTHS_PAID["python"]
WIDTHS = {
    "products in a sum": lambda w: dot(w[: len(w) // 2], w[len(w) // 2 :]),
    "terms of a sum": lambda w: autograd.sum(w),
    "terms subtracted": lambda w: w[0] - autograd.sum(w[1:]),
    "terms of several sums": lambda w: [w[0] + w[1], autograd.sum(w[3:]), w[0] + w[2]],
}


@pytest.mark.parametrize("name", WIDTHS)
def test_sum_of_many_terms_is_wide(name, monkeypatch):
    """One term is one operation: a graph with more of them than a statement costs becomes arrays."""
    monkeypatch.delitem(BACKENDS, "c", raising=False)
    count = {"products in a sum": 2 * NARROW, "terms of several sums": NARROW - 1}.get(name, NARROW)
    for more, kind in ((0, "python"), (2, WIDE)):
        w = [Value(1.0) for _ in range(count + more)]
        results = WIDTHS[name](w)
        tape = record(results if isinstance(results, list) else [results], w)
        assert compile_tape(tape).stats.kind == kind


@pytest.mark.parametrize("runtime", [False, True])
def test_operations_of_a_group_are_counted_beside_each_other(runtime, monkeypatch):
    """The average group decides; examples are always arrays, and a choice is kept to."""
    if runtime and "c" not in BACKENDS:
        pytest.skip("there is no C runtime here")
    kind = "c" if runtime else "python"
    if not runtime:
        monkeypatch.delitem(BACKENDS, "c", raising=False)
    narrow = WIDTHS_PAID[kind]
    w = values(np.ones(2 * narrow + 1))
    one_group = lambda n: record([tanh(x) for x in w[:n]], list(w))
    assert compile_tape(one_group(narrow)).stats.kind == kind
    assert compile_tape(one_group(narrow + 1)).stats.kind == WIDE
    two_groups = lambda n: record([*[tanh(x) for x in w[:n]], exp(w[-1])], list(w))
    assert compile_tape(two_groups(2 * narrow - 1)).stats.kind == kind
    assert compile_tape(two_groups(2 * narrow)).stats.kind == WIDE
    assert compile_tape(one_group(narrow), kind="arrays").stats.kind == "arrays"
    assert batched().stats.kind in ("arrays", "lanes")


def test_few_operations_are_over_in_python():
    """Before C is called; also where they stand beside each other."""
    w = values(np.ones(FEW + 1))
    side_by_side = lambda n: compile_tape(record([tanh(x) for x in w[:n]], list(w))).stats.kind
    assert side_by_side(20) == "python"
    if "c" in BACKENDS:
        assert [side_by_side(n) for n in (FEW, FEW + 1)] == [WIDE, "c"]


def test_python_without_an_axis_for_examples_is_refused():
    """It would take the first example's numbers for parameters."""
    w, x, y = Value(1.0), Value(2.0), Value(3.0)
    tape = record([w * x * y], [w], [], [[x], [y]])
    message = "^kind 'python' is for programs without batched arguments, got x, y; leave kind out$"
    with pytest.raises(ValueError, match=message):
        compile_tape(tape, [("x", ()), ("y", ())], kind="python")


def test_names_of_numbers_are_those_of_the_arguments():
    """As far as they are given."""
    w, v, u = Value(1.0), Value(2.0), Value(3.0)
    source = compile_tape(record([w * v * u], [w, v], [u]), kind="python", names=(["weight"], ["scale"])).source
    assert "def value(weight, p1, scale):" in source
    assert "def value(p0, p1, u0):" in compile_tape(record([w * v * u], [w, v], [u]), kind="python").source
