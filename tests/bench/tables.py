"""Which systems and works stand side by side, and the Markdown of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import HIPS, Times, side_by_side


class Table(NamedTuple):
    """``rows`` and ``columns`` give for the name of a work and of a system its title.

    Brackets compare with the first column: ``speed`` is how many times as fast a system is, ``time`` as long it takes.
    """

    name: str
    brackets: str
    rows: dict[str, str]
    columns: dict[str, str]


EAGER = Table(
    "eager",
    "speed",
    {
        "tiny": "BurTorch's tiny graph", "readme": "micrograd's README",
        "network": "training loop, 2-16-16-1, 20 rows", "demo": "micrograd's demo loop, 100 rows",
        "image": "784-50-10, one image", "irregular": "irregular, 17,600 nodes",
    },
    {
        "micrograd": "micrograd", "ours": "ours", "ours_dot": "ours with `dot`", "pytorch": "PyTorch",
        "jax_jit": "JAX jit", HIPS: "HIPS autograd", "casadi_sx": "CasADi",
    },
)  # fmt: skip
COMPILED = Table(
    "compiled",
    "time",
    {
        "2-16-16-1": "training loop, 2-16-16-1, 100 rows", "2-20-20-2-1": "training loop, 2-20-20-2-1, 25 rows",
        "784-128-10": "training loop, 784-128-10, 32 rows", "attention": "attention, loss and gradient",
        "tiny": "tiny graph, value and gradient", "irregular": "irregular, 17,600 nodes",
    },
    {
        "compiled": "`value_and_grad`", "compiled_inner": "inner step", "compiled_fit": "`nn.fit`, an epoch",
        "numpy_by_hand": "NumPy by hand", "pytorch": "PyTorch", "jax_jit": "JAX jit", "micrograd": "micrograd",
    },
)  # fmt: skip
FIRST_CALL = ("compiled", "compiled_fit", "jax_jit")
# What a system is installed as; ours are there.
PEERS = {
    "micrograd": "micrograd", "pytorch": "torch", "jax_jit": "jax", "casadi_sx": "casadi", "numpy_by_hand": "numpy",
}  # fmt: skip


def installed(system: str) -> bool:
    """Whether it can be measured here; absence is no error."""
    if system == HIPS:
        return "HIPS_PYTHON" in os.environ
    return system not in PEERS or importlib.util.find_spec(PEERS[system]) is not None


def machine() -> str:
    """What all figures depend on."""
    cpuinfo = Path("/proc/cpuinfo")
    models = [line.split(": ")[1] for line in cpuinfo.read_text().splitlines() if line.startswith("model name")] or [""]
    versions = [f"{PEERS[s]} {importlib.metadata.version(PEERS[s])}" for s in PEERS if installed(s)]
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()} {models[0]}, "
        f"{os.cpu_count()} cores, one thread each; {', '.join(versions)}"
    )


def show(table: Table, repeats: int) -> None:
    """Measure and print, row by row; what it took to get there follows for what is compiled."""
    systems = [system for system in table.columns if installed(system)]
    reference = next(iter(table.columns))
    print(f"\nTime a step, medians of {repeats}; in brackets the {table.brackets}, {table.columns[reference]} = 1.\n")
    _head(f"{table.name}, `python -m tests.bench {table.name}`", list(table.columns.values()))
    measured: dict[str, dict[str, Times]] = {}
    for work, title in table.rows.items():
        times = measured[title] = side_by_side(systems, work, repeats)
        _row(title, [_cell(times, system, reference, table.brackets) for system in table.columns])
    if table is COMPILED:
        print("\nUntil the first result is there: recording, compiling, checking, running.\n")
        _head("first call", [table.columns[system] for system in FIRST_CALL])
        for title, times in measured.items():
            _row(title, [duration(times[system].first) if system in times else "" for system in FIRST_CALL])


def _cell(times: dict[str, Times], system: str, reference: str, brackets: str) -> str:
    if system not in times:
        return ""
    step = times[system].step
    if reference not in times or system == reference:
        return duration(step)
    ratio = times[reference].step / step if brackets == "speed" else step / times[reference].step
    return f"{duration(step)} ({ratio:,.0f})" if ratio >= 100 else f"{duration(step)} ({ratio:.2g})"


def _head(title: str, cells: list[str]) -> None:
    _row(title, cells)
    _row("---", ["---"] * len(cells))


def _row(title: str, cells: list[str]) -> None:
    print(f"| {title} | {' | '.join(cells)} |", flush=True)


def duration(seconds: float) -> str:
    """A time in the unit that fits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
