"""What is read, written and handed on: decisions, conditions in formulas, fonts of a PDF, a watch's page, a folder."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.compiler.backends.javascript.text import Text
from autograd.compiler.scalars.expressions import Expression
from tests.viz.test_pdf import NUMBER, TEXTS, objects, stream, word
from tests.viz.test_watch import Screen, trained
from viz import __main__ as command
from viz.letters.formulas import SIGNS, formula
from viz.letters.runs import pieces
from viz.plots.classes import as_classes, decide
from viz.rendering.pdf import pdf
from viz.theme import LIGHT
from viz.training.watch import Watch

pytest.importorskip("matplotlib")

A, B, C = (Expression(f"x[{k}]") for k in range(3))
CONDITION = re.compile(r"\$\{[^`{}]*`([^`]*)`[^`{}]*`([^`]*)`[^`{}]*\}")


@given(
    st.integers(2, 6).flatmap(lambda k: st.tuples(st.just(k), st.lists(st.integers(0, k - 1), min_size=1))), st.data()
)
def test_classes_as_numbers_in_a_column_or_one_hot_are_the_same_decision(classes, data):
    """Of which the largest output wins."""
    count, true = classes
    row = st.lists(st.floats(-3.0, 3.0), min_size=count, max_size=count)
    outputs = np.array(data.draw(st.lists(row, min_size=len(true), max_size=len(true))))
    y = np.array(true)
    for given_y in (y, y[:, None], np.eye(count)[y]):
        found = decide(outputs, given_y, len(true), None)
        assert found.true.tolist() == true
        assert found.predicted.tolist() == [int(np.argmax(row)) for row in outputs]
        assert found.names == [str(i) for i in range(count)]
    assert as_classes(np.eye(count)[y], len(true))[0].tolist() == true


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_one_output_is_read_the_same_in_a_row_or_a_column(low: float):
    """With a score above zero on the side of class 1, in the order of the outputs."""
    y, outputs = np.array([low, 1.0, 1.0, low]), np.array([[low + 0.1], [0.9], [0.2 + low], [0.95]])
    one, other = decide(outputs, y, 4, None), decide(outputs[:, 0], y[:, None], 4, None)
    for found in (one, other):
        assert found.true.tolist() == [0, 1, 1, 0]
        assert found.predicted.tolist() == [0, 1, 0, 1]
        assert found.names == ["0" if low == 0.0 else "−1", "1"]
        assert (found.scores[:, 1] > found.scores[:, 0]).tolist() == [False, True, False, True]
    assert (one.scores == other.scores).all()


FORMS = [
    *((name, 2) for name in [*SIGNS, "pow", "compare"]),
    *((name, 1) for name in ("neg", "step", "stop_gradient", "tanh")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arity"), FORMS)
@pytest.mark.parametrize("beyond", ["", "mul", "pow", "neg"])
def test_formula_with_a_condition_is_that_of_the_branch_taken(name: str, arity: int, beyond: str):
    """Wherever in it the condition stands, and whatever it stands in: brackets as without it."""

    def whole(operand: Expression, place: int) -> str:
        inner = Expression(name, tuple(operand if i == place else C for i in range(arity)))
        return formula(Expression(beyond, (inner, B)[: 1 if beyond == "neg" else 2]) if beyond else inner, Text())

    branches = (Expression("add", (A, B)), Expression("neg", (A,)), A)
    for place in range(arity):
        for one in branches:
            for other in branches:
                found = whole(Expression("where", (Expression("step", (C,)), one, other)), place)
                assert len(CONDITION.findall(found)) == 1
                assert CONDITION.sub(lambda match: match[1], found) == whole(one, place)
                assert CONDITION.sub(lambda match: match[2], found) == whole(other, place)


@given(st.lists(st.tuples(TEXTS, st.booleans(), st.floats(6.0, 40.0)), min_size=1, max_size=4), st.floats(0.25, 3.0))
def test_letters_of_a_pdf_are_as_wide_and_as_high_as_in_the_picture(lines, shown):
    """By the widths and the matrix of their font and of their line; every letter is within the box of its font."""
    shapes = [word(text, bold=bold, size=size) for text, bold, size in lines]
    file = objects(pdf(shapes, (400.0, 300.0), "", LIGHT, shown))
    fonts = {}
    for font, number in re.findall(r"/F(\d+) (\d+) 0 R", file[3].decode("latin-1")):
        text = file[int(number)].decode("latin-1")
        matrix = re.search(rf"/FontMatrix \[({NUMBER}) 0 0 ({NUMBER}) 0 0\]", text)
        widths = re.search(r"/Widths \[(.*?)\]", text)[1].split()
        fonts[font] = [float(x) for x in matrix.groups()], [float(x) for x in widths]
        assert f"/LastChar {len(widths)} " in text
    expected = [(piece.width, shape.size) for shape in shapes for piece in pieces(shape.parts, shape.size)]
    written = re.findall(rf"BT ({NUMBER}) 0 0 ({NUMBER}) {NUMBER} {NUMBER} Tm (.*?) ET", stream(file[4]))
    for (across, down, parts), (width, size) in zip(written, expected, strict=True):
        advance = 0.0
        for font, codes in re.findall(r"/F(\d+) 1 Tf <(\w+)> Tj", parts):
            (a, d), widths = fonts[font]
            advance += a * float(across) * sum(widths[code - 1] for code in bytes.fromhex(codes))
            unit = -d * float(down)
            assert unit == pytest.approx(size * d, rel=1e-3)  # as high as its size
        assert advance == pytest.approx(width, rel=5e-3, abs=0.05)


def test_places_of_a_watch_are_lengths():
    """Each drawing has a share of the row and a least width; the network has the rest."""
    screen = Screen()
    trained([Watch(screen)], epochs=2)
    rooms = re.findall(r'<div style="flex:(.*?)">', screen.shown[-1])
    assert len(rooms) == 2
    grow = [re.fullmatch(r"([01]) 1 (\d+)px", room).groups() for room in rooms]
    assert [share for share, _ in grow] == ["0", "1"]
    assert all(200 <= int(least) <= 500 for _, least in grow)


def test_demo_draws_into_gallery_unless_told_otherwise(monkeypatch):
    """The folder is handed on as it is written."""
    folders: list[Path] = []
    monkeypatch.setattr(command, "demo", folders.append)
    assert command.main(["demo"]) == command.main(["demo", "--out", "a/b"]) == 0
    assert folders == [Path("gallery"), Path("a/b")]
