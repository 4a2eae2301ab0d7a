"""mutmut over the three packages: every function, with whatever one token can do to it.

mutmut wants the source, the tests and its settings in one folder and leaves its own files there, so it works on a copy.
It changes functions only; the table, which is data, has :mod:`tests.mutants.table`.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE

from tests.mutants.verdict import Verdict

ROOT = Path(__file__).parent.parent.parent

#: Where the copies are.
FOLDER = ROOT / ".mutants"

#: Not worth their time here: they start processes and browsers, read documentation, or measure seconds and bytes.
LEFT_OUT = {
    "test_determinism.py", "test_documentation.py", "test_faults.py", "test_imports.py", "test_installation.py",
    "test_micrograd.py", "test_peers.py", "test_scale.py", "test_typing.py",
    "test_rooms.py", "test_notebook.py", "test_accessibility.py",
    "test_step_asking.py", "test_step_browser.py", "test_step_camera.py", "test_step_controls.py", "test_step_edit.py",
    "test_step_rules.py", "test_step_zoom.py", "test_zoom.py", "test_zoom_cells.py", "test_pages_in_hand.py",
    "test_live_controls.py", "test_live_files.py", "test_live_pages.py", "test_live_training.py",
}  # fmt: skip

#: One looks at the line that a caller stands in, and mutmut puts calls between; one at every line, which mutmut
#: copies; and two start a process.
DESELECTED = [
    "tests/nn/test_messages.py::test_every_message_is_in_the_table",
    "tests/nn/test_compiled.py::test_what_cannot_be_compiled_is_trained_eagerly_unless_told_otherwise",
    "tests/nn/test_resuming.py::test_control_c_in_a_terminal_returns_the_model_and_history_so_far",
    "tests/viz/test_watch.py::test_notebook_shows_the_run",
]

#: They train, load files or lay out pictures for longer than all the others together: what only they find is found
#: too late.
SLOW = [
    "tests/nn/test_damaged_files.py::test_ten_thousand_damaged_files_are_loaded_whole_or_refused",
    "tests/nn/test_documents.py",
    "tests/nn/test_forward.py::test_compiled_training_is_eager_training_for_generated_modules",
    "tests/nn/test_forward.py::test_predict_is_the_call_for_generated_modules",
    "tests/test_micrograd.py::test_micrograds_demo_reaches_100_percent",
    "tests/test_micrograd.py::test_same_seed_same_numbers_as_micrograd",
    "tests/viz/test_fit.py",
]

PACKAGES = ("autograd", "nn", "viz")

#: The name of no change.
NONE = "none"

SETTINGS = """\
[mutmut]
source_paths=
    {package}
{rule}=
    autograd/compiler/*
also_copy=
    {others}
pytest_add_cli_args_test_selection=
    tests/mutants/__init__.py
"""


@dataclass(frozen=True)
class Part:
    """Files to change, and the tests that should notice."""

    package: str
    tests: tuple[str, ...]
    rule: str = "do_not_mutate"  # of the compiler's files
    also: tuple[str, ...] = ()  # tests that are left out elsewhere


#: The engine is its own part without the compiler, whose tests are others.
PARTS = {
    "engine": Part("autograd", ("tests",)),
    "compiler": Part("autograd", ("tests/compiler",), "only_mutate"),
    "nn": Part("nn", ("tests/nn",), also=("tests/test_micrograd.py",)),
    "viz": Part("viz", ("tests/viz", "tests/viz/live")),
}


def part_of(module: str) -> str:
    """The part that a module belongs to."""
    return "compiler" if module.startswith("autograd.compiler") else module.split(".")[0].replace("autograd", "engine")


def mutmut_verdicts(
    parts: Sequence[str],
    processes: int,
    folder: Path,
    modules: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
) -> Iterator[Verdict]:
    """Run mutmut over some modules of some parts, or all, and say what became of every change, or of some at random."""
    if find_spec("mutmut") is None:
        raise SystemExit("mutmut is not installed; run: pip install mutmut")
    for name in parts:
        chosen = [module for module in modules if part_of(module) == name]
        if chosen or not modules:
            _copy(folder / name, PARTS[name])
            yield from _part_verdicts(PARTS[name], processes, folder / name, chosen, sample, seed)


def _settings(part: Part) -> str:
    others = [package for package in (*PACKAGES, "examples") if package != part.package]
    return SETTINGS.format(package=part.package, rule=part.rule, others="\n    ".join(others))


def _tests(part: Part) -> list[str]:
    """The files that are tried."""
    files = [path for tests in part.tests for path in sorted((ROOT / tests).glob("test_*.py"))]
    return [*(path.relative_to(ROOT).as_posix() for path in files if path.name not in LEFT_OUT), *part.also]


def _part_verdicts(
    part: Part, processes: int, folder: Path, modules: Sequence[str], sample: int | None, seed: int
) -> Iterator[Verdict]:
    _mutmut(folder, "run", NONE, "--max-children", str(processes))  # makes the changes, and finds no test to run
    names = sorted(name for name in _names(folder) if not modules or name.split(".x")[0] in modules)
    if sample is not None:
        names = sorted(random.Random(seed).sample(names, min(sample, len(names))))
    for name, finder in _tried(folder, part, names, processes):
        module, function = name.split(".x", 1)
        where = function.split("__mutmut")[0].removeprefix("_").replace("ǁ", ".").removeprefix(".")
        yield Verdict(module, where, "" if finder else _change(folder, name), finder != "")


def _tried(folder: Path, part: Part, names: Sequence[str], processes: int) -> Iterator[tuple[str, str]]:
    """Each change, and the test that failed; nothing if none did."""
    options = [f"--deselect={test}" for test in (*DESELECTED, *SLOW, *_messages_of_python())]
    job = json.dumps({"names": names, "files": _tests(part), "options": options, "processes": processes})
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutants"}
    command = [sys.executable, "-m", "tests.mutants.trial"]
    place = folder / "mutants"
    with subprocess.Popen(command, cwd=place, env=environment, text=True, stdin=PIPE, stdout=PIPE) as trial:
        assert trial.stdin is not None
        assert trial.stdout is not None
        trial.stdin.write(job)
        trial.stdin.close()
        yield from map(json.loads, trial.stdout)
    if trial.returncode != 0:
        raise SystemExit(trial.returncode)


def _messages_of_python() -> Iterator[str]:
    """Tests of messages in which Python itself names a function, which mutmut calls otherwise."""
    lines = (ROOT / "tests/nn/messages.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if re.match(r" +TypeError: [\w.]+\(\) (takes|missing) ", line):
            yield f"tests/nn/test_messages.py::test_mistake_is_answered_in_these_words[line-{number}]"


def _names(folder: Path) -> list[str]:
    """Every change that there is."""
    return [line.strip().split(": ")[0] for line in _mutmut(folder, "results", "--all", "true") if ": " in line]


def _copy(folder: Path, part: Part) -> None:
    """Bring a copy up to date."""
    for package in (*PACKAGES, "examples", "tests"):
        shutil.rmtree(folder / package, ignore_errors=True)
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        if package != part.package:  # mutmut sees to its own source, and copies the rest only once
            shutil.rmtree(folder / "mutants" / package, ignore_errors=True)
    for path in (ROOT / part.package).rglob("*"):  # what is no Python is kept by mutmut as it was at first
        kept = folder / "mutants" / path.relative_to(ROOT)
        if path.is_file() and not path.suffix.startswith(".py") and kept.parent.is_dir():
            shutil.copy(path, kept)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "setup.cfg").write_text(_settings(part))


def _mutmut(folder: Path, *arguments: str) -> list[str]:
    """The lines that mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=folder, text=True, stdout=PIPE).stdout.splitlines()


def _change(folder: Path, name: str) -> str:
    """The lines that a mutant changes, before and after."""
    lines = _mutmut(folder, "show", name)
    return "\n".join(f"{x[0]} {x[1:].strip()}" for x in lines if x[:1] in ("+", "-") and x[:3] not in ("+++", "---"))
