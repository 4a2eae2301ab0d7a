"""Pages that train: XOR, two moons, and a network of each of the five documents.

``python -m examples.live_pages pages`` writes them into the folder ``pages``, with an index; open them in a browser.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from html import escape
from pathlib import Path

import viz
from nn import MLP, SGD, Adam, constant, datasets, normal, uniform


def xor() -> viz.Picture:
    model = MLP(2, [4, 1], activation="tanh", rng=1)
    return viz.live(model, *datasets.xor(), loss="binary_cross_entropy_with_logits", optimizer=SGD(0.3, momentum=0.9))


def moons() -> viz.Picture:
    model = MLP(2, [16, 16, 1], activation="tanh", rng=0)
    X, y = datasets.moons(100, 0.1, rng=0)
    return viz.live(model, X, y, loss="binary_cross_entropy_with_logits", optimizer=Adam(0.01))


def document_000() -> viz.Picture:
    """One neuron a layer, which has to give 0.15 whatever comes in."""
    model = MLP(1, [1] * 4, activation=["sigmoid"] * 4, init=constant(2.0), bias_init=constant(2.0), rng=0)
    inputs, targets = datasets.random_inputs(40, 0.15, rng=0)
    return viz.live(model, inputs, targets, loss="half_squared_error", optimizer=SGD(1.0), batch_size=1)


def document_001() -> viz.Picture:
    """Sixteen weights without biases, a row at a time."""
    model = MLP(3, [4, 1], activation="relu", bias=False, init=uniform(), rng=4)
    return viz.live(model, *datasets.four_rows(), loss="squared_error", optimizer=SGD(0.2), batch_size=1)


def document_002() -> viz.Picture:
    """The sines, which no line separates, by two hidden neurons at the end of a deep network."""
    model = MLP(2, [20, 20, 2, 1], activation=["tanh", "tanh", "relu", "sigmoid"], init=normal(0.5), rng=2)
    return viz.live(model, *datasets.sine_bands(), loss="binary_cross_entropy", optimizer=SGD(0.1))


def document_003() -> viz.Picture:
    """The ten digits on a seven-segment display."""
    X, Y = datasets.seven_segments()
    model = MLP(X.shape[1], [16, 10], activation="relu", output_activation="sigmoid", rng=0)
    return viz.live(model, X, Y, loss="half_squared_error", optimizer=SGD(0.5, momentum=0.9))


def document_004() -> viz.Picture:
    """Three rings by one linear score a class."""
    X, y = datasets.bulls_eye_3_categories(60, 0)
    model = MLP(2, [12, 12, 3], activation="relu", init="he", rng=0)
    return viz.live(model, X, y, loss="softmax_cross_entropy", optimizer=SGD(0.3, momentum=0.9))


TITLE = "Networks that train in the page"
ABOUT = "Open one, press Play, drag a point or a weight. Each is one file that asks nobody for anything."
PAGES: dict[str, tuple[str, str, Callable[[], viz.Picture]]] = {
    "xor": ("XOR", "by four hidden neurons", xor),
    "moons": ("Two moons", "by two layers of sixteen neurons", moons),
    "document_000": ("Document 000", "one neuron a layer", document_000),
    "document_001": ("Document 001", "sixteen weights", document_001),
    "document_002": ("Document 002", "two classes that no line separates", document_002),
    "document_003": ("Document 003", "the digits of a seven-segment display", document_003),
    "document_004": ("Document 004", "three rings", document_004),
}
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --page: #f6f6f4; --panel: #fff; --rule: #e3e3df; --text: #1a1a1a; --muted: #5c5c5c; --accent: #5a3fd6; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #101215; --panel: #181b20; --rule: #2b3037; --text: #ececec; --muted: #b0b4ba; --accent: #a99bff; }}
}}
body {{
  margin: 0 auto; max-width: 900px; padding: 48px 20px; background: var(--page); color: var(--text);
  font: 16px/1.5 "Inter", -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}}
h1 {{ margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.015em; }}
p {{ margin: 8px 0 28px; color: var(--muted); }}
ul {{
  display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 12px; margin: 0; padding: 0;
  list-style: none;
}}
a {{
  display: block; height: 100%; box-sizing: border-box; padding: 16px 18px; color: inherit; text-decoration: none;
  background: var(--panel); border: 1px solid var(--rule); border-radius: 10px;
}}
a:hover, a:focus-visible {{ border-color: var(--accent); outline: 1px solid var(--accent); }}
b {{ display: block; }}
a span {{ color: var(--muted); }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{about}</p>
<ul>
{rows}
</ul>
</main>
</body>
</html>
"""


def write(folder: Path) -> Path:
    """Every page, and an index of them; where that is."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, (title, about, make) in PAGES.items():
        made = make().save(folder / f"{name}.html")
        rows.append(f'<li><a href="{made.name}"><b>{escape(title)}</b> <span>{escape(about)}</span></a></li>')
        print(f"{title}, {about}: {made}")
    index = folder / "index.html"
    index.write_text(INDEX.format(title=TITLE, about=ABOUT, rows="\n".join(rows)), encoding="utf-8")
    return index


if __name__ == "__main__":
    print(f"all of them: {write(Path(sys.argv[1] if len(sys.argv) > 1 else 'pages')).resolve()}")
