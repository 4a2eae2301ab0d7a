"""Programs as a file of C99: a compiler of this machine takes it without a word, and it gives the same numbers."""

from __future__ import annotations

import ctypes
import keyword
import re
import shutil
import subprocess
from itertools import product

import numpy as np
import pytest

import autograd
from autograd import Value, compile, floats, ops, tanh
from autograd.compiler import compile_tape, record
from autograd.compiler.backends.c.text import name_of, taken_names
from autograd.value import apply
from tests.rows import SPECIAL

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler here")


def library(text: str, folder, standard: str = "-std=c99") -> ctypes.CDLL:
    """The file compiled, all warnings being errors."""
    (folder / "program.c").write_text(text)
    flags = [standard, "-pedantic", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
    command = [COMPILER, *flags, str(folder / "program.c"), "-o", str(folder / "program.so"), "-lm"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return ctypes.CDLL(str(folder / "program.so"))


def address(array: np.ndarray) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)  # which keeps the array


@needs_compiler
def test_every_row_gives_the_numbers_of_the_program(tmp_path):
    """Values and derivatives, several results at once, at ordinary and at special numbers."""
    leaves = [Value(0.5), Value(0.25), Value(0.75)]
    roots = [apply(op, *leaves[: op.arity or 3 - (op is ops.dot)]) for op in ops.TABLE.values()]
    program = compile_tape(record(roots, leaves), kind="python", order=1)
    found = library(program.c_source("rows"), tmp_path)
    values, slopes = np.zeros(len(roots)), np.zeros(len(roots) * 3)
    rows = [np.array(row) for row in product(SPECIAL[2:6], repeat=3)]
    rows += list(np.random.default_rng(0).choice(SPECIAL, (40, 3)))
    for row in rows:
        expected, derivatives = program.value_and_grad(row)
        found.rows_and_gradient(address(row), address(row), address(values), address(slopes))
        np.testing.assert_allclose(values, expected, rtol=1e-14)
        np.testing.assert_allclose(slopes, derivatives, rtol=1e-13)
        values[:] = 0.0
        found.rows(address(row), address(row), address(values))
        np.testing.assert_allclose(values, expected, rtol=1e-14)


def rosenbrock(point, a, sin):
    """With numbers of both sorts, one of which is called as a function is."""
    return (a - point[0]) ** 2 + sin * (point[1] - point[0] ** 2) ** 2


@needs_compiler
def test_file_of_a_compiled_function_speaks_its_words(tmp_path):
    """One result is what the function returns."""
    fast = compile(rosenbrock)
    value, gradient = fast.value_and_grad([0.3, 0.4], 1.0, 100.0)
    assert "double rosenbrock(const double *parameters, const double *others) {" in fast.c_source
    assert "    const double point_0 = parameters[0];" in fast.c_source
    assert "    const double a = others[0];" in fast.c_source
    found = library(fast.c_source, tmp_path)
    found.rosenbrock.restype = found.rosenbrock_and_gradient.restype = ctypes.c_double
    parameters, others, slopes = np.array([0.3, 0.4]), np.array([1.0, 100.0]), np.zeros(2)
    assert found.rosenbrock(address(parameters), address(others)) == value
    assert found.rosenbrock_and_gradient(address(parameters), address(others), address(slopes)) == value
    assert slopes.tolist() == gradient


@needs_compiler
@pytest.mark.parametrize(
    "name",
    [
        "exp", "double", "main", "gradient", "Pair", "v1", "f_exp", "_x", "größe", "scale", "NAN", "printf", "free",
        "malloc", "abort", "time", "write", "INLINE", "INFINITY", "EOF", "NULL", "int32_t", "powf", "environ",
    ],
)  # fmt: skip
def test_names_that_c_has_are_changed(name, tmp_path):
    """Of numbers and of the function."""
    space = {"tanh": tanh}
    exec(f"def {name}({name}, other): return tanh({name}) * other + {name}", space)
    fast = compile(space[name])
    value, slope = fast.value_and_grad(0.5, 2.0)
    found = library(fast.c_source, tmp_path)
    called = next(line for line in fast.c_source.splitlines() if line.startswith("double ") and "_and_gradient" in line)
    function = found[called.split("(")[0].removeprefix("double ")]
    function.restype = ctypes.c_double
    slopes = np.zeros(1)
    assert function(address(np.array([0.5])), address(np.array([2.0])), address(slopes)) == pytest.approx(
        value, rel=1e-15
    )
    assert slopes[0] == pytest.approx(slope, rel=1e-15)


def declared(*standard: str) -> tuple[set[str], set[str]]:
    """Functions and objects that all headers of C99 declare, and what stands for something in those of a file."""
    headers = [
        "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale", "math",
        "setjmp", "signal", "stdarg", "stdbool", "stddef", "stdint", "stdio", "stdlib", "string", "tgmath", "time",
        "wchar", "wctype",
    ]  # fmt: skip
    texts = []
    for names, flags in ((headers, ["-P"]), (["math", "stddef", "stdint", "string"], ["-dM"])):
        command = [COMPILER, *standard, *flags, "-E", "-x", "c", "-"]
        text = "".join(f"#include <{name}.h>\n" for name in names)
        texts.append(subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout)
    functions = set(re.findall(r"\bextern [^({;]*?\b([A-Za-z]\w*)\s*(?:\(|;)", texts[0]))
    macros = set(re.findall(r"^#define ([A-Za-z]\w*)(?!\w|\()", texts[1], re.MULTILINE))
    return functions, macros


@needs_compiler
def test_function_is_called_as_none_of_the_c_library():
    """Whatever the headers of C declare: its own name would be another's, or take its place at link time."""
    functions, macros = declared("-std=c99")
    assert {"printf", "free", "cosf", "wcstombs", "stdin"} <= functions
    for name in functions | macros:
        assert name_of(name, taken_names(), "and_gradient") not in functions | macros


@needs_compiler
@pytest.mark.parametrize("standard", ["-std=c99", "-std=gnu99", "-std=gnu2x"])
def test_number_may_be_called_as_anything_that_the_file_says(standard, tmp_path):
    """Each word of a file that has every function of the library, and all that its headers define."""
    leaves = [Value(0.5), Value(0.25), Value(0.75)]
    roots = [apply(op, *leaves[: op.arity or 3 - (op is ops.dot)]) for op in ops.TABLE.values()]
    text = compile_tape(record(roots, leaves), kind="python", order=1).c_source("rows")
    words = set(re.findall(r"\b[A-Za-z_]\w*", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)))
    words -= {word for word in words if re.fullmatch(r"[vft]\d+", word)}
    names = sorted(filter(lambda word: not keyword.iskeyword(word), words | declared(standard)[1]))
    space = {"tanh": tanh}
    terms = " + ".join(f"{k + 2}.0 * {name}" for k, name in enumerate(names))
    exec(f"def total(_w, {', '.join(names)}): return tanh(_w) * ({terms})", space)
    fast, numbers = compile(space["total"], verify=False), np.linspace(0.5, 1.5, len(names)).tolist()
    value = fast(0.5, *numbers)
    found = library(fast.c_source, tmp_path, standard)
    found.total.restype = ctypes.c_double
    # Without the runtime it is a program of arrays, whose function takes a workspace as well.
    given = [np.array([0.5]), np.array(numbers)]
    given += [np.zeros(found.total_workspace())] if hasattr(found, "total_workspace") else []
    assert found.total(*map(address, given)) == pytest.approx(value, rel=1e-12)


@needs_compiler
@pytest.mark.parametrize("x", [np.inf, -np.inf, np.nan, -0.0, 1e-310])
def test_constant_of_any_sort_is_written(x, tmp_path):
    """To the last bit."""
    leaf = Value(1.0)
    tape = record([autograd.maximum(leaf, x) * 3.0], [leaf])
    found = library(compile_tape(tape, kind="python").c_source("program"), tmp_path)
    found.program.restype = ctypes.c_double
    at = np.array([-1e308])
    assert repr(found.program(address(at), address(at))) == repr(floats.maximum(-1e308, x) * 3.0)
