"""Compiled scalars beside NumPy by hand, PyTorch eager, JAX jit and micrograd, in one run, on one thread.

PyTorch, JAX and micrograd are measured where they are installed. A step is loss, gradient and update, unless a table
says otherwise; compiling is timed apart.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import autograd
from autograd import Value, tanh, value_and_grad
from autograd.compiler import compile_tape, record
from tests.bench import attention, networks, workloads
from tests.bench.eager import installed
from tests.bench.timing import Times, duration, medians, seconds, show, write

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "JAX_ENABLE_X64": "1",
    "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}  # fmt: skip
NETWORKS = {
    "2-16-16-1, 100 rows": ([2, 16, 16, 1], 100), "2-20-20-2-1, 25 rows": ([2, 20, 20, 2, 1], 25),
    "784-128-10, 32 rows": ([784, 128, 10], 32),
}  # fmt: skip
WORD = [14, 9, 3, 15, 12, 5, 20, 20, 1, 19]


def main(repeats: int = 9, json: Path | None = None) -> None:
    """All tables; in a process of its own, because libraries count their threads when they are imported."""
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        words = [sys.executable, "-m", __name__, str(repeats), *([str(json)] if json else [])]
        subprocess.run(words, env={**os.environ, **ONE_THREAD}, check=True)
        return
    torch, jax = installed("torch"), installed("jax")
    micrograd = installed("micrograd.engine")
    if torch:
        torch.set_num_threads(1)
    tables = {
        "One training step": _networks(torch, jax, micrograd, repeats),
        "Value and gradient": _graphs(torch, jax, micrograd, repeats),
    }
    for title, rows in tables.items():
        show(title, rows, "compiled")
    write(json, {**tables, "compile": _compile_times(jax), "scaling": _scaling()})


def _networks(torch: Any, jax: Any, micrograd: Any, repeats: int) -> dict[str, Times]:
    rows = {}
    for name, (sizes, count) in NETWORKS.items():
        systems = {"compiled": networks.compiled(sizes, count), "NumPy": networks.by_hand(sizes, count)}
        if torch:
            systems["PyTorch"] = networks.torch_step(torch, sizes, count)
        if jax:
            systems["JAX jit"] = networks.jax_step(jax, sizes, count)
        first = {system: step() for system, step in systems.items()}
        if not np.allclose(list(first.values()), first["compiled"], rtol=1e-9):
            raise AssertionError(f"the systems compute different losses: {first}")
        rows[name] = medians(systems, repeats)
        if micrograd and sizes[0] < 100:
            rows[name]["micrograd"] = seconds(networks.micrograd_step(micrograd.Value, sizes, count), 1.0)
    return rows


def _graphs(torch: Any, jax: Any, micrograd: Any, repeats: int) -> dict[str, Times]:
    return {
        "attention, 10 letters": medians(_attention(torch, jax), repeats),
        "tiny graph": medians(_tiny(jax, micrograd), repeats),
        "irregular, 17,600 nodes": medians(_irregular(), repeats),
    }


def _attention(torch: Any, jax: Any) -> dict[str, Callable[[], Any]]:
    weights = attention.parameters(np.random.default_rng(0))
    fast = autograd.compile(attention.loss, verify=False)
    expected, _ = fast.value_and_grad(weights, WORD)
    flat = np.concatenate([matrix.ravel() for matrix in weights.values()])
    systems = {"compiled": fast.program.bind(flat).value_and_grad}
    lists = {name: matrix.tolist() for name, matrix in weights.items()}
    eager = value_and_grad(attention.loss)
    systems["eager"] = lambda: eager(lists, WORD)[0]
    if torch:
        tensors = {name: torch.tensor(matrix, requires_grad=True) for name, matrix in weights.items()}

        def with_torch() -> float:
            value = attention.loss_of_arrays(torch, tensors, WORD)
            torch.autograd.grad(value, list(tensors.values()))
            return float(value.item())

        systems["PyTorch"] = with_torch
    if jax:
        step = jax.jit(jax.value_and_grad(lambda w: attention.loss_of_arrays(jax.numpy, w, WORD)))
        arrays = jax.device_put(weights)
        systems["JAX jit"] = lambda: float(jax.block_until_ready(step(arrays))[0])
    for name, run in systems.items():
        if not np.isclose(run(), expected, rtol=1e-9):
            raise AssertionError(f"{name} computes another loss than {expected}")
    return systems


def tiny(a: Any, b: Any) -> Any:
    """BurTorch's tiny graph."""
    c = a + b
    d = a * b + b**3
    e = c - d
    f = e**2
    return f / 2.0


