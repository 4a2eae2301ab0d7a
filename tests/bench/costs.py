"""What ours costs besides time a step: bytes a node, chains of a million, compiling, measuring what is trained."""

from __future__ import annotations

import gc
import time
import tracemalloc
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

import autograd
from autograd import Value, tanh
from autograd.compiler import compile_tape, record
from nn import MLP, datasets, fit
from tests.bench.tables import duration


def show(repeats: int) -> None:
    """All costs, in Markdown."""
    held, left = memory()
    print(f"\nA binary operation keeps {held:.0f} bytes; {left:.0f} bytes are left when the root is dropped.\n")
    print("| chain of additions | build | backward | free | all | all, a node |\n|---|---|---|---|---|---|")
    for length in (10_000, 100_000, 1_000_000):
        runs = [chain(length) for _ in range(repeats)]
        parts = [median(part) for part in zip(*runs, strict=True)]
        total = median(map(sum, runs))
        print(f"| {length:,} | {' | '.join(map(duration, [*parts, total, total / length]))} |", flush=True)
    print("\n| compiling a network, scalar nodes | record, a node | compile, a node | peak, bytes a node |")
    print("|---|---|---|---|")
    for size in (1_000, 10_000, 100_000, 1_000_000):
        nodes, recording, compiling = network(size)
        tracemalloc.start()
        network(size)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"| {nodes:,} | {duration(recording)} | {duration(compiling)} | {peak / nodes:.0f} |", flush=True)
    print("\n| compiling a recurrence with examples, steps | first call | a step |\n|---|---|---|")
    for steps in (500, 1_000, 2_000, 4_000):
        taken = recurrence(steps)
        print(f"| {steps:,} | {duration(taken)} | {duration(taken / steps)} |", flush=True)
    print("\n| an epoch of 2-16-16-1, rows | forward pass | validation loss adds | accuracy adds |\n|---|---|---|---|")
    for rows in (20, 100, 1_000):
        print(f"| {rows:,} | {' | '.join(map(duration, measuring(rows, repeats)))} |", flush=True)


def memory() -> tuple[float, int]:
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
    return held / count, left


def chain(length: int) -> list[float]:
    """Seconds to build, differentiate and free a chain of additions."""
    x = y = Value(1.0)
    clock = [time.process_time()]
    for _ in range(length):
        y = y + x
    clock.append(time.process_time())
    y.backward()
    clock.append(time.process_time())
    del y
    clock.append(time.process_time())
    return [b - a for a, b in pairwise(clock)]


def network(size: int) -> tuple[int, float, float]:
    """Operations, and seconds an operation of recording and of compiling a network of three square layers."""
    gc.collect()
    width = max(2, round((size / 6) ** 0.5))
    begin = time.process_time()
    leaves = [Value(0.001 * k) for k in range(3 * width * width)]
    x: list[Any] = [Value(0.1 * k) for k in range(width)]
    inputs = list(x)
    for start in range(0, len(leaves), width * width):
        rows = [leaves[k : k + width] for k in range(start, start + width * width, width)]
        x = [tanh(sum(w * a for w, a in zip(row, x, strict=True))) for row in rows]
    tape = record([autograd.sum(x)], leaves, inputs)
    del x, rows
    middle = time.process_time()
    compile_tape(tape)
    end = time.process_time()
    return tape.operations, (middle - begin) / tape.operations, (end - middle) / tape.operations


def recurrence(steps: int) -> float:
    """Seconds until the first gradient of a state that is fed back."""

    def last(p: Any, x: Any) -> Any:
        h = x
        for _ in range(steps):
            h = tanh(p[0] * h + p[1])
        return h

    begin = time.process_time()
    autograd.compile(last, batched="x").value_and_grad([0.5, 0.1], [0.1, 0.2, 0.3])
    return time.process_time() - begin


def measuring(rows: int, repeats: int) -> list[float]:
    """Seconds of a compiled forward pass, and what validation loss and accuracy on as many rows add to an epoch."""
    X, y = datasets.moons(rows, rng=0)
    epochs = 2_000  # enough for what is done once in a call of fit to vanish

    def model() -> MLP:
        return MLP(2, [16, 16, 1], activation="tanh", output_activation="sigmoid", rng=0)

    def epoch(**measured: Any) -> float:
        trained = model()
        fit(trained, X, y, loss="binary_cross_entropy", epochs=1, **measured)
        begin = time.process_time()
        fit(trained, X, y, loss="binary_cross_entropy", epochs=epochs, **measured)
        return (time.process_time() - begin) / epochs

    def forward() -> float:
        call = autograd.compile(lambda model, x: model(x.tolist()), batched="x", reduce=None)
        call(model(), X)
        numbers = np.array([value.data for value in model().parameters()])
        value = call.program.bind(numbers, rows).value
        begin = time.process_time()
        for _ in range(epochs):
            value(X)
        return (time.process_time() - begin) / epochs

    runs = []
    for _ in range(repeats):  # side by side, since a machine is not equally fast all the time
        plain = epoch()
        runs.append([forward(), epoch(validation=(X, y)) - plain, epoch(metrics="accuracy") - plain])
    return [median(part) for part in zip(*runs, strict=True)]
