"""Changes, tried: each by the tests that reach it.

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
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from tests.mutants.judge import OPTIONS, Job, Judge

#: What is remembered from one run to the next.
MEMORY = Path("tests.json")

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


def jobs(names: Sequence[str], tests: Mapping[str, tuple[float, list[str]]]) -> Iterator[Job]:
    """Each change, with the tests that reach it."""
    for name in names:
        function = name.partition("__mutmut_")[0]
        near = sorted((seconds, test) for test, (seconds, functions) in tests.items() if function in functions)
        while sum(seconds for seconds, _ in near) > BUDGET:
            near.pop()
        yield Job(name, function, {test: seconds for seconds, test in near})


def main(names: Sequence[str], files: Sequence[str], options: Sequence[str], processes: int) -> None:
    """Print each change, and the test that noticed it or nothing."""
    run([*options, "--collect-only", *files])  # what is imported now, every process has
    with get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        tests = known(pool, files, options)
    terminal = sys.stderr
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as results:  # pytest takes what is 1

        def tell(done: int, name: str, finder: str) -> None:
            print(json.dumps((name, finder)), file=results, flush=True)
            print(f"\rchanges: {done} of {len(names)}", end="", file=terminal, flush=True)

        failure = run([*options, *files], [Judge(list(jobs(names, tests)), processes, files, options, tell)])
    print(file=sys.stderr)
    if failure:
        raise SystemExit(failure)


if __name__ == "__main__":
    os.environ["MUTANT_UNDER_TEST"] = ""
    main(**json.load(sys.stdin))
