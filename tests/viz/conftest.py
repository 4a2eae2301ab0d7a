"""Machines of every kind: either form of Graphviz, chosen by what the PATH holds, and few fonts or none."""

from pathlib import Path

import matplotlib as mpl
import pytest

from viz.rendering import engines


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


@pytest.fixture(params=["DejaVu", "Liberation", "no"])
def fonts(request, monkeypatch, tmp_path):
    """One family of fonts, as if the machine had no other, or none; a test runs with each."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    if request.param != "no":
        everywhere = (Path(mpl.get_data_path()), Path("/usr/share/fonts"))
        found = {file.name: file for root in everywhere for file in root.rglob(f"{request.param}*.ttf")}
        if not found:
            pytest.skip(f"{request.param} fonts are not installed")
        for name, file in found.items():
            (folder / name).symlink_to(file)
    aliases = "".join(
        f"<alias><family>{family}</family><prefer><family>{request.param} Sans</family></prefer></alias>"
        for family in ("Helvetica", "Arial", "sans-serif")
    )
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}/cache</cachedir>{aliases}</fontconfig>", encoding="utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration))
    return request.param
