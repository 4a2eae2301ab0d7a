"""Schedules: the rate of each step."""

import numpy as np
import pytest

from nn import (
    SGD,
    ConstantSchedule,
    CosineSchedule,
    LinearSchedule,
    StepSchedule,
)


def test_linear_schedule_is_micrograds():
    """1.0 - 0.9 k / 100 for the steps 0 to 99, and the end from there on."""
    schedule = LinearSchedule(1.0, 0.1, 100)
    np.testing.assert_allclose([schedule(k) for k in range(100)], [1.0 - 0.9 * k / 100 for k in range(100)], rtol=1e-14)
    assert schedule(1000) == pytest.approx(0.1)


def test_the_other_schedules_by_hand():
    """Constant, in steps, and along half a cosine."""
    assert [ConstantSchedule(0.3)(k) for k in (0, 9)] == [0.3, 0.3]
    np.testing.assert_allclose([StepSchedule(1.0, 10, 0.5)(k) for k in (0, 9, 10, 25)], [1.0, 1.0, 0.5, 0.25])
    np.testing.assert_allclose([CosineSchedule(1.0, 0.2, 8)(k) for k in (0, 4, 8, 99)], [1.0, 0.6, 0.2, 0.2])


def test_a_schedule_counts_the_steps_taken():
    """The first step has the rate of step 0; any function of the number of steps will do."""
    optimizer = SGD(lambda step: 1.0 / (step + 1))
    p = np.array([0.0])
    rates = []
    for _ in range(3):
        rates.append(optimizer.rate)
        p = optimizer.step(p, np.array([1.0]))
    assert rates == [1.0, 0.5, 1.0 / 3.0]
    assert p.item() == -(1.0 + 0.5 + 1.0 / 3.0)


@pytest.mark.parametrize(("rate", "error"), [
    (-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError), (None, TypeError), ("0.1", TypeError),
])  # fmt: skip
def test_rate_that_is_none_is_refused(rate, error):
    """A negative one would climb."""
    optimizer = SGD(lambda step: rate if step else 0.1)
    p = optimizer.step(np.array([0.0]), np.array([1.0]))
    with pytest.raises(error, match=r"^the learning rate of a schedule is .*, got "):
        optimizer.step(p, np.array([1.0]))
    assert optimizer.steps == 1
