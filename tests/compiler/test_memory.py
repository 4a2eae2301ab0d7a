"""Every operand is found where its view says, and copied only where no view can say it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, compile, tanh, values
from autograd.compiler import record
from autograd.compiler.matrices.memory import Memory
from autograd.compiler.matrices.schedule import schedule
from autograd.compiler.scalars.normalise import normalise

# Nodes 0-19 are parameters, 20-23 fixed, 24-29 a batched argument; operands -1, -2 and -3 are constants.
CONSTANTS = (2.5, 1.0, -7.0)


def memory():
    """Leaves in their places, and no operations yet."""
    parameters, fixed, x = values(np.arange(20.0)), values(np.arange(4.0)), values(np.arange(6.0))
    normal = normalise(record(CONSTANTS, list(parameters), list(fixed), [x])).out
    return Memory(normal, schedule(normal).places)


def contents(memory):
    """For each place which operand is in each slot, after the statements so far, which are copies."""
    found = {place: np.full(size, 99) for place, size in memory.sizes.items()}
    for operand in range(-3, 30):
        found[memory.place[operand]][memory.slot[operand]] = operand
    for s in memory.statements:
        chosen = slice(None) if s.positions is None else s.positions
        target = s.target.slots()[chosen]
        found[s.target.place][target] = found[s.source.place][s.source.slots()[s.index]]
    return found


def operands_at(memory, view):
    return contents(memory)[view.place][view.slots()]


@pytest.mark.parametrize("shape", [(1,), (4,), (12,), (3, 4), (2, 3, 2)])
@given(seed=st.integers(0, 10_000), low=st.sampled_from([-3, 0, 18, 24]))
def test_view_shows_the_operands_it_was_made_for(seed, shape, low):
    """Whatever they are, from one place or from several, and in whatever order."""
    space = memory()
    operands = np.random.default_rng(seed).integers(low, 30, shape)
    view = space.view(operands)
    assert np.array_equal(operands_at(space, view), operands)
    assert view.batched == (operands >= 24).any()


@given(seed=st.integers(0, 10_000), size=st.sampled_from([1, 2, 6, 12]))
def test_aligned_operands_have_one_shape(seed, size):
    """Strided, repeated and scattered columns; read in order, each is as it was given."""
    space = memory()
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, 8, 3)
    columns = [start + rng.integers(0, 3) * np.arange(size) // rng.integers(1, 4) for start in starts]
    columns += [rng.integers(-3, 30, size), rng.permutation(12)[:size], np.full(size, -2), np.full(size, -1)]
    shape, views = space.align(columns)
    assert views[5:] == [1.0, 2.5]
    for view, column in zip(views[:5], columns, strict=False):
        if not isinstance(view, float):
            assert view.shape == shape
            assert np.array_equal(operands_at(space, view).ravel(), column)


@pytest.mark.parametrize(
    ("operands", "shown"),
    [
        ([3, 4, 5], "place0[3 + 3:1]"),
        ([3, 3, 3], "place0[3 + 3:0]"),
        ([9, 6, 3], "place0[9 + 3:-3]"),
        ([[3, 5], [4, 6]], "place0[3 + 2:1×2:2]"),
        ([20, 22], "place2[0 + 2:2]"),
        ([25, 26], "place3[1 + 2:1]"),
        ([-1, -1], "place1[0 + 2:0]"),
        ([-3, -2, -1], "place1[2 + 3:-1]"),
    ],
)
def test_evenly_spaced_operands_are_read_where_they_are(operands, shown):
    """No copy: a view with strides, of any sign."""
    space = memory()
    assert str(space.view(np.array(operands))) == shown
    assert space.statements == []


def test_scattered_operands_are_copied_once():
    """Other readers of the same slots, in any shape, share the copy; other slots get a run of their own."""
    space = memory()
    scattered = np.array([2, 7, 3, 2])
    assert str(space.view(scattered)) == "place-1[0 + 4:1]"
    assert str(space.view(scattered.reshape(2, 2))) == "place-1[0 + 2:2×2:1]"
    assert str(space) == "place-1[0 + 4:1] = place0[2 + 6:1][4 chosen]"
    assert str(space.view(np.array([25, 29, 26]))) == "place-2[0 + 3:1]"
    assert str(space.view(np.array([19, 0, 1]))) == "place-1[4 + 3:1]"
    assert str(space).splitlines()[1:] == [
        "place-2[0 + 3:1] = place3[1 + 5:1][3 chosen]",
        "place-1[4 + 3:1] = place0[0 + 20:1][3 chosen]",
    ]


def test_same_slots_of_different_places_are_different():
    """Parameters 0, 1, 3 and fixed numbers 0, 1, 3."""
    space = memory()
    first, second = space.view(np.array([0, 1, 3])), space.view(np.array([20, 21, 23]))
    assert first != second
    assert operands_at(space, second).tolist() == [20, 21, 23]


def test_operands_of_several_places_are_brought_together():
    """One copy for each place, of no more than the slots between its lowest and its highest."""
    space = memory()
    view = space.view(np.array([[3, 22, 5], [28, 4, 3]]))
    assert str(view) == "place-2[0 + 2:3×3:1]"
    assert str(space).splitlines() == [
        "place-2[0 + 6:1] = place0[3 + 3:1][4 chosen]",
        "place-2[0 + 6:1] = place2[2 + 1:0][1 chosen]",
        "place-2[0 + 6:1] = place3[4 + 1:0][1 chosen]",
    ]
    assert not space.view(np.array([3, 22])).batched


def test_only_equal_constants_are_a_literal():
    """A number in the text; anything else is read from memory."""
    space = memory()
    assert space.literal(np.array([-3, -3])) == -7.0
    assert space.literal(np.array([-1, -2])) is None
    assert space.literal(np.array([0, 0])) is None


def test_aligned_columns_share_loops_where_they_fit():
    """A row repeated beside a matrix; what does not fit is copied."""
    space = memory()
    rows, matrix, crossing = np.tile([3, 4, 5], 2), np.arange(6, 12), np.repeat([0, 1, 2], 2)
    shape, views = space.align([rows, matrix])
    assert shape == (2, 3)
    assert list(map(str, views)) == ["place0[3 + 2:0×3:1]", "place0[6 + 2:3×3:1]"]
    assert space.statements == []
    shape, views = space.align([rows, crossing])
    assert shape == (2, 3)
    assert list(map(str, views)) == ["place0[3 + 2:0×3:1]", "place-1[0 + 2:3×3:1]"]
    assert str(space) == "place-1[0 + 6:1] = place0[0 + 3:1][6 chosen]"


def test_literals_alone_are_as_many_as_the_members():
    """A shape all the same."""
    assert memory().align([np.full(5, -1), np.full(5, -3)]) == ((5,), [2.5, -7.0])


def test_settled_members_lie_in_order_after_what_was_there():
    """A run of their own, in the place of their sort."""
    space = memory()
    assert str(space.settle(np.array([7, 2, 5]), False)) == "place-1[0 + 3:1]"
    assert str(space.settle(np.array([4, 9]), True)) == "place-2[0 + 2:1]"
    assert str(space.settle(np.array([11, 1]), False)) == "place-1[3 + 2:1]"
    assert space.slot[[7, 2, 5, 4, 9, 11, 1]].tolist() == [0, 1, 2, 0, 1, 3, 4]
    assert (space.sizes[-1], space.sizes[-2]) == (5, 2)


def test_adjoint_is_called_after_what_has_a_place_already():
    """What it is the adjoint of may come later, or never: then it has a name of its own."""
    leaf = Value(2.0)
    normal = normalise(record([tanh(tanh(tanh(leaf)))], [leaf], [])).out
    normal.origin |= {2: 1, 3: 1}
    space = Memory(normal, schedule(normal).places)
    runs = [space.settle(np.array([node]), batched=False) for node in (2, 1, 3)]
    assert space.adjoints == [(runs[2], runs[1])]


@pytest.mark.parametrize("deep", range(2, 5))
def test_shallow_adjoint_of_a_deep_factor_is_not_called_after_another(deep):
    """It is computed before that factor is."""

    def f(x):
        y = x[1]
        for _ in range(deep):
            y = tanh(y)
        return x[0] * y * x[2]

    fast = compile(f, batched="x", reduce=None)
    fast.value_and_grad(np.ones((3, 3)))
    (recorded,) = fast._programs._kept.values()
    assert [line for line in str(recorded.program.body).splitlines() if "g_v1[1×n] = mul(x" in line] == []
