"""Changes, tried: each by the tests that reach it, the fastest first, in a process of its own.

This runs in the folder in which mutmut has put all changes beside the functions, :mod:`tests.mutants.engine` starts it.
First every test runs without a change, which says how long it takes and which functions it calls, and is remembered
for as long as neither the file of the test nor any source changes. Seconds are of the processor, so that nothing that
is slow on a busy machine looks endless.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, NoReturn

#: What is remembered from one run to the next.
MEMORY = Path("tests.json")

OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "--tb=short"]

#: How much longer than without a change a test may take, and how many seconds more, before it counts as endless.
SLOWER, PATIENCE = 10, 20

#: A change is tried by as many tests as take so many seconds without it; those that are left are the slowest.
BUDGET = 20.0


@dataclass
class Reached:
    """How long a test takes, and which functions it calls: a plugin of pytest notes it."""

    seconds: dict[str, float] = field(default_factory=dict)
    functions: dict[str, list[str]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    start: float = 0.0

    def pytest_runtest_setup(self, item: Any) -> None:
        self.called.clear()
        self.start = time.process_time()

    def pytest_runtest_teardown(self, item: Any) -> None:
        self.seconds[item.nodeid] = time.process_time() - self.start
        self.functions[item.nodeid] = sorted(self.called)


def run(arguments: Sequence[str], plugins: Sequence[Any] = ()) -> str:
    """What pytest says if a test fails; nothing if none does."""
    import pytest

    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        code = pytest.main([*OPTIONS, *arguments], plugins=list(plugins))
    return "" if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else output.getvalue()


def measure(options: Sequence[str], file: str) -> tuple[str, str, Reached]:
    """A file without any change: what failed, and what its tests reach."""
    from mutmut.mutation import trampoline

    reached = Reached()
    trampoline.record_trampoline_hit = lambda name, caller: reached.called.add(name)  # type: ignore[assignment]
    trampoline.set_mutant_under_test("stats")
    return file, run([*options, file], [reached]), reached


def judge(job: tuple[str, float, list[str], list[str]]) -> tuple[str, bool]:
    """Whether a change is noticed."""
    from mutmut.mutation import trampoline

    name, seconds, tests, every = job
    if not tests:  # what runs while modules are imported has run already
        command = [sys.executable, "-m", "pytest", *OPTIONS, *every]
        fresh = subprocess.run(command, env={**os.environ, "MUTANT_UNDER_TEST": name}, capture_output=True, check=False)
        return name, fresh.returncode != 0
    trampoline.set_mutant_under_test(name)
    signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SLOWER * seconds + PATIENCE, 1.0)
    return name, bool(run(tests))


def _give_up(*_: Any) -> NoReturn:
    raise TimeoutError("endless")


def known(pool: Pool, files: Sequence[str], options: Sequence[str]) -> dict[str, tuple[float, list[str]]]:
    """Seconds and functions of every test."""
    memory = json.loads(MEMORY.read_text()) if MEMORY.exists() else {}
    sources = _digest(*sorted(path for name in ("autograd", "nn", "viz") for path in Path(name).rglob("*.py")))
    keys = {file: f"{sources} {_digest(Path(file))} {list(options)}" for file in files}
    left = [file for file in files if memory.get(file, {}).get("key") != keys[file]]
    for done, (file, failure, reached) in enumerate(pool.imap_unordered(partial(measure, options), left), start=1):
        print(f"\rtests without a change: {done} of {len(left)} files", end="", file=sys.stderr, flush=True)
        if failure:
            raise SystemExit(f"{failure}\nthe suite must pass without any fault")
        tests = {test: (reached.seconds[test], names) for test, names in reached.functions.items()}
        memory[file] = {"key": keys[file], "tests": tests}
        MEMORY.write_text(json.dumps(memory))
    return {test: about for file in files for test, about in memory[file]["tests"].items()}


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def verdicts(
    names: Sequence[str], files: Sequence[str], options: Sequence[str], processes: int
) -> Iterator[tuple[str, bool]]:
    """Each change, and whether it is noticed."""
    run([*options, "--collect-only", *files])  # what is imported now, every process has
    with get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        tests = known(pool, files, options)
        jobs = []
        for name in names:
            function = name.partition("__mutmut_")[0]
            near = sorted((about[0], test) for test, about in tests.items() if function in about[1])
            while sum(seconds for seconds, _ in near) > BUDGET:
                near.pop()
            module = name.partition(".x")[0].rpartition(".")[2]
            every = [*options, *sorted(files, key=lambda file: module not in Path(file).read_text())]
            jobs.append((name, sum(seconds for seconds, _ in near), [test for _, test in near], every))
        for done, verdict in enumerate(pool.imap_unordered(judge, jobs), start=1):
            print(f"\rchanges: {done} of {len(jobs)}", end="", file=sys.stderr, flush=True)
            yield verdict
    print(file=sys.stderr)


if __name__ == "__main__":
    os.environ["MUTANT_UNDER_TEST"] = ""
    for found in verdicts(**json.load(sys.stdin)):
        print(json.dumps(found), flush=True)
