"""The stepper page as a teacher's tool: it asks for gradients, shows the reader's program, and embeds itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from autograd import Value, tanh
from tests.viz.chromium import Page
from tests.viz.stepping import box, chromium_fixture, neuron, place, show_fixture, spoken  # noqa: F401 - pytest uses two
from viz import source_lines


def asked(page: Page) -> str:
    """The question that stands there, or nothing."""
    return page.evaluate(
        "document.getElementById('question').hidden ? '' : document.getElementById('asked').textContent"
    )


def verdict(page: Page) -> str:
    """What was said of the last answer."""
    return page.evaluate("document.getElementById('verdict').textContent")


def answer(page: Page, text: str) -> str:
    """Write an answer and press Enter, as a student does; what is said of it."""
    page.evaluate("document.getElementById('answer').select()")
    page.evaluate("document.getElementById('answer').focus()")
    page.ask("Input.insertText", text=text)
    page.press("Enter")
    return verdict(page)


# What may tell the number of the step that is asked for.
TOLD = """JSON.stringify([document.getElementById("line").textContent, document.getElementById("rule").textContent,
  document.getElementById("note").textContent, document.getElementById("spoken").textContent,
  document.getElementById("chip").textContent, steps[now].edge === undefined ? "" :
  lines[steps[now].edge].querySelector("title").textContent,
  boxes[steps[now].node].querySelector(".derivative").textContent,
  buttonOf(boxes[steps[now].node]).getAttribute("aria-label"),
  boxes[steps[now].node].dataset.derivative])"""


def test_each_gradient_is_asked_for_before_it_is_shown(show):
    """From the first step of the backward pass to the last: nothing on the page has the number until it is answered."""
    page = show(tanh(neuron()) * 0.37, "#step=0&ask")
    page.evaluate("go(turn - 1)")
    count = page.evaluate("steps.length - turn")
    for _ in range(count):
        page.press("ArrowRight")
        truth = page.evaluate("steps[now].kind === 'seed' ? 1 : steps[now].term")
        missing = json.loads(page.evaluate(TOLD))
        assert asked(page).startswith(("What is ∂", "Another way leads to w. What does it add to ∂"))
        text = page.evaluate(f"number({truth!r})")
        assert not any(re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.])", part) for part in missing[:7:6])
        assert "?" in missing[0]
        assert missing[1:4:1][0] == missing[2] == ""
        assert answer(page, repr(truth)) == f"Right: {text}."
        assert asked(page) == ""
        assert text in json.loads(page.evaluate(TOLD))[0]
    assert page.evaluate("now") == page.evaluate("steps.length") - 1
    assert page.faults() == []


def test_wrong_answer_is_told_what_it_would_be_the_answer_to(show):
    """The sign, a factor left out, a sum in place of a product, a sum in place of a term; and the question stays."""
    page = show(neuron(), "#step=9&ask")
    step = page.evaluate("({...steps[now], partial: partials[steps[now].edge]})")
    assert (step["of"], step["partial"], step["term"], step["sum"]) == (-3.0, 2.0, -6.0, -11.0)
    assert answer(page, "6") == "The size is right, its sign is not."
    assert answer(page, "-3") == "That is what arrives at p; it is still to be multiplied by how p moves with w."
    assert answer(page, "2").startswith("That is how p moves with w; it is still to be multiplied by what arrives, −3.")
    assert answer(page, "−1") == "Along a way derivatives multiply; they add up where ways meet."
    assert answer(page, "-11") == "That is the sum so far; asked is what this way adds to it."
    assert answer(page, "5") == "Not 5: −3 arrives at p. How much does p move when w does?"
    assert answer(page, "two").startswith("Write a number, such as 0.5, −1/3 or 1e-3; got two")
    assert answer(page, "").startswith("Write a number, such as 0.5, −1/3 or 1e-3; got nothing")
    assert asked(page) == "Another way leads to w. What does it add to ∂e/∂w?"
    assert page.evaluate(f"{box('w')}.dataset.derivative") == "-5"
    assert answer(page, "−3 · 2") == "Right: −6."
    assert page.evaluate(f"{box('w')}.dataset.derivative") == "-11"


@pytest.mark.parametrize(
    ("text", "found"), [("1/4", 0.25), ("2*-3", -6.0), ("−0,5", -0.5), ("1e-3", 0.001), ("∞", None)]
)
def test_numbers_are_read_as_people_write_them(show, text, found):
    """Fractions, products, a comma, a sign as it is printed."""
    page = show(neuron())
    assert page.evaluate(f"read({text!r})") == found or page.evaluate(f"read({text!r}) === Infinity")


@pytest.mark.parametrize("text", ["", " ", "1/", "*2", "1//2", "1 2", "x", "1/0", "Infinity/Infinity"])
def test_what_is_no_number_is_no_answer(show, text):
    """Not even if the truth were nan."""
    assert show(neuron()).evaluate(f"read({text!r}) === undefined")


def test_answer_can_be_shown_and_the_mode_left(show):
    """Right arrow on an open question shows it; the button ends the questions; play waits until then."""
    page = show(neuron(), "#step=5")
    page.click("#ask")
    assert (asked(page), place(page)) == ("What is ∂e/∂z here?", "backward 1 of 6")
    assert page.evaluate("document.getElementById('play').disabled")
    assert page.evaluate("location.hash") == "#step=5&ask"
    page.press("ArrowRight")
    assert (asked(page), place(page)) == ("", "backward 1 of 6")
    assert "(1) · (−3) = −3" in spoken(page).replace(")·(", ") · (")
    page.press("ArrowRight")
    assert asked(page) == "What is ∂e/∂w here?"
    page.press("ArrowLeft")
    assert asked(page) == ""
    page.click("#ask")
    page.press("ArrowRight")
    assert asked(page) == ""
    assert page.evaluate("location.hash") == "#step=6"


def test_other_numbers_are_asked_for_again(show):
    """An answer was to the numbers that were there."""
    page = show(neuron(), "#step=5&ask")
    assert answer(page, "-3") == "Right: −3."
    page.evaluate("give(names.indexOf('w'), 4)")
    assert asked(page) == "What is ∂e/∂z here?"
    assert answer(page, "4") == "Right: 4."


# ── The reader's program ─────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_of_the_program_stand_beside_the_graph(show):
    """The line of each step, and in it the expression that the step is about."""
    with source_lines():
        x = Value(2.0, label="x")
        w = Value(-3.0, label="w")
        p = w * x

        e = tanh(p + 1.0) * w
    page = show(e)
    marked = "[...document.querySelectorAll('#code li.now mark')].map((m) => m.textContent).join()"
    texts = page.evaluate("[...document.querySelectorAll('#code code')].map((c) => c.textContent)")
    assert texts == ['x = Value(2.0, label="x")', 'w = Value(-3.0, label="w")', "p = w * x", "e = tanh(p + 1.0) * w"]
    assert page.evaluate("[...document.querySelectorAll('#code li')].map((li) => li.className)") == ["", "", "", "gap"]
    seen = []
    for _ in range(9):
        page.press("ArrowRight")
        seen.append(page.evaluate(marked))
    whole = "tanh(p + 1.0) * w"
    assert seen == [
        "w * x", "p + 1.0", "tanh(p + 1.0)", whole, whole, whole, whole, "tanh(p + 1.0)", "p + 1.0",
    ]  # fmt: skip
    page.press("Home")
    assert page.evaluate(marked) == ""
    assert page.faults() == []


def test_program_is_text_and_is_left_out_where_it_is_not_known(show):
    """Markup in a line is shown as it is; without lines there is no panel."""
    with source_lines():
        x = Value(2.0, label="</script><b>") * 3.0
    page = show(x, "#step=1")
    assert page.evaluate("document.querySelector('#code mark').textContent") == 'Value(2.0, label="</script><b>") * 3.0'
    assert page.evaluate("document.querySelectorAll('#code b').length") == 0
    assert page.faults() == []
    page = show(neuron(), "#step=1")
    assert page.evaluate("getComputedStyle(document.getElementById('code')).display") == "none"


# ── Embedding ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_line_to_embed_opens_the_page_at_its_step(show, tmp_path):
    """What the page offers to copy is one frame of HTML, and in another page it shows this step."""
    x = Value(2.0, label='"<x>&')
    page = show(tanh(x * x), "#step=3&ask")
    page.click("#embed")
    line = page.evaluate("document.getElementById('snippet').value")
    assert page.evaluate("document.activeElement.id") == "snippet"
    frames = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: frames.append((tag, dict(attrs)))  # type: ignore[method-assign]
    parser.feed(line)
    ((tag, attributes),) = frames
    assert tag == "iframe"
    assert attributes["src"] == "page.html#step=3&ask"
    page.click("#close")
    assert not page.evaluate("document.getElementById('sharing').open")
    host = tmp_path / "host.html"
    host.write_text(f"<!DOCTYPE html><meta charset=utf-8>{line}", encoding="utf-8")
    page.open(host.as_uri())
    assert page.evaluate("document.querySelector('iframe').getAttribute('title')").startswith("Stepping through v₂")
    assert page.faults() == []


def test_keys_in_the_dialog_are_the_dialog_s(show):
    """No step is taken behind it."""
    page = show(neuron(), "#step=2")
    page.click("#embed")
    page.press("ArrowRight", "End", " ")
    page.click("#close")
    assert place(page) == "forward 2 of 3"
