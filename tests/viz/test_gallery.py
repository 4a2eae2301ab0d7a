"""``python -m viz``: the gallery, and which engines there are."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from viz import __main__ as command
from viz import gallery
from viz.gallery import EXHIBITS, Exhibit, expression, overflow
from viz.graphs.graph import graph
from viz.rendering.picture import Picture

GALLERY = Path(__file__).parents[2] / "examples" / "gallery"
DRAWN_AGAIN = [exhibit for exhibit in EXHIBITS if exhibit.name != "training"]  # a film takes ten seconds


@pytest.fixture(scope="module")
def committed():
    """The fingerprints that belong to the pictures in the repository."""
    return json.loads((GALLERY / command.FINGERPRINTS).read_text(encoding="utf-8"))


@pytest.mark.parametrize("exhibit", DRAWN_AGAIN, ids=lambda exhibit: exhibit.name)
def test_committed_picture_shows_what_the_code_draws(committed, exhibit, tmp_path, monkeypatch):
    """Otherwise it is stale: ``make gallery`` draws it again."""
    drawn = exhibit.draw()
    assert command.fingerprint(drawn) == committed[exhibit.name]
    monkeypatch.setattr(Picture, "save", lambda picture, path: path)
    path = command.saved(drawn, tmp_path, exhibit.name)
    assert (GALLERY / path.name).exists()
    if path.suffix == ".png":
        content = path.read_bytes()
        assert content[16:24] == (GALLERY / path.name).read_bytes()[16:24]  # width and height
        assert b"Software" not in content  # and so of no version
        assert not pytest.importorskip("matplotlib.pyplot").fignum_exists(drawn.figure.number)


@pytest.mark.parametrize("exhibit", ["plot_hidden_space", "plot_decision_boundary"])
def test_plots_of_what_was_learnt_are_the_same_bytes_whatever_its_last_digits(exhibit, tmp_path, monkeypatch):
    """Which are not the same on every machine, and move edges by a shade."""
    pytest.importorskip("matplotlib")
    (drawn,) = [each.draw for each in EXHIBITS if each.name == exhibit]

    def fit(model, *args, **options):
        history = nn.fit(model, *args, **options)
        for i, parameter in enumerate(model.parameters()):
            parameter.data *= 1.0 + (i % 5 - 2) * 2.0**-52
        return history

    one = command.saved(drawn(), tmp_path, "one").read_bytes()
    monkeypatch.setattr(gallery, "fit", fit)
    for name in ("predict", "activations"):
        monkeypatch.setattr(nn.MLP, name, _off_by_a_digit(getattr(nn.MLP, name)))
    monkeypatch.setattr(nn.Layer, "predict", _off_by_a_digit(nn.Layer.predict))
    assert command.saved(drawn(), tmp_path, "other").read_bytes() == one


def _off_by_a_digit(method):
    """What it gives, the last digit of some numbers one less or one more."""

    def moved(x):
        return x * (1.0 + (np.arange(x.size).reshape(x.shape) % 3 - 1) * 2.0**-52)

    def other(self, *args):
        found = method(self, *args)
        return [moved(np.asarray(each)) for each in found] if isinstance(found, list) else moved(np.asarray(found))

    return other


def test_committed_gallery_is_whole(committed):
    """Every exhibit has a file and stands in the index, and nothing else lies there."""
    index = (GALLERY / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in GALLERY.iterdir()} - {"README.md", command.FINGERPRINTS}
    assert {Path(name).stem for name in files} == {exhibit.name for exhibit in EXHIBITS} == set(committed)
    assert index == command._index({Path(name).stem: Path(name) for name in sorted(files)})
    assert (GALLERY / command.FINGERPRINTS).read_text(encoding="utf-8") == json.dumps(committed, indent=1) + "\n"


def test_fingerprint_tells_pictures_apart():
    """Another graph has another one, the same graph the same."""
    assert command.fingerprint(overflow()) == command.fingerprint(overflow())
    assert command.fingerprint(graph(expression())) != command.fingerprint(overflow())
    assert command.fingerprint(graph(expression())) != command.fingerprint(graph(expression(), theme="dark"))


def test_demo_draws_into_a_folder(engine, tmp_path, monkeypatch, capsys):
    """Each exhibit a file; the last line says where the index is."""
    monkeypatch.setattr(command, "EXHIBITS", [Exhibit("a", "A picture", overflow)])
    assert command.main(["demo", "--out", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "![A picture](a.svg)" in (tmp_path / "new" / "README.md").read_text(encoding="utf-8")
    prints = json.dumps({"a": command.fingerprint(overflow())}, indent=1) + "\n"
    assert (tmp_path / "new" / command.FINGERPRINTS).read_text(encoding="utf-8") == prints
    first, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(re.escape(str(tmp_path / "new" / "a.svg")) + r"  \d+\.\d\d s", first)
    assert last == f"all of them: {tmp_path / 'new' / 'README.md'}"


def test_demo_goes_on_without_matplotlib(engine, tmp_path, monkeypatch, capsys):
    """A plot that cannot be drawn is named with what it lacks."""

    def plot():
        raise ModuleNotFoundError("plots are drawn by matplotlib, which is not installed")

    exhibits = [Exhibit("plot", "A plot", plot), Exhibit("a", "A picture", overflow)]
    monkeypatch.setattr(command, "EXHIBITS", exhibits)
    assert [path.name for path in command.demo(tmp_path)] == ["a.svg", "README.md"]
    assert "plot: plots are drawn by matplotlib" in capsys.readouterr().out


def test_engines_are_listed(engine, capsys):
    """The one in use comes first."""
    assert command.main(["engines"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(engine)
    assert first.endswith("(in use)")


def test_without_engines_the_list_says_how_to_get_one(no_engine, capsys):
    """And the exit status tells a script."""
    assert command.main(["engines"]) == 1
    assert "pip install 'pygraphviz>=2'" in capsys.readouterr().out


def test_module_is_a_command():
    """``python -m viz`` is what the help says."""
    run = subprocess.run([sys.executable, "-m", "viz", "--help"], capture_output=True, text=True, check=True)
    assert "usage: python -m viz" in run.stdout
