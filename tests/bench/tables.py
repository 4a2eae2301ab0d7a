"""Which systems and works stand side by side, and the Markdown of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import HIPS, Times, side_by_side


class Table(NamedTuple):
    """``rows`` and ``columns`` give for the name of a work and of a system its title."""

    name: str
    brackets: str  # how a system compares with that of the first column
    rows: dict[str, str]
    columns: dict[str, str]


MICROGPT = Table(
    "microgpt",
    "times as fast as",
    {"microgpt": "a name through microgpt: loss, gradient, Adam"},
    {
        "tuples": "a class as microgpt's", "closures": "closures and sets", "ours": "ours",
        "ours_dot": "ours with `dot`", "compiled_names": "compiled, one of 1,000",
    },
)  # fmt: skip
EAGER = Table(
    "eager",
    "times as fast as",
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
    "times as long as",
    {
        "2-16-16-1": "training loop, 2-16-16-1, 100 rows", "2-20-20-2-1": "training loop, 2-20-20-2-1, 25 rows",
        "784-128-10": "training loop, 784-128-10, 32 rows", "attention": "attention, loss and gradient",
        "tiny": "tiny graph, value and gradient", "irregular": "irregular, 17,600 nodes",
    },
    {
        "compiled": "`value_and_grad`", "compiled_flat": "`fast.step`", "compiled_fit": "`nn.fit`, one of 1,000 epochs",
        "numpy_by_hand": "NumPy by hand", "pytorch": "PyTorch", "jax_jit": "JAX jit", "micrograd": "micrograd",
    },
)  # fmt: skip
MODELS = Table(
    "compiled",
    "times as long as",
    {
        "heston-200": "Heston, 50 steps, 200 paths, value and 8 slopes", "heston-10000": "the same, 10,000 paths",
        "arm-1": "arm of 7 joints, 12 × 7 Jacobian", "arm-10000": "the same of 10,000",
        "lotka-volterra": "Lotka–Volterra, 200 steps, gradient", "lotka-volterra-hessian": "its Hessian",
        "garch": "GARCH, 1,000 terms, gradient", "garch-hessian": "its Hessian",
        "kalman": "Kalman, 200 steps, gradient", "kalman-hessian": "its Hessian",
    },
    {
        "compiled": "compiled", "pytorch": "PyTorch", "jax_jit": "JAX jit, `scan`", "casadi_sx": "CasADi",
        "heyoka_cfunc": "heyoka",
    },
)  # fmt: skip
# What a system is installed as; ours are there.
PEERS = {
    "micrograd": "micrograd", "pytorch": "torch", "jax_jit": "jax", "casadi_sx": "casadi", "numpy_by_hand": "numpy",
    "heyoka_cfunc": "heyoka",
}  # fmt: skip


def installed(system: str) -> bool:
    """Whether it can be measured here; absence is no error."""
    if system == HIPS:
        return "HIPS_PYTHON" in os.environ
    return system not in PEERS or importlib.util.find_spec(PEERS[system]) is not None


def machine() -> str:
    """What all figures depend on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(": ")[1] for line in lines if line.startswith("model name")] or [platform.processor()]
    versions = [f"{PEERS[s]} {importlib.metadata.version(PEERS[s])}" for s in PEERS if installed(s)]
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()} {models[0]}, "
        f"{os.cpu_count()} cores, one thread each; {', '.join(versions)}"
    )


def show(table: Table, repeats: int, chosen: Sequence[str] = ()) -> None:
    """Measure and print, all rows or those chosen; the first call follows in a table of its own."""
    rows = {work: title for work, title in table.rows.items() if not chosen or work in chosen}
    if not rows:
        return
    systems = [system for system in table.columns if installed(system)]
    reference = next(iter(table.columns))
    compared = f"in brackets how many {table.brackets} {table.columns[reference]}"
    print(f"\nProcessor time a step, median of {repeats} loops; {compared}.\n")
    _row(f"{table.name}, `python -m tests.bench {table.name}`", list(table.columns.values()))
    _row("---", ["---"] * len(table.columns))
    first: dict[str, dict[str, Times]] = {}
    for work, title in rows.items():
        times = first[title] = side_by_side(systems, work, repeats)
        _row(title, [_cell(times, system, reference, table.brackets) for system in table.columns])
    if table in (COMPILED, MODELS):
        print("\nUntil the first result: recording, compiling, checking, running.\n")
        _row("first call", list(table.columns.values()))
        _row("---", ["---"] * len(table.columns))
        for title, times in first.items():
            _row(title, [duration(times[system].first) if system in times else "" for system in table.columns])


def _cell(times: dict[str, Times], system: str, reference: str, brackets: str) -> str:
    if system not in times:
        return ""
    step = duration(times[system].step)
    if system == reference or reference not in times:
        return step
    longer = times[system].step / times[reference].step
    ratio = longer if brackets == "times as long as" else 1 / longer
    return f"{step} ({ratio:,.0f})" if ratio >= 100 else f"{step} ({ratio:.2g})"


def _row(title: str, cells: list[str]) -> None:
    print(f"| {title} | {' | '.join(cells)} |", flush=True)


def duration(seconds: float) -> str:
    """A time in the unit that fits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= 0.9995 * size:  # what three digits do not tell from it
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
