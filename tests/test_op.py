"""What a row of the table says of itself."""

from __future__ import annotations

import math

import pytest

from autograd import Interval
from autograd.op import NONZERO, POSITIVE, REAL


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        (REAL, [0.0, -1e308, 5e-324], [math.inf, -math.inf, math.nan]),
        (POSITIVE, [5e-324, 1e308], [0.0, -0.0, -1.0, math.inf]),
        (NONZERO, [5e-324, -5e-324], [0.0, -0.0]),
        (Interval(-1.0, 1.0), [0.0, math.nextafter(1.0, 0.0)], [-1.0, 1.0, 2.0]),
    ],
    ids=str,
)
def test_interval_has_neither_its_ends_nor_its_poles(
    interval: Interval, inside: list[float], outside: list[float]
) -> None:
    """It is open."""
    assert [x in interval for x in inside] == [True] * len(inside)
    assert [x in interval for x in outside] == [False] * len(outside)


def test_interval_names_every_pole() -> None:
    """One after the other."""
    assert str(Interval(-1.0, 4.0, poles=(0.0, 2.5))) == "(-1, 4) without 0 without 2.5"