def _tiny(jax: Any, micrograd: Any) -> dict[str, Callable[[], Any]]:
    fast = autograd.compile(tiny)
    systems: dict[str, Callable[[], Any]] = {
        "compiled": lambda: fast.value_and_grad(-41.0, 2.0, argnums=(0, 1)),
        "eager": lambda: workloads.tiny(Value),
    }
    if jax:
        step = jax.jit(jax.value_and_grad(tiny, argnums=(0, 1)))
        systems["JAX jit"] = lambda: jax.block_until_ready(step(-41.0, 2.0))
    if micrograd:
        systems["micrograd"] = lambda: workloads.tiny(micrograd.Value)
    return systems


def _irregular() -> dict[str, Callable[[], Any]]:
    leaves = [Value(float(i)) for i in range(100)]
    program = compile_tape(record(workloads.irregular_nodes(leaves, autograd)[-1:], leaves))
    numbers = [leaf.data for leaf in leaves]
    return {
        "compiled": lambda: program.value_and_grad(numbers),
        "eager": workloads.irregular(Value, autograd),
    }


def _compile_times(jax: Any) -> dict[str, float]:
    """Time until the first result is there."""
    print("\n### First call: recording, compiling, checking, running\n\n| work | compiled | JAX jit |\n|---|---|---|")
    times = {}
    for name, (sizes, count) in NETWORKS.items():
        layers, X, y = networks.data(sizes, count)
        begin = time.perf_counter()
        autograd.compile(networks.loss, batched=("x", "y")).value_and_grad(layers, X, y)
        times[name] = time.perf_counter() - begin
        cells = [duration(times[name])]
        if jax:
            step = networks.jax_step(jax, sizes, count)
            begin = time.perf_counter()
            step()
            times[f"{name}, JAX jit"] = time.perf_counter() - begin
            cells.append(duration(times[f"{name}, JAX jit"]))
        print(f"| {name} | {' | '.join(cells)} |")
    return times


def _scaling() -> dict[str, dict[str, float]]:
    """Compile time and peak memory of networks of a thousand to a million scalar operations."""
    print("\n### Cost of compiling, recorded graph included\n")
    print("| scalar nodes | record, µs a node | compile, µs a node | peak, bytes a node |\n|---|---|---|---|")
    figures = {}
    for size in (1_000, 10_000, 100_000, 1_000_000):
        nodes, recording, compiling = _cost(size)
        tracemalloc.start()
        _cost(size)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        figures[str(nodes)] = {"record": recording, "compile": compiling, "bytes": peak / nodes}
        print(f"| {nodes:,} | {recording * 1e6:.2f} | {compiling * 1e6:.2f} | {peak / nodes:.0f} |", flush=True)
    return figures


def _cost(size: int) -> tuple[int, float, float]:
    """Operations, and seconds an operation of recording and of compiling a network of three square layers."""
    gc.collect()
    width = max(2, round((size / 6) ** 0.5))
    begin = time.perf_counter()
    leaves = [Value(0.001 * k) for k in range(3 * width * width)]
    x: list[Any] = [Value(0.1 * k) for k in range(width)]
    inputs = list(x)
    for start in range(0, len(leaves), width * width):
        rows = [leaves[k : k + width] for k in range(start, start + width * width, width)]
        x = [tanh(sum(w * a for w, a in zip(row, x, strict=True))) for row in rows]
    tape = record([autograd.sum(x)], leaves, inputs)
    del x, rows
    middle = time.perf_counter()
    compile_tape(tape)
    end = time.perf_counter()
    return tape.operations, (middle - begin) / tape.operations, (end - middle) / tape.operations


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
