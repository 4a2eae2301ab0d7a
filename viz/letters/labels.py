"""Text in pictures: labels of every kind made fit to print, and the symbols of derivatives."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from autograd import Value

__all__ = ["bracketed", "clean", "cut", "derivative", "markup", "named", "quoted"]

LONGEST = 28

# What XML 1.0 forbids: control characters, lone surrogates, two non-characters.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(label: str) -> str:
    """A label on one line, with what no XML file may hold written as an escape."""
    text = FORBIDDEN.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), label)
    return " ".join(text.split())


def cut(label: str, longest: int = LONGEST) -> str:
    """A label short enough for a box; the tooltip has it whole."""
    return label if len(label) <= longest else label[: longest - 1] + "…"


def markup(text: str) -> str:
    r"""Text for one of Graphviz's HTML-like labels, where ``\N`` would otherwise become the name of the node."""
    return html.escape(text).replace("\\", "\\\\")


def quoted(text: str) -> str:
    r"""A tooltip as DOT attribute, in which Graphviz reads no entities and no escapes; a blank one stops its own.

    Graphviz replaces escapes such as ``\N``, the name of the node, twice in a tooltip: so a backslash takes four.
    """
    from graphviz import nohtml  # only who draws loads it

    escaped = text.replace("&", "&amp;").replace("\\", 4 * "\\").replace("\n", "\\n")
    return nohtml(escaped or " ")  # type: ignore[no-any-return]


def bracketed(number: str) -> str:
    """A number that is written as one factor or term after a sign: ``(−3)``, ``(1.2·10⁻⁷)``."""
    return f"({number})" if number.startswith("−") or "·" in number else number


def derivative(of: str, by: str, sign: str = "∂") -> str:
    """The symbol ``∂of/∂by``; names that are expressions go into parentheses."""
    return f"{sign}{_factor(of)}/{sign}{_factor(by)}"


def _factor(name: str) -> str:
    return f"({name})" if re.search(r"[\s+−*/×÷=-]", name) else name


def named(values: Iterable[Value], names: Mapping[str, object] | None = None) -> dict[Value, str]:
    """The name of every value that has one, no two alike.

    Parameters
    ----------
    values : iterable of Value
        What is drawn, in its order.
    names : mapping, optional
        Names to Values, such as ``locals()``; they win over labels. Whatever is no Value is passed over.
    """
    given: dict[Value, str] = {}
    for name, value in (names or {}).items():
        if isinstance(value, Value):
            given.setdefault(value, name)
    called = {value: clean(given.get(value) or value.label) for value in values}
    found = {value: name for value, name in called.items() if name}
    often = Counter(found.values())
    used: Counter[str] = Counter()
    for value, name in found.items():
        if often[name] > 1:
            used[name] += 1
            while f"{name} #{used[name]}" in often:
                used[name] += 1
            found[value] = f"{name} #{used[name]}"
    return found
