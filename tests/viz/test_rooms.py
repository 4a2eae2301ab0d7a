"""The house of ``viz``: imports between its rooms, and between its files, run one way."""

from __future__ import annotations

import ast
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import viz

HOUSE = Path(viz.__file__).parent
FILES = {".".join(path.relative_to(HOUSE.parent).with_suffix("").parts): path for path in HOUSE.rglob("*.py")}


def imported(path: Path) -> set[str]:
    """The modules of ``viz`` that a file imports, wherever in it."""
    found = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {str(node.module) for node in found if str(node.module).startswith("viz.")}


def room(module: str) -> str:
    """The folder of a module; a file that stands in none is a room of its own."""
    return module.split(".")[1] if "." in module else module


@pytest.mark.parametrize("place", [str, room], ids=["files", "rooms"])
def test_no_circles(place: Callable[[str], str]) -> None:
    """There is an order in which everything imports only what comes before it."""
    below: dict[str, set[str]] = {}
    for name, path in FILES.items():
        module = name.removesuffix(".__init__")
        below.setdefault(place(module), set()).update(map(place, imported(path)) if module != "viz" else ())
    graph = {name: found - {name} for name, found in below.items()}
    assert set().union(*graph.values()) - set(graph) == set()
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


def test_every_folder_says_what_is_inside() -> None:
    """In one sentence, in its ``__init__``."""
    folders = {path.parent for path in FILES.values()}
    assert all(ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) for folder in folders)
    assert len(folders) > 5


def test_files_fit_one_sitting() -> None:
    """None is longer than 250 lines."""
    assert {name: lines for name, path in FILES.items() if (lines := len(path.read_text().splitlines())) > 250} == {}
