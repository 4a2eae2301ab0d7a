"""The picture of a sparse matrix: a mark for each entry, where it is, in the colour of what it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import compile
from tests.viz.drawn import no_window, plt  # noqa: F401 - pytest uses no_window
from viz import plots
from viz.plots.style import COLOURS


@given(chosen=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 3), st.booleans())))
def test_every_entry_has_its_mark(chosen):
    """Rows downwards, columns to the right; what is constant apart from what varies."""
    entries = {(i, k): constant for i, k, constant in chosen}
    f = lambda x: [
        sum((2.0 * x[k] if entries[i, k] else x[k] ** 3) for k in range(4) if (i, k) in entries) for i in range(5)
    ]
    ax = plots.plot_pattern(compile(f).pattern(np.ones(4)))
    for colour, wanted in ((COLOURS[0], False), (COLOURS[1], True)):
        marks = [line for line in ax.lines if line.get_marker() == "s" and line.get_color() == colour]
        found = {(int(y), int(x)) for line in marks for x, y in zip(*line.get_data(), strict=True)}
        assert found == {place for place, constant in entries.items() if constant == wanted}
    assert ax.get_ylim() == (4.5, -0.5)
    assert f"5 × 4, {len(entries)} not zero" in ax.get_title()
    plt.close("all")


def test_hessian_has_a_pattern_too():
    """Symmetric, and constant where the function is a square."""
    found = compile(lambda x: x[0] ** 2 + x[1] ** 3).pattern([1.0, 1.0], order=2)
    assert (found.rows.tolist(), found.columns.tolist()) == ([0, 1], [0, 1])
    assert found.is_constant.tolist() == [True, False]


def test_a_large_matrix_is_drawn_with_small_marks():
    """Without lines between rows of which there are a thousand."""
    ax = plots.plot_pattern(compile(lambda x: [x[k] * x[k - 1] for k in range(1000)]).pattern(np.ones(1000)))
    assert len(ax.lines) == 1
    assert ax.lines[0].get_markersize() < 1.0


@pytest.mark.parametrize("thing", [np.eye(2), None])
def test_what_is_no_pattern_is_refused(thing):
    """With what to pass instead."""
    with pytest.raises(TypeError, match=r"^plot_pattern takes what compile\(f\)\.pattern\(\.\.\.\) gives, got "):
        plots.plot_pattern(thing)


def test_a_matrix_of_nothing_is_refused():
    """There is nothing to draw; and there are two orders, the second of one result."""
    fast = compile(lambda x: [2.0, 3.0])
    with pytest.raises(ValueError, match="some rows and columns"):
        plots.plot_pattern(fast.pattern([]))
    with pytest.raises(ValueError, match="order is 1 for a Jacobian or 2 for a Hessian, got 3"):
        fast.pattern([1.0], order=3)
    with pytest.raises(TypeError, match="a Hessian is that of one number"):
        fast.pattern([1.0], order=2)
