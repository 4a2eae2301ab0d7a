"""Eager mode beside its neighbours, in one run: micrograd, and PyTorch, JAX, HIPS autograd and CasADi where installed.

HIPS autograd has our import name; give the interpreter of an environment that holds it in ``HIPS_PYTHON``.
"""

from __future__ import annotations

import gc
import importlib
import math
import os
import subprocess
import sys
import time
import tracemalloc
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import autograd
from autograd import Value
from tests.bench import workloads
from tests.bench.timing import Times, duration, medians, show, write

DEMO = [2, 16, 16, 1]


def installed(name: str) -> Any:
    """The module, or None; absence is no error here."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def tables(repeats: int) -> dict[str, Times]:
    """All workloads on all systems."""
    ours, systems = Value, {}
    micrograd = installed("micrograd.engine")
    torch, jax, casadi = installed("torch"), installed("jax"), installed("casadi")
    rows: dict[str, Times] = {}

    for name, work in (("tiny graph", workloads.tiny), ("small graph", workloads.small)):
        systems = {"micrograd": partial(work, micrograd.Value)} if micrograd else {}
        systems["ours"] = partial(work, ours)
        if torch:
            torch.set_num_threads(1)
            tensor = partial(torch.tensor, dtype=torch.float64, requires_grad=True)
            systems["PyTorch"] = partial(work, tensor)
        if jax:
            systems["JAX jit"] = _jax(jax, name)
        if casadi:
            systems["CasADi"] = _casadi(casadi, name)
        rows[name] = medians(systems, repeats)
        rows[name].update(_hips(name))

    step, image = workloads.training_step, workloads.image
    binary, dot = workloads.forward, workloads.forward_dot
    systems = {"micrograd": step(micrograd.Value, binary, DEMO, 20)} if micrograd else {}
    systems |= {"ours": step(ours, binary, DEMO, 20), "ours, dot": step(ours, dot, DEMO, 20)}
    rows["training step 2-16-16-1, 20 rows"] = medians(systems, repeats)

    systems = {"micrograd": image(micrograd.Value, binary, wrap=True)} if micrograd else {}
    systems |= {"ours": image(ours, binary, wrap=False), "ours, dot": image(ours, dot, wrap=False)}
    rows["784-50-10, one image"] = medians(systems, max(3, repeats // 3))

    systems = {"ours": workloads.irregular(ours, autograd)}
    if micrograd:
        systems = {"micrograd": workloads.irregular(micrograd.Value, _micrograd_functions(micrograd.Value)), **systems}
    rows["irregular graph, 17,600 nodes"] = medians(systems, max(3, repeats // 3))
    return rows


def _micrograd_functions(V: Any) -> SimpleNamespace:
    """Exponential and logarithm as a micrograd user writes them: a node with a closure."""

    def unary(x: Any, value: float, slope: float) -> Any:
        out = V(value, (x,))

        def backward() -> None:
            x.grad += slope * out.grad

        out._backward = backward
        return out

    def exp(x: Any) -> Any:
        e = math.exp(x.data)
        return unary(x, e, e)

    def softplus(x: Any) -> Any:
        value = max(x.data, 0.0) + math.log1p(math.exp(-abs(x.data)))
        return unary(x, value, 1.0 / (1.0 + math.exp(-x.data)) if x.data > -700 else 0.0)

    def softmax(xs: list[Any]) -> list[Any]:
        top = max(x.data for x in xs)
        exps = [exp(x - top) for x in xs]
        total = sum(exps)
        return [e / total for e in exps]

    return SimpleNamespace(softplus=softplus, softmax=softmax, sum=sum)


def _expression(name: str) -> Any:
    """The tiny or small graph as a function of two numbers, for systems that want one."""

    def tiny(a: Any, b: Any) -> Any:
        e = (a + b) - (a * b + b**3)
        return e**2 / 2.0

    def small(a: Any, b: Any, relu: Any) -> Any:
        c, d = a + b, a * b + b**3
        c = c + c + 1
        c = c + 1 + c + (-a)
        d = d + d * 2 + relu(b + a)
        d = d + 3 * d + relu(b - a)
        f = (c - d) ** 2
        return f / 2.0 + 10.0 / f

    return tiny if name == "tiny graph" else small


def _jax(jax: Any, name: str) -> Any:
    jax.config.update("jax_enable_x64", True)
    f = _expression(name)
    if name == "small graph":
        f = partial(f, relu=jax.nn.relu)
    both = jax.jit(jax.value_and_grad(f, argnums=(0, 1)))
    a, b = (-41.0, 2.0) if name == "tiny graph" else (-4.0, 2.0)
    return lambda: jax.block_until_ready(both(a, b))


def _casadi(casadi: Any, name: str) -> Any:
    a, b = casadi.SX.sym("a"), casadi.SX.sym("b")
    f = _expression(name)
    y = f(a, b) if name == "tiny graph" else f(a, b, lambda x: casadi.fmax(x, 0))
    function = casadi.Function("f", [a, b], [y, casadi.gradient(y, casadi.vertcat(a, b))])
    point = (-41.0, 2.0) if name == "tiny graph" else (-4.0, 2.0)
    return lambda: function(*point)


HIPS = """
import time, autograd, autograd.numpy as np
from statistics import median
relu = lambda x: np.maximum(x, 0.0)
def tiny(a, b):
    e = (a + b) - (a * b + b**3)
    return e**2 / 2.0
