"""What an entry is."""

from __future__ import annotations

#: Function (``*`` for any run of characters), a piece of a changed line as the run prints it (``…`` for any run of
#: characters), and why it makes no difference.
Entry = tuple[str, str, str]

EQUIVALENT: list[Entry] = [
    ("*", "strict=None", "strict=None is strict=False"),
    ("*", "zip(…, )", "the same: without strict"),
    ("*", "astype(None)", "NumPy's default is float64"),
    ("*", "strict=False", "the lengths are equal by construction; strict says so to the reader"),
]
