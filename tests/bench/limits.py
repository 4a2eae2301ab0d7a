"""What the largest pictures cost: 300 boxes of several shapes, in every format and for every place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import viz
from autograd import Value
from nn import MLP, mean_squared_error
from tests.bench.pictures import median
from viz.drawing.formats import FORMATS
from viz.graphs.graph import MOST_BOXES

__all__ = ["LARGEST", "show"]

WANTED = 1.0  # seconds
FORMS: dict[str, Callable[[viz.Picture], Any]] = {
    "svg": lambda picture: picture.svg,
    "png": lambda picture: picture._painted("png"),
    "pdf": lambda picture: picture._painted("pdf"),
    "dot": lambda picture: picture.dot,
    "html": lambda picture: picture.html,
}


def squares() -> Any:
    """A long sum."""
    return sum(b * b for b in [Value(0.1 * i, label=f"b{i}") for i in range(MOST_BOXES // 3)])


def chain() -> Any:
    """One operation after the other."""
    y = Value(0.5, label="x")
    for i in range(MOST_BOXES - 1):
        y = (y.tanh(), y.sin(), y.exp(), y.abs())[i % 4]
    return y


def tangle() -> Any:
    """Operations on what came before, wherever it is: as many crossings as there can be."""
    rng = np.random.default_rng(0)
    made = [Value(float(x)) for x in rng.normal(size=10)]
    unused = made[:]
    while len(made) < MOST_BOXES:
        first = unused.pop(int(rng.integers(len(unused))))
        second = unused.pop() if len(unused) >= MOST_BOXES - len(made) else made[int(rng.integers(len(made)))]
        unused = [value for value in unused if value is not second]
        made.append(first - second if len(made) % 2 else first * second)
        unused.append(made[-1])
    return made[-1]


def network() -> Any:
    """Rows through a network, each sum of products a box."""
    model = MLP(3, [6, 6, 1], activation="tanh", rng=0)
    rows = np.random.default_rng(0).normal(size=(5, 3)).round(1).tolist()
    return mean_squared_error([model([Value(x) for x in row]) for row in rows], [1.0] * len(rows))


def names() -> Any:
    """Each Value has one."""
    y = Value(0.5, label="x")
    for i in range(MOST_BOXES - 1):
        y = y.sin() if i % 2 else y * 1.1
        y.label = f"y{i}"
    return y


LARGEST: dict[str, Callable[[], Any]] = {each.__name__: each for each in (squares, chain, tangle, network, names)}


def show(repeats: int) -> None:
    """Print a row a picture and place, and the slowest."""
    print(f"\nPictures of {MOST_BOXES} boxes, or nearly: seconds as {', '.join(map(str.upper, FORMS))}\n")
    slowest = 0.0
    for name, make in LARGEST.items():
        root = make()
        root.backward()
        drawn: dict[str, Callable[[], viz.Picture]] = {
            fit: lambda root=root, fit=fit: viz.graph(root, level="value", fit=fit)  # type: ignore[misc]
            for fit in FORMATS
        }
        drawn |= {"chain rule": lambda root=root: viz.chain_rule(root)} if name == "names" else {}  # type: ignore[misc]
        for place, draw in drawn.items():
            times = [median(lambda draw=draw, form=form: form(draw()), repeats) for form in FORMS.values()]  # type: ignore[misc]
            slowest = max(slowest, *times)
            print(f"{name:<8} {place:<10} " + "  ".join(f"{seconds:.3f}" for seconds in times))
    print(f"slowest: {slowest:.3f} s, wanted: below {WANTED:g} s")
