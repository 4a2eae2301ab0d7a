"""How long it takes until a compiled gradient gives its first result: with what it is checked by, and without."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import autograd
from tests.bench import models, networks
from tests.bench.systems import compiled
from tests.bench.tables import duration

STEPS = 5_000


def works() -> dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[Any, ...]]]:
    """Of each graph the function, its batched arguments, and what it is called with."""
    rng = np.random.default_rng(0)
    found: dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[Any, ...]]] = {
        "irregular, 17,600 nodes": (compiled.irregular, (), (np.arange(100.0),))
    }
    for name, (f, p, seen) in models.RECURRENCES.items():
        longer = rng.uniform(0.5, 3.0, (STEPS, *seen.shape[1:]))
        found[f"{name}, {STEPS:,} steps"] = partial(f, autograd), (), (p, longer)
    for name in ("2-16-16-1", "784-128-10"):
        found[name] = compiled.loss, ("x", "y"), networks.data(*networks.NETWORKS[name])
    return found


def first_call(work: str, verify: bool) -> tuple[float, int, str]:
    """Processor time of the first call of a gradient, how many operations it recorded, and what runs the program."""
    f, batched, args = works()[work]
    fast = autograd.compile(f, batched=batched, verify=verify)
    gc.collect()
    begin = time.process_time()
    fast.value_and_grad(*args)
    return time.process_time() - begin, fast.stats.scalar_nodes, fast.stats.kind


def show(repeats: int) -> None:
    """All of them, in Markdown."""
    print("\n| first call of a gradient | operations | kind | verified | an operation | not verified | an operation |")
    print("|---|---|---|---|---|---|---|")
    for work in works():
        cells = []
        for verify in (True, False):
            runs = [first_call(work, verify) for _ in range(repeats)]
            _, operations, kind = runs[0]
            seconds = median([taken for taken, *_ in runs])
            cells += [duration(seconds), duration(seconds / operations)]
        print(f"| {work} | {operations:,} | {kind} | {' | '.join(cells)} |", flush=True)
