"""A view is arithmetic on slots: what it says about them is true of the slots themselves."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd.compiler.matrices.views import View, affine, common_shape, factor, refine, strided

AXES = st.lists(st.tuples(st.integers(1, 4), st.integers(-3, 9)), min_size=1, max_size=3)
VIEWS = AXES.map(lambda axes: View(0, 40, *map(tuple, zip(*axes, strict=True))))

# One of each sort: a run, a matrix, its transpose, every other slot, backwards, a number repeated, overlapping windows.
EXAMPLES = {
    "run": View(0, 5, (6,), (1,)),
    "matrix": View(0, 5, (2, 3), (3, 1)),
    "column of a matrix": View(0, 5, (1, 3), (9, 3)),
    "transpose": View(0, 5, (3, 2), (1, 3)),
    "every other": View(0, 5, (4,), (2,)),
    "backwards": View(0, 5, (4,), (-1,)),
    "rows backwards": View(0, 9, (2, 3), (-3, 1)),
    "one number": View(0, 5, (), ()),
    "repeated rows": View(0, 5, (4, 3), (0, 1)),
    "repeated number": View(0, 5, (4,), (0,)),
    "windows": View(0, 5, (4, 3), (1, 1)),
    "touching windows": View(0, 5, (3, 3), (2, 1)),
    "rows with gaps": View(0, 5, (3, 3), (4, 1)),
    "columns with gaps": View(0, 5, (3, 3), (6, 2)),
}


@pytest.mark.parametrize("view", EXAMPLES.values(), ids=EXAMPLES)
def test_view_reads_what_numpy_strides_over(view):
    """With and without a batch axis."""
    numbers = np.arange(100.0)
    assert view.slots().shape == view.shape
    assert np.array_equal(strided(numbers, view.offset, view.shape, view.strides), numbers[view.slots()])
    batch = np.arange(300.0).reshape(100, 3)
    assert np.array_equal(strided(batch, view.offset, view.shape, view.strides), batch[view.slots()])


@given(view=VIEWS)
def test_slot_is_the_offset_and_a_stride_for_each_step(view):
    """Along every axis."""
    for index in np.ndindex(view.shape):
        steps = sum(i * s for i, s in zip(index, view.strides, strict=True))
        assert view.slots()[index] == view.offset + steps


def check_claims(view):
    slots = view.slots()
    run = np.arange(view.offset, view.offset + view.size)
    assert view.size == slots.size
    assert (view.start, view.stop) == (slots.min(), slots.max() + 1)
    assert view.contiguous == np.array_equal(slots.ravel(), run)
    orders = list(permutations(range(slots.ndim)))
    assert view.interval == any(np.array_equal(slots.transpose(order).ravel(), run) for order in orders)
    constant = [k for k in range(slots.ndim) if view.shape[k] > 1 and (slots == slots.take([0], k)).all()]
    assert view.repeated == tuple(constant)


@pytest.mark.parametrize("view", EXAMPLES.values(), ids=EXAMPLES)
def test_view_of_a_known_sort_knows_its_slots(view):
    """Extent, order and repeats."""
    check_claims(view)


@given(view=VIEWS)
def test_view_knows_its_slots(view):
    """The same for any strides."""
    check_claims(view)


@given(view=VIEWS, seed=st.integers(0, 99))
def test_axes_can_be_reordered_and_left_out(view, seed):
    """As those of an array."""
    axes = len(view.shape)
    order = np.random.default_rng(seed).permutation(axes).tolist()
    assert np.array_equal(view.transposed(*order).slots(), view.slots().transpose(order))
    gone = tuple(order[1:])
    first = tuple([0 if k in gone else slice(None) for k in range(axes)])
    assert np.array_equal(view.without(gone).slots(), view.slots()[first])


def test_views_of_the_same_slots_are_equal():
    """An axis of one member has no stride."""
    view = View(0, 5, (1, 3), (7, 1))
    assert view == View(0, 5, (1, 3), (0, 1))


@pytest.mark.parametrize(("place", "batched"), [(-2, True), (-1, False), (0, False), (2, False), (3, True), (4, True)])
def test_batch_axis_belongs_to_the_place(place, batched):
    """Batched arguments, and what is computed from them."""
    assert View(place, 0, (2,), (1,)).batched is batched


def test_view_prints_its_place_and_axes():
    """Counts and strides."""
    view = View(-1, 6, (2, 3), (1, 2))
    assert str(view) == "place-1[6 + 2:1×3:2]"


# ── From slots to views ──────────────────────────────────────────────────────────────────────────────────────────────


@given(view=VIEWS)
def test_evenly_spaced_index_is_a_view(view):
    """In exactly its shape."""
    assert affine(0, view.slots()) == view


@pytest.mark.parametrize("index", [[0, 1, 3], [[0, 1], [2, 4]], [[0, 1], [3, 4], [5, 6]]])
def test_unevenly_spaced_index_is_no_view(index):
    """One slot out of line is enough."""
    assert affine(0, np.array(index)) is None


@given(view=VIEWS)
def test_loops_run_through_the_slots_they_were_found_in(view):
    """Whatever nest is found."""
    index = view.slots().ravel()
    dims = factor(index)
    assume(dims is not None)
    counts, strides = zip(*dims, strict=True)
    assert np.array_equal(View(0, int(index[0]), counts, strides).slots().ravel(), index)


@pytest.mark.parametrize(
    ("index", "dims"),
    [
        ([7], [(1, 0)]),
        ([7, 7, 7], [(3, 0)]),
        ([4, 5, 6, 7], [(4, 1)]),
        ([0, 3, 1, 4, 2, 5], [(3, 1), (2, 3)]),
        ([0, 0, 5, 5, 1, 1, 6, 6], [(2, 1), (2, 5), (2, 0)]),
        ([0, 1, 5, 6, 7, 11], None),
        ([0, 1, 5, 7], None),
        ([0, 1, 3], None),
    ],
)
def test_shortest_nest_of_loops(index, dims):
    """The innermost loop takes as many as it can."""
    assert factor(np.array(index)) == dims


@pytest.mark.parametrize(
    ("nests", "shape"),
    [
        ([[(6, 1)]], (6,)),
        ([[(1, 0)], [(1, 5)]], (1,)),
        ([[(6, 1)], [(2, 0), (3, 1)]], (2, 3)),
        ([[(6, 1), (4, 0)], [(2, 9), (12, 1)]], (2, 3, 4)),
        ([[(2, 1), (3, 5)], [(3, 1), (2, 5)]], None),
        ([[(2, 1)] * 4], (2, 2, 2, 2)),
        ([[(2, 1)] * 5], None),
    ],
)
def test_common_shape_is_the_coarsest_that_fits(nests, shape):
    """None where loops cross, or where there would be more than four axes."""
    assert common_shape(nests) == shape


@pytest.mark.parametrize(
    ("dims", "shape"),
    [([(12, 2)], (2, 3, 2)), ([(2, 7), (6, 1)], (2, 3, 2)), ([(6, 3), (2, 0)], (3, 2, 2)), ([(1, 0)], (1,))],
)
def test_finer_axes_run_through_the_same_slots(dims, shape):
    """A loop cut in two is still that loop."""
    counts, strides = zip(*dims, strict=True)
    whole, cut = View(0, 5, counts, strides), View(0, 5, shape, refine(dims, shape))
    assert np.array_equal(whole.slots().ravel(), cut.slots().ravel())
