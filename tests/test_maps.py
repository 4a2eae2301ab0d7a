"""What ``help`` of each package begins with: a map of one screen."""

from __future__ import annotations

import importlib
import re

import pytest

PACKAGES = ("autograd", "nn", "viz", "autograd.testing")
SCREEN = 30  # lines of it, of 120 characters


@pytest.mark.parametrize("package", PACKAGES)
def test_map_fits_one_screen(package: str) -> None:
    """Thirty lines, the summary among them."""
    lines = (importlib.import_module(package).__doc__ or "").splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, lines)) <= 120
    assert any(line.startswith("====") for line in lines)


@pytest.mark.parametrize("package", PACKAGES)
def test_map_names_what_exists(package: str) -> None:
    """A name in the map is a name in the package, or a module that can be imported."""
    module = importlib.import_module(package)
    table = (module.__doc__ or "").split("====\n\n")[:-1]
    names = set(re.findall(r"``([A-Za-z_]\w*)(?=[`(])", "".join(table)))
    methods = {"save", "exact", "programs"}  # of a Picture; and modules
    assert [name for name in sorted(names - methods) if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", ["nn", "viz", "autograd.testing"])
def test_map_leaves_no_topic_out(package: str) -> None:
    """Two in three exported names stand in the map; the others are rows of the tables that it names."""
    module = importlib.import_module(package)
    named = [name for name in module.__all__ if f"``{name}``" in (module.__doc__ or "")]
    assert len(named) >= 2 / 3 * len(module.__all__)