def small(a, b):
    c, d = a + b, a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + relu(b + a)
    d = d + 3 * d + relu(b - a)
    f = (c - d) ** 2
    return f / 2.0 + 10.0 / f
f, a, b = {call}
both = autograd.value_and_grad(f, (0, 1))
times = []
for _ in range(9):
    begin = time.perf_counter()
    for _ in range(50):
        both(a, b)
    times.append((time.perf_counter() - begin) / 50)
print(median(times))
"""


def _hips(name: str) -> Times:
    interpreter = os.environ.get("HIPS_PYTHON")
    if not interpreter:
        return {}
    call = "tiny, -41.0, 2.0" if name == "tiny graph" else "small, -4.0, 2.0"
    run = subprocess.run(
        [interpreter, "-I", "-c", HIPS.replace("{call}", call)], capture_output=True, text=True, check=True
    )
    return {"HIPS autograd": float(run.stdout)}


def memory() -> dict[str, float]:
    """Bytes a binary operation keeps, and what is left once the root is dropped, with the collector off."""
    x, y = Value(1.5), Value(1.25)
    count = 100_000
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        root = x
        for _ in range(count):
            root = root * y
        held = tracemalloc.get_traced_memory()[0] - before
        del root
        left = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        gc.enable()
    return {"bytes a node": held / count, "bytes left after dropping the root": float(left)}


def chains() -> dict[str, dict[str, float]]:
    """Seconds to build, differentiate and free a chain of additions, for growing lengths."""
    found = {}
    for length in (10_000, 100_000, 1_000_000):
        x = y = Value(1.0)
        clock = [time.perf_counter()]
        for _ in range(length):
            y = y + x
        clock.append(time.perf_counter())
        y.backward()
        clock.append(time.perf_counter())
        del y
        clock.append(time.perf_counter())
        build, backward, free = (b - a for a, b in pairwise(clock))
        found[f"{length:,}"] = {"build": build, "backward": backward, "free": free, "all": clock[-1] - clock[0]}
    return found


def main(repeats: int, json_path: Path | None) -> None:
    sys.setrecursionlimit(100_000)  # micrograd sorts by recursion
    rows = tables(repeats)
    show("Eager mode", rows, reference="micrograd")
    print("\n| chain of additions | build | backward | free | all, a node |\n|---|---|---|---|---|")
    lengths = chains()
    for length, times in lengths.items():
        times["node"] = times["all"] / int(length.replace(",", ""))
        cells = [duration(times[part]) for part in ("build", "backward", "free", "node")]
        print(f"| {length} | {' | '.join(cells)} |")
    kept = memory()
    print("\n" + "; ".join(f"{name}: {figure:.0f}" for name, figure in kept.items()))
    write(json_path, {"seconds": rows, "chains": lengths, "memory": kept})
