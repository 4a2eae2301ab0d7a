"""Small pictures of digits: every pixel, and the segments of a display."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import datasets
from tests.viz.drawn import no_window, plt  # noqa: F401 - pytest uses no_window
from viz import plots


@given(count=st.integers(1, 13), height=st.integers(1, 5), width=st.integers(1, 5), columns=st.integers(1, 6))
def test_every_pixel_of_every_picture_is_drawn(count, height, width, columns):
    """All of them, once, and nothing between the pictures."""
    images = np.arange(1.0, count * height * width + 1.0).reshape(count, height, width)
    ax = plots.plot_digits(images, plt.figure().add_subplot(), columns=columns)
    canvas = np.asarray(ax.images[0].get_array().filled(np.nan))
    assert sorted(canvas[~np.isnan(canvas)]) == images.ravel().tolist()
    plt.close("all")


def test_flat_pictures_are_squares():
    """64 pixels are 8 rows of 8."""
    ax = plots.plot_digits(np.arange(64.0)[np.newaxis])
    canvas = np.asarray(ax.images[0].get_array().filled(np.nan))
    rows = [row[~np.isnan(row)] for row in canvas if not np.isnan(row).all()]
    assert (np.array(rows) == np.arange(64.0).reshape(8, 8)).all()


def test_segments_light_what_they_should():
    """A 1 is the right side of the display; a minus, segment g, its middle."""
    one, minus = datasets.seven_segments()[0][1], np.eye(7)[6]
    canvas = np.asarray(plots.plot_digits([one, minus]).images[0].get_array().filled(0.0))
    lit = [[row.astype(int).tolist() for row in canvas[2:, left : left + 5]] for left in (0, 7)]
    assert lit[0] == [[0] * 5, *[[0, 0, 0, 0, 1]] * 3, [0] * 5, *[[0, 0, 0, 0, 1]] * 3, [0] * 5]
    assert [i for i, row in enumerate(lit[1]) if any(row)] == [4]
    assert lit[1][4] == [0, 1, 1, 1, 0]


def test_digits_refuse_what_they_cannot_draw():
    """Numbers that are no picture, and labels that do not fit."""
    with pytest.raises(ValueError, match=r"^plot_digits takes images of shape .* got shape \(2, 5\)$"):
        plots.plot_digits(np.zeros((2, 5)))
    with pytest.raises(ValueError, match=r"^plot_digits takes one label for each of 2 pictures, got 3$"):
        plots.plot_digits(np.zeros((2, 4)), labels="abc")


def test_each_segment_stands_where_its_letter_does():
    """Segments a to f go around the display from the top, clockwise, and g is its middle; no two may be exchanged."""
    places = []
    for segment in np.eye(7):
        canvas = np.asarray(plots.plot_digits([segment]).images[0].get_array().filled(0.0))
        places.append(np.argwhere(canvas[2:, :5] == 1.0).mean(axis=0).tolist())
    assert places == [[0.0, 2.0], [2.0, 4.0], [6.0, 4.0], [8.0, 2.0], [6.0, 0.0], [2.0, 0.0], [4.0, 2.0]]
