"""The chain rule written out: sums over paths of products along each, as text and as LaTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

from autograd import Paths, Value
from viz.letters.labels import derivative
from viz.scenes.scene import Scene
from viz.theme import number

__all__ = ["PathsTo", "derivation", "latex", "latex_name", "text"]

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()")
ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot",
    "\u0308": "ddot",
}  # fmt: skip
MATHS = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "#": r"\#", "%": r"\%", "&": r"\&", "_": r"\_", "$": r"\$",
    "^": r"\wedge ", "~": r"\sim ", " ": r"\ ", "−": "-", "·": r"\cdot ", "×": r"\times ", "÷": r"\div ",
    "∞": r"\infty ", "√": r"\surd ", "∂": r"\partial ", "ε": r"\varepsilon ", "φ": r"\varphi ",
}  # fmt: skip
TOKENS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾]+|[₀₁₂₃₄₅₆₇₈₉₊₋₍₎,]*[₀₁₂₃₄₅₆₇₈₉₊₋₍₎]|[A-Za-z]{2,}|.[\u0300-\u036f]*", re.DOTALL)


class PathsTo(NamedTuple):
    """A leaf and the paths to it."""

    leaf: Value
    paths: Paths


def text(view: Scene, found: Sequence[PathsTo]) -> str:
    """For each leaf: one line for one path, else a line a path and a line for the sum."""
    lines = []
    for rows in (derivation(view, to) for to in found):
        width = len(rows[0][0])
        lines += [f"{left:<{width}} {right}" for left, right in rows]
    return "\n".join(lines)


def derivation(view: Scene, to: PathsTo) -> list[tuple[str, str]]:
    """The lines of one leaf, each in two columns: the derivative, and what it equals."""
    whole, sum_of = derivative(view.root_name, view.names[to.leaf], "d"), to.paths
    result = number(sum_of.gradient)
    if not sum_of:
        return [(whole, f"= {result}")]
    products = [_symbols(view, path.nodes) for path in sum_of]
    numbers = ["·".join(f"({number(partial)})" for partial in path.partials) for path in sum_of]
    if len(sum_of) == 1 == sum_of.total:
        steps = [products[0], *([numbers[0]] if len(sum_of[0].partials) > 1 else []), result]
        return [(whole, "= " + " = ".join(steps))]
    lines = [
        f"{'=' if i == 0 else '+'} {symbols} = {values} = {number(path.product)}"
        for i, (symbols, values, path) in enumerate(zip(products, numbers, sum_of, strict=True))
    ]
    if others := sum_of.total - len(sum_of):
        lines.append(f"+ {others:,} more path{'s' * (others > 1)} = {number(sum_of.rest)}")
    return list(zip_longest([whole], [*lines, f"= {result}"], fillvalue=""))


def _symbols(view: Scene, nodes: Sequence[Value]) -> str:
    return "·".join(derivative(view.names[above], view.names[below]) for above, below in pairwise(nodes))


def latex(view: Scene, found: Sequence[PathsTo]) -> str:
    """The same for LaTeX's ``align*``, without the environment."""
    return " \\\\\n".join(_latex_derivation(view, to) for to in found)


def _latex_derivation(view: Scene, to: PathsTo) -> str:
    whole, sum_of = _fraction("d", view.root_name, view.names[to.leaf]), to.paths
    terms = [
        "".join(_fraction(r"\partial ", view.names[above], view.names[below]) for above, below in pairwise(path.nodes))
        for path in sum_of
    ]
    numbers = [r" \cdot ".join(f"({latex_name(number(partial))})" for partial in path.partials) for path in sum_of]
    if others := sum_of.total - len(sum_of):
        terms.append(rf"\text{{{others:,} more}}")
        numbers.append(f"({latex_name(number(sum_of.rest))})")
    lines = [" + ".join(terms), " + ".join(numbers)] if sum_of else []
    lines.append(latex_name(number(sum_of.gradient)))
    return f"{whole} &= " + " \\\\\n&= ".join(lines)


def _fraction(sign: str, of: str, by: str) -> str:
    return rf"\frac{{{sign}{latex_name(of)}}}{{{sign}{latex_name(by)}}}"


def latex_name(name: str) -> str:
    r"""A label as LaTeX mathematics: ``w^{(1)}_{20}`` for ``w⁽¹⁾₂₀``, ``\hat{y}`` for ``ŷ``."""
    return "".join(_latex_token(token) for token in TOKENS.findall(unicodedata.normalize("NFD", name))).strip()


def _latex_token(token: str) -> str:
    if (above := token.translate(SUPERSCRIPTS)) != token:
        return f"^{{{above}}}"
    if (below := token.translate(SUBSCRIPTS)) != token:
        return f"_{{{below}}}"
    if len(token) > 1 and token.isascii():
        return rf"\mathrm{{{token}}}"
    letter = MATHS.get(token[0]) or _greek(token[0])
    for accent in token[1:]:
        letter = rf"\{ACCENTS[accent]}{{{letter}}}" if accent in ACCENTS else letter + accent
    return letter


def _greek(letter: str) -> str:
    r"""``\alpha`` for ``α``; every other letter as it is."""
    small = re.fullmatch("GREEK SMALL LETTER ([A-Z]+)", unicodedata.name(letter, ""))
    large = re.fullmatch("GREEK CAPITAL LETTER ([A-Z]+)", unicodedata.name(letter, ""))
    if small:
        return rf"\{small[1].lower()} "
    return rf"\{large[1].capitalize()} " if large else letter
