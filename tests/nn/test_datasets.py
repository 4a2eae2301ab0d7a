"""The documents' data, against what the documents say of it, and the tools that prepare data."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn import datasets
from nn.datasets import centre_and_scale, moons, one_hot, standardize, train_test_split

tables = arrays(float, st.tuples(st.integers(2, 9), st.integers(1, 3)), elements=st.floats(-100.0, 100.0, width=16))


def test_document_000_has_random_sequential_and_constant_inputs():
    """One number an example, all with the target 0.15; the random ones lie in [0, 1)."""
    X, y = datasets.random_inputs(1000, rng=1)
    assert 0.0 <= X.min() < 0.01
    assert 0.99 < X.max() < 1.0
    assert X.tolist() == np.random.default_rng(1).random(1000).tolist()
    assert set(y) == {0.15}
    assert datasets.sequential_inputs(5)[0].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert datasets.constant_inputs(3, 0.7, target=0.9)[0].tolist() == [0.7] * 3
    assert datasets.constant_inputs(3, 0.7, target=0.9)[1].tolist() == [0.9] * 3


def test_document_001_has_four_rows():
    """The target is 1 where exactly one of the first two inputs is; the third is always 1."""
    X, y = datasets.four_rows()
    assert {tuple(row) for row in X} == {(a, b, 1.0) for a in (0.0, 1.0) for b in (0.0, 1.0)}
    assert y.tolist() == (X[:, 0] != X[:, 1]).astype(float).tolist()


@pytest.mark.parametrize(
    ("bands", "low", "high"),
    [
        (datasets.linear_bands, lambda x: -2 * x + 2, lambda x: -2 * x + 4),
        (datasets.sine_bands, np.sin, lambda x: np.sin(x) + 1),
    ],
)
def test_document_002_has_10_and_15_points_on_two_curves(bands, low, high):
    """Class 0 from -5 to 5, class 1 from -4.5 to 4.8, in equal steps, each on its curve."""
    X, y = bands()
    assert X.shape == (25, 2)
    assert y.tolist() == [0.0] * 10 + [1.0] * 15
    np.testing.assert_allclose(X[:10, 0], -5 + np.arange(10) * 10 / 9, rtol=1e-12)
    np.testing.assert_allclose(X[10:, 0], -4.5 + np.arange(15) * 9.3 / 14, rtol=1e-12)
    np.testing.assert_allclose(X[:10, 1], low(X[:10, 0]), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(X[10:, 1], high(X[10:, 0]), rtol=1e-12, atol=1e-12)


def test_document_003_has_a_column_to_copy_and_xor():
    """The first problem's target is its first column; XOR is 1 where the inputs differ."""
    X, y = datasets.first_problem()
    assert y.tolist() == X[:, 0].tolist()
    assert X.tolist() == sorted(datasets.four_rows()[0].tolist())
    X, y = datasets.xor()
    assert X.tolist() == [[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)]
    assert y.tolist() == (X[:, 0] != X[:, 1]).astype(float).tolist()


def test_seven_segments_show_ten_digits():
    """Ten different patterns, 49 lit segments in all, drawn here as people read them."""
    X, y = datasets.seven_segments()
    assert X.shape == (10, 7)
    assert np.array_equal(y, np.eye(10))
    assert len({tuple(row) for row in X}) == 10
    drawn = []
    for a, b, c, d, e, f, g in X.astype(bool):
        drawn.append((
            f" {'_' if a else ' '} ", f"{'|' if f else ' '}{'_' if g else ' '}{'|' if b else ' '}",
            f"{'|' if e else ' '}{'_' if d else ' '}{'|' if c else ' '}",
        ))  # fmt: skip
    assert ["".join(lines) for lines in zip(*drawn, strict=True)] == [
        " _     _  _     _  _  _  _  _ ",
        "| |  | _| _||_||_ |_   ||_||_|",
        "|_|  ||_  _|  | _||_|  ||_| _|",
    ]


