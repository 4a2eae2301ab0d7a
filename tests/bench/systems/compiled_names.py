"""The language model among the examples, compiled; making the program is part of the price of a thousand steps."""

from __future__ import annotations

from tests.bench import microgpt

STEPS = 1000
WORKS = {"microgpt": lambda: microgpt.compiled}
