"""Systems side by side: each in a process of its own, taking turns, so that a slow moment of the machine hits all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from math import isclose
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "JAX_ENABLE_X64": "1",
    "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}  # fmt: skip
# A heap that is trimmed after each step is asked for again in the next. That triples the time of NumPy by hand, or not,
# as other things happen to lie on it; glibc is told to keep what it has.
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "100000000", "MALLOC_MMAP_THRESHOLD_": "33554432"}
# HIPS autograd has our import name: it is found first by an interpreter of its own, whose site comes before our root.
HIPS = "hips"
FIRST = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tests.bench.worker import main; main(*sys.argv[1:])"
LAST = FIRST.replace("insert(0, sys.argv.pop(1))", "append(sys.argv.pop(1))")


class Times(NamedTuple):
    """Seconds a step, and until the first result was there."""

    step: float
    first: float


class Worker:
    """The process of one system at one work; ``works`` is False where the system does not do it."""

    def __init__(self, system: str, work: str) -> None:
        python = (
            [os.environ["HIPS_PYTHON"], "-I", "-c", LAST] if system == HIPS else [sys.executable, "-P", "-c", FIRST]
        )
        self.name = f"{system}, {work}"
        self.process = subprocess.Popen(
            [*python, str(ROOT), system, work],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD, **KEEP_MEMORY},
        )  # fmt: skip
        first = self._read()
        self.works = bool(first)
        self.first, self.result = (float(first[0]), first[1:]) if first else (0.0, [])

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def loop(self) -> float:
        """Seconds a step of one loop."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self._read()[0])

    def _read(self) -> list[str]:
        line = self.process.stdout.readline()
        if not line and self.process.wait():
            self.process.communicate()  # closes the pipes
            raise RuntimeError(f"the process of {self.name} ended with {self.process.returncode}; see its words above")
        return line.split()


def side_by_side(systems: Sequence[str], work: str, repeats: int) -> dict[str, Times]:
    """Median times of a work for each of the systems that does it."""
    with ExitStack() as stack:
        workers = {system: stack.enter_context(Worker(system, work)) for system in systems}
        workers = {system: worker for system, worker in workers.items() if worker.works}
        _agree({system: worker.result for system, worker in workers.items() if worker.result != ["None"]}, work)
        taken: dict[str, list[float]] = {system: [] for system in workers}
        for _ in range(repeats):
            for system, worker in workers.items():
                taken[system].append(worker.loop())
    return {system: Times(median(taken[system]), worker.first) for system, worker in workers.items()}


def _agree(results: dict[str, list[str]], work: str) -> None:
    """A race is between runners on one course."""
    for system, result in results.items():
        expected = next(iter(results.values()))
        if not all(isclose(float(a), float(b), rel_tol=1e-9) for a, b in zip(result, expected, strict=True)):
            raise AssertionError(f"the systems do not compute the same {work}: {results}, see {system}")
