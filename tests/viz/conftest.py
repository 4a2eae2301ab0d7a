"""Either form of Graphviz, chosen by what the PATH holds."""

import pytest

from viz import engines


@pytest.fixture(params=["dot", "pygraphviz"])
def engine(request, monkeypatch):
    """One layout program, as if the machine had no other; a test runs with each."""
    if request.param == "pygraphviz":
        monkeypatch.setenv("PATH", "")
    if next(iter(engines.engines()), "") != request.param:
        pytest.skip(f"{request.param} is not installed")
    return request.param


@pytest.fixture
def no_engine(monkeypatch):
    """A machine without Graphviz."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(engines, "_pygraphviz_with_graphviz", lambda: "")
