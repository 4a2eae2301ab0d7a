"""Why nothing observes these changes in the networks."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    ("nn.datasets.documents.seven_segments", '"XX…XX"', "no segment is called X"),
]
