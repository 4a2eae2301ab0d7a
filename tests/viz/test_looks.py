"""How boxes of every level look: the frame says what is broken and what is zero, and each cell has its own ground."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

import viz
from autograd import Value
from nn import MLP, squared_error
from tests.viz.reading import BOX
from viz.drawing import captions
from viz.drawing.boxes import Drawing
from viz.rendering.shapes import Frame, Words
from viz.theme import DARK, LIGHT, Scale, exact

CELL = re.compile(r"<td([^>]*)>(.*?)</td>")
FRAME = re.compile(r'^<table border="(\d)" [^>]*?color="(#\w+)"')
NUMBER = re.compile(r"(?:derivative(?: of L)?|value|=) (−?(?:\d[\d.e−+]*|inf|nan))")
SLOPE = re.compile(r"derivative(?: of L)? (−?(?:\d[\d.e−+]*|inf|nan))")


def root_of(case: str) -> tuple[MLP, Value]:
    """A network of relus on three rows, whose derivatives are finite, all zero, or not finite."""
    model = MLP(2, [2, 1], rng=3)
    outputs = [model(row) for row in ([0.5, -1.0], [1.0, 2.0], [Value(-1.0), Value(0.25)])]
    loss = squared_error(outputs, [1.0, 0.0, 2.0])
    root = {"finite": loss * 1.0, "zero": loss * 0.0, "broken": loss * math.inf}[case]
    root.label = "L"
    root.backward(check=False)
    return model, root


def numbers(pattern: re.Pattern[str], tooltip: str) -> list[float]:
    """Those that a tooltip tells of."""
    return [float(text.replace("−", "-")) for text in pattern.findall(tooltip)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", ["finite", "zero", "broken"])
@pytest.mark.parametrize("level", ["value", "neuron", "layer"])
def test_frame_says_what_is_broken_and_what_is_zero(level: Any, case: str, theme: viz.theme.Theme) -> None:
    """By every number that the tooltip tells; a cell with text has a ground, which else would be the picture's."""
    model, root = root_of(case)
    boxes = list(BOX.finditer(viz.graph(root, level=level, model=model, theme=theme.name).dot))
    assert boxes
    for _, _, table, tooltip in (box.group(0, 1, 2, 3) for box in boxes):
        broken = not all(map(math.isfinite, numbers(NUMBER, tooltip)))
        dead = all(slope == 0.0 for slope in numbers(SLOPE, tooltip))
        border, colour = FRAME.match(table).groups()  # type: ignore[union-attr]
        assert colour == (theme.broken_line if broken else theme.zero_line if dead else theme.line)
        assert (border == "3") == broken
        assert ('style="dashed"' in table) == (dead and not broken)
        for attributes, text in CELL.findall(table):
            if re.sub("<.*?>", "", text).strip():
                assert 'bgcolor="#' in attributes
                assert '<font color="#' in text


def test_card_of_a_leaf_without_a_name_calls_it_a_leaf() -> None:
    """With its value and its derivative, to the last digit."""
    model, root = root_of("finite")
    cards = [box[3] for box in BOX.finditer(viz.graph(root, level="neuron", model=model).dot)]
    leaves = [value for value in viz.scenes.scene.values_below(root) if value.op is None and not value.label]
    for leaf in leaves:
        line = f"leaf = {exact(leaf.data)}, derivative {exact(leaf.grad)}"
        assert any(line in card for card in cards)
    assert len(leaves) >= 2


@pytest.mark.parametrize("measure", ["", "size of the derivative of"])
@pytest.mark.parametrize("room", [1000.0, 10.0])
def test_legend_says_what_the_colours_mean(measure: str, room: float) -> None:
    """One bar where there is room, else one a direction, from its end on; DOT text and shapes say the same."""
    scale = Scale([2.5, -1.0])
    parts = list(captions._legend(Drawing("title", scale=scale, root="L", measure=measure), scale, room))
    said = [[shape.text for shape in part.shapes if isinstance(shape, Words)] for part in parts]
    fills = [[frame.fill for frame in part.shapes if isinstance(frame, Frame)] for part in parts]
    for part, texts, colours in zip(parts, said, fills, strict=True):
        assert re.sub(r"<.*?>| ", "", part.cells) == "".join(texts).replace(" ", "")
        assert re.findall(r'bgcolor="(#\w+)"', part.cells) == colours
    wide = room > 100.0
    up = [LIGHT.fill(2.5 * share, scale) for share in (0.01, 0.1, 1.0)]
    down = [LIGHT.fill(-2.5 * share, scale) for share in (1.0, 0.1, 0.01)]
    whole = [*down, LIGHT.fill(0.0025, scale), *up]
    sizes = [LIGHT.shade(2.5 * share, scale) for share in (0.001, 0.01, 0.1, 1.0)]
    if measure:
        words = [*measure.split(), "L"]
        bars = [["size of the derivative of L 0.0025", "2.5"]] if wide else [*([w] for w in words), ["0.0025", "2.5"]]
        colours = [sizes] if wide else [[] for _ in words] + [sizes]
    else:
        bars = [["lowers L −2.5", "2.5 raises L"]] if wide else [["−2.5 lowers L"], ["2.5 raises L"]]
        colours = [whole] if wide else [down, up[::-1]]
    assert said == [*bars, ["0", "exactly zero"], ["log scale, three decades"]]
    assert fills == [*colours, [LIGHT.zero], []]
