"""Long work says how far it has come: after two seconds, and not before."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "examples"))

import working


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Time passes when the test says so."""
    now = [100.0]
    monkeypatch.setattr(working.time, "monotonic", lambda: now[0])
    return now


def test_quick_work_is_silent(clock):
    """Under two seconds in all."""
    stream = io.StringIO()
    for _ in working.working(range(10), "things", stream=stream):
        clock[0] += 0.19
    assert stream.getvalue() == ""


def test_long_work_has_a_line_every_two_seconds(clock):
    """With how many are done; it gives every item, in order."""
    stream, items = io.StringIO(), []
    for item in working.working(iter("abcdef"), "things", 6, stream):
        items.append(item)
        clock[0] += 1.0
    assert items == list("abcdef")
    assert stream.getvalue() == "things: 2 of 6\nthings: 4 of 6\n"


def test_on_a_terminal_the_line_is_written_over_and_goes(clock):
    """It leaves nothing behind, also where the work is given up."""
    for stop in (None, 3):
        stream = Terminal()
        for item in working.working(range(1, 4), "things", stream=stream):
            clock[0] += 2.0
            if item == stop:
                break
        shown, *rest = stream.getvalue().split("\r")
        assert shown == "things: 1 of 3"
        assert rest[-1] == ""
        assert rest[-2].strip() == ""
        assert len(rest[-2]) == len(shown)


def test_work_inside_of_work_is_said_in_one_line(clock):
    """And no faster than every two seconds together."""
    stream = io.StringIO()
    for _ in working.working("ab", "outer", stream=stream):
        for _ in working.working([1, 2, 3], "inner", stream=stream):
            clock[0] += 1.0
    assert stream.getvalue() == (
        "outer: 0 of 2, inner: 2 of 3\nouter: 1 of 2, inner: 1 of 3\n"
    )  # fmt: skip
    clock[0] += 10.0
    list(working.working([1], "later", stream=stream))
    assert "later" not in stream.getvalue()
