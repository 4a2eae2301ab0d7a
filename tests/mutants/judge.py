"""Whether a change is noticed: pytest has collected every test, and a copy of its process runs those that reach it.

Tests that have noticed a change of the same function come first, then the fastest.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "--tb=short"]

#: How much longer than without a change a test may take, and how many seconds more, before it counts as endless: in
#: seconds of the processor, and in so many times as many by the clock, for what waits.
SLOWER, PATIENCE, CLOCK = 10, 20, 10

#: What has noticed a change, if no test has.
ENDLESS = "endless"


@dataclass(frozen=True)
class Job:
    """A change, the function it is in, and the tests that reach it with the seconds they take."""

    name: str
    function: str
    tests: Mapping[str, float]

    @property
    def limit(self) -> float:
        """Seconds of the processor after which it is endless."""
        return SLOWER * sum(self.tests.values()) + PATIENCE


@dataclass
class Judge:
    """A plugin of pytest that tries changes where the tests would run."""

    jobs: Sequence[Job]
    processes: int
    files: Sequence[str]
    options: Sequence[str]
    tell: Callable[[int, str, str], None]
    failed: bool = False
    noticed: Counter[tuple[str, str]] = field(default_factory=Counter)  # by function and test

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try each change in a process of its own, so many at a time."""
        items = {item.nodeid: item for item in session.items}
        waiting, running, done = deque(self.jobs), list[Trial](), 0
        while waiting or running:
            while waiting and len(running) < self.processes:
                job = waiting.popleft()
                order = sorted(job.tests, key=lambda test: (-self.noticed[job.function, test], job.tests[test]))
                running.append(Trial(self, job, [items[test] for test in order]))
            connection.wait([trial.process.sentinel for trial in running], timeout=1.0)
            for trial in [trial for trial in running if trial.over()]:
                running.remove(trial)
                done += 1
                finder = trial.finder()
                self.noticed[trial.job.function, finder] += 1
                self.tell(done, trial.job.name, finder)
        return True

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a failure."""
        self.failed = self.failed or report.failed

    def finder(self, job: Job, items: Sequence[Any]) -> str:
        """The first test that fails, in a process in which the change is made; empty if none does."""
        if not items:  # what runs while modules are imported has run already
            return self.import_fails(job)
        from mutmut.mutation import trampoline

        trampoline.set_mutant_under_test(job.name)
        signal.signal(signal.SIGVTALRM, _give_up)
        signal.setitimer(signal.ITIMER_VIRTUAL, job.limit, 1.0)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return str(item.nodeid)
        return ""

    def import_fails(self, job: Job) -> str:
        """Whether all tests of a fresh process find a change; those that name its module come first."""
        module = job.name.partition(".x")[0].rpartition(".")[2]
        files = sorted(self.files, key=lambda file: module not in Path(file).read_text(encoding="utf-8"))
        command = [sys.executable, "-m", "pytest", *OPTIONS, *self.options, *files]
        environment = {**os.environ, "MUTANT_UNDER_TEST": job.name}
        fresh = subprocess.run(command, env=environment, capture_output=True, check=False)
        return "" if fresh.returncode == 0 else "imports"


class Trial:
    """A change that is being tried."""

    def __init__(self, judge: Judge, job: Job, items: Sequence[Any]) -> None:
        self.job, self.judge, self.items = job, judge, items
        self.folder = TemporaryDirectory()
        self.answer, theirs = connection.Pipe(duplex=False)
        self.process = get_context("fork").Process(target=self.run, args=(theirs,))
        self.process.start()
        theirs.close()
        self.end = time.monotonic() + CLOCK * job.limit if items else float("inf")

    def run(self, answer: Any) -> None:
        """Send the name of the test that notices the change."""
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = self.folder.name
        finder = ENDLESS
        with suppress(BaseException):
            finder = self.judge.finder(self.job, self.items)
        answer.send(finder)

    def over(self) -> bool:
        """Whether it has come to an end, or has to."""
        if self.process.is_alive() and time.monotonic() > self.end:
            self.process.kill()
            self.process.join()
        return not self.process.is_alive()

    def finder(self) -> str:
        """The test that noticed the change; a process that died has noticed it too."""
        try:
            found = str(self.answer.recv())
        except EOFError:
            found = ENDLESS
        self.folder.cleanup()
        return found


def _give_up(*_: Any) -> NoReturn:
    raise TimeoutError(ENDLESS)
