"""The bench measures what it says: the same work in each system, and in a process with no other system beside it."""

from __future__ import annotations

import importlib
import subprocess
import sys

import numpy as np
import pytest

from tests.bench import tables
from tests.bench.processes import ROOT, Worker, _agree, side_by_side
from tests.bench.tables import PEERS, duration, installed

EAGER = ["ours", "ours_dot"]
COMPILED = ["compiled", "compiled_flat", "compiled_fit", "numpy_by_hand"]


@pytest.mark.parametrize(
    ("work", "systems"),
    [("2-16-16-1", COMPILED), ("2-20-20-2-1", COMPILED), ("network", EAGER), ("demo", EAGER), ("microgpt", EAGER)],
)  # fmt: skip
def test_systems_follow_one_course(work, systems):
    """The loss after three updates."""
    losses = [importlib.import_module(f"tests.bench.systems.{s}").WORKS[work]()(4) for s in systems]
    np.testing.assert_allclose(losses, losses[0], rtol=1e-12)


def test_systems_that_differ_are_refused():
    with pytest.raises(AssertionError, match=r"do not compute the same tiny.*see b"):
        _agree({"a": ["1.0", "2.0"], "b": ["1.0", "2.1"]}, "tiny")


def test_systems_that_do_not_do_a_work_are_left_out():
    """``dot`` has nothing to do in the tiny graph."""
    found = side_by_side(["ours", "ours_dot"], "tiny", repeats=1)
    assert list(found) == ["ours"]
    assert 0.0 < found["ours"].step < 1.0


def test_a_process_that_fails_is_named():
    with pytest.raises(RuntimeError, match="the process of nobody, tiny ended with 1"):
        Worker("nobody", "tiny")


@pytest.mark.parametrize("system", [*EAGER, *COMPILED, "micrograd"])
def test_a_process_holds_one_system_alone(system):
    if not installed(system):
        pytest.skip(f"{system} is not installed")
    words = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tests.bench.systems.{system}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-P", "-c", words], capture_output=True, text=True, check=True)
    others = {"numpy", "autograd", *PEERS.values()} if system == "micrograd" else {*PEERS.values()} - {"numpy"}
    assert not (others - {PEERS.get(system)}) & set(run.stdout.split())


@pytest.mark.parametrize("table", [tables.MICROGPT, tables.EAGER, tables.COMPILED, tables.MODELS])
def test_rows_are_works_of_the_first_of_our_systems(table):
    """A name that no system knows would be an empty row."""
    ours = [system for system in table.columns if system in (*EAGER, *COMPILED, "compiled_names")]
    works = [importlib.import_module(f"tests.bench.systems.{system}").WORKS for system in ours]
    assert not {*table.rows} - {work for found in works for work in found}


def test_rows_can_be_chosen(monkeypatch, capsys):
    monkeypatch.setattr(tables, "installed", "compiled".__eq__)
    tables.show(tables.MODELS, 1, ["garch"])
    tables.show(tables.EAGER, 1, ["garch"])
    titles = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| GARCH")]
    assert len(titles) == 2  # a step, and the first call


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(2.5, "2.5 s"), (0.99951, "1 s"), (0.0125, "12.5 ms"), (1.44e-6, "1.44 µs"), (9.994e-4, "999 µs")],
)  # fmt: skip
def test_durations_are_in_the_unit_that_fits(seconds, written):
    assert duration(seconds) == written
