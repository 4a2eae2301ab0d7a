"""A package as its user has it, to be read by compiled functions."""

import sys

import pytest

from tests.compiler.outside import make_module

NAME = "settings_of_a_user"


@pytest.fixture
def settings():
    """A package of the user's, a module in it, and nothing left of them afterwards."""
    package = make_module(NAME, "from importlib import import_module", __path__=[], __package__=NAME)
    package.inner = make_module(
        f"{NAME}.inner",
        "thing = RATE = 2.0\n"
        "def scaled(x): return x * read(thing)\n"
        "def lazily(x):\n"
        f"    from {NAME}.inner import thing\n"
        "    return x * read(thing)\n"
        "def next_door(x):\n"
        "    from . import inner\n"
        "    return x * read(inner.thing)\n"
        "def beside(x):\n"
        "    from .inner import thing\n"
        "    return x * read(thing)\n"
        "def up(x):\n"
        "    from .. import settings_of_a_user\n"
        "    return x\n",
        __package__=NAME,
    )
    yield package
    del sys.modules[NAME], sys.modules[f"{NAME}.inner"]
