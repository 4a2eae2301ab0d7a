"""Medians of interleaved runs, and a table of them."""

from __future__ import annotations

import gc
import json
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

Workload = Callable[[], object]
Times = dict[str, float]


def seconds(run: Workload, at_least: float = 0.25) -> float:
    """Time of one run, averaged over as many as it takes to fill ``at_least`` seconds.

    The garbage collector stays on: over many steps its share is part of the price.
    """
    runs, spent = 0, 0.0
    while spent < at_least:
        begin = time.perf_counter()
        run()
        spent += time.perf_counter() - begin
        runs += 1
    return spent / runs


def medians(systems: Mapping[str, Workload], repeats: int) -> Times:
    """Median time of each system; the systems take turns, so that a slow moment of the machine hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in systems}
    for run in systems.values():
        run()
    for _ in range(repeats):
        for name, run in systems.items():
            gc.collect()  # what another system left behind is not this one's to clear away
            taken[name].append(seconds(run))
    return {name: median(times) for name, times in taken.items()}


def show(title: str, rows: Mapping[str, Times], reference: str) -> None:
    """A Markdown table: time of each system, and how many times as fast as ``reference`` it is."""
    systems = list(dict.fromkeys(name for times in rows.values() for name in times))
    print(f"\n### {title}\n")
    print(f"Python {platform.python_version()}; medians; in brackets the speed, {reference} = 1\n")
    print(f"| work | {' | '.join(systems)} |")
    print(f"|---|{'---|' * len(systems)}")
    for work, times in rows.items():
        cells = [_cell(times, name, reference) for name in systems]
        print(f"| {work} | {' | '.join(cells)} |", flush=True)


def _cell(times: Times, name: str, reference: str) -> str:
    if name not in times:
        return ""
    ratio = f" ({times[reference] / times[name]:.3g})" if reference in times else ""
    return f"{duration(times[name])}{ratio}"


def duration(time: float) -> str:
    """A time in the unit that fits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if time >= size:
            return f"{time / size:.3g} {unit}"
    return f"{time / 1e-9:.3g} ns"


def write(path: Path | None, figures: Mapping[str, object]) -> None:
    """The same figures as JSON, if asked for."""
    if path is not None:
        path.write_text(json.dumps({"python": platform.python_version(), **figures}, indent=2), encoding="utf-8")
        print(f"\nfigures written to {path}")
