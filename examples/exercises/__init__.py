"""Exercises that check themselves: a blank from a document, to be filled in with plain NumPy or Python.

``check(function)`` compares a function with the engine and names the mistake, if it knows it. The exercises are in
``document_000.py`` to ``document_004.py``, as tasks with an answer by the engine; a mistake, in ``mistakes.py`` and
``special.py``, is that answer with one thing done wrongly; ``solutions.py`` has what students might write.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from . import document_000, document_001, document_002, document_003, document_004
from .answers import kind
from .diagnosis import CATALOGUE, Verdict, judge
from .exercise import Exercise, Exercises

DOCUMENTS: dict[str, Exercises] = {
    "000": document_000.EXERCISES,
    "001": document_001.EXERCISES,
    "002": document_002.EXERCISES,
    "003": document_003.EXERCISES,
    "004": document_004.EXERCISES,
}
EXERCISES: dict[str, Exercise] = {name: each for found in DOCUMENTS.values() for name, each in found.items()}

__all__ = ["CATALOGUE", "DOCUMENTS", "EXERCISES", "Exercise", "Verdict", "check", "judge", "named"]


def check(function: Any, exercise: str | None = None) -> None:
    """Say whether a function does what its exercise asks for, and if not, which mistake is in it.

    Parameters
    ----------
    function : callable
        The function itself, without brackets behind its name.
    exercise : str, optional
        Which exercise it is for; by default the one that it is named after.
    """
    try:
        if exercise is None and not hasattr(function, "__name__"):
            raise LookupError(
                f"check takes a function, got {kind(function)}; write its name without brackets behind it, as in "
                "check(logistic)"
            )
        print(judge(function, named(function.__name__ if exercise is None else exercise)).text)
    except LookupError as error:
        print(error.args[0])


def named(name: object) -> Exercise:
    """The exercise of that name.

    Raises
    ------
    LookupError
        If there is none, with a sentence for the student.
    """
    if not isinstance(name, str):
        raise LookupError(f"an exercise is named by a text, got {kind(name)}; as in check(function, 'logistic')")
    if name in EXERCISES:
        return EXERCISES[name]
    if name == "<lambda>":
        raise LookupError("a lambda has no name: say which exercise it is for, as in check(function, 'logistic')")
    if near := get_close_matches(name, EXERCISES, 1):
        raise LookupError(f"no exercise is named {name!r}; did you mean {near[0]!r}?")
    raise LookupError(
        f"no exercise is named {name!r}; there are {', '.join(EXERCISES)}; or say which it is, as in "
        "check(function, 'logistic')"
    )
