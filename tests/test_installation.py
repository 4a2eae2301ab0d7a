"""An installation that is mixed with the other distribution called autograd says so."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

ADVICE = (
    "the folder of 'autograd' holds files of another distribution of that name; "
    "uninstall both 'autograd' and 'scalar-autograd', then install 'scalar-autograd' alone"
)


def test_import_of_a_mixed_installation_fails_with_one_clear_line(tmp_path):
    """A file of the other distribution inside our folder is an ImportError that says what to do."""
    shutil.copytree(Path(autograd.__file__).parent, tmp_path / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "autograd" / "tracer.py").write_text("def trace(): ...\n")
    run = subprocess.run([sys.executable, "-c", "import autograd"], cwd=tmp_path, capture_output=True, text=True)
    assert run.stderr.splitlines()[-1] == f"ImportError: {ADVICE}"


def test_installation_that_becomes_mixed_is_not_reloaded(monkeypatch):
    """``importlib.reload`` looks again, and what is loaded stays as it is."""
    monkeypatch.setattr(Path, "exists", lambda path: path == Path(autograd.__file__).parent / "tracer.py")
    before = dict(vars(autograd))
    with pytest.raises(ImportError) as caught:
        importlib.reload(autograd)
    assert str(caught.value) == ADVICE
    assert vars(autograd).keys() == before.keys()
    assert all(vars(autograd)[name] is thing for name, thing in before.items() if name in autograd.__all__)
