"""Elementwise statements that only one other reads, computed where that does: what lies between is never written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd.compiler.backends.c.gathered import SumsOfProducts, Written
from autograd.compiler.matrices.statements import Linear, Map, Statement
from autograd.compiler.matrices.views import View

__all__ = ["Chained", "chained"]

# Longer ones would leave too few registers to what reads them.
SHORT = 2


class Chained(NamedTuple):
    """An elementwise statement that computes some of its operands, which others would have written first."""

    last: Map | Linear
    before: tuple[Map | Linear, ...]

    @property
    def target(self) -> View:
        """What it writes."""
        return self.last.target

    @property
    def operands(self) -> list[View]:
        """The views that it reads."""
        inner = [s.target for s in self.before]
        return [v for s in (self.last, *self.before) for v in s.operands if v not in inner]


def chained(
    sizes: dict[int, int], statements: Sequence[Statement | SumsOfProducts], outputs: View
) -> list[Statement | SumsOfProducts | Chained]:
    """The same statements, less those that are computed where they are read."""
    written = Written(sizes, statements, outputs)
    found: list[Statement | SumsOfProducts | Chained | None] = [*statements]
    for k, s in enumerate(statements):
        if not isinstance(s, Map | Linear):
            continue
        before: list[Map | Linear] = []
        places = []
        for view in dict.fromkeys(s.operands):
            i = written.only_for(view, k)
            inner = statements[i] if i >= 0 else None
            if (
                isinstance(inner, Map | Linear)
                and isinstance(found[i], Map | Linear)  # not one that computes others itself
                and inner.target == view
                and view.shape == s.target.shape
                and view.batched == s.target.batched
                and _is_short(inner)
                and not any(written.changes(v, v.slots(), i) for v in inner.operands)
            ):
                before.append(inner)
                places.append(i)
        if before:
            found[k] = Chained(s, tuple(before))
            for i in places:
                found[i] = None
    return [s for s in found if s is not None]


def _is_short(s: Map | Linear) -> bool:
    if isinstance(s, Map):
        return len(s.args) <= SHORT
    return s.mode == "=" and len(s.terms) <= SHORT and all(len(factors) <= SHORT for _, factors in s.terms)
