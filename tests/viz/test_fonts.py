"""Fonts on a machine that has none."""

import os
import re
import sys
from pathlib import Path

import pytest

from viz.rendering import fonts
from viz.rendering.engines import laid_out
from viz.rendering.fonts import font_environment
from viz.theme import FONT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems come with fonts")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a font, as far as can be seen."""
    monkeypatch.setattr(fonts, "FOLDERS", (str(tmp_path),))
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)


def width(text):
    """Of a box around a text, in points."""
    drawing = laid_out(f'digraph {{ a [shape=box fontname="{FONT}" label="{text}"] }}', "svg").decode()
    return float(re.search(r'width="(\d+)pt"', drawing)[1])


def test_where_there_is_a_font_nothing_changes(tmp_path, monkeypatch):
    """In any folder below those that are searched."""
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "a.ttf").touch()
    monkeypatch.setattr(fonts, "FOLDERS", (str(tmp_path),))
    with font_environment() as environment:
        assert environment == dict(os.environ)


def test_without_fonts_those_of_matplotlib_are_offered(bare):
    """By a configuration that is gone afterwards."""
    pytest.importorskip("matplotlib")
    with font_environment() as environment:
        configuration = Path(environment["FONTCONFIG_FILE"])
        folder = re.search("<dir>(.*)</dir>", configuration.read_text(encoding="utf-8"))[1]
        assert (Path(folder) / "DejaVuSans.ttf").exists()
    assert not configuration.exists()


def test_configuration_of_the_user_stays(bare, monkeypatch):
    """Whoever has set fontconfig up has a reason."""
    monkeypatch.setenv("FONTCONFIG_FILE", "mine.conf")
    with font_environment() as environment:
        assert environment["FONTCONFIG_FILE"] == "mine.conf"


def test_without_matplotlib_nothing_can_be_offered(bare, monkeypatch):
    """The drawing is made all the same."""
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    with font_environment() as environment:
        assert "FONTCONFIG_FILE" not in environment


def test_offered_fonts_are_used(bare, monkeypatch, tmp_path):
    """In letters with shapes, ``i`` is narrower than ``w``; in empty boxes it is not."""
    pytest.importorskip("pygraphviz")
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("PATH", "")
    assert width("i" * 20) < 0.6 * width("w" * 20)
    empty = tmp_path / "empty.conf"
    empty.write_text(f"<fontconfig><dir>{tmp_path}/none</dir></fontconfig>", encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    assert width("i" * 20) == width("w" * 20)
