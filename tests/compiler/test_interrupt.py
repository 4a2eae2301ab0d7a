"""Ctrl-C stops a long program in the C runtime: the handler of Python runs between two parts of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import autograd
from tests.compiler.runtime import needs_runtime

pytestmark = [
    needs_runtime,
    pytest.mark.skipif(os.name != "posix", reason="this system sends no signal of the keyboard"),
]

# Each takes a minute or more if nobody stops it, in calls that are one or many.
PROGRAMS = {
    "lanes, one call": """
def f(w, v, x):
    for _ in range(2000):
        x = tanh(v * x)
    return w * x
fast = compile(f, batched="x", verify=False)
fast.value_and_grad(0.5, 0.9, np.ones(10))
work = lambda x=np.ones(10_000_000): fast.value_and_grad(0.5, 0.9, x)
kind = "lanes"
""",
    "lanes, results of each example": """
def f(w, x):
    for _ in range(2000):
        x = tanh(w * x)
    return x
fast = compile(f, batched="x", reduce=None, verify=False)
fast(0.5, np.ones(10))
work = lambda x=np.ones(10_000_000): fast(0.5, x)
kind = "lanes"
""",
    "lanes, one call of two threads": """
def f(w, v, x):
    for _ in range(2000):
        x = tanh(v * x)
    return w * x
fast = compile(f, batched="x", verify=False, threads=2)
fast.value_and_grad(0.5, 0.9, np.ones(10))
work = lambda x=np.ones(10_000_000): fast.value_and_grad(0.5, 0.9, x)
kind = "lanes"
""",
    "tiles, one call": """
def f(W, x):
    for _ in range(30):
        x = [tanh(sum(w * a for w, a in zip(row, x))) for row in W]
    return sum(x)
fast = compile(f, batched="x", verify=False)
fast.value_and_grad(np.eye(4), np.ones((10, 4)))
work = lambda x=np.ones((10_000_000, 4)): fast.value_and_grad(np.eye(4), x)
kind = "tiles"
""",
    "tapes, one call after the other": """
def f(w):
    x = w
    for _ in range(20_000):
        x = tanh(w * x)
    return x
fast = compile(f, verify=False)
fast.value_and_grad(0.5)
def work():
    while True:
        fast.value_and_grad(0.5)
kind = "c"
""",
}
FRAME = """
import numpy as np
from autograd import compile, tanh
{program}
assert fast.stats.kind == kind, fast.stats.kind
print("ready", flush=True)
try:
    work()
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_long_program_stops_at_the_keyboards_word(program: str):
    """Long before its end; where others work too, a part of it may take seconds."""
    home = Path(autograd.__file__).parent.parent
    command = [sys.executable, "-c", FRAME.format(program=program)]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.3)  # it is in the middle of it then
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            words, _ = process.communicate(timeout=20)
        finally:
            process.kill()
    assert words == "stopped\n"
