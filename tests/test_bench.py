"""The benchmarks measure what they say: one system a process, the same work for all, empty cells for the absent."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bench import tables
from tests.bench.processes import HIPS, ROOT, Times, Worker, _agree, side_by_side
from tests.bench.tables import COMPILED, EAGER

SYSTEMS = {*EAGER.columns, *COMPILED.columns}
HERE = sorted(system for system in SYSTEMS if tables.installed(system) and system != HIPS)
LIBRARIES = {"autograd", "nn", "micrograd", "torch", "jax", "casadi", "numpy"}
# What each needs; PyTorch brings in NumPy, JAX and our compiler do too.
NEEDS = {
    "micrograd": {"micrograd"}, "ours": {"autograd", "numpy"}, "ours_dot": {"autograd", "nn", "numpy"},
    "compiled": {"autograd", "numpy"}, "compiled_inner": {"autograd", "numpy"},
    "compiled_fit": {"autograd", "nn", "numpy"}, "numpy_by_hand": {"numpy"}, "pytorch": {"torch", "numpy"},
    "jax_jit": {"jax", "numpy"}, "casadi_sx": {"casadi", "numpy"},
}  # fmt: skip


@pytest.mark.parametrize("system", HERE)
def test_system_shares_its_process_with_no_other_and_its_works_are_rows(system):
    """What another library keeps alive makes every collection of garbage dearer."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tests.bench.worker\n"
        f"from tests.bench.systems.{system} import WORKS\n"
        f"print(*{LIBRARIES!r} & sys.modules.keys()); print(*WORKS)"
    )
    run = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    imported, works = map(str.split, run.stdout.splitlines())
    assert set(imported) == NEEDS[system]
    assert set(works) <= EAGER.rows.keys() | COMPILED.rows.keys()


def test_every_column_has_a_file():
    """A misspelt name would leave its column empty without a word."""
    assert {path.stem for path in (ROOT / "tests/bench/systems").glob("*.py")} == {*SYSTEMS, "__init__"}


@pytest.mark.parametrize(
    ("work", "systems"),
    [("demo", ["ours", "ours_dot"]), ("2-20-20-2-1", ["compiled", "compiled_inner", "compiled_fit", "numpy_by_hand"])],
)
def test_systems_do_the_same_work(work, systems):
    """Their losses agree, which is checked on the way, and all have times."""
    times = side_by_side(systems, work, repeats=1)
    assert list(times) == systems
    assert all(time.step > 0.0 and time.first > 0.0 for time in times.values())


def test_systems_that_compute_something_else_are_found():
    """Numbers apart by 1e-6 are no rounding."""
    with pytest.raises(AssertionError, match=r"do not compute the same tiny.*see b"):
        _agree({"a": ["-35.0", "1050.0"], "b": ["-35.0", "1050.001"]}, "tiny")


def test_work_that_a_system_does_not_do_is_left_out():
    """Only sums of products have a form with ``dot``."""
    assert side_by_side(["ours_dot"], "tiny", repeats=1) == {}


def test_process_that_fails_is_no_empty_cell(capfd):
    """A broken system is not an absent one."""
    with pytest.raises(RuntimeError, match="the process of nobody, tiny ended with 1"):
        Worker("nobody", "tiny")
    assert "No module named 'tests.bench.systems.nobody'" in capfd.readouterr().err


def test_table_compares_with_its_first_column_and_leaves_the_absent_empty(monkeypatch, capsys):
    """Speed in the eager table, time in the compiled one."""
    found = {"micrograd": Times(4e-5, 1.0), "ours": Times(1e-5, 1.0), "compiled": Times(2e-7, 0.5)}
    monkeypatch.setattr(tables, "side_by_side", lambda systems, work, repeats: found)
    for table in (EAGER, COMPILED):
        tables.show(table, 3)
    lines = capsys.readouterr().out.splitlines()
    assert "| BurTorch's tiny graph | 40 µs | 10 µs (4) |  |  |  |  |  |" in lines
    assert "| tiny graph, value and gradient | 200 ns |  |  |  |  |  | 40 µs (200) |" in lines
    assert "| tiny graph, value and gradient | 500 ms |  |  |" in lines
