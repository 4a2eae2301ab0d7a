"""A process that is forked while a thread is in a pass: the child can differentiate, and sees no half of a pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A thread differentiates without pause. Each pass adds 20,000 to the gradient of the leaf, one at a time, so a child
# that was made in the middle of a pass would see another number, or wait for a lock that no thread of its own holds.
PROGRAM = """
import os, signal, threading, time
from autograd import Value

COUNT = 20_000
x = Value(1.0)
y = x
for _ in range(COUNT - 1):
    y = y + x
ended = threading.Event()

def differentiate():
    while not ended.is_set():
        y.backward()

def child():
    whole = x.grad % COUNT == 0.0
    before = x.grad
    (x * 3.0).backward()
    return whole and x.grad == before + 3.0

def outcome(process):
    for _ in range(200):
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return "hangs"

thread = threading.Thread(target=differentiate)
thread.start()
outcomes = []
for _ in range(10):
    time.sleep(0.01)
    process = os.fork()
    if not process:
        right = False
        try:
            right = child()
        finally:
            os._exit(not right)
    outcomes.append(outcome(process))
    if outcomes[-1] == "hangs":
        break
ended.set()
thread.join()
before = x.grad
x.backward()
print(*outcomes, x.grad - before)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_child_of_a_process_with_a_thread_in_a_pass_differentiates():
    """It neither hangs on the lock of that pass nor finds its gradients half added; the parent goes on."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PROGRAM]  # that there are threads is the point
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (run.stdout.split(), run.stderr) == (["0"] * 10 + ["1.0"], "")
