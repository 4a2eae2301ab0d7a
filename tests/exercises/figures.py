"""How well exercises tell mistakes apart: ``python -m tests.exercises.figures`` tries 200 programs of each kind."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[2] / "examples"))

from exercises import EXERCISES, judge

from tests.exercises import network_templates, templates
from tests.exercises.grammar import Program, mistakes_in, write

TEMPLATES = [
    (name, template)
    for module in (templates, network_templates)
    for name, all_of_one in module.TEMPLATES.items()
    for template in all_of_one
]
MISTAKES = sorted(set().union(*(mistakes_in(template) for _, template in TEMPLATES)))


@dataclass
class Figures:
    """What was found in so many programs with one mistake, or with none."""

    tried: int
    different: int
    told: Counter[str]
    missed: list[Program]


def programs(count: int, mistake: str | None = None) -> Iterator[Program]:
    """As many as are asked for, of all templates that can have the mistake, in turn."""
    rng = np.random.default_rng([count, *(mistake or "").encode()])
    possible = [(name, each) for name, each in TEMPLATES if mistake is None or mistake in mistakes_in(each)]
    for i in range(count):
        yield write(*possible[i % len(possible)], rng, mistake)


def figures(count: int, mistake: str | None = None) -> Figures:
    """Judge them. A mistake is told if it, and no other, is named."""
    found = Figures(0, 0, Counter(), [])
    seen = set()
    for program in programs(count, mistake):
        verdict = judge(program.function(), EXERCISES[program.exercise])
        named = "right" if verdict.right else " and ".join(verdict.mistakes) or "unknown"
        found.tried += 1
        found.told[named] += 1
        seen.add(program)
        if named != (mistake or "right"):
            found.missed.append(program)
    found.different = len(seen)
    return found


def main(count: int = 200) -> None:
    """A row for each mistake."""
    print(f"| {'mistake':20} | programs | different | named rightly | else |\n|{'---|' * 5}")
    for mistake in (None, *MISTAKES):
        found = figures(count, mistake)
        right = found.told.pop(mistake or "right", 0)
        others = ", ".join(f"{name} {number}" for name, number in found.told.items())
        print(f"| {mistake or 'none':20} | {found.tried} | {found.different} | {right / found.tried:.1%} | {others} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
