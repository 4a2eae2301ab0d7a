"""Pictures as files, pages and notebook cells, with either form of Graphviz and with none."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from autograd import Value
from tests.viz.reading import document_001, texts, titles
from viz.letters.labels import clean, cut
from viz.rendering import engines
from viz.rendering import picture as pictures

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), min_size=1)
NASTY = ['"', "'", "<b>&amp;</b>", "\\", "\\n", "\\N", "a\nb", "]]>", "--", "{x|y}", "<", "&#65;"]
NASTY += ["w⁽¹⁾₂₀", "𝒘", "ŵ", "y" * 300]


def labelled(labels):
    """A picture with a Value of each label."""
    return viz.graph(sum((Value(1.0, label=label) for label in labels), Value(0.0)), max_nodes=1000)


@pytest.fixture
def picture():
    """A small picture of a graph."""
    return viz.graph(document_001()[1])


@pytest.mark.parametrize(
    ("suffix", "beginning"),
    [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph"), ("html", b"<!DOCTYPE html>")],
)
def test_save_writes_the_form_its_suffix_names(tmp_path, engine, picture, suffix, beginning):
    """Each form by either engine; the path comes back."""
    path = picture.save(tmp_path / f"graph.{suffix}")
    assert path == tmp_path / f"graph.{suffix}"
    assert path.read_bytes().startswith(beginning)


def test_save_refuses_another_suffix(picture):
    """The error lists the suffixes."""
    expected = r"save takes a name that ends in \.svg, \.png, \.pdf, \.dot, \.html, got 'a\.jpg'; choose one of these"
    with pytest.raises(ValueError, match=expected):
        picture.save("a.jpg")


def test_save_takes_text_for_a_path(tmp_path, picture):
    """A str is as good as a Path."""
    assert picture.save(str(tmp_path / "a.dot")).read_text(encoding="utf-8") == picture.dot


def test_svg_is_the_same_drawing_with_either_engine(engine, picture):
    """Every number and label is there as text, whoever laid it out."""
    written = "".join(texts(picture.svg))
    assert all(text in written for text in ("w⁽¹⁾₂₀", "relu", "ε", "exactly zero"))


def test_svg_scales_and_says_what_it_shows(engine, picture):
    """A viewBox, a width that gives way, a title for those who cannot see it, and text as text."""
    root = ET.fromstring(picture.svg)
    assert {"viewBox", "width", "height"} <= set(root.keys())
    assert root.get("style") == "max-width:100%;height:auto"
    assert (root.get("role"), root.get("aria-label")) == ("img", picture.title)
    assert root[0].tag.endswith("title")
    assert root[0].text == picture.title


def test_spaces_between_texts_are_kept(engine, picture):
    """A browser drops the space a text begins with, unless told otherwise: ``a = relu``, not ``a= relu``."""
    elements = [element for element in ET.fromstring(picture.svg).iter() if element.tag.endswith("}text")]
    assert {element.get("{http://www.w3.org/XML/1998/namespace}space") for element in elements} == {"preserve"}


def test_two_pictures_share_no_id(engine, picture):
    """Nothing in a drawing has an id, so two in one page cannot collide."""
    assert not [element for element in ET.fromstring(picture.svg).iter() if element.get("id") is not None]


def test_svg_refers_to_nothing_outside(engine, picture):
    """No link, no script, no address but that of the namespace."""
    assert picture.svg.count("http") == 1
    assert "href" not in picture.svg


def test_tooltips_have_full_precision(engine, picture):
    """A box says its whole number and derivative."""
    _, loss = document_001()
    assert any(f"value {loss.data!r}" in title for title in titles(picture.svg))


def test_labels_of_every_kind_are_drawn(engine):
    """Quotes, markup, escapes, new lines and long names: well formed, each in its box and whole in its tooltip."""
    svg = labelled(NASTY).svg
    written, tips = "".join(texts(svg)), titles(svg)
    for label in NASTY:
        assert cut(clean(label)) in written
        assert any(tip.startswith(f"{clean(label)}: a leaf\n") for tip in tips)


@settings(max_examples=10)
@given(st.lists(ANY_TEXT, min_size=1, max_size=40))
def test_labels_of_any_text_give_well_formed_svg(labels):
    """Whatever Unicode holds, a parser reads the drawing back."""
    assert len(titles(labelled(labels).svg)) > len(labels)


def test_dot_is_the_same_in_every_run():
    """Byte for byte, whatever the hash seed."""
    code = (
        "import viz; from tests.viz.reading import document_001; model, loss = document_001();"
        "levels = ('value', 'named', 'neuron', 'layer');"
        "print(*(viz.graph(loss, level=level, model=model).dot for level in levels));"
        "print(viz.chain_rule(loss).dot, viz.network(model).dot, viz.chain_rule(loss).formula)"
    )
    environment = {"PYTHONPATH": str(Path.cwd()), "PYTHONUTF8": "1"}
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env=environment | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].count(b"digraph") == 6


def test_import_loads_no_drawing_library():
    """Whoever only wants a number does not pay for matplotlib or Graphviz."""
    code = "import sys, viz; print({'matplotlib', 'graphviz', 'pygraphviz', 'IPython'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert run.stdout == "set()\n"


def test_notebooks_get_the_drawing(engine, picture):
    """A cell shows SVG, a terminal a line of text."""
    bundle = picture._repr_mimebundle_()
    assert bundle["image/svg+xml"] == picture.svg
    assert bundle["text/plain"] == repr(picture) == "<Picture: the graph of ε, 27 values>"


def test_without_an_engine_every_form_is_the_same(engine, picture):
    """Graphviz is for those who edit the DOT text: no form of a picture waits for it, and none changes with it."""
    forms = (picture.svg, picture.html, picture.dot)
    assert forms == (viz.graph(document_001()[1]).svg, picture.html, picture.dot)
    assert "<td>a⁽¹⁾₀</td><td>relu</td>" in picture.html


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "dot", "html"])
def test_without_an_engine_every_form_is_written(no_engine, tmp_path, picture, suffix):
    """By our own SVG writer, and by matplotlib."""
    if suffix in ("png", "pdf"):
        pytest.importorskip("matplotlib")
    assert picture.save(tmp_path / f"a.{suffix}").stat().st_size > 1000


def test_pdf_says_nothing_of_when_it_was_drawn(picture, tmp_path):
    """So the same picture has the same bytes."""
    pytest.importorskip("matplotlib")
    assert b"CreationDate" not in picture.save(tmp_path / "a.pdf").read_bytes()


def test_without_an_engine_a_notebook_shows_the_drawing(no_engine, picture):
    """A missing program is no traceback in a cell, and no apology either."""
    assert picture._repr_mimebundle_()["image/svg+xml"] == picture.svg


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_without_matplotlib_graphviz_draws(engine, monkeypatch, tmp_path, picture, form):
    """At the places that stand in the DOT text."""
    monkeypatch.setattr(pictures, "available", lambda: False)
    beginning = {"png": b"\x89PNG", "pdf": b"%PDF"}[form]
    assert picture.save(tmp_path / f"a.{form}").read_bytes().startswith(beginning)


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_without_either_the_error_names_both(no_engine, monkeypatch, tmp_path, picture, form):
    """One sentence with what to run."""
    monkeypatch.setattr(pictures, "available", lambda: False)
    expected = (
        rf"^drawing {form} takes matplotlib or Graphviz, and neither matplotlib nor a program 'dot' nor the package "
        r"'pygraphviz' \(2 or later\) was found; run: pip install matplotlib, or install Graphviz "
        r"\(graphviz.org/download\); \.svg, \.html and \.dot work without$"
    )
    with pytest.raises(viz.EngineNotFound, match=expected):
        picture.save(tmp_path / f"a.{form}")


def fake_dot(folder, script):
    """A program called ``dot``, first on the PATH."""
    program = folder / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a shell script")
def test_engine_that_fails_is_quoted(tmp_path, monkeypatch):
    """What a layout program complains of reaches the user."""
    monkeypatch.setenv("PATH", fake_dot(tmp_path, "echo 'no such font' >&2; exit 3"))
    with pytest.raises(viz.EngineError, match=r"^dot could not draw this svg; it said: no such font$"):
        viz.Picture("edited", dot="digraph { a -> b }").svg  # noqa: B018


@pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a shell script")
def test_engine_that_hangs_is_stopped(tmp_path, monkeypatch):
    """A layout has a time limit, and the error says how to draw less."""
    monkeypatch.setenv("PATH", fake_dot(tmp_path, "exec /bin/sleep 60"))
    monkeypatch.setattr(engines, "TIME_LIMIT", 0.2)
    with pytest.raises(viz.EngineError, match="dot was stopped after 0 s without finishing this svg; draw less"):
        viz.Picture("edited", dot="digraph { a -> b }").svg  # noqa: B018


def test_old_pygraphviz_is_no_engine(monkeypatch):
    """Version 1 needs the ``dot`` program itself."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(engines.metadata, "version", lambda name: "1.14")
    assert engines.engines() == {}
