"""The optimisers that the page has, each with its settings and what it remembers, as ``nn`` has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from autograd.convert import describe, kind_of
from nn.optimizers import (
    SGD,
    Adam,
    AdamW,
    ConstantSchedule,
    CosineSchedule,
    LinearSchedule,
    Optimizer,
    RMSProp,
    StepSchedule,
)  # fmt: skip

__all__ = ["rules"]

# What the page offers, by the words it uses.
OFFERED: dict[str, Callable[[], Optimizer]] = {
    "sgd": lambda: SGD(0.1),
    "momentum": lambda: SGD(0.1, momentum=0.9),
    "rmsprop": lambda: RMSProp(0.01),
    "adam": lambda: Adam(0.01),
    "adamw": lambda: AdamW(0.01),
}
KINDS = (SGD, RMSProp, Adam, AdamW)
SCHEDULES = (ConstantSchedule, StepSchedule, LinearSchedule, CosineSchedule)


def rules(chosen: Any) -> dict[str, Any]:
    """Every optimiser of the page, and which one it begins with."""
    known = ", ".join(map(repr, OFFERED))
    if isinstance(chosen, str):
        if chosen not in OFFERED:
            raise ValueError(f"optimizer of viz.live is one of {known}, or an optimiser, got {chosen!r}")
        first = chosen
        made = {name: make() for name, make in OFFERED.items()}
    else:
        if type(chosen) not in KINDS:
            raise TypeError(
                f"optimizer of viz.live is one of {known}, or one of the classes "
                f"{', '.join(kind.__name__ for kind in KINDS)}, got {kind_of(chosen)}; the page has no other"
            )
        if callable(chosen.learning_rate) and type(chosen.learning_rate) not in SCHEDULES:
            raise TypeError(
                "optimizer of viz.live has a number for its learning rate, or one of the schedules "
                f"{', '.join(kind.__name__ for kind in SCHEDULES)}, got {describe(chosen.learning_rate)}; in the page "
                "the rate can also be changed by hand"
            )
        first = "momentum" if getattr(chosen, "momentum", 0.0) else type(chosen).__name__.lower()
        made = {name: chosen if name == first else make() for name, make in OFFERED.items()}
    return {
        "first": list(OFFERED).index(first),
        "offered": [
            {
                "label": name,
                "kind": type(one).__name__,
                "settings": {**one._settings(), "learning_rate": one.rate},
                "schedule": _schedule(one),
                "memory": _memory(one),
            }
            for name, one in made.items()
        ],
    }


def _schedule(optimizer: Optimizer) -> dict[str, Any] | None:
    """The schedule of the learning rate, where there is one: its kind, its numbers, and what Python calls it."""
    rate: Any = optimizer.learning_rate
    return {"kind": type(rate).__name__, "text": repr(rate), **asdict(rate)} if callable(rate) else None


def _memory(optimizer: Optimizer) -> list[str]:
    """What it remembers of each parameter."""
    plain = isinstance(optimizer, SGD) and not optimizer.momentum
    return [] if plain else sorted(optimizer._remembers)
