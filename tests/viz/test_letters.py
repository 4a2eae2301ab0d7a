"""Widths of text, outlines of what fonts lack, and lines of several kinds of letters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz import font_table
from viz.letters.font import outline, width
from viz.letters.labels import markup
from viz.letters.runs import Run, broken, pieces, plain, runs, wide

DEBIAN = Path("/usr/share/fonts/truetype/dejavu")
SCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋₍₎"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))


def test_table_is_what_the_font_says():
    """Made again from the same font, the file is the same."""
    pytest.importorskip("fontTools")
    if not all((DEBIAN / name).exists() for name in font_table.FILES.values()):
        pytest.skip("DejaVu Sans Condensed is not installed (Debian's package is called fonts-dejavu-extra)")
    assert font_table.text(DEBIAN) == font_table.TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_nine_tenths_of_those_of_the_wide_cut(bold):
    """Against the DejaVu Sans that matplotlib carries, read by itself, for each letter of a picture's own texts."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=100.0)
    for letter in "abcxyzABC0123456789∂Σ−·×÷=()εα…" + SCRIPTS:
        theirs, _, _ = text_to_path.get_text_width_height_descent(letter, font, ismath=False)
        assert width(letter, 100.0, bold) == pytest.approx(0.9 * theirs, abs=1.0)


@pytest.mark.parametrize("letter", SCRIPTS + "①②⋮∇")
def test_what_fonts_lack_has_an_outline(letter):
    """In both weights, so that no subscript is an empty box anywhere."""
    assert outline(letter).startswith("M")
    assert outline(letter, bold=True).startswith("M")
    assert outline(letter) != outline(letter, bold=True)


@given(TEXT, TEXT)
def test_width_is_that_of_the_parts(one, other):
    """Letters stand side by side, without kerning, which no two programs do alike."""
    assert width(one + other, 12.0) == pytest.approx(width(one, 12.0) + width(other, 12.0))


@given(TEXT, st.booleans())
def test_markup_is_read_back(text, bold):
    """What is written for Graphviz says the same in our own pictures."""
    written = markup(text)
    assert plain(runs(f"<b>{written}</b>" if bold else written)) == text
    assert all(run.bold == bold for run in runs(f"<b>{written}</b>" if bold else written))


@given(st.lists(st.tuples(st.text("aw ₀⁻½中", max_size=9), st.booleans()), max_size=4))
def test_pieces_cover_the_line_without_overlapping(parts):
    """Each begins where those before it end, or later by blanks; all letters but blanks are in one of them."""
    line = [Run(text, bold) for text, bold in parts]
    end, letters = 0.0, ""
    for piece in pieces(line, 12.0):
        assert piece.start >= end - 1e-9
        end = piece.start + piece.width
        letters += piece.run.text
        assert (piece.outline is None) == (outline(piece.run.text) is None)
    assert end <= wide(line, 12.0) + 1e-9
    assert letters.replace(" ", "") == plain(line).replace(" ", "")


@given(st.lists(st.text("abw", min_size=1, max_size=9), min_size=1).map(" ".join), st.floats(60.0, 300.0))
def test_broken_lines_have_room(text, room):
    """Nothing is lost, and no line of several words is longer than allowed."""
    lines = broken(text, 12.0, room)
    assert " ".join(lines) == text
    assert all(width(line, 12.0) <= room for line in lines if " " in line)


def test_font_is_said_where_it_comes_from():
    """Its licence lies beside the table."""
    licence = (font_table.TABLE.parent / "LICENSE").read_text(encoding="utf-8")
    assert "Bitstream Vera" in licence
    assert "DejaVu changes are in public domain" in licence
