"""Colours, the scale of derivatives, and how numbers are written."""

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from viz.theme import DARK, LIGHT, THEMES, Scale, exact, number, theme_named

FINITE = st.floats(allow_nan=False, allow_infinity=False)
BOTH = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def luminance(colour):
    """Relative luminance of sRGB, from WCAG 2.2."""
    channels = [channel / 255 for channel in bytes.fromhex(colour[1:])]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio, from WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_guidelines():
    """Black on white is 21 : 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@BOTH
def test_text_stands_out_from_what_it_stands_on(theme):
    """At least 4.5 : 1 on the background, on groups and on plain cells."""
    pairs = [(text, ground) for text in (theme.text, theme.muted) for ground in (theme.background, *theme.group)]
    pairs += [(text, ground) for text in (theme.cell_text, theme.operation) for ground in (theme.cell, theme.input)]
    pairs += [(theme.cell_text, theme.parameter), (theme.cell_text, theme.broken), (theme.zero_text, theme.zero)]
    assert min(contrast(*pair) for pair in pairs) >= 4.5


@BOTH
def test_lines_stand_out_from_what_they_stand_on(theme):
    """At least 3 : 1 on the background and on groups."""
    lines = (theme.line, theme.group_line, theme.raises, theme.lowers, theme.zero_line, theme.broken_line)
    pairs = [(line, ground) for line in (*lines, theme.highlight) for ground in (theme.background, *theme.group)]
    assert min(contrast(*pair) for pair in pairs) >= 3.0


def test_dashes_of_zero_can_be_seen_on_dark_pages_where_cells_are_pale():
    """From both sides: 3 : 1 on the cell, as on what is around it."""
    assert contrast(DARK.zero_line, DARK.zero) >= 3.0


@BOTH
@given(st.floats(), FINITE.map(abs))
def test_text_stands_out_from_every_coloured_cell(theme, derivative, largest):
    """At least 4.5 : 1 on whatever colour a derivative or a size gives a cell."""
    scale = Scale([largest])
    assert contrast(theme.fill_text(derivative), theme.fill(derivative, scale)) >= 4.5
    assert contrast(theme.fill_text(derivative), theme.shade(abs(derivative), scale)) >= 4.5


@BOTH
@given(FINITE)
def test_colour_tells_the_sign(theme, x):
    """A cell is redder than blue where the derivative raises the root, and bluer than red where it lowers it."""
    red, _, blue = bytes.fromhex(theme.fill(x, Scale([x]))[1:])
    assert (red > blue) == (x > 0.0)
    assert (blue > red) == (x < 0.0)


@BOTH
@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_its_own_colour(theme, x):
    """Infinity and nan look like no derivative."""
    assert theme.fill(x, Scale([1.0])) == theme.broken
    assert theme.stroke(x) == theme.broken_line


@given(st.lists(FINITE, min_size=2, max_size=2), st.booleans())
def test_scale_grows_with_size(pair, linear):
    """What is larger is never shown as smaller, and everything is between 0 and 1."""
    small, large = sorted(pair, key=abs)
    scale = Scale(pair, linear=linear)
    assert 0.0 <= scale.strength(small) <= scale.strength(large) <= 1.0


def test_scale_spans_three_decades_and_passes_over_what_is_not_finite():
    """The largest finite number is 1, a thousandth of it 0, and the middle decade in between."""
    scale = Scale([2.0, math.inf, math.nan, -20.0])
    assert [scale.strength(x) for x in (-20.0, 2.0, 0.2, 0.02, 0.001)] == pytest.approx([1.0, 2 / 3, 1 / 3, 0.0, 0.0])


def test_theme_of_another_name_is_refused():
    """The error lists the themes."""
    with pytest.raises(ValueError, match="theme is one of 'light', 'dark', got 'blue'; choose one of these"):
        theme_named("blue")
    assert (theme_named("light"), theme_named("dark")) == (LIGHT, DARK)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-0.5664, "−0.566"), (0.53, "0.53"), (1234.5, "1234"), (99950.0, "1·10⁵"),
        (0.001, "0.001"), (0.00099, "9.9·10⁻⁴"), (1.2e-7, "1.2·10⁻⁷"), (-1.234e22, "−1.23·10²²"), (999.9, "1000"),
        (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "nan"), (5e-324, "4.94·10⁻³²⁴"),
    ],
)  # fmt: skip
def test_number_is_written_with_three_digits(x, text):
    """Three significant digits, powers of ten and a real minus sign."""
    assert number(x) == text


@given(FINITE)
@example(1.795e308)  # reads 1.8·10³⁰⁸, more than any float
def test_number_is_close_to_what_it_says(x):
    """Read back, it is off by half a unit of the third digit at most; nothing but zero reads 0."""
    back = number(x).translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")).replace("·10", "e")
    assert abs(Decimal(back) - Decimal(x)) <= Decimal("0.00501") * abs(Decimal(x))
    assert (number(x) == "0") == (x == 0.0)


@given(FINITE)
def test_exact_loses_nothing(x):
    """The text of a tooltip reads back as the very same number."""
    assert float(exact(x).replace("−", "-")) == x


@pytest.mark.parametrize("linear", [True, False])
def test_strength_ends_at_the_largest(linear):
    """A number beyond those that the scale is for is drawn as the largest is, never thicker."""
    scale = Scale([0.5, -2.0], linear=linear)
    assert scale.strength(7.0) == scale.strength(-2.0) == scale.strength(math.nan) == 1.0
    assert 0.0 < scale.strength(0.5) < 1.0
