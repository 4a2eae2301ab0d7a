"""Plots read back: stems, ticks, labels and shades belong to the layer, neuron, picture or cost that they show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba_array

from tests.viz.drawn import lines, no_window  # noqa: F401 - pytest uses no_window
from viz import plots
from viz.theme import number

changes = st.lists(st.floats(-4.0, 4.0).map(lambda x: round(x, 2)), min_size=1, max_size=5)


@given(st.fixed_dictionaries({"weights": changes, "biases": changes}))
def test_stem_of_a_layer_is_as_long_as_its_change(moved):
    """Line, dot and number stand beside the layer's place on the axis, and end at the change with its sign."""
    ax = plots.plot_layer_changes({kind: [1.0] * len(x) for kind, x in moved.items()}, _from_one(moved))
    stems = [cloud.get_segments() for cloud in ax.collections if isinstance(cloud, LineCollection)]
    written = iter([(text.xy, text.get_text()) for text in ax.texts])
    for (kind, expected), segments in zip(_from_one(moved).items(), stems, strict=True):
        dots = lines(ax)[kind]
        for i, after in enumerate(expected):
            change = after - 1.0
            place, height = dots[0][i], dots[1][i]
            assert round(place) == i + 1
            assert height == change
            assert segments[i].tolist() == [[place, 0.0], [place, change]]
            assert next(written) == ((place, change), number(float(f"{change:.2g}")))
    assert next(written, None) is None
    plt.close("all")


@pytest.mark.parametrize(("smallest", "scale"), [(0.02, "symlog"), (-0.02, "symlog"), (0.05, "linear")])
def test_changes_of_very_different_sizes_have_a_log_scale(smallest, scale):
    """Beyond two decades the small ones would lie on the axis; zero itself does not count."""
    ax = plots.plot_layer_changes({"weights": [0.0, 0.0, 0.0]}, {"weights": [smallest, 4.0, 0.0]})
    assert ax.get_yscale() == scale


@given(st.lists(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=4), min_size=2, max_size=5))
def test_every_neuron_has_its_tick_at_its_own_layer(layers):
    """A layer of several has one for each of them, and its mean is on the line."""
    ax = plots.plot_layer_activations(layers)
    ticks = [(line.get_xdata(), line.get_ydata()) for line in ax.lines if line.get_marker() == "_"]
    found = {layer: list(outputs) for (layer, *_), outputs in ticks}
    assert all(len(set(places)) == 1 for places, _ in ticks)
    assert found == {i: layer for i, layer in enumerate(layers) if len(layer) > 1}
    (mean,) = [line for line in ax.lines if line.get_marker() != "_"]
    assert list(mean.get_xdata()) == list(range(len(layers)))
    np.testing.assert_allclose(mean.get_ydata(), [math.fsum(layer) / len(layer) for layer in layers], atol=1e-15)
    plt.close("all")


@given(st.permutations([1.0, 2.0, 3.0, 4.0, 5.0]), st.integers(1, 6))
def test_label_stands_above_its_picture(brightness, columns):
    """Straight below each label lies the picture that has it."""
    pictures = np.ones((5, 3, 2)) * np.reshape(brightness, (5, 1, 1))
    ax = plots.plot_digits(pictures, labels=[f"{x:g}" for x in brightness], columns=columns)
    canvas = np.asarray(ax.images[0].get_array())
    assert len(ax.texts) == 5
    for text in ax.texts:
        x, y = text.get_position()
        below = canvas[max(math.ceil(y), 0) :, round(x)]
        assert float(text.get_text()) == below[np.isfinite(below)][0]
    plt.close("all")


def test_large_numbers_of_a_picture_are_dark():
    """From pale for the smallest to black for the largest, each darker than the last."""
    image = plots.plot_digits(np.linspace(0.0, 1.0, 9).reshape(1, 3, 3)).images[0]
    shades = image.to_rgba(np.linspace(0.0, 1.0, 9))[:, :3].mean(axis=1)
    assert (np.diff(shades) < 0.0).all()
    assert shades[0] < 1.0
    assert shades[-1] < 0.05


@pytest.mark.parametrize("quantity", ["cost", "activation"])
def test_surface_is_darker_where_it_is_higher(quantity):
    """So the valley is bright, and between two lines there is one shade."""
    ax = plots.plot_cost_surface([0.5, 1.0], quantity=quantity)
    (filled,) = [cloud for cloud in ax.collections if getattr(cloud, "filled", False)]
    shades = to_rgba_array(filled.get_facecolor())[:, :3].mean(axis=1)
    assert len(shades) == len(filled.levels) - 1
    assert (np.diff(shades) < 0.0).all()
    assert (np.diff(filled.levels) > 0.0).all()


def _from_one(moved):
    return {kind: [1.0 + x for x in changes] for kind, changes in moved.items()}


def test_axes_are_called_what_they_are():
    """The first column of the data is across, the bias is across, and titles say which surface it is."""
    plane = np.array([[0.0, 1.0], [2.0, 3.0]])
    names = lambda ax: (ax.get_xlabel(), ax.get_ylabel())
    assert names(plots.plot_data(plane, [0, 1])) == ("$x_1$", "$x_2$")
    assert names(plots.plot_hidden_space(lambda x: x, plane, [0, 1])) == ("$a_1$", "$a_2$")
    for quantity in ("cost", "activation"):
        ax = plots.plot_cost_surface([0.5], quantity=quantity)
        assert names(ax) == ("bias $b$", "weight $w$")
        assert ax.get_title() == f"{quantity}, $x$ = 0.5"


def test_regions_reach_as_far_as_the_curves():
    """Which may leave the cloud of points that was drawn around them."""
    curves = [np.array([[-5.0, 0.0], [1.0, 7.0]])]
    ax = plots.plot_decision_boundary(lambda x: x[:, 0], [[0.0, 0.0], [1.0, 1.0]], [0, 1], curves=curves)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert (left < -5.0, right > 1.0, bottom < 0.0, top > 7.0) == (True, True, True, True)
