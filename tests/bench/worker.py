"""One system at one work, in a process of its own: nothing else is imported, so nothing else is there to be collected.

It prints the time to the first result and that result, then for each line it reads the seconds a step of one loop. All
work on one thread, so what they take is the processor's time, whatever else the machine is doing.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from math import ceil

Loop = Callable[[int], object]  # runs that many steps; gives numbers that are the same in all systems, or None

# A loop takes at least so long and so many steps: the garbage collector's share is part of the price of each.
SECONDS, STEPS = 0.5, 5


def main(system: str, work: str) -> None:
    """Serve until standard input ends; say nothing if the system does not do this work."""
    sys.setrecursionlimit(100_000)  # micrograd sorts by recursion
    module = importlib.import_module(f"tests.bench.systems.{system}")
    if work not in module.WORKS:
        return
    begin = time.process_time()
    loop = module.WORKS[work]()
    result = loop(1)
    print(time.process_time() - begin, *(result if isinstance(result, list | tuple) else [result]), flush=True)
    steps = 0
    for _ in sys.stdin:
        steps = steps or _enough(loop, getattr(module, "STEPS", STEPS))
        print(_seconds(loop, steps) / steps, flush=True)


def _enough(loop: Loop, steps: int) -> int:
    while (taken := _seconds(loop, steps)) < SECONDS:
        steps = ceil(steps * min(10.0, 1.2 * SECONDS / taken))
    return steps


def _seconds(loop: Loop, steps: int) -> float:
    begin = time.process_time()
    loop(steps)
    return time.process_time() - begin