@pytest.mark.parametrize("name", datasets.PLANAR)
def test_document_004_data_are_centred_and_fill_the_square(name):
    """Mean 0, largest absolute value 1 in each column, so many points of each class, one class after the other."""
    X, y = datasets.PLANAR[name](60, 3)
    classes = 3 if name.endswith("3_categories") else 2
    assert y.tolist() == np.repeat(np.arange(classes), 60).tolist()
    np.testing.assert_allclose(X.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.abs(X).max(axis=0), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(X, datasets.PLANAR[name](60, np.random.default_rng(3))[0])
    assert (datasets.PLANAR[name](60, 4)[0] != X).any()


@pytest.mark.parametrize(
    ("name", "separated"),
    [
        ("two_gaussians", lambda a, b: (a.sum(axis=1) > 0).mean() > 0.95 and (b.sum(axis=1) < 0).mean() > 0.95),
        ("bulls_eye", lambda a, b: np.hypot(*(a - a.mean(0)).T).max() < np.hypot(*(b - a.mean(0)).T).min()),
        ("crescent_moons", lambda a, b: a[:, 1].mean() > b[:, 1].mean() and a[:, 0].mean() < b[:, 0].mean()),
        ("crescent_moons", lambda a, b: b[:, 1].max() > a[:, 1].min() and b[:, 0].min() < a[:, 0].max()),  # interlocked
        ("shifted_cubics", lambda a, b: (b[:, 1] > a[:, 1]).mean() > 0.95),
        ("shifted_sinusoids", lambda a, b: b[:, 1].mean() > a[:, 1].mean() + 0.3),
        ("ball_and_cup", lambda a, b: a[:, 0].std() < b[:, 0].std()),
    ],
)
def test_document_004_classes_lie_where_the_document_puts_them(name, separated):
    """Above, around, inside: a statement of each picture that its two classes fulfil."""
    X, y = datasets.PLANAR[name](200, 5)
    assert separated(X[y == 0], X[y == 1])


@pytest.mark.parametrize(("name", "shift"), [("shifted_sinusoids", 1.0), ("shifted_sinusoids_3_categories", 1.2)])
def test_document_004_waves_lie_one_shift_apart(name, shift):
    """In units of the deviation of a noisy sine, sqrt(1/2 + 0.01), which centring and scaling leave as they are."""
    X, y = datasets.PLANAR[name](5000, 1)
    heights = [X[y == k, 1] for k in range(int(y.max()) + 1)]
    steps = np.diff([height.mean() for height in heights]) / np.mean([height.std() for height in heights])
    np.testing.assert_allclose(steps, shift / np.sqrt(0.51), rtol=0.05)


def test_document_004_rings_have_the_radii_the_document_gives():
    """A disc up to 1, a ring from 1.5 to 2.5, one from 3 to 4: centring and scaling leave the ratios as they are."""
    X, y = datasets.bulls_eye_3_categories(20_000, 1)
    middle = X[y == 0].mean(axis=0)
    scale = 4.0 / np.ptp(X, axis=0) * 2
    radii = [np.hypot(*((X[y == k] - middle) * scale).T) for k in range(3)]
    for found, (least, most) in zip(radii, [(0.0, 1.0), (1.5, 2.5), (3.0, 4.0)], strict=True):
        assert found.min() == pytest.approx(least, abs=0.05)
        assert found.max() == pytest.approx(most, abs=0.05)


@pytest.mark.parametrize("name", datasets.PLANAR)
def test_document_004_number_of_examples_is_named_where_it_is_wrong(name):
    """Every model says which of its arguments cannot be."""
    with pytest.raises(ValueError, match=r"^per_class is an int of at least 1, got 0"):
        datasets.PLANAR[name](0, 1)


def test_moons_are_two_half_circles_without_noise():
    """The upper about (0, 0), the lower about (1, 0.5), both of radius 1; noise has the deviation asked for."""
    X, y = moons(101)
    upper, lower = X[y == 0], X[y == 1]
    assert (len(upper), len(lower)) == (50, 51)
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    np.testing.assert_allclose(np.hypot(*(lower - [1.0, 0.5]).T), 1.0)
    assert upper[:, 1].min() >= 0.0
    assert lower[:, 1].max() <= 0.5
    np.testing.assert_allclose([*upper[[0, -1]], *lower[[0, -1]]], [[1, 0], [-1, 0], [0, 0.5], [2, 0.5]], atol=1e-12)
    for moon in (upper, lower):  # in equal steps
        np.testing.assert_allclose(np.ptp(np.hypot(*np.diff(moon, axis=0).T)), 0.0, atol=1e-12)
    noise = moons(10, noise=0.3, rng=2)[0] - moons(10)[0]
    np.testing.assert_allclose(noise, np.random.default_rng(2).normal(0.0, 0.3, (10, 2)), rtol=1e-12)


# ── Preparing ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.integers(0, 6), min_size=1), st.integers(7, 9))
def test_one_hot_rows_have_their_one_in_the_column_of_the_class(labels, classes):
    """As many columns as classes; the position of the one gives the labels back."""
    rows = one_hot(labels, classes)
    assert rows.shape == (len(labels), classes)
    assert rows.argmax(axis=1).tolist() == labels
    assert (np.sort(rows, axis=1)[:, :-1] == 0.0).all()
    assert (rows.sum(axis=1) == 1.0).all()
    assert one_hot(labels).shape[1] == max(labels) + 1


@given(st.integers(2, 50), st.floats(0.01, 0.99), st.integers(0, 99))
def test_train_test_split_loses_and_repeats_no_example(count, test, seed):
    """Every row is in exactly one part, beside its own target; the share is right to half a row."""
    X, y = np.arange(2 * count).reshape(count, 2), np.arange(count)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test, seed)
    assert sorted([*y_train, *y_test]) == y.tolist()
    assert (X_train[:, 0] == 2 * y_train).all()
    assert (X_test[:, 0] == 2 * y_test).all()
    assert abs(len(y_test) - min(max(test * count, 1.0), count - 1.0)) <= 0.5 + 1e-9
    assert train_test_split(X, y, test, seed)[3].tolist() == y_test.tolist()


