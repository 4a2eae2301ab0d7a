"""What a program calls its views, and the source text that makes them."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import moveaxis

from autograd import compile, exp, ops, tanh, value_and_grad
from autograd.compiler.backends.numpy.views import Views
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Map, MatMul
from autograd.compiler.matrices.views import View, strided
from autograd.compiler.scalars.tape import CONSTANT, COUNT, FIRST_BATCHED, FIXED, PARAMETER
from tests.compiler.statements import program

PLACES = {
    "theta": PARAMETER, "constants": CONSTANT, "fixed": FIXED, "numbers": UNBATCHED, "batch": BATCHED,
    "gradient": RESULT, "x": FIRST_BATCHED, "y": FIRST_BATCHED + 1,
}  # fmt: skip
# An argument that is an image, and one that is long enough for every drawn view.
ARGUMENTS = [("x", (2, 3)), ("y", (400,))]
SIZE = 400


def arrays():
    """Every array of a program; each number in it says where it is."""
    slots = np.arange(float(SIZE))
    batch = slots[:, None] + np.array([0.0, 0.25])
    found = {name: 1000.0 * k + (batch if name in ("batch", "x", "y") else slots) for k, name in enumerate(PLACES)}
    found["x"] = found["x"][:6]
    return found | {"batch_size": 2}


def named(statements=(), arguments=ARGUMENTS, adjoints=()):
    """The names of a program of these statements."""
    return Views(replace(program(*statements), arguments=tuple(arguments), adjoints=tuple(adjoints)))


def bound(names):
    """The lines that run once."""
    return [f"{name} = {text}" for name, (_, text) in names.bound.items()]


def contents(view: View, form: str):
    """What a view shows, by its definition."""
    name = next(name for name, place in PLACES.items() if place == view.place)
    shown = arrays()[name][view.slots()]
    if form == "column":
        return shown[..., None]
    if form == "T":
        return np.swapaxes(shown, -1, -2)
    return np.moveaxis(shown, -1, 0) if form == "first" else shown


@st.composite
def views(draw):
    """A view with axes in any order, repeated or reversed or apart, with a form it can take."""
    name = draw(st.sampled_from([name for name in PLACES if name != "x"]))
    shape = tuple(draw(st.lists(st.integers(1, 4), max_size=3)))
    steps, step = [0] * len(shape), draw(st.integers(1, 2))
    for axis in draw(st.permutations(range(len(shape)))):
        steps[axis] = draw(st.sampled_from([step, step, step, 0, -step, step + 1]))
        step *= shape[axis]
    low = sum(min(s, 0) * (n - 1) for n, s in zip(shape, steps, strict=True))
    offset = draw(st.integers(0, 3)) - low
    view = View(PLACES[name], offset, shape, tuple(steps))
    forms = ["", "first" if view.batched else "column", *["T"] * (len(shape) + view.batched > 1)]
    return view, draw(st.sampled_from(forms)), draw(st.booleans())


@given(drawn=st.lists(views(), min_size=1, max_size=12))
def test_every_name_stands_for_its_view(drawn):
    """The bound lines, executed, give each name the numbers of its view; repeated axes stretch by themselves."""
    names = named()
    called = [names(*arguments) for arguments in drawn]
    space = arrays() | {"strided": strided, "moveaxis": moveaxis}
    exec("\n".join([*bound(names), *[f"{name} = {text}" for name, text in names.per_call.items()]]), space)
    for name, (view, form, spread) in zip(called, drawn, strict=True):
        expected = contents(view, form)
        assert np.array_equal(np.broadcast_to(space[name], expected.shape), expected)
        assert space[name].ndim == expected.ndim
        assert not spread or space[name].shape == expected.shape
    assert len(set(called)) == len({(v, form, spread and bool(v.repeated)) for v, form, spread in drawn})


def text_of(view: View, form: str = "", spread: bool = False) -> str:
    """The source text of a view that nothing else is called like."""
    names = named()
    name = names(view, form, spread)
    return names.per_call.get(name) or (names.bound[name][1] if names.bound else name)


TEXTS = {
    (View(PARAMETER, 4, (3,), (1,)), ""): "theta[4:7]",
    (View(RESULT, 4, (3,), (1,)), ""): "gradient[4:7]",
    (View(COUNT, 1, (1,), (1,)), ""): "counts[1:2]",
    (View(PARAMETER, 4, (3,), (1,)), "column"): "theta[4:7][:, None]",
    (View(PARAMETER, 4, (2, 3), (3, 1)), ""): "theta[4:10].reshape(2, 3)",
    (View(PARAMETER, 4, (2, 3), (3, 1)), "column"): "theta[4:10].reshape(2, 3)[..., None]",
    (View(PARAMETER, 4, (), ()), ""): "theta[4:5].reshape(())",
    (View(BATCHED, 4, (), ()), ""): "batch[4:5].reshape(batch_size)",
    (View(PARAMETER, 4, (2, 3), (1, 2)), ""): "theta[4:10].reshape(3, 2).T",
    (View(BATCHED, 4, (2, 3), (1, 2)), ""): "batch[4:10].reshape(3, 2, batch_size).transpose(1, 0, 2)",
    (View(PARAMETER, 4, (3,), (2,)), ""): "theta[4:9:2]",
    (View(PARAMETER, 4, (3,), (3,)), ""): "theta[4:11:3]",
    (View(PARAMETER, 4, (3,), (-1,)), ""): "strided(theta, 4, (3,), (-1,))",
    (View(PARAMETER, 4, (3, 2), (1, 0)), ""): "theta[4:7].reshape(3, 1)",
    (View(PARAMETER, 4, (5,), (0,)), ""): "theta[4:5]",
    (View(PARAMETER, 4, (2, 3), (1, 1)), ""): "strided(theta, 4, (2, 3), (1, 1))",
    (View(CONSTANT, 0, (2,), (1,)), ""): "constants[0:2]",
    (View(FIXED, 1, (2,), (1,)), ""): "fixed[1:3]",
    (View(UNBATCHED, 1, (2,), (1,)), ""): "numbers[1:3]",
    (View(BATCHED, 1, (2,), (1,)), ""): "batch[1:3]",
    (View(BATCHED, 1, (2,), (1,)), "T"): "batch[1:3].T",
    (View(BATCHED, 0, (2, 2), (2, 1)), "T"): "batch[0:4].reshape(2, 2, batch_size).swapaxes(-1, -2)",
    (View(BATCHED, 0, (2,), (1,)), "first"): "moveaxis(batch[0:2], -1, 0)",
    (View(FIRST_BATCHED, 0, (6,), (1,)), ""): "x",
    (View(FIRST_BATCHED, 0, (2, 3), (3, 1)), ""): "x.reshape(2, 3, batch_size)",
    (View(FIRST_BATCHED, 1, (5,), (1,)), ""): "x[1:6]",
    (View(FIRST_BATCHED + 1, 0, (6,), (1,)), ""): "y[0:6]",
}


def test_text_of_a_view_is_the_simplest_that_shows_it():
    """A slice, a reshaped one, its transpose, an argument as it is; ``strided`` where nothing else will do."""
    assert {(view, form): text_of(view, form) for view, form in TEXTS} == TEXTS


def test_spread_view_writes_its_repetition_out():
    """For a function that does not stretch axes of length 1."""
    column = View(PARAMETER, 4, (3, 2), (1, 0))
    assert text_of(column, spread=True) == "strided(theta, 4, (3, 2), (1, 0))"
    assert text_of(View(PARAMETER, 4, (3,), (1,)), spread=True) == "theta[4:7]"
    names = named(arguments=[])
    assert (names(column), names(column, spread=True)) == ("p1", "p1_3x2")
    assert bound(names)[0] == "p1 = theta[4:7].reshape(3, 1)"


def run(place: int, offset: int, *shape: int) -> View:
    strides = [prod(shape[k + 1 :]) for k in range(len(shape))]
    return View(place, offset, shape, tuple(strides))


def test_weights_and_biases_are_numbered_by_layer():
    """``W`` for what a product reads, ``b`` of the same number for what is added to it, ``p`` for other parameters."""
    X, W1, W2 = run(FIRST_BATCHED, 0, 1, 1, 3), run(PARAMETER, 0, 1, 2, 3), run(PARAMETER, 8, 1, 4, 2)
    b1, b2, other, scale = (run(PARAMETER, k, n) for k, n in ((6, 2), (16, 4), (20, 2), (22, 2)))
    hidden, out = run(BATCHED, 0, 2), run(BATCHED, 4, 4)
    statements = [
        MatMul(run(BATCHED, 0, 1, 2, 1), "=", W1, X),
        Linear(hidden, "+=", ((1, (b1,)), (1, (scale, scale)), (1, (0.5,)))),
        Map(run(BATCHED, 2, 2), ops.tanh, (hidden,)),
        MatMul(run(BATCHED, 4, 1, 4, 1), "=", W2, run(BATCHED, 2, 1, 1, 2)),
        Linear(out, "+=", ((1, (b2,)),)),
        Linear(run(BATCHED, 8, 2), "=", ((1, (other,)),)),
        MatMul(run(BATCHED, 10, 1, 2, 1), "=", W1, X),
    ]
    delta, gone = run(BATCHED, 20, 2), run(BATCHED, 30, 2)
    names = named(statements, [("x", (3,))], [(delta, hidden), (gone, delta)])
    assert [names(v) for v in (W1, b1, W2, b2)] == ["W1", "b1", "W2", "b2"]
    assert [names(replace(v, place=RESULT)) for v in (W1, b1, W2, b2)] == ["g_W1", "g_b1", "g_W2", "g_b2"]
    assert [names(v) for v in (delta, gone)] == ["g_v1", "g_g_v1"]  # adjoints are called after what they are those of
    assert [names(run(COUNT, k, 1)) for k in (0, 1)] == ["count", "inverse_count"]
    assert [names(v) for v in (other, scale, hidden, out)] == ["p1", "p2", "v1", "v2"]
    assert [names(run(place, 0, 1)) for place in (CONSTANT, FIXED, CONSTANT)] == ["c1", "u1", "c1"]
    assert [names(run(place, 1, 1)) for place in (CONSTANT, FIXED)] == ["c2", "u2"]


def test_second_view_of_a_run_is_told_apart_by_its_form_or_shape():
    """And by a number where shapes are equal too."""
    names = named(arguments=[("x", (8,))])
    square = run(PARAMETER, 0, 2, 2)
    calls = [
        (square,),
        (square, "T"),
        (square.transposed(1, 0),),
        (square.transposed(1, 0), "T"),
        (run(PARAMETER, 0, 4),),
    ]
    assert [names(*call) for call in calls] == ["p1", "p1_T", "p1_2x2", "p1_2x2_T", "p1_4"]
    assert [names(*call) for call in calls] == ["p1", "p1_T", "p1_2x2", "p1_2x2_T", "p1_4"]
    assert [names(run(FIRST_BATCHED, k, 1)) for k in (0, 2, 4)] == ["x_1", "x_2", "x_3"]
    assert bound(names) == [
        "p1 = theta[0:4].reshape(2, 2)",
        "p1_T = theta[0:4].reshape(2, 2).T",
        "p1_2x2 = theta[0:4].reshape(2, 2).T",
        "p1_2x2_T = theta[0:4].reshape(2, 2).T.T",
        "p1_4 = theta[0:4]",
    ]
    assert names.per_call == {"x_1": "x[0:1]", "x_2": "x[2:3]", "x_3": "x[4:5]"}
    assert names(run(PARAMETER, 0, 3)) == "p2"  # a run that ends elsewhere is another


SHOWN = {
    run(PARAMETER, 0, 3): "p1[3]",
    run(PARAMETER, 0, 1, 3, 1, 2): "p1[3×2]",
    run(PARAMETER, 0, 2, 3).transposed(1, 0): "p1ᵀ[3×2]",
    run(PARAMETER, 0, 4, 2, 3).transposed(0, 2, 1): "p1ᵀ[4×3×2]",
    run(RESULT, 0, 2, 3).transposed(1, 0): "g_p1ᵀ[3×2]",
    View(PARAMETER, 0, (3, 2), (1, 0)): "p1[3×2]",
    View(PARAMETER, 0, (3, 2), (0, 1)): "p1[3×2]",
    View(PARAMETER, 0, (2, 2), (1, 1)): "p1[2×2]",
    View(PARAMETER, 0, (2, 2), (-1, 1)): "p1[2×2]",
    run(BATCHED, 0, 3): "v1[3×n]",
    run(BATCHED, 0, 1): "v1[1×n]",
    View(UNBATCHED, 0, (), ()): "v1[1]",
    run(FIRST_BATCHED, 0, 3): "x[3×n]",
}


def test_equation_shows_a_view_with_its_shape():
    """Axes of one member left out, ``n`` for the examples, ``ᵀ`` where columns are what lies together."""
    assert {view: named(arguments=[("x", (3,))]).names.shown(view) for view in SHOWN} == SHOWN


ARGUMENT = {
    "x": "x", "X": "X", "x1": "x1", "x_": "x_", "sum_of_squares": "sum_of_squares", "addX": "addX",
    "v1": "v1_", "g_v1": "g_v1_", "t1": "t1_", "one": "one_", "one_": "one__", "ones_of_batch": "ones_of_batch_",
    "multiply": "multiply_", "softplus": "softplus_", "strided": "strided_", "batch_size": "batch_size_",
}  # fmt: skip


def test_argument_has_an_underscore_where_its_name_means_something_else():
    """A function, a number or a view of the program; no two arguments become one."""
    assert {name: named(arguments=[(name, ())]).arguments[0] for name in ARGUMENT} == ARGUMENT
    assert len(set(ARGUMENT.values())) == len(ARGUMENT)


@pytest.mark.parametrize("name", ["add", "batch_size", "exp", "float", "g_v1", "one", "one_", "theta", "t1", "v1"])
def test_batched_argument_may_be_called_anything(name):
    """Also as a program calls a function, a number or a view of its own."""
    other = "one_" if name == "one" else "one"
    space = {"E": exp, "H": tanh}
    exec(f"def f(w, {name}, {other}): return E({name}) * 2.5 * w[1] + (H(w[0] * {name}) - {other}) ** 2", space)
    f = space["f"]
    w, X, Y = [0.5, -1.0], np.array([0.25, 2.0]), np.array([1.0, -3.0])
    value, slopes = compile(f, batched=(name, other), reduce="sum").value_and_grad(w, X, Y)
    expected, gradient = value_and_grad(lambda w: sum(f(w, x, y) for x, y in zip(X, Y, strict=True)))(w)
    assert np.isclose(value, expected)
    assert np.allclose(slopes, gradient)
