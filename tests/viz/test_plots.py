"""Plots: what holds of all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest

from autograd import compile
from nn import datasets
from tests.viz.drawn import POINTS, XOR, lines, network, no_window, plt  # noqa: F401 - pytest uses no_window
from viz import plots
from viz.plots.style import COLOURS, TINTS
from viz.theme import DARK, LIGHT

ALL = {
    "plot_loss": lambda ax: plots.plot_loss([3.0, 2.0, 1.0], ax),
    "plot_activations": lambda ax: plots.plot_activations(["sigmoid", "relu"], ax),
    "plot_data": lambda ax: plots.plot_data(POINTS, XOR, ax, curves=[POINTS]),
    "plot_decision_boundary": lambda ax: plots.plot_decision_boundary(network(2, 1), POINTS, XOR, ax),
    "plot_hidden_space": lambda ax: plots.plot_hidden_space(network(2, 1), POINTS, XOR, ax),
    "plot_cost_surface": lambda ax: plots.plot_cost_surface([0.5], ax, path=[[2.0, 2.0], [1.0, 1.5]]),
    "plot_layer_changes": lambda ax: plots.plot_layer_changes({"weights": [1.0]}, {"weights": [2.0]}, ax),
    "plot_layer_activations": lambda ax: plots.plot_layer_activations([1.0, 0.5], ax, target=0.1),
    "plot_gradient_sizes": lambda ax: plots.plot_gradient_sizes([1e-4, 1e-2], ax),
    "plot_pattern": lambda ax: plots.plot_pattern(compile(lambda x: [x[0] * x[1], x[0]]).pattern([1.0, 2.0]), ax),
    "plot_digits": lambda ax: plots.plot_digits(datasets.seven_segments()[0], ax, labels=range(10)),
}
every_plot = pytest.mark.parametrize("draw", ALL.values(), ids=ALL)


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_importing_viz_does_not_load_matplotlib():
    """The package stays light until a plot is asked for."""
    code = "import sys, viz; assert 'matplotlib' not in sys.modules; viz.plot_loss; assert 'matplotlib' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_plots_without_matplotlib_say_how_to_get_it():
    """It is an extra; the message names it."""
    code = "import sys; sys.modules['matplotlib'] = None; import viz; viz.plot_loss"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (
        "ModuleNotFoundError: plots are drawn by matplotlib, which is not installed; run: pip install 'scalar-au"
        in (answer.stderr)
    )


@every_plot
def test_plot_draws_on_the_axes_it_is_given(draw):
    """It returns them, and no figure is made."""
    figure, ax = plt.subplots()
    assert draw(ax) is ax
    assert ax.has_data()
    assert plt.get_fignums() == [figure.number]


@every_plot
def test_plot_makes_a_figure_of_its_own_where_none_is_given(draw):
    """The figure is new and can be drawn without a warning."""
    other = plt.figure()
    ax = draw(None)
    assert ax.figure is not other
    assert other.axes == []
    ax.figure.canvas.draw()


@every_plot
def test_plot_changes_no_setting(draw):
    """Neither matplotlib's settings nor NumPy's random state are different afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        settings, random = dict(mpl.rcParams), np.random.get_state()[1].copy()
        draw(None)
        assert dict(mpl.rcParams) == settings
        assert (np.random.get_state()[1] == random).all()


def test_what_matplotlib_sets_up_with_its_first_figure_stays(tmp_path):
    """Notebooks and windows switch interactive mode on when it is made, and may have sizes of their own."""
    (tmp_path / "screen.py").write_text(
        "from matplotlib import interactive, rcParams\n"
        "from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas\n"
        "interactive(True)\n"
        "rcParams['font.size'] = 7.0\n",
        encoding="utf-8",
    )
    code = (
        "import viz, matplotlib as mpl\n"
        "viz.plot_loss([2.0, 1.0])\n"
        "print(mpl.get_backend(), mpl.is_interactive(), mpl.rcParams['font.size'])"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "MPLBACKEND": "module://screen", "PYTHONPATH": path}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout == "module://screen True 7.0\n"


