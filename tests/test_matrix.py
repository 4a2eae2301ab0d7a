"""``python -m tests.matrix``: which rows there are, and which Pythons are found for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import matrix

PROJECT = {
    "classifiers": ["Typing :: Typed", *(f"Programming Language :: Python :: {v}" for v in ("3", "3.11", "3.12"))],
    "dependencies": ["numpy>=1.26", "graphviz>=0.20"],
    "optional-dependencies": {
        "plot": ["matplotlib>=3.10.7"],
        "all": ["scalar-autograd[plot]"],
        "test": ["scalar-autograd[all]", "pytest>=8"],
    },
}
HERE = ".".join(map(str, sys.version_info[:2]))


def python(folder: Path, name: str, version: str) -> str:
    """A program that answers as that version of Python does."""
    folder.mkdir(parents=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_rows_are_what_pyproject_promises():
    """The Pythons of its classifiers; the lowest version of what users install, not of our tools."""
    assert matrix.pythons(PROJECT) == ["3.11", "3.12"]
    assert matrix.oldest(PROJECT) == ["numpy==1.26", "graphviz==0.20", "matplotlib==3.10.7"]


def test_running_python_is_taken_for_its_own_version(monkeypatch):
    """Wherever it lies."""
    monkeypatch.setenv("PATH", "")
    assert matrix.interpreter(HERE) == sys.executable


@pytest.mark.skipif(sys.platform == "win32", reason="the fake programs are shell scripts")
def test_python_is_found_on_the_path_before_those_of_pyenv(monkeypatch, tmp_path):
    """Of pyenv's the newest; a program of that name that is another version, or does not run, is passed over."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert matrix.interpreter("3.99") is None
    for patch, answer in (("3.99.2", "3.99"), ("3.99.10", "3.99"), ("3.99.11", "")):
        python(tmp_path / "versions" / patch / "bin", "python", answer)
    assert matrix.interpreter("3.99") == str(tmp_path / "versions" / "3.99.10" / "bin" / "python")
    on_path = python(tmp_path / "bin", "python3.99", "3.99")
    assert matrix.interpreter("3.99") == on_path
    Path(on_path).write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    assert matrix.interpreter("3.99") == str(tmp_path / "versions" / "3.99.10" / "bin" / "python")


def test_python_that_is_not_there_is_left_out_with_a_word(monkeypatch, capsys):
    """The row says so, and the others count."""
    monkeypatch.setattr(matrix, "interpreter", lambda version: None)
    assert matrix.main(["3.12"]) == 0
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .startswith("| 3.12 | – | – | skipped: no python3.12 on the PATH and none of pyenv's; install one |")
    )


def test_failing_row_fails_the_matrix(monkeypatch, capsys):
    """Whether another one has passed or not."""
    monkeypatch.setattr(matrix, "run", lambda row, *rest: ("3", "2", "failed" if row == "3.11" else "passed"))
    assert matrix.main(["3.11", "3.12"]) == 1
    assert matrix.main(["3.12"]) == 0


def test_unknown_row_is_refused():
    """With the list of those that there are."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.matrix", "2.7"],
        cwd=matrix.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "the rows are 3.11, 3.12, 3.13, oldest, got 2.7; name some of these, or none for all" in answer.stderr
