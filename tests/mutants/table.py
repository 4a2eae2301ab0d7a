"""Systematic faults in the table and in the chain rule: each must make some test fail.

Each fault runs in a process of its own, forked from one that has imported NumPy, mpmath and pytest but nothing of ours.
An import hook hands that process the wrong source, and pytest runs the tests that speak of the operation, then, if
none of them fails, those of the whole engine.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import io
import os
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

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.faults import Fault, faults

ROOT = Path(__file__).parent.parent.parent
FILES = {"autograd.ops": ROOT / "autograd/ops.py", "autograd.graph": ROOT / "autograd/graph.py"}
NEAR = ["tests/test_ops.py", "tests/test_edges.py", "tests/test_graph.py", "tests/test_gradients.py"]
FAR = [
    *NEAR, "tests/test_values.py", "tests/test_laws.py", "tests/test_derivatives.py", "tests/test_explain.py",
    "tests/test_state_machine.py", "tests/test_copies.py", "tests/test_determinism.py",
]  # fmt: skip

# Hypothesis, imported before the fork, cannot have its assertions rewritten: a warning that we know of.
OPTIONS = ["-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]

#: A fault may make a loop endless, which is a way to fail: seconds of processor time, and bytes.
PATIENCE, ROOM = 600, 4 * 2**30


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


@dataclass(frozen=True)
class Verdict:
    """What became of a fault: ``killed``, ``equivalent`` with its reason, or ``survived``."""

    module: str
    fault: Fault
    outcome: str
    reason: str = ""


def judge(job: tuple[str, Fault]) -> Verdict:
    """Run the tests with a fault, in a process that is used for nothing else."""
    module, fault = job
    reason = EQUIVALENT.get(str(fault), "")
    sys.meta_path.insert(0, WrongSource(module, fault.source))
    signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    operation = [] if module == "autograd.graph" or fault.where.startswith("_") else ["-k", fault.where]
    failed = _fails([*NEAR, *operation]) or (not reason and _fails(FAR))
    return Verdict(module, fault, "killed" if failed else "equivalent" if reason else "survived", reason)


def _give_up(*_: Any) -> NoReturn:
    raise TimeoutError(f"endless: {PATIENCE} seconds")


def _fails(selection: list[str]) -> bool:
    import pytest

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            return pytest.main([*selection, *OPTIONS]) != pytest.ExitCode.OK
        except Exception:  # the engine cannot even be imported
            return True


def verdicts(processes: int) -> Iterator[Verdict]:
    """A verdict for every fault."""
    import hypothesis.extra.numpy  # noqa: F401  # what every test needs and what is not ours: imported once, for all
    import mpmath  # noqa: F401
    import pytest  # noqa: F401
    import scipy.special  # noqa: F401

    os.chdir(ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = "ci"
    jobs = [(module, fault) for module, path in FILES.items() for fault in faults(path)]
    right = Fault("sum", "none", "", "", FILES["autograd.ops"].read_text())
    assert "autograd" not in sys.modules
    with get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        assert pool.apply(judge, [("autograd.ops", right)]).outcome == "survived", "the suite fails without any fault"
        yield from pool.imap_unordered(judge, jobs, chunksize=1)
