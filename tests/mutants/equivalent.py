"""Faults that change nothing that can be observed, each with the reason."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
