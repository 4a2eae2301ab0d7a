"""The examples of ``autograd.testing``: short, and what they find in others."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bench.alarms import measure

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "testing"


def lines(name: str, needs: str = "numpy") -> list[str]:
    """What an example prints."""
    if find_spec(needs) is None:
        pytest.skip(f"{needs} is not installed")
    command = [sys.executable, str(EXAMPLES / f"{name}.py")]
    return subprocess.run(command, cwd=EXAMPLES.parent.parent, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )[:-1]


@pytest.mark.parametrize(
    ("name", "needs"),
    [("with_torch", "torch"), ("with_jax", "jax"), ("with_micrograd", "micrograd"), ("by_hand", "numpy")],
)
def test_table_of_the_note_counts_what_is_printed(name: str, needs: str) -> None:
    """Right, wrong, too noisy to tell; a count of derivatives stands for one that is right."""
    printed = [line.replace("Count(", "right: ") for line in lines(name, needs)]
    found = [sum(f"{outcome}: " in line for line in printed) for outcome in ("right", "wrong", "too noisy to tell")]
    row = next(row for row in (EXAMPLES / "README.md").read_text().splitlines() if f"| `{name}` |" in row)
    assert [int(cell) for cell in row.strip("| ").split(" | ")[-3:]] == found


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_example_is_short(path: Path) -> None:
    """Under 20 lines each."""
    assert len(path.read_text().splitlines()) < 20


def test_faults_of_a_pass_by_hand_are_found() -> None:
    """Nothing is said against the right one; a sign, 0.1 %, and a wrong tanh' are each one line."""
    count, sign, percent, inner = lines("by_hand")
    assert count.startswith("Count(right=")
    assert count.endswith("noisy=0)")
    assert sign.endswith("the sign is wrong")
    assert percent.endswith("it is off by 0.001 of its size")
    assert inner.startswith("wrong: the derivative by w[0] at ")


def test_known_faults_of_micrograd_are_found() -> None:
    """A second backward gives 72 for 54, two losses give 42 for 30, and a deep chain gives nothing."""
    twice, losses, deep = lines("with_micrograd", "micrograd")
    assert "is 72, but f changes by 54 ±" in twice
    assert "is 42, but f changes by 30 ±" in losses
    assert "recursion" in deep


def test_functions_of_pytorch_are_right_and_their_kinks_are_not_called_faults() -> None:
    """19 functions in two precisions; abs, relu and sqrt at 0 cannot be told."""
    outcomes = [line.split(": ")[0].split(maxsplit=2)[2] for line in lines("with_torch", "torch")]
    assert outcomes.count("right") == 2 * 19
    assert outcomes.count("too noisy to tell") == 2 * 3


def test_functions_of_jax_are_right() -> None:
    """18 functions."""
    printed = lines("with_jax", "jax")
    assert len(printed) == 18
    assert all("right: " in line for line in printed)


def test_no_step_size_does_what_the_check_does() -> None:
    """No step passes the three right gradients, and steps pass the wrong one."""
    *right, wrong = lines("step_sizes")
    steps = [set(line.split("pass: ")[1].split(";")[0].split(", ")) for line in right]
    assert all(line.endswith("check: right") for line in right)
    assert not set.intersection(*steps)
    assert "1e-6," in wrong
    assert wrong.endswith("check: wrong")


def test_right_gradients_of_random_expressions_raise_no_alarm() -> None:
    """The measurement that is given for 100,000 derivatives, on some hundred."""
    counts = measure(300)
    assert counts["right"]["wrong"] == 0
    assert counts["right"]["right"] > counts["right"]["too noisy to tell"]
    assert counts["off by 0.001"]["wrong"] > counts["off by 0.001"]["right"]
