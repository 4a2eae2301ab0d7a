"""Plots of one point, of numbers far apart, of many series and of long names: what is there is seen, and alone."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP
from tests.viz.drawn import no_window, plt  # noqa: F401 - pytest uses no_window
from viz import plots
from viz.plots.style import MARKERS

NUMBERS = st.floats(0.1, 10.0) | st.sampled_from([math.nan, math.inf])


def drawn(ax):
    """The axes, laid out and painted, and what texts see of that."""
    ax.figure.canvas.draw()
    return ax, ax.figure.canvas.get_renderer()


@given(st.lists(NUMBERS, min_size=1, max_size=12), st.sampled_from(["linear", "semilogy", "loglog"]))
def test_every_loss_is_seen(losses, scale):
    """As a part of a line, or as a dot where both beside it are missing; where there is none, the plot says so."""
    ax = plots.plot_loss(losses, scale=scale)
    finite = {i for i, loss in enumerate(losses, start=1) if math.isfinite(loss)}
    in_lines = {i for i in finite if {i - 1, i + 1} & finite}
    dots = {int(x) for cloud in ax.collections for x, _ in np.asarray(cloud.get_offsets())}
    assert dots == finite - in_lines
    assert [text.get_text() for text in ax.texts] == ["no number here can be drawn"] * (not finite)
    plt.close("all")


def test_zero_on_a_logarithmic_scale_leaves_a_gap_beside_which_a_loss_is_seen():
    """On a linear one it is a part of the line."""
    assert [len(plots.plot_loss([0.0, 1.0, 0.0], scale=scale).collections) for scale in ("linear", "semilogy")] == [
        0,
        1,
    ]


@pytest.mark.parametrize("epochs", [1, 2, 3, 4, 7, 30])
def test_epochs_are_whole(epochs):
    """There is none and a half."""
    ax, _ = drawn(plots.plot_loss([1.0 / i for i in range(1, epochs + 1)]))
    low, high = ax.get_xlim()
    ticks = [tick for tick in ax.get_xticks() if low <= tick <= high]
    assert ticks
    assert all(float(tick).is_integer() for tick in ticks)


@pytest.mark.parametrize(
    ("losses", "power"),
    [([1e12, 2e11], "·10¹²"), ([3e-9, 1e-9], "·10⁻⁹"), ([1e6 + 0.25, 1e6], "·10⁶"), ([3.0, 1.0], "")],
)
def test_a_common_power_is_written_as_people_do(losses, power):
    """And nothing is to be added to ticks."""
    ax, _ = drawn(plots.plot_loss(losses))
    assert ax.yaxis.get_offset_text().get_text() == power
    factor = {"·10¹²": 1e12, "·10⁻⁹": 1e-9, "·10⁶": 1e6, "": 1.0}[power]
    for place, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True):
        assert float(label.get_text().replace("−", "-")) * factor == pytest.approx(place, rel=1e-6, abs=1e-12 * factor)


@pytest.mark.parametrize(("series", "beside"), [(2, False), (8, False), (9, True), (20, True)])
def test_a_long_legend_stands_beside_the_curves(series, beside):
    """Where it would hide some of them."""
    ax, renderer = drawn(plots.plot_loss({f"run {i}": [1.0 + i, 2.0, 1.5] for i in range(series)}))
    legend = ax.get_legend().get_window_extent(renderer)
    assert (legend.x0 >= ax.bbox.x1) == beside
    assert legend.x1 <= ax.figure.bbox.x1


def test_the_legend_of_eight_classes_stands_beside_the_points():
    """Their plane is full everywhere. In the axes of another, who makes no room for it, it stays inside."""
    X, y = np.random.default_rng(0).normal(size=(80, 2)), np.arange(80) % 8
    for given_axes in (None, plt.figure().add_subplot()):
        ax, renderer = drawn(plots.plot_data(X, y, given_axes))
        assert (ax.get_legend().get_window_extent(renderer).x0 >= ax.bbox.x1) == (given_axes is None)


def test_long_names_go_on_in_another_line():
    """Whole, and within the figure."""
    name = "a name of a run that is so long that it would cover all of the curves beside which it stands"
    ax, renderer = drawn(plots.plot_loss({name: [3.0, 2.0], "b": [2.0, 1.0]}))
    (first, _) = ax.get_legend().get_texts()
    assert first.get_text().replace("\n", " ") == name
    assert ax.get_legend().get_window_extent(renderer).width < 0.6 * ax.bbox.width


def test_markers_look_equally_large():
    """A star of the same width has a third of the ink of a square."""
    X = np.arange(16.0).reshape(8, 2)
    ax = plots.plot_data(X, np.arange(8))
    sizes = dict(zip(MARKERS, [float(cloud.get_sizes()[0]) for cloud in ax.collections], strict=True))
    assert sizes["*"] > sizes["P"] == sizes["X"] > sizes["o"] == sizes["s"] == sizes["^"]


@pytest.mark.parametrize("layers", [2, 5, 6, 12, 30])
def test_numbers_beside_stems_and_below_layers_do_not_meet(layers):
    """With many layers the axis alone says how far they moved."""
    before, after = (MLP(2, [3] * layers, rng=seed) for seed in (0, 1))
    axes = [
        plots.plot_layer_changes(before, after),
        plots.plot_layer_activations([[0.5, 0.1]] * layers),
        plots.plot_gradient_sizes([[0.9**i, 0.1] for i in range(layers)]),
    ]
    for ax, renderer in map(drawn, axes):
        for texts in (ax.texts, [label for label in ax.get_xticklabels() if label.get_text()]):
            boxes = [text.get_window_extent(renderer) for text in texts]
            assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert bool(axes[0].texts) == (layers <= 5)


def test_labels_of_digits_do_not_meet():
    """What is too long is cut."""
    labels = ["a long label", "WWWWWWWWWW", "7", "0: 1"] * 5
    ax, renderer = drawn(plots.plot_digits(np.zeros((20, 16)), labels=labels))
    written = [text.get_text() for text in ax.texts]
    assert [text for text in written if not text.endswith("…")] == ["7", "0: 1"] * 5
    boxes = [text.get_window_extent(renderer) for text in ax.texts]
    assert all(one.x1 < other.x0 or other.x1 < one.x0 for one, other in pairwise(boxes))


def test_numbers_of_a_cost_surface_have_a_real_minus_sign():
    ax = plots.plot_cost_surface([-1.5], quantity="activation", activation="tanh")
    assert ax.get_title() == "activation, $x$ = −1.5"
    written = [text.get_text() for text in ax.texts]
    assert any(text.startswith("−") for text in written)
    assert not [text for text in written if "-" in text]
