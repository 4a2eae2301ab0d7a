"""Our own PDF writer: what a reader finds in it, from the table at its end to the last letter."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.gallery import EXHIBITS
from viz.letters.runs import pieces
from viz.rendering.pdf import POINT, pdf
from viz.rendering.picture import Picture
from viz.rendering.shapes import Curve, Disc, Frame, Line, Words
from viz.theme import DARK, LIGHT

pytest.importorskip("matplotlib")

NUMBER = r"-?\d+(?:\.\d+)?"
POINTS = st.tuples(st.floats(0.0, 400.0), st.floats(0.0, 300.0))
COLOURS = st.sampled_from(["#d6604d", "#4393c3", "#000000"])
TEXTS = st.text(st.sampled_from("ab∂Σ−⁽¹⁾₀·×= "), min_size=1, max_size=8).filter(str.strip)


def objects(file: bytes) -> dict[int, bytes]:
    """Every object by its number, found through the table of places at the end of the file."""
    assert file.startswith(b"%PDF-1.4")
    assert file.endswith(b"%%EOF\n")
    table = int(re.findall(rb"startxref\n(\d+)", file)[-1])
    count = int(re.match(rb"xref\n0 (\d+)\n", file[table:])[1])
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n \n", file[table:])]
    assert len(places) == count - 1
    found = {}
    for number, (begin, end) in enumerate(pairwise([*places, table]), start=1):
        body = file[begin:end]
        assert body.startswith(b"%d 0 obj\n" % number)
        assert body.endswith(b"\nendobj\n")
        found[number] = body.partition(b"\n")[2].removesuffix(b"\nendobj\n")
    return found


def stream(body: bytes) -> str:
    """What is compressed in an object, whose length it says."""
    length, data = re.fullmatch(
        rb"<< /Length (\d+) /Filter /FlateDecode >> stream\n(.*)\nendstream", body, re.S
    ).groups()
    assert len(data) == int(length)
    return zlib.decompress(data).decode("ascii")


def texts(file: bytes) -> list[str]:
    """All that is written, read as readers do who copy text: codes through the table of their font."""
    found = objects(file)
    named = re.findall(r"/F(\d+) (\d+) 0 R", found[3].decode("latin-1"))
    meanings = {}
    for font, number in named:
        table = int(re.search(rb"/ToUnicode (\d+) 0 R", found[int(number)])[1])
        pairs = re.findall(r"^<(\w\w)> <(\w+)>$", stream(found[table]), re.M)
        meanings[font] = {code: bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}
    lines = []
    for shown in re.findall(r"Tm (.*?) ET", stream(found[4])):
        parts = re.findall(r"/F(\d+) 1 Tf <(\w+)> Tj", shown)
        lines.append(
            "".join(meanings[font][codes[i : i + 2]] for font, codes in parts for i in range(0, len(codes), 2))
        )
    return lines


def word(text: str, **arguments) -> Words:
    """A line of text in the middle."""
    return Words((200.0, 150.0), text, "#202020", **arguments)


@pytest.mark.parametrize("name", ["graph_network", "graph_not_finite", "chain_rule", "network"])
def test_every_text_of_a_picture_can_be_found(name):
    """Formulas with raised and lowered figures, too, and each as often as it is drawn."""
    picture = next(exhibit for exhibit in EXHIBITS if exhibit.name == name).draw()
    shapes = [shape for shape in picture._still.shapes if isinstance(shape, Words)]
    expected = [piece.run.text for shape in shapes for piece in pieces(shape.parts, shape.size)]
    assert texts(picture._painted("pdf")) == expected


@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=5), POINTS, st.floats(0.25, 3.0))
def test_the_page_is_as_large_as_the_picture_is_shown(lines, corner, shown):
    """In points, of which there are three to four pixels."""
    size = (401.0 + corner[0], 301.0 + corner[1])
    file = pdf([word(text, bold=bold) for text, bold in lines], size, "a title", LIGHT, shown)
    box = re.search(rf"/MediaBox \[0 0 ({NUMBER}) ({NUMBER})\]".encode(), objects(file)[3]).groups()
    assert [float(side) for side in box] == pytest.approx([side * shown * POINT for side in size], abs=0.006)
    written = [piece.run.text for text, bold in lines for piece in pieces(word(text, bold=bold).parts, 12.0)]
    assert texts(file) == written


@given(st.sets(st.characters(min_codepoint=0xA1, max_codepoint=0x24F), min_size=300, max_size=330))
def test_more_letters_than_a_font_has_codes_are_in_several(letters):
    """One code is one letter."""
    lines = ["".join(sorted(letters))[i : i + 20] for i in range(0, len(letters), 20)]
    shapes = [word(line) for line in lines]
    written = [piece.run.text for shape in shapes for piece in pieces(shape.parts, shape.size)]
    file = pdf(shapes, (400.0, 300.0), "letters", DARK)
    assert texts(file) == written
    assert len(re.findall(rb"/Subtype /Type3", file)) == 2


@given(POINTS, POINTS, COLOURS, st.floats(0.5, 6.0), st.booleans())
def test_lines_and_curves_are_drawn_where_they_run(start, end, colour, width, dashed):
    """From their start, as wide as they are, in their colour and dashes; a tip is filled."""
    shapes = [
        Line(start, end, colour, width, dashed=dashed),
        Curve(start, ((end,),), colour, width, dashed=dashed, tip=False),
    ]
    ends = [round(x, 2) for x in (*start, *end)]
    for line in stream(objects(pdf(shapes, (400.0, 300.0), "", LIGHT))[4]).splitlines()[3:]:
        found = re.fullmatch(
            rf"({NUMBER}) ({NUMBER}) ({NUMBER}) RG ({NUMBER}) w 0 j \[(.*)\] 0 d "
            rf"({NUMBER}) ({NUMBER}) m ({NUMBER}) ({NUMBER}) l S", line,
        )  # fmt: skip
        assert [round(255 * float(share)) for share in found.groups()[:3]] == list(bytes.fromhex(colour[1:]))
        assert float(found[4]) == pytest.approx(width, abs=0.006)
        assert bool(found[5]) == dashed
        assert [float(x) for x in found.groups()[5:]] == pytest.approx(ends, abs=0.011)


def test_curves_with_one_control_have_two_that_give_the_same():
    """The corners of a rounded frame, in the middle of which both are at the same place."""
    frame = Frame((0.0, 0.0), (90.0, 90.0), "#ffffff", "#000000", round=30.0)
    (line,) = stream(objects(pdf([frame], (90.0, 90.0), "", LIGHT))[4]).splitlines()[3:]
    x0, y0 = (float(x) for x in re.search(rf"({NUMBER}) ({NUMBER}) l {NUMBER} {NUMBER} {NUMBER}", line).groups())
    x1, y1, x2, y2, x3, y3 = (float(x) for x in re.search(rf"l {' '.join([f'({NUMBER})'] * 6)} c", line).groups())
    middle = ((x0 + 3 * x1 + 3 * x2 + x3) / 8, (y0 + 3 * y1 + 3 * y2 + y3) / 8)
    corner = (90.0, 0.0)
    assert (x0, y0, x3, y3) == (60.0, 0.0, 90.0, 30.0)
    assert middle == pytest.approx([(a + 2 * c + b) / 4 for a, b, c in zip((x0, y0), (x3, y3), corner, strict=True)])
    assert line.endswith(" h B")


def test_what_is_only_filled_or_only_drawn():
    """A frame around others has no ground, the tip of an arrow no line, a disc both."""
    shapes = [
        Frame((1.0, 1.0), (9.0, 9.0), "none", "#000000"), Curve((0.0, 0.0), (((50.0, 0.0),),), "#4393c3", 2.0),
        Disc((20.0, 20.0), 5.0, "#ffffff", "#000000"),
    ]  # fmt: skip
    lines = stream(objects(pdf(shapes, (90.0, 90.0), "", LIGHT))[4]).splitlines()[3:]
    assert [line[-1] for line in lines] == ["S", "S", "f", "B"]


def test_the_title_is_in_the_file_and_nothing_of_when_it_was_drawn():
    """So the same picture has the same bytes."""
    picture: Picture = next(exhibit for exhibit in EXHIBITS if exhibit.name == "graph").draw()
    file = picture._painted("pdf")
    title = re.search(rb"/Title <(\w+)>", objects(file)[5])[1]
    assert bytes.fromhex(title.decode()).decode("utf-16") == picture.title
    assert b"Date" not in file
    assert picture._painted("pdf") == file
