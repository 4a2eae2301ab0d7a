"""The C runtime is called: where it reads, from which threads, and what becomes of programs without it."""

from __future__ import annotations

import ctypes
import os
import pickle
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.compiler.backends.c import library
from autograd.compiler.backends.c.build import SCRIPT
from tests.compiler.runtime import chain, chained, needs_runtime
from tests.compiler.threads import at_once

LOADER = sys.modules[library.__module__]


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
def test_program_is_shown_as_the_python_that_it_would_be():
    """A tape of numbers says nothing to people."""
    leaves = [Value(0.3), Value(-0.7), Value(1.1)]
    tape = record([chain(leaves)], leaves)
    ours, python = compile_tape(tape, kind="c"), compile_tape(tape, kind="python")
    assert (ours.source, ours.explain()) == (python.source, python.explain())
    assert "tanh" in ours.source


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
    run = process(text, Path(autograd.__file__).parent.parent, **variables)
    assert run.stderr == ""
    return run.stdout


def process(text: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """One that has run a program with the packages of a folder."""
    command, environment = [sys.executable, "-c", text], {**os.environ, **variables}
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=True)


def run_in(home: Path, **variables: str) -> tuple[str, str]:
    """What runs a program there, and what is said of it."""
    run = process(SHOW_PROGRAM, home, **variables)
    return run.stdout.split()[0], run.stderr


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


@needs_runtime
@pytest.mark.parametrize(("most", "level"), [("0", 0), ("2", 0), ("3", 3), ("99", None), ("", None)])
def test_variable_does_without_vector_units(most, level, monkeypatch):
    """So that code for all processors is tested on one; if it is not set, or to more than there are, all are used."""
    loaded = ctypes.CDLL(str(LOADER.LIBRARY))
    best = loaded.runtime_level()
    monkeypatch.setenv("AUTOGRAD_C_LEVEL", most)
    used = LOADER.Library(loaded)
    expected = best if level is None else min(level, best)
    assert {run.__name__ for run in (used.run_tape, used.run_arrays, used.lanes_each, used.evaluate)} == {
        f"{name}_{expected}" for name in ("run_tape", "run_arrays", "lanes_each", "evaluate")
    }


@pytest.mark.parametrize("content", [b"", b"no library", b"\x7fELF" + bytes(500)])
def test_file_that_is_no_library_breaks_nothing(content, tmp_path, monkeypatch):
    """It counts as none, and says so."""
    path = tmp_path / "runtime.library"
    path.write_bytes(content)
    monkeypatch.setattr(LOADER, "LIBRARY", path)
    monkeypatch.delenv("AUTOGRAD_NO_C", raising=False)
    with pytest.warns(UserWarning, match=r"not used.*: .*runtime\.library cannot be loaded \(.+\); build it anew"):
        assert library.__wrapped__() is None


@needs_runtime
def test_library_of_other_sources_is_not_used(monkeypatch):
    """One that was built before the sources changed would be silently wrong."""
    monkeypatch.setattr(LOADER, "fingerprint", lambda: "other")
    with pytest.warns(UserWarning, match=r"not used.*: .*runtime\.library was built from other sources"):
        assert library.__wrapped__() is None


@needs_runtime
def test_library_older_than_its_sources_is_told_of_once(tmp_path):
    """A process that imports the package and compiles; not where there is no library, or nobody wants one."""
    package = tmp_path / "a tree" / "autograd"
    shutil.copytree(Path(autograd.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    script = package / "compiler/backends/c/build.py"
    assert run_in(package.parent) == ("c", "")
    with script.with_name("functions.h").open("a") as file:
        file.write("/* changed */\n")
    kind, told = run_in(package.parent)
    assert kind == "python"
    assert told.count("UserWarning: the C runtime is not used") == 1
    command = shlex.split(re.search("`(.+)`", told)[1])
    assert command == ["python", str(script)]
    assert run_in(package.parent, AUTOGRAD_NO_C="1") == ("python", "")
    script.with_name("runtime.library").unlink()
    assert run_in(package.parent) == ("python", "")


def test_warning_names_the_command_of_the_instructions():
    """From the root of a source tree."""
    instructions = Path(__file__).parents[2] / "CONTRIBUTING.md"
    command = f"python {SCRIPT.relative_to(Path(autograd.__file__).parents[1])}"
    assert f"`{command}`" in instructions.read_text()


def test_kind_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.delitem(BACKENDS, "c", raising=False)
    with pytest.raises(ValueError, match=r"kind is one of 'arrays', 'python'.*, got 'c'; leave it out"):
        compile_tape(record([Value(1.0) * 2.0], []), kind="c")
