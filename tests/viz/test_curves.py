"""Curves: losses of runs, and activations with their derivatives."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, exp
from tests.viz.drawn import POINTS, XOR, lines, network, no_window, plt  # noqa: F401 - pytest uses no_window
from viz import plots


@dataclass
class Run:
    """What ``plot_loss`` needs of a History."""

    loss: list[float]
    validation_loss: list[float] = field(default_factory=list)


# ── Loss ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(losses=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30))
def test_loss_is_drawn_as_it_is(losses):
    """Every epoch from 1 on, spikes and all."""
    ax = plots.plot_loss(losses, plt.figure().add_subplot())
    assert list(lines(ax).values()) == [(list(range(1, len(losses) + 1)), losses)]
    plt.close("all")


def test_losses_of_several_runs_are_named():
    """By the keys of a dict, or by number; a history stands for its losses."""
    assert lines(plots.plot_loss({"0 hidden": [2.0, 1.0], "4 hidden": Run([3.0])})) == {
        "0 hidden": ([1, 2], [2.0, 1.0]),
        "4 hidden": ([1], [3.0]),
    }
    assert list(lines(plots.plot_loss([[2.0, 1.0], Run([3.0])]))) == ["run 1", "run 2"]


def test_validation_loss_is_drawn_beside_its_run():
    """In the colour of its run, dashed."""
    ax = plots.plot_loss(Run([2.0, 1.0], [2.5, 1.5]))
    training, validation = ax.lines
    assert lines(ax) == {"training": ([1, 2], [2.0, 1.0]), "validation": ([1, 2], [2.5, 1.5])}
    assert training.get_color() == validation.get_color()
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")


def test_validation_losses_of_named_runs_have_their_names():
    """Each beside its own run."""
    runs = {"small": Run([2.0, 1.0], [2.5, 1.5]), "large": Run([3.0, 2.0], [3.5, 2.5])}
    shown = lines(plots.plot_loss(runs))
    assert {name: ys for name, (_, ys) in shown.items()} == {
        "small": [2.0, 1.0],
        "small, validation": [2.5, 1.5],
        "large": [3.0, 2.0],
        "large, validation": [3.5, 2.5],
    }


@pytest.mark.parametrize(
    ("scale", "axes"), [("linear", ("linear", "linear")), ("semilogy", ("linear", "log")), ("loglog", ("log", "log"))]
)
def test_scale_says_which_axes_are_logarithmic(scale, axes):
    """Named as in document 003."""
    ax = plots.plot_loss([3.0, 0.0, 1.0], scale=scale)
    assert (ax.get_xscale(), ax.get_yscale()) == axes


def test_loss_of_zero_is_a_gap_on_a_log_scale():
    """Not a line to the bottom of the plot."""
    ax = plots.plot_loss([3.0, 0.0, 1.0], scale="semilogy")
    assert not math.isfinite(ax.transData.transform([2.0, 0.0])[1])
    ax.figure.canvas.draw()


def test_loss_refuses_what_it_cannot_draw():
    """An unknown scale, and a run without epochs."""
    with pytest.raises(ValueError, match=r"^scale is one of 'linear', 'semilogy', 'loglog', got 'log'; choose one of "):
        plots.plot_loss([1.0], scale="log")
    with pytest.raises(ValueError, match=r"^plot_loss takes the losses of at least one epoch, got an array of shape "):
        plots.plot_loss(Run([]))
    with pytest.raises(ValueError, match=r"^plot_loss takes at least one run, got none; pass a History or a list"):
        plots.plot_loss({})


# ── Activations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_activation_is_drawn_with_its_derivative():
    """The logistic function and s (1 - s), document 002."""
    drawn = lines(plots.plot_activations("sigmoid"))
    z = np.array(drawn["sigmoid"][0])
    s = 1.0 / (1.0 + np.exp(-z))
    assert (z[0], z[-1]) == (-5.0, 5.0)
    np.testing.assert_allclose(drawn["sigmoid"][1], s, rtol=1e-14)
    np.testing.assert_allclose(drawn["sigmoid, derivative"][1], s * (1.0 - s), rtol=1e-13)


def test_jump_of_a_derivative_is_no_slanted_line():
    """That of relu is drawn in two pieces, 0 and 1, with a dot at the convention: 0 at 0."""
    ax = plots.plot_activations("relu")
    z, slope = map(np.array, lines(ax)["relu, derivative"])
    assert set(slope[z < 0]) == {0.0}
    assert set(slope[z > 0]) == {1.0}
    assert np.isnan(slope[z == 0]).all()
    assert [(list(dot.get_xdata()), list(dot.get_ydata())) for dot in ax.lines if dot.get_marker() == "o"] == [
        ([0.0], [0.0])
    ]


def test_activation_may_be_a_function_of_a_value():
    """Whatever the engine differentiates can be drawn."""

    def bump(z: Value) -> Value:
        return exp(-z * z)

    z, slope = map(np.array, lines(plots.plot_activations(bump, low=-2.0, high=2.0))["bump, derivative"])
    np.testing.assert_allclose(slope, -2.0 * z * np.exp(-z * z), atol=1e-14)
