"""What the documents claim, each quoted and tried from many starts; the verdict follows from how often it held.

A claim is a function below its quotation. It gives :class:`Evidence`: whether the claim held at each of at least
twenty starts (seeds, draws, shapes: whatever the claim speaks of), and a sentence with the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

LEAST = 20  # starts a verdict rests on
VERDICTS = ("right", "depends", "wrong")


@dataclass(frozen=True)
class Evidence:
    """How often a claim held, of what, and a sentence that says what was found.

    Parameters
    ----------
    held : sequence of bool
        One a start, at least twenty.
    of : str
        What the starts are, in the plural.
    text : str
        The figures.
    """

    held: Sequence[bool] | np.ndarray
    of: str
    text: str

    def __post_init__(self) -> None:
        if len(self.held) < LEAST:
            raise ValueError(f"a verdict rests on at least {LEAST} {self.of}, got {len(self.held)}")

    def __str__(self) -> str:
        return f"holds for {int(np.sum(self.held))} of {len(self.held)} {self.of}; {self.text}"


@dataclass(frozen=True)
class Judgement:
    """A row of the table."""

    quote: str
    verdict: str
    evidence: Evidence


@dataclass(frozen=True)
class Claim:
    """A quotation and how to try it.

    Parameters
    ----------
    quote : str
        In the document's words.
    mostly : bool
        Whether it says no more than that something happens as a rule: then two thirds are enough, not nine tenths.
    needs : str
        A package without which it cannot be tried, or none.
    test : callable
        Gives the evidence.
    """

    quote: str
    mostly: bool
    needs: str
    test: Callable[[], Evidence]

    def judge(self) -> Judgement:
        """Right if it held nearly always, wrong if nearly never, and otherwise it depends."""
        evidence = self.test()
        enough = 2.0 / 3.0 if self.mostly else 0.9
        share = float(np.mean(evidence.held))
        verdict = "right" if share >= enough else "wrong" if 1.0 - share >= enough else "depends"
        return Judgement(self.quote, verdict, evidence)


class Claims:
    """Those of one document, in its order."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []

    def __call__(
        self, quote: str, *, mostly: bool = False, needs: str = ""
    ) -> Callable[[Callable[[], Evidence]], Callable[[], Evidence]]:
        """Add the function below to the claims."""

        def add(test: Callable[[], Evidence]) -> Callable[[], Evidence]:
            self.claims.append(Claim(quote, mostly, needs, test))
            return test

        return add

    def __add__(self, others: Claims) -> Claims:
        """Those, and then the others."""
        both = Claims()
        both.claims = self.claims + others.claims
        return both

    def __len__(self) -> int:
        return len(self.claims)

    def judge(self) -> Iterator[Judgement]:
        """One after the other; those that cannot be tried here are left out."""
        for claim in self.claims:
            if not claim.needs or find_spec(claim.needs):
                yield claim.judge()


def spread(numbers: Sequence[float] | np.ndarray, form: str = ".3g") -> str:
    """The median, and the least and the greatest where they differ from it."""
    middle, least, greatest = (f"{f(numbers):{form}}" for f in (np.median, np.min, np.max))
    return middle if least == greatest else f"{middle} (median; {least} to {greatest})"
