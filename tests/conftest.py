"""Hypothesis profiles: ``dev`` by default, ``ci`` for ``make test``, ``intense`` for an hour's search.

Choose one with ``pytest --hypothesis-profile=ci`` or with the environment variable ``HYPOTHESIS_PROFILE``.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# A first example may compile or import something; a slow machine is not a defect.
settings.register_profile("dev", max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), max_examples=50, derandomize=True, print_blob=True)
settings.register_profile("intense", settings.get_profile("dev"), max_examples=10_000, print_blob=True)
# For thousands of runs, of which nobody reads the failures: few examples, none made smaller.
FIRST_FAILURE = [Phase.explicit, Phase.generate]
settings.register_profile("mutants", settings.get_profile("ci"), max_examples=10, phases=FIRST_FAILURE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

# Tests import each other from the root, which comes last, so that an installed wheel is what is tested.
sys.path.append(str(Path(__file__).parent.parent))


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """No test sees the figures that another has left with pyplot, whichever of them ran before it."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def pytest_report_header() -> str:
    """Which autograd is tested."""
    import autograd

    return f"testing {Path(autograd.__file__).parent}"
