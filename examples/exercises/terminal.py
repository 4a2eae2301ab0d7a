"""Exercises in a terminal: a file of blanks to fill in, and what is said of it."""

from __future__ import annotations

import textwrap
import traceback
from pathlib import Path
from typing import Any

from . import DOCUMENTS, EXERCISES, judge
from .exercise import Exercise

HEAD = '''"""Exercises of five documents: fill in some, then run python -m examples exercises with this file's name."""

import numpy as np
'''


def exercises(path: Path | None) -> int:
    """List them, begin a file of blanks, or check one; how many answers are wrong."""
    if path is None:
        listed()
        return 0
    if not path.exists():
        path.write_text(blanks(), encoding="utf-8")
        print(f"{path} has {len(EXERCISES)} blanks: fill in some of them, then run the same command again")
        return 0
    return checked(path)


def listed() -> None:
    """Name and first line of each."""
    for document, found in DOCUMENTS.items():
        print(f"\nDocument {document}")
        for each in found.values():
            print(f"  {each.name:26} {each.task.splitlines()[0]}")
    print("\npython -m examples exercises FILE writes them into a file, with blanks; the same command then checks it")


def blank(exercise: Exercise, task: bool = True) -> str:
    """The function to fill in, with its task if that does not stand above."""
    text = f'"""{exercise.task}' + ('\n"""\n' if "\n" in exercise.task else '"""\n') if task else ""
    body = textwrap.indent(f"{text}raise NotImplementedError", "    ")
    return f"def {exercise.name}({exercise.parameters}):\n{body}\n"


def blanks() -> str:
    """A file of them, document by document."""
    parts = [HEAD]
    for document, found in DOCUMENTS.items():
        own = [each for each in found.values() if not any(f"def {each.name}(" in part for part in parts)]
        parts += [f"# Document {document}\n", *map(blank, own)]
    return "\n\n".join(parts)


def checked(path: Path) -> int:
    """Say of each answer in a file what is to be said."""
    try:
        answers = functions(path)
    except SystemExit as error:
        print(error)
        return 1
    known = [each for each in EXERCISES.values() if each.name in answers]
    if not known:
        print(f"{path} has no function that is named after an exercise; python -m examples exercises lists them")
        return 1
    verdicts = [judge(answers[each.name], each) for each in known]
    untouched = [" is still a blank" in verdict.text for verdict in verdicts]
    for verdict, empty in zip(verdicts, untouched, strict=True):
        if not empty:
            sign = "✓" if verdict.right else "✗"
            print(textwrap.fill(f"{sign} {verdict.text}", 100, subsequent_indent="  "))
    right, blanks_left = sum(verdict.right for verdict in verdicts), sum(untouched)
    wrong = len(verdicts) - right - blanks_left
    print(f"\n{right} right, {wrong} wrong, {blanks_left} blank")
    return wrong


def functions(path: Path) -> dict[str, Any]:
    """What a file defines; where that cannot be found out, the program ends with a sentence."""
    scope: dict[str, Any] = {"__name__": "answers", "__file__": str(path)}
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
    except SyntaxError as error:
        raise SystemExit(f"{path} is no Python, line {error.lineno}: {error.msg}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} cannot be read: {error}") from None
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        where = f", line {lines[-1]}" if lines else ""
        raise SystemExit(f"{path} ends in an error{where}: {type(error).__name__}: {error}") from None
    return scope
