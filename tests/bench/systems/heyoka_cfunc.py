"""heyoka.py, functions that are compiled once; each number of all examples in a row, as it likes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import heyoka
import numpy as np

from tests.bench import models
from tests.bench.workloads import Loop, repeated

_M = SimpleNamespace(
    log=heyoka.log, exp=heyoka.exp, sqrt=heyoka.sqrt, sin=heyoka.sin, cos=heyoka.cos,
    maximum=lambda a, b: heyoka.select(heyoka.gt(a, b), a, b),
)  # fmt: skip


def _symbols(name: str, count: int) -> list[Any]:
    return heyoka.make_vars(*[f"{name}{k}" for k in range(count)])


def _run(outputs: list[Any], symbols: list[Any], given: np.ndarray, compact: bool) -> Callable[[], np.ndarray]:
    """All outputs, in memory that is there already."""
    function = heyoka.cfunc(outputs, vars=symbols, compact_mode=compact)
    found = np.empty((len(outputs), *given.shape[1:]))
    more = {"batch_parallel": False} if given.ndim > 1 else {}
    return lambda: function(given, outputs=found, **more)


def _heston(paths: int) -> Loop:
    p, z = _symbols("p", 8), _symbols("z", 2 * models.STEPS)
    y = models.heston(_M, p, list(zip(z[::2], z[1::2], strict=True)))
    slopes = heyoka.diff_tensors([y], diff_args=p, diff_order=1).gradient
    shocks = models.shocks(paths).reshape(paths, -1).T
    given = np.vstack([np.repeat(models.HESTON[:, None], paths, axis=1), shocks])
    run = _run([y, *slopes], p + z, np.ascontiguousarray(given), True)
    return repeated(lambda: float(run().mean(axis=1)[0]))


def _arm(count: int) -> Loop:
    q = _symbols("q", 7)
    y = [heyoka.expression(x) if isinstance(x, float) else x for x in models.arm(_M, q)]
    entries = [*np.ravel(heyoka.diff_tensors(y, diff_args=q, diff_order=1).jacobian)]
    given = models.ANGLES[0] if count == 1 else np.ascontiguousarray(models.ANGLES[:count].T)
    run = _run(entries, q, given, False)
    return repeated(lambda: float(np.sum(run())))


WORKS = {
    **{f"heston-{paths}": partial(_heston, paths) for paths in (200, 10_000)},
    **{f"arm-{count}": partial(_arm, count) for count in (1, 10_000)},
}
