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
from viz.theme import DARK, LIGHT, exact

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