@pytest.mark.parametrize("name", ["axes.prop_cycle", "interactive"])
def test_settings_that_change_while_a_plot_is_drawn_stay(name):
    """A model may be anybody's code; of what it sets nothing is taken back."""
    with mpl.rc_context():
        mpl.rcdefaults()
        other = {"axes.prop_cycle": mpl.cycler(color=["red"]), "interactive": True}[name]

        def activation(z):
            mpl.rcParams[name] = other
            return z.tanh()

        plots.plot_activations(activation)
        assert mpl.rcParams[name] == other


@pytest.mark.parametrize(
    "draw",
    [lambda ax: plots.plot_activations(lambda z: z.nothing, ax), lambda ax: plots.plot_loss([-1.0], ax, scale="log")],
    ids=["while drawing", "before"],
)
def test_plot_that_fails_leaves_no_figure(draw):
    """Neither one half drawn nor an empty one; a figure of the user's stays."""
    with pytest.raises((AttributeError, ValueError)):
        draw(None)
    assert plt.get_fignums() == []
    figure, ax = plt.subplots()
    with pytest.raises((AttributeError, ValueError)):
        draw(ax)
    assert plt.get_fignums() == [figure.number]


@every_plot
def test_plot_refuses_several_axes(draw):
    """What subplots gives is an array; the message says to pick one."""
    axes = plt.subplots(1, 2)[1]
    with pytest.raises(
        TypeError, match=r"^ax takes one matplotlib Axes, got ndarray; of several, .* pass one: axes\[0\]$"
    ):
        draw(axes)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out(colour):
    """Lines and markers have a contrast of 3 : 1 with white and with every region (WCAG 2.2, 1.4.11)."""
    for background in ("#ffffff", *TINTS):
        assert (luminance(background) + 0.05) / (luminance(colour) + 0.05) >= 3.0


@pytest.mark.parametrize("colour", DARK.classes)
def test_colours_stand_out_in_the_dark(colour):
    """From the background of a dark page, as text does: 4.5 : 1."""
    assert (luminance(colour) + 0.05) / (luminance(DARK.background) + 0.05) >= 4.5


# What those see who lack a kind of cone, in linear light: Machado, Oliveira and Fernandes, IEEE Transactions on
# Visualization and Computer Graphics 15 (2009) 1291-1298, severity 1.
EYES = {
    "all cones": np.eye(3),
    "no green": np.reshape(
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881], (3, 3)
    ),
    "no red": np.reshape(
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998], (3, 3)
    ),
}
TO_XYZ = np.reshape(
    [0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192, 0.9503041], (3, 3)
)


def seen(colour: str, eyes: str) -> np.ndarray:
    """Lightness, and two coordinates of hue, by which equal distances look equally far apart (CIE 1976 L*a*b*)."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    ratio = TO_XYZ @ np.clip(EYES[eyes] @ linear, 0.0, 1.0) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("eyes", EYES)
def test_colours_stay_apart_for_every_eye(eyes, theme):
    """Eighteen units of L*a*b*, of which two are just told apart side by side."""
    places = [seen(colour, eyes) for colour in theme.classes]
    assert min(np.linalg.norm(one - other) for one, other in combinations(places, 2)) >= 18.0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_colours_stay_apart_in_grey(theme):
    """Three units of lightness."""
    lightness = sorted(seen(colour, "all cones")[0] for colour in theme.classes)
    assert np.diff(lightness).min() >= 3.0


@pytest.mark.parametrize("draw", [
    lambda count: plots.plot_loss([[1.0 / (i + k) for i in range(1, 40)] for k in range(count)]),
    lambda count: plots.plot_activations([lambda z, k=k: z * (k + 1.0) for k in range(count)]),
], ids=["losses", "activations"])  # fmt: skip
def test_lines_differ_in_more_than_colour(draw):
    """Eight in markers, which do not lie above each other; sixteen in dashes, too."""
    shown = [line for line in draw(16).lines if "derivative" not in line.get_label()]
    assert len({line.get_marker() for line in shown[:8]}) == len({line.get_color() for line in shown[:8]}) == 8
    assert len({line.get_markevery()[0] for line in shown[:8]}) >= 4
    assert len({(line.get_marker(), line.get_linestyle()) for line in shown}) == len(shown) == 16
