"""Programs as students might write them, right ones and wrong ones, by the hundred.

A template is a program with choices. ``{{a || b}}`` is written one way or the other; ``<<right ;; Sign: wrong>>`` is
written rightly, unless that mistake is to be made; ``$name`` is a variable that is called a little differently every
time. What comes out owes nothing to how the examples make their mistakes: they change what the engine does, these
change what a student types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

POINT = re.compile(r"<<(.*?)>>", re.DOTALL)
CHOICE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
VARIABLE = re.compile(r"\$([A-Za-z]\w*)")
ENDINGS = ("", "_", "1", "2", "_now", "_found", "x")

# What may happen to a right or wrong function besides, which changes none of its results.
WRAPPERS = {
    "as it is": "",
    "lists for arrays": """
def as_lists(thing):
    if isinstance(thing, (list, tuple)):
        return [as_lists(entry) for entry in thing]
    return np.asarray(thing).tolist()
written = {name}
def {name}(*arguments):
    return as_lists(written(*arguments))
""",
    "single precision": """
def single(thing):
    if isinstance(thing, list):
        return [single(entry) for entry in thing]
    return thing.astype(np.float32) if isinstance(thing, np.ndarray) and thing.dtype == float else thing
written = {name}
def {name}(*arguments):
    return written(*[single(argument) for argument in arguments])
""",
    "columns in memory": """
def turned(thing):
    if isinstance(thing, list):
        return [turned(entry) for entry in thing]
    return np.asfortranarray(thing) if isinstance(thing, np.ndarray) else thing
written = {name}
def {name}(*arguments):
    return written(*[turned(argument) for argument in arguments])
""",
    "one more axis": """
def deeper(thing):
    if isinstance(thing, (list, tuple)):
        return [deeper(entry) for entry in thing]
    return np.asarray(thing)[None]
written = {name}
def {name}(*arguments):
    found = written(*arguments)
    return tuple(map(deeper, found)) if isinstance(found, tuple) else deeper(found)
""",
}


@dataclass(frozen=True)
class Program:
    """A function in text."""

    exercise: str
    source: str
    wrapper: str

    def function(self):
        """The function itself."""
        scope = {"np": np}
        exec(compile(f"import math\n{self.source}", f"<{self.exercise}>", "exec"), scope)
        exec(WRAPPERS[self.wrapper].replace("{name}", self.exercise), scope)
        return scope[self.exercise]


def mistakes_in(template: str) -> set[str]:
    """Those that it gives an occasion for."""
    return {wrong.partition(":")[0].strip() for point in POINT.findall(template) for wrong in point.split(";;")[1:]}


def write(exercise: str, template: str, rng: np.random.Generator, mistake: str | None = None) -> Program:
    """One of the programs of a template."""

    def at_point(match: re.Match[str]) -> str:
        right, *wrongs = match[1].split(";;")
        for wrong in wrongs:
            name, _, text = wrong.partition(":")
            if name.strip() == mistake:
                return text.strip(" ")
        return right.strip(" ")

    def at_choice(match: re.Match[str]) -> str:
        options = match[1].split("||")
        return options[rng.integers(len(options))].strip(" ")

    names: dict[str, str] = {}
    source = CHOICE.sub(at_choice, POINT.sub(at_point, template))
    source = VARIABLE.sub(lambda m: names.setdefault(m[1], m[1] + ENDINGS[rng.integers(len(ENDINGS))]), source)
    return Program(exercise, source.strip("\n") + "\n", list(WRAPPERS)[rng.integers(len(WRAPPERS))])
