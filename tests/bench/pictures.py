"""How well pictures fit: the smallest text and the blank part where they are shown, and what they cost."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

import viz
from autograd import Value
from nn import MLP, Adam, datasets, fit, mean_squared_error, squared_error
from viz.rendering.raster import painted
from viz.rendering.shapes import Words
from viz.theme import THEMES

__all__ = ["CASES", "blank", "show", "smallest"]

TILE = 32.0  # pixels: 24 points
READABLE = {"readme": 10.0, "slide": 14.0, "phone": 10.0}


class Case(NamedTuple):
    """A picture to be, and what it is of."""

    name: str
    make: Callable[[], tuple[Value, Any]]


def expression() -> tuple[Value, Any]:
    """The expression with which scalar engines introduce themselves: every operation, two leaves."""
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c - a)
    d = d + (d * 2 + (b + a).relu())
    d = d + (3 * d + (b - a).relu())
    f = (c - d) ** 2
    g = f / 2.0 + 10.0 / f
    g.label = "g"
    g.backward()
    return g, None


def network(examples: int = 1) -> tuple[Value, Any]:
    """A 3-4-4-1 network and its error on so many rows."""
    model = MLP(3, [4, 4, 1], rng=1)
    rows = np.random.default_rng(0).normal(size=(examples, 3)).round(1).tolist()
    outputs = [model([Value(x, label=f"x{i}") for i, x in enumerate(row)]) for row in rows]
    loss = squared_error(outputs[0], 1.0) if examples == 1 else mean_squared_error(outputs, [1.0] * examples)
    loss.label = "loss"
    loss.backward()
    return loss, model


def chain(steps: int = 60) -> tuple[Value, Any]:
    """One operation after the other."""
    x = Value(0.5, label="x")
    y = x
    for i in range(steps):
        y = (y * 1.1, y.tanh(), y + 0.3, y.sin())[i % 4]
    y.backward()
    return y, None


def attention(tokens: int = 4, size: int = 4) -> tuple[Value, Any]:
    """One head of causal attention, and the sum of the squares of what it gives."""
    rng = np.random.default_rng(1)
    x, wq, wk, wv = (
        [[Value(w) for w in row] for row in rng.normal(size=shape).tolist()]
        for shape in ((tokens, size), *[(size, size)] * 3)
    )
    q, k, v = ([[sum(a * b for a, b in zip(w, row, strict=True)) for w in m] for row in x] for m in (wq, wk, wv))
    outputs = []
    for i in range(tokens):
        powers = [(sum(a * b for a, b in zip(q[i], k[j], strict=True)) * size**-0.5).exp() for j in range(i + 1)]
        total = sum(powers)
        outputs += [sum(p / total * v[j][n] for j, p in enumerate(powers)) for n in range(size)]
    loss = sum(y * y for y in outputs)
    loss.label = "loss"
    loss.backward()
    return loss, None


def squares(terms: int = 100) -> tuple[Value, Any]:
    """A long sum."""
    total: Any = sum(b * b for b in [Value(0.1 * i, label=f"b{i}") for i in range(terms)])
    total.label = "S"
    total.backward()
    return total, None


CASES = (
    Case("micrograd's README", expression), Case("MLP 3-4-4-1", network), Case("chain of 60", chain),
    Case("attention head", attention), Case("loss over 5 rows", lambda: network(5)), Case("100 squares", squares),
)  # fmt: skip


def smallest(picture: viz.Picture) -> float:
    """The size of the smallest letters where the picture is shown, in pixels."""
    still = picture._still
    assert still is not None
    return min(shape.size for shape in still.shapes if isinstance(shape, Words)) * still.shown / still.size[0]


def blank(picture: viz.Picture) -> float:
    """The share of tiles of one colour, where and as large as the picture is shown."""
    from matplotlib import image

    still = picture._still
    assert still is not None
    png = painted(still.shapes, still.size, THEMES["light"], still.shown / still.size[0])
    pixels = image.imread(io.BytesIO(png))[..., :3]
    side = TILE * pixels.shape[1] / still.shown
    rows, columns = ([round(side * i) for i in range(round(length / side) + 1)] for length in pixels.shape[:2])
    tiles = [
        pixels[top:bottom, left:right] for top, bottom in pairwise(rows) for left, right in pairwise(columns)
    ]  # what is left at the ends is less than half a tile
    return statistics.mean(float(np.ptp(tile, axis=(0, 1)).max() == 0.0) for tile in tiles)


def show(repeats: int) -> None:
    """Print a row a picture and place."""
    print("\nPictures: shown size, smallest text (wanted), blank tiles, seconds as SVG, PNG and PDF\n")
    for case in CASES:
        root, model = case.make()
        for place, wanted in READABLE.items():
            picture = viz.graph(root, model=model, fit=place)
            still = picture._still
            assert still is not None
            height = still.size[1] * still.shown / still.size[0]
            times = [median(form, repeats) for form in _forms(root, model, place)]
            print(
                f"{case.name:<20} {place:<7} {still.shown:5.0f} x {height:<5.0f} "
                f"{smallest(picture):5.1f} ({wanted:.0f}) {blank(picture):6.1%}  "
                + "  ".join(f"{seconds:.3f}" for seconds in times)
            )
    for frames in (10, 50):
        times_training, page = film(frames)
        print(f"film of {frames} frames: {times_training:.0f} times the training it shows, a page of {page:.2f} MB")


def film(frames: int) -> tuple[float, float]:
    """How many times the training it shows a film takes, and how large its page is in megabytes."""
    X, y = datasets.moons(120)
    labels = (y.reshape(-1) > 0).astype(float)
    model = MLP(2, [8, 2, 1], activation="tanh", output_activation="sigmoid", rng=4)
    begin = model.state_dict()

    def trained() -> Any:
        model.load_state_dict(begin)
        return fit(model, X, labels, epochs=120, optimizer=Adam(0.03), record="parameters", progress=False)

    history = trained()

    def drawn() -> Any:
        return viz.animate_training(history, model, lambda ax, actor: viz.plot_decision_boundary(actor, X, labels, ax),
                                    frames=frames)  # fmt: skip

    page = len(drawn().html) / 1e6  # matplotlib has been loaded
    return median(drawn, 5) / median(trained, 15), page


def _forms(root: Value, model: Any, fit: str) -> list[Callable[[], Any]]:
    def drawn() -> viz.Picture:
        return viz.graph(root, model=model, fit=fit)

    return [lambda: drawn().svg, lambda: drawn()._painted("png"), lambda: drawn()._painted("pdf")]


def median(work: Callable[[], Any], repeats: int) -> float:
    """Seconds of processor time."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)
