"""What is said to make no difference is said of something that is there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import pytest

from autograd.op import Op
from tests.mutants.equivalent import EQUIVALENT, reason

#: What a change may write into a line.
WRITTEN = {"none", "true", "false", "and", "or", "not", "is", "in"}

PLACES = sorted({place for place, _, _ in EQUIVALENT} - {"*"})


def module_of(place: str) -> ModuleType:
    """The module that a place is in: as many of its names as one can import."""
    names = place.split(".")
    count = next(k for k in range(1, len(names) + 1) if k == len(names) or not found(".".join(names[: k + 1])))
    return import_module(".".join(names[:count]))


def found(name: str) -> bool:
    """Whether there is a module of that name."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is no package
        return False


def inside(module: ModuleType) -> Iterator[str]:
    """What a fault can be in: functions, classes, methods, and rows of the table of operations."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) == module.__name__ or isinstance(thing, Op):
            yield f"{module.__name__}.{name}"
            if inspect.isclass(thing):
                yield from (f"{module.__name__}.{name}.{method}" for method in vars(thing))


@pytest.mark.parametrize("place", PLACES)
def test_entry_names_what_exists(place: str) -> None:
    """By import and by attribute; a pattern names one thing at least."""
    assert [name for name in inside(module_of(place)) if fnmatchcase(name, place)]


def words(text: str) -> set[str]:
    """The names in a line."""
    return set(re.findall(r"\b[a-z_]\w*", text.replace("XX", "").lower()))


@pytest.mark.parametrize(("place", "piece"), [(a, b) for a, b, _ in EQUIVALENT if a != "*"])
def test_entry_has_the_words_of_its_module(place: str, piece: str) -> None:
    """But for what the change writes there, and for the names of the changes to the table."""
    code = piece.rsplit(": ", 1)[-1]
    assert words(code) - words(inspect.getsource(module_of(place))) <= WRITTEN


def test_no_reason_is_given_where_none_is_known() -> None:
    """The reason is that of the first entry of that function whose piece is in the change."""
    place, piece, why = next(entry for entry in EQUIVALENT if "*" not in entry[0] and "…" not in entry[1])
    assert reason(place, f"- before\n+ {piece}") == why
    assert reason(place, "- before\n+ after") == ""
    assert reason("autograd.nothing.at_all", piece) == ""
