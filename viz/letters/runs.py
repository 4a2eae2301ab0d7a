"""Text of several kinds in one line: bold, slanted, coloured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

from viz.letters.font import outline, width

__all__ = ["Piece", "Run", "broken", "pieces", "plain", "runs", "wide"]


class Run(NamedTuple):
    """Letters of one kind; without a colour they have that of their line."""

    text: str
    bold: bool = False
    italic: bool = False
    colour: str = ""


class Piece(NamedTuple):
    """Part of a run that is set at once: text with its width, or the outline of one character in its place."""

    run: Run
    start: float
    width: float
    outline: str | None


@lru_cache(maxsize=4096)  # a cell is measured several times before it is written
def runs(markup: str) -> tuple[Run, ...]:
    """What a line in Graphviz's HTML-like markup says, of which only ``b``, ``i`` and ``font color`` count."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return tuple(reader.found)


def plain(line: Iterable[Run]) -> str:
    """The bare text."""
    return "".join(run.text for run in line)


def wide(line: Iterable[Run], size: float) -> float:
    """How wide the whole line is."""
    return sum(width(run.text, size, run.bold) for run in line)


def pieces(line: Iterable[Run], size: float) -> Iterator[Piece]:
    """The line cut where the kind changes and around characters that are drawn; blanks at a cut become distance."""
    start = 0.0
    for run in line:
        word = ""
        for letter in (*run.text, None):
            shape = outline(letter, run.bold) if letter else None
            if letter and shape is None:
                word += letter
                continue
            if word.strip():
                lead = width(word[: len(word) - len(word.lstrip())], size, run.bold)
                yield Piece(
                    run._replace(text=word.strip()), start + lead, width(word.strip(), size, run.bold), outline=None
                )
            start += width(word, size, run.bold)
            word = ""
            if letter:
                yield Piece(run._replace(text=letter), start, width(letter, size, run.bold), shape)
                start += width(letter, size, run.bold)


def broken(text: str, size: float, room: float, indent: float = 0.0) -> list[str]:
    """Text in lines no longer than ``room``, broken at blanks and between factors; all but the first indented."""
    lines: list[str] = []
    for word in re.split(r"(?<= )|(?<=·)(?=[∂(])", text):
        if lines and width((lines[-1] + word).rstrip(), size) + (indent if len(lines) > 1 else 0.0) <= room:
            lines[-1] += word
        else:
            lines.append(word)
    return [line.rstrip() for line in lines]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Run] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, dict(attrs).get("color") or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        colour = next((colour for _, colour in reversed(self._open) if colour), "")
        self.found.append(Run(data.replace("\\\\", "\\"), "b" in tags, "i" in tags, colour))
