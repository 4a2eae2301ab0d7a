"""Systematic faults in the table and in the chain rule: each must make some test fail.

Each fault runs in a process of its own, forked from one that has imported NumPy, mpmath and pytest but nothing of ours.
An import hook hands that process the wrong source, and pytest runs the tests that speak of the operation. What they
do not find, the whole engine's tests must, with more examples.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import io
import os
import random
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn

from tests.mutants.faults import Fault, faults
from tests.mutants.verdict import Verdict

ROOT = Path(__file__).parent.parent.parent
FILES = {"autograd.ops": ROOT / "autograd/ops.py", "autograd.graph": ROOT / "autograd/graph.py"}
NEAR = {
    "autograd.ops": ["tests/test_ops.py", "tests/test_functions.py", "tests/test_edges.py", "tests/test_gradients.py"],
    "autograd.graph": [
        "tests/test_graph.py",
        "tests/test_paths.py",
        "tests/test_recorded.py",
        "tests/test_gradients.py",
    ],
}
FAR = [
    *sorted({test for tests in NEAR.values() for test in tests}), "tests/test_values.py", "tests/test_operands.py",
    "tests/test_laws.py", "tests/test_derivatives.py", "tests/test_state_machine.py", "tests/test_copies.py",
]  # fmt: skip

# Hypothesis, imported before the fork, cannot have its assertions rewritten: a warning that we know of.
OPTIONS = ["-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]

#: Bytes; an endless loop may fill a list.
ROOM = 4 * 2**30


class WrongSource(importlib.abc.MetaPathFinder):
    """Hands an import the source with the fault."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if name != self.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = WrongLoader(name, spec.origin, self.source)
        return spec


class WrongLoader(importlib.machinery.SourceFileLoader):
    """A loader that compiles the source it is given, whatever is in the file or its cache."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec")


#: A fault is tried with the tests nearest to it and few examples, then, if it survives, with more examples, then with
#: all tests of the engine: for each round whether all, the profile, and seconds of processor time, since a fault may
#: make a loop endless, which is a way to fail.
ROUNDS = [(False, "mutants", 30), (False, "ci", 120), (True, "ci", 600)]


@dataclass(frozen=True)
class Job:
    """A fault to try, and the round of tests to try it with."""

    module: str
    fault: Fault
    round: int

    def verdict(self, killed: bool) -> Verdict:
        """What is said of it in the end."""
        return Verdict(self.module, self.fault.where, str(self.fault), killed)


def judge(job: Job) -> tuple[Job, str]:
    """Run a round of tests with a fault, in a process that is used for nothing else; what fails, or nothing."""
    sys.meta_path.insert(0, WrongSource(job.module, job.fault.source))
    signal.signal(signal.SIGVTALRM, _give_up)
    every_test, os.environ["HYPOTHESIS_PROFILE"], patience = ROUNDS[job.round]
    signal.setitimer(signal.ITIMER_VIRTUAL, patience)
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    return job, _failure(FAR if every_test else [*NEAR[job.module], *_about(job.module, job.fault.where)])


def _about(module: str, where: str) -> list[str]:
    """Those of the nearest tests that name an operation, if the fault is in one."""
    return ["-k", where] if module == "autograd.ops" and not where.startswith("_") else []


def _give_up(*_: Any) -> NoReturn:
    raise TimeoutError("endless")


def _failure(selection: list[str]) -> str:
    import pytest

    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        try:
            passed = pytest.main([*selection, *OPTIONS]) == pytest.ExitCode.OK
        except Exception as error:  # the engine cannot even be imported
            return repr(error)
    return "" if passed else output.getvalue()


def table_verdicts(
    processes: int, modules: Sequence[str] = (), sample: int | None = None, seed: int = 0
) -> Iterator[Verdict]:
    """A verdict for every fault in some of the two modules, or in both; or for so many at random."""
    import hypothesis.extra.numpy  # noqa: F401  # what every test needs and what is not ours: imported once, for all
    import mpmath  # noqa: F401
    import pytest  # noqa: F401
    import scipy.special  # noqa: F401

    os.chdir(ROOT)
    assert "autograd" not in sys.modules
    jobs = [Job(module, fault, 0) for module in modules or FILES for fault in faults(FILES[module])]
    if sample is not None:
        jobs = random.Random(seed).sample(jobs, min(sample, len(jobs)))
    right = Fault("none", "none", "", "", FILES["autograd.graph"].read_text())
    with get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        for _, failure in pool.imap_unordered(judge, [Job("autograd.graph", right, k) for k in range(len(ROUNDS))]):
            if failure:
                raise SystemExit(f"{failure}\nthe suite must pass without any fault")
        for k in range(len(ROUNDS)):
            survivors = []
            for done, (job, failure) in enumerate(pool.imap_unordered(judge, jobs, chunksize=1), start=1):
                print(f"\rround {k + 1}: {done} of {len(jobs)}", end="", file=sys.stderr, flush=True)
                verdict = job.verdict(killed=bool(failure))
                if verdict.outcome != "survived":
                    yield verdict
                else:
                    print(f"\rnot in round {k + 1}: {job.fault.where}: {job.fault}", file=sys.stderr, flush=True)
                    survivors.append(Job(job.module, job.fault, k + 1))
            jobs = survivors
    yield from (job.verdict(killed=False) for job in jobs)