@given(tables, tables)
def test_standardize_uses_the_first_arrays_mean_and_deviation(X, other):
    """Mean 0 and deviation 1 where a column is not constant; others are moved and stretched the same way."""
    other = np.resize(other, (len(other), X.shape[1]))
    scaled, moved = standardize(X, other)
    varying = X.std(axis=0) > 1e-3
    np.testing.assert_allclose(scaled.mean(axis=0)[varying], 0.0, atol=1e-9)
    np.testing.assert_allclose(scaled.std(axis=0)[varying], 1.0, rtol=1e-9)
    deviation = np.where(X.std(axis=0) > 0.0, X.std(axis=0), 1.0)
    np.testing.assert_allclose(moved * deviation + X.mean(axis=0), other, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(standardize(X), scaled)


def test_columns_of_any_sizes_are_standardized_side_by_side():
    """A large one does not make a small one vanish."""
    X = [[1e300, 1e-300, 1.0], [-1e300, 3e-300, 3.0]]
    np.testing.assert_allclose(standardize(X), [[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]], rtol=1e-15)


def test_constant_columns_stay_finite():
    """Nothing is divided by zero: such a column is moved to zero."""
    assert standardize([[1.0, 5.0], [3.0, 5.0]])[:, 1].tolist() == [0.0, 0.0]
    assert centre_and_scale([[1.0, 5.0], [3.0, 5.0]]).tolist() == [[-1.0, 0.0], [1.0, 0.0]]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(NUMBERS, st.integers(1, 20), NUMBERS, st.floats(-1.0, 1.0))
@example(1e-300, 2, 1.5e308, 0.5)
def test_constant_column_is_zero_whatever_the_number(x, rows, other, step):
    """Its mean is rounded, so that it is a little beside its mean, and that divided by itself is 1.

    Others are moved by it alone, near or far.
    """
    column = np.full((rows, 1), x)
    assume(math.isfinite(other - x))
    scaled, moved, near = standardize(column, [[other]], column + step)
    assert (scaled == 0.0).all()
    np.testing.assert_allclose(moved, other - x, rtol=1e-12)
    np.testing.assert_allclose(near, (x + step) - x, rtol=1e-12)
    if abs(x) < 1e300:
        assert (centre_and_scale(column) == 0.0).all()


@given(NUMBERS, NUMBERS)
@example(1.9 * 2.0**-900, 1.7e308 * (1.9 * 2.0**-900))
def test_what_is_a_number_in_deviations_is_computed(deviation, other):
    """Though it be the largest of all."""
    assume(deviation != 0.0)
    with np.errstate(over="ignore"):
        expected = np.divide(other, abs(deviation))
    assume(np.isfinite(expected))
    _, moved = standardize([[deviation], [-deviation]], [[other]])
    np.testing.assert_allclose(moved, expected, rtol=1e-15, atol=1e-323)


@given(tables, st.integers(-900, 900))
def test_standardize_has_no_unit(X, power):
    """Nor does what is as small or as large as numbers can be overflow or get lost."""
    expected = standardize(X)
    np.testing.assert_array_equal(standardize(np.ldexp(X, power)), expected)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: one_hot([0, 3], 3), "labels are integers from 0 to 2 here, got 3"),
        (lambda: one_hot([-1, 0]), "labels are integers from 0 here, got -1"),
        (lambda: one_hot([0.5]), "labels are integers from 0 here, got 0.5"),
        (lambda: one_hot([]), "labels are one integer for each example, got an array of shape (0,)"),
        (lambda: train_test_split([1], [1]), "train_test_split takes two arrays of the same length, at least 2"),
        (lambda: train_test_split([1, 2], [1, 2], test=25), "test is a share between 0 and 1, got 25"),
        (lambda: standardize([[1.0, math.nan]]), "standardize takes rows of finite numbers, got nan or infinity in it"),
        (lambda: standardize(np.zeros((0, 2))), "standardize takes rows of finite numbers, got one of shape (0, 2)"),
        (
            lambda: standardize(np.ones((3, 2)), np.ones((4, 1))),
            "standardize takes arrays of the same columns, got shapes (3, 2) and (4, 1)",
        ),
        (lambda: standardize(np.ones((3, 2)), np.ones(2)), "standardize takes arrays of the same columns, got shapes"),
        (lambda: moons(1), "n_samples is an int of at least 2, got 1"),
        (lambda: datasets.two_gaussians(0), "per_class is an int of at least 1, got 0"),
        (lambda: datasets.bulls_eye(rng="seed"), "rng is a numpy.random.Generator or an int seed of at least 0,"),
    ],
)  # fmt: skip
def test_mistakes_are_refused_by_name(attempt, message):
    """The thing, the rule, and what was received."""
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}"):
        attempt()
