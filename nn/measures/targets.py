"""Which targets a loss takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value

__all__ = ["SIGNS", "UNIT_INTERVAL", "Targets"]


@dataclass(frozen=True)
class Targets:
    """Which targets a loss takes: a rule in words and in code, for one number or an array of them."""

    rule: str
    allowed: Callable[[Any], Any]
    advice: str

    def check(self, target: Any) -> None:
        """Refuse a target, or an array with a target, that the loss does not take; a Value may be any number."""
        if isinstance(target, Value):
            return
        allowed = self.allowed(target)
        if allowed is not True and not np.all(allowed):
            wrong = np.asarray(target)[~np.asarray(allowed)].flat[0]
            raise ValueError(f"this loss takes targets {self.rule}, got {wrong:g}; {self.advice}")


SIGNS = Targets("-1 and 1", lambda t: (t == -1.0) | (t == 1.0), "from 0 and 1 they are 2 * y - 1")
UNIT_INTERVAL = Targets("from 0 to 1", lambda t: (t >= 0.0) & (t <= 1.0), "from -1 and 1 they are (y + 1) / 2")
