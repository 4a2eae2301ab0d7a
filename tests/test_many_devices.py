"""One loss on eight devices: the example runs, its numbers are right, and its devices talk once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax")

EXAMPLE = Path(__file__).parent.parent / "examples" / "many_devices.py"


def test_eight_devices_agree_with_one_and_talk_once() -> None:
    """In a process of its own: JAX settles how many devices there are when it begins."""
    answer = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, check=True)
    found = re.fullmatch(
        r"devices: 8, examples on each: 100\nvalue off by (\S+), gradient by (\S+)\nall-reduce operations: 1\n",
        answer.stdout,
    )
    assert found, answer.stdout
    assert max(map(float, found.groups())) < 1e-14


def test_page_shows_the_lines_of_the_example() -> None:
    """As they stand there."""
    block = re.search(r"^```python\n(.*?)^```", EXAMPLE.with_suffix(".md").read_text(encoding="utf-8"), re.M | re.S)
    assert block
    script = EXAMPLE.read_text(encoding="utf-8")
    assert all(line in script for line in block[1].splitlines())
