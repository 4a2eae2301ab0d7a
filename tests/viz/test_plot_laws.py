"""What plots and their kin keep to, whatever they are given: ticks, names, colours, all of a line, letters in place."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

import viz
from autograd import Value
from tests.viz.drawn import plt
from viz import plots
from viz.plots.style import COLOURS
from viz.rendering.shapes import Words
from viz.rendering.strokes import _letters, glyph_of
from viz.scenes.gathering import gathered
from viz.scenes.scene import scene
from viz.training.watch import POINTS, _path

LAYERS = st.lists(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=4), min_size=2, max_size=6)


@given(st.dictionaries(st.sampled_from(["before", "after", "later"]), LAYERS, min_size=1))
def test_activations_of_a_stage_are_all_of_one_colour_in_their_layer(stages):
    """Each number a stroke, the mean a mark on a line; and all of it is inside the axes."""
    ax = plots.plot_layer_activations(stages)
    lines = {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}
    for k, (name, layers) in enumerate(stages.items()):
        assert to_hex(lines[name].get_color()) == COLOURS[k % len(COLOURS)]
        np.testing.assert_allclose(lines[name].get_ydata(), [np.mean(layer) for layer in layers])
        strokes = [
            line for line in ax.lines if line.get_marker() == "_" and to_hex(line.get_color()) == to_hex(COLOURS[k])
        ]
        expected = {(i, y) for i, layer in enumerate(layers) if len(layer) > 1 for y in layer}
        assert {tuple(point) for line in strokes for point in line.get_xydata()} == expected
    ys = [y for layers in stages.values() for layer in layers for y in layer]
    (low, high), span = ax.get_ylim(), np.ptp(ys)
    assert low <= min(ys) <= max(ys) <= high
    assert not span or high - low < 1.6 * span  # most of the height is the numbers'
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("layer", "activation")
    plt.close(ax.figure)


@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=9))
def test_layers_of_a_gradient_are_counted_from_one(sizes):
    """A tick for each where there is room, the first and the last at least."""
    ax = plots.plot_gradient_sizes(sizes)
    ticks = ax.get_xticks().tolist()
    assert ticks == [*range(1, len(sizes) + 1)]
    low, high = ax.get_xlim()
    assert low < 1 <= len(sizes) < high
    plt.close(ax.figure)


@pytest.mark.parametrize("epochs", [2, 3, 7])
def test_title_of_a_film_is_from_where_to_where(epochs):
    film = viz.animate_training(SimpleNamespace(loss=[1.0 / k for k in range(1, epochs + 1)]), frames=4)
    assert repr(film) == f"<Film: Training, {film.captions[0]} to {film.captions[-1]}, {len(film.frames)} frames>"
    assert str(epochs) in film.captions[-1]
    assert str(epochs) not in film.captions[0]


@given(st.integers(1, 3 * POINTS), st.data())
def test_line_of_a_run_has_its_beginning_its_end_and_no_more_points_than_are_seen(count, data):
    """Where there are few all of them, in their order; what is not finite leaves a gap."""
    gaps = data.draw(st.sets(st.integers(0, count - 1), max_size=3))
    numbers = [float("nan") if k in gaps else float(k) for k in range(count)]
    drawn = _path(numbers, max(1, count - 1), lambda y: y)
    found = [float(y) for y in re.findall(r"[ML]\S+ (\S+?)(?=[ML]|$)", drawn)]
    assert found == sorted(set(found))
    assert set(found) <= {y for y in numbers if y == y}
    if count <= POINTS:
        assert len(found) == count - len(gaps)
    assert len(found) <= POINTS + 1
    for end in (0, count - 1):
        assert end in gaps or float(end) in found


@given(st.text("abcxyz∂²", min_size=1, max_size=12), st.floats(0.0, 500.0), st.floats(0.0, 500.0))
def test_letters_as_strokes_fill_the_width_that_words_have(text, x, y):
    """From the left end of it to the right, around its middle."""
    words = Words((x, y), text, "#000000")
    left = x - words.width / 2
    ends = [left]
    for part in _letters(words):
        assert part.start[0] == pytest.approx(ends[-1], abs=1e-6)
        advance = sum(glyph_of(letter, part.bold, part.italic).advance for letter in part.text)
        ends.append(part.start[0] + advance * part.scale[0])
    assert ends[-1] <= x + words.width / 2 + 1e-6


@given(st.integers(1, 8), st.booleans())
def test_what_has_a_name_is_not_gathered(count, sums):
    """A graph whose every result is labelled stays as it is; one that has none becomes a single sum."""
    total = Value(1.0, label="start")
    for k in range(count):
        total = total + Value(float(k + 1), label=f"x{k}")
        if sums:
            total.label = f"s{k}"
    _, stand_ins = gathered(scene(total))
    assert (not stand_ins) == (sums or count == 1)
    small, _ = gathered(scene(total))
    assert sum(node.op is not None for node in small.nodes) == (count if sums else 1)
