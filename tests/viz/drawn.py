"""What is on a plot, as numbers; and a small network and its data to draw."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from matplotlib import pyplot as plt

from nn import MLP

POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])


def network(*sizes: int, seed: int = 0, output: str = "sigmoid") -> MLP:
    return MLP(2, sizes, activation="tanh", output_activation=output, rng=seed)


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    def show(*args, **kwargs):
        raise AssertionError("a plot showed itself")

    monkeypatch.setattr(plt, "show", show)


def lines(ax) -> dict[str, tuple[list[float], list[float]]]:
    """The labelled lines of a plot."""
    return {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines}


def points(ax) -> dict[str, np.ndarray]:
    """The labelled clouds of points of a plot."""
    return {cloud.get_label(): np.asarray(cloud.get_offsets()) for cloud in ax.collections if len(cloud.get_offsets())}


def level_lines(ax) -> dict[float, np.ndarray]:
    """The vertices of the contour lines of a plot, by level."""
    found = {}
    for contours in ax.collections:
        if hasattr(contours, "levels") and not contours.filled:
            for level, path in zip(contours.levels, contours.get_paths(), strict=True):
                if len(path.vertices):
                    found[level] = path.vertices
    return found


def boundaries(ax) -> list[np.ndarray]:
    """The lines between the regions of a plot, each as its vertices."""
    return [line.get_xydata() for line in ax.lines if line.get_label() == "_boundary"]


def curves(ax) -> list:
    """The other lines of a plot."""
    return [line for line in ax.lines if line.get_label() != "_boundary"]
