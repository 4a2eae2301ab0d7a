"""What is said of wrong use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def raised(error: type[Exception], call: Callable[[], Any]) -> str:
    """The message of the error that a call raises, which must be of this builtin family."""
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)
