"""Names in pictures."""

import html
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from viz.letters.labels import clean, cut, derivative, named

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT)
def test_clean_text_can_stand_in_xml(label):
    """Control characters, lone surrogates and markup survive a parser as text on one line."""
    text = clean(label)
    assert ET.fromstring(f"<t>{html.escape(text)}</t>".encode()).text == (text or None)
    assert "\n" not in text


@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["C", "Z"])))
def test_ordinary_labels_stay_what_they_are(label):
    """Only white space and what XML forbids changes."""
    assert clean(label) == label


def test_control_characters_are_written_out():
    """What XML forbids can still be told apart."""
    assert clean("a\x00b\ud800\n c") == "a\\x00b\\ud800 c"


@given(st.lists(st.sampled_from(["a", "b", "a #1", "a #2", ""]), max_size=12))
def test_names_are_unique_and_keep_the_label(labels):
    """Values of one label are numbered, and a number never takes the name of another label."""
    values = [Value(0.0, label=label) for label in labels]
    names = named(values)
    assert len(set(names.values())) == len(names) == sum(label != "" for label in labels)
    assert all(name == value.label or name.startswith(f"{value.label} #") for value, name in names.items())
    assert all(names[value] == value.label for value in values if labels.count(value.label) == 1 and value.label)


def test_given_names_win_over_labels():
    """The first name given counts, and what is no Value is passed over."""
    x, y = Value(1.0, label="x"), Value(2.0, label="y")
    assert named([x, y], {"slope": x, "other": x, "number": 3}) == {x: "slope", y: "y"}


def test_long_names_are_cut():
    """A box stays readable; the tooltip has the whole name."""
    assert cut("w" * 40) == "w" * 27 + "…"
    assert cut("w" * 28) == "w" * 28


def test_derivatives_of_expressions_have_parentheses():
    """The slash of a derivative is not taken for that of a name."""
    assert derivative("ε", "w⁽¹⁾₂₀") == "∂ε/∂w⁽¹⁾₂₀"
    assert derivative("a + b", "c", "d") == "d(a + b)/dc"
