"""What the documentation shows is what happens."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

import autograd
import nn
import viz

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    module.name
    for package in (autograd, nn, viz)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__")
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_give_what_they_say(name):
    """Every example in a docstring runs and prints what stands below it."""
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_readme_code_runs_in_order_and_prints_what_its_comments_say(tmp_path, monkeypatch, capsys):
    """A reader who pastes the README's blocks one after the other sees the numbers in the comments."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, "README.md", "exec"), namespace)
        shown = capsys.readouterr().out.split("\n")
        promised = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        assert [line for line in shown if line][: len(promised)] == promised
    assert len(BLOCKS) >= 3


def test_readme_names_the_two_commands():
    """The README offers exactly the two commands that continuous integration runs."""
    assert re.search(r"^make demo$", README, re.MULTILINE)
    assert re.search(r"^make test$", README, re.MULTILINE)


def test_readme_installs_a_folder_with_extras_that_exist():
    """A name with ``@ .`` behind it is no requirement to pip; a folder with its extras is one to every version."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    installed = re.findall(r"^pip install (.*)$", README, re.MULTILINE)
    assert installed
    for argument in installed:
        folder = re.fullmatch(r"'\.\[(\w+)\]'", argument)
        assert folder, argument
        assert folder[1] in extras
