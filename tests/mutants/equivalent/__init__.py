"""Changes that nothing observes, each with the reason: found to be equivalent by reading, not by running."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from importlib import import_module
from pkgutil import iter_modules

from tests.mutants.equivalent.entries import Entry

#: Every entry of every file of this folder.
EQUIVALENT: list[Entry] = [
    entry for module in iter_modules(__path__) for entry in import_module(f"{__name__}.{module.name}").EQUIVALENT
]


def reason(where: str, change: str) -> str:
    """Why a change in a function makes no difference; empty if nobody has said so."""
    return next((why for place, piece, why in EQUIVALENT if fnmatchcase(where, place) and _has(change, piece)), "")


def _has(change: str, piece: str) -> bool:
    return re.search(".*".join(map(re.escape, piece.split("…"))), change) is not None
