"""mutmut over the engine: every function of ``autograd``, with whatever one token can do to it.

mutmut wants the source, the tests and its settings in one folder and leaves its own files there, so it works on a copy.
It changes functions only; the table, which is data, has :mod:`tests.mutants.table`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from tests.mutants.verdict import Verdict

ROOT = Path(__file__).parent.parent.parent

#: Where the copies are. What mutmut finds there from the run before, it does not run again.
FOLDER = ROOT / ".mutants"

#: Not worth their time here: they start processes, read documentation, or measure seconds and bytes.
LEFT_OUT = {
    "test_determinism.py", "test_documentation.py", "test_faults.py", "test_imports.py", "test_installation.py",
    "test_micrograd.py", "test_peers.py", "test_scale.py", "test_typing.py",
}  # fmt: skip

#: What mutmut says of a mutant that was found.
KILLED = ("killed", "timeout", "segfault")

SETTINGS = """\
[mutmut]
source_paths=
    autograd
{rule}=
    autograd/compiler/*
also_copy=
    nn
    viz
    examples
pytest_add_cli_args=
    -p
    no:cacheprovider
pytest_add_cli_args_test_selection=
    {tests}
"""


def _parts() -> dict[str, tuple[str, list[str]]]:
    """The two halves of the work: which files to change, and the tests that should notice."""
    tests = sorted(f"tests/{path.name}" for path in (ROOT / "tests").glob("test_*.py") if path.name not in LEFT_OUT)
    return {"engine": ("do_not_mutate", tests), "compiler": ("only_mutate", ["tests/compiler"])}


def engine_verdicts(processes: int, folder: Path, modules: Sequence[str] = ()) -> Iterator[Verdict]:
    """Run mutmut over some modules, or all, and say what became of every change."""
    if find_spec("mutmut") is None:
        raise SystemExit("mutmut is not installed; run: pip install mutmut")
    for part, (rule, tests) in _parts().items():
        chosen = [name for name in modules if name.startswith("autograd.compiler") == (part == "compiler")]
        if chosen or not modules:
            _copy(folder / part)
            (folder / part / "setup.cfg").write_text(SETTINGS.format(rule=rule, tests="\n    ".join(tests)))
            yield from _part_verdicts(processes, folder / part, chosen)


def _part_verdicts(processes: int, folder: Path, modules: Sequence[str]) -> Iterator[Verdict]:
    _mutmut(folder, "run", *[f"{module}.x*" for module in modules], "--max-children", str(processes))
    statuses = dict(line.strip().split(": ") for line in _mutmut(folder, "results", "--all", "true") if ": " in line)
    if modules:
        statuses = {name: status for name, status in statuses.items() if name.split(".x")[0] in modules}
    left = [name for name, status in statuses.items() if status not in KILLED]
    with ThreadPoolExecutor(processes) as pool:
        changes = dict(zip(left, pool.map(lambda name: _change(folder, name), left), strict=True))
    for name in statuses:
        module, function = name.split(".x", 1)
        where = function.split("__mutmut")[0].removeprefix("_").replace("ǁ", ".").removeprefix(".")
        yield Verdict(module, where, changes.get(name, ""), name not in changes)


def _copy(folder: Path) -> None:
    """Bring a copy up to date."""
    for package in ("autograd", "nn", "viz", "examples", "tests"):
        shutil.rmtree(folder / package, ignore_errors=True)
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        if package != "autograd":  # mutmut sees to its own source, and copies the rest only once
            shutil.rmtree(folder / "mutants" / package, ignore_errors=True)
    shutil.copy(ROOT / "pyproject.toml", folder)


def _mutmut(folder: Path, *arguments: str) -> list[str]:
    """The lines that mutmut prints; a run shows its progress instead."""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutants"}
    output = sys.stderr if arguments[0] == "run" else subprocess.PIPE
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=output)
    if done.returncode != 0:
        raise SystemExit(f"mutmut {arguments[0]} ended with {done.returncode}; the suite must pass without any fault")
    return (done.stdout or "").splitlines()


def _change(folder: Path, name: str) -> str:
    """The lines that a mutant changes, before and after."""
    lines = _mutmut(folder, "show", name)
    return "\n".join(f"{x[0]} {x[1:].strip()}" for x in lines if x[:1] in ("+", "-") and x[:3] not in ("+++", "---"))
