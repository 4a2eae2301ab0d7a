"""``python -m examples exercises``: a list, a file of blanks, and that file checked."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exercises import figures  # noqa: F401 - puts the examples on the path

from exercises import DOCUMENTS, EXERCISES, solutions  # isort: skip
from exercises.terminal import exercises  # isort: skip
from options import answers_file  # isort: skip


def test_the_list_has_every_exercise(capsys):
    """With a line on each."""
    assert exercises(None) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in EXERCISES)
    assert all(f"Document {document}" in out for document in DOCUMENTS)


def test_a_file_of_blanks_is_begun_filled_in_and_checked(tmp_path, capsys):
    """What is blank is counted, what is wrong explained, what is right said; the file is never written over."""
    path = tmp_path / "answers.py"
    assert exercises(path) == 0
    begun = path.read_text(encoding="utf-8")
    assert [begun.count(f"\ndef {name}(") for name in EXERCISES] == [1] * len(EXERCISES)
    assert exercises(path) == 0
    assert capsys.readouterr().out.endswith(f"\n0 right, 0 wrong, {len(EXERCISES)} blank\n")
    relu = inspect.getsource(solutions.relu)
    path.write_text(f"{begun}\n{relu}\ndef logistic(x, deriv=False):\n    return 1 / (1 + np.exp(-x))\n", "utf-8")
    assert exercises(path) == 1
    out = capsys.readouterr().out
    assert "✓ relu: right, as the engine has it\n" in out
    assert "✗ logistic: the derivative (deriv=True): Where the derivative of the activation is asked for" in out
    assert out.endswith(f"\n1 right, 1 wrong, {len(EXERCISES) - 2} blank\n")


def test_all_solutions_in_a_file_are_right(capsys):
    """A file that somebody has filled in."""
    assert exercises(Path(solutions.__file__)) == 0
    assert capsys.readouterr().out.endswith(f"\n{len(EXERCISES)} right, 0 wrong, 0 blank\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def relu(x:\n    return x", "is no Python, line 1: "),
        ("x = 1\n\nx.nothing", "ends in an error, line 3: AttributeError: 'int' object has no attribute 'nothing'"),
        ("import nowhere_to_be_found", "ends in an error, line 1: ModuleNotFoundError: No module named 'nowhere_to_"),
        ("", "has no function that is named after an exercise; python -m examples exercises lists them"),
    ],
)
def test_a_file_that_is_no_answer_is_refused_in_words(tmp_path, capsys, text, said):
    """Where, and what."""
    path = tmp_path / "answers.py"
    path.write_text(text, encoding="utf-8")
    assert exercises(path) == 1
    assert capsys.readouterr().out.startswith(f"{path} {said}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is a folder; name a file in it"),
        ("answers.txt", "named like answers.py"),
        ("no/a.py", "name another file"),
    ],
)
def test_another_kind_of_file_is_refused_in_words(tmp_path, name, said):
    """A folder, a text, a file in a folder that is not there."""
    with pytest.raises(Exception, match=said):
        answers_file(str(tmp_path / name))


def test_the_command_ends_in_an_error_if_an_answer_is_wrong(tmp_path):
    """As a program that a teacher runs over many files needs it."""
    path = tmp_path / "answers.py"
    path.write_text("def relu(x, deriv=False):\n    return x\n", encoding="utf-8")
    command = [sys.executable, "-m", "examples", "exercises", str(path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("✗ relu: ")
    command[3] = "claims"
    refused = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert refused.stderr.endswith(f"only exercises take a file, got {str(path)!r} after claims\n")
