"""``python -m tests.matrix``: the suite on every Python that is promised, and with the oldest packages allowed.

Both are read from ``pyproject.toml``: the versions of Python from its classifiers, the oldest packages from its ``>=``.
Each row installs into an environment of its own; a Python that is not on this machine is left out, and the table says
so. With arguments only the rows named are run: ``python -m tests.matrix 3.12 oldest``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".matrix"
OLDEST = "oldest"
TOOLS = ("test", "mutants")  # extras that are for us
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
FOUND = "import sys, numpy; print(sys.version.split()[0], numpy.__version__)"


def main(rows: Sequence[str]) -> int:
    """Run the rows and print a table of them; 1 if one has failed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = pythons(project)
    known = [*versions, OLDEST]
    if unknown := [row for row in rows if row not in known]:
        sys.exit(f"the rows are {', '.join(known)}, got {', '.join(unknown)}; name some of these, or none for all")
    table = []
    for row in rows or known:
        print(f"── {row}", flush=True)
        version = versions[0] if row == OLDEST else row
        begin = time.monotonic()
        result = run(row, version, oldest(project) if row == OLDEST else [])
        table.append((row, *result, f"{time.monotonic() - begin:.0f} s"))
    print("\n| row | Python | NumPy | result | time |\n|---|---|---|---|---|")
    print("\n".join(f"| {' | '.join(cells)} |" for cells in table))
    return int(any("failed" in cells for cells in table))


def run(row: str, version: str, constraints: Sequence[str]) -> tuple[str, str, str]:
    """Install and test; the versions of Python and NumPy, and what came of it."""
    python = interpreter(version)
    if python is None:
        return "–", "–", f"skipped: no python{version} on the PATH and none of pyenv's; install one"
    environment = FOLDER / row
    shutil.rmtree(environment, ignore_errors=True)
    subprocess.run([python, "-m", "venv", str(environment)], check=True)
    inside = str(environment / "bin" / "python")
    pytest = str(environment / "bin" / "pytest")  # "python -m pytest" would test the checkout, not what is installed
    (environment / "constraints.txt").write_text("\n".join(constraints), encoding="utf-8")
    install = [inside, "-m", "pip", "install", "-qq", "--disable-pip-version-check", ".[test]"]
    if subprocess.run([*install, "-c", str(environment / "constraints.txt")], cwd=ROOT, check=False).returncode:
        return version, "–", "failed"
    found = subprocess.run([inside, "-c", FOUND], capture_output=True, text=True, check=True).stdout.split()
    profile = {"HYPOTHESIS_PROFILE": "ci", **os.environ}
    tests = subprocess.run([pytest, "-n", "auto"], cwd=ROOT, env=profile, check=False)
    return found[0], found[1], "failed" if tests.returncode else "passed"


def pythons(project: dict[str, Any]) -> list[str]:
    """The versions that the classifiers promise, such as ``3.11``, the oldest first."""
    found = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line) for line in project["classifiers"]]
    return [match[1] for match in found if match]


def oldest(project: dict[str, Any]) -> list[str]:
    """Every package of a user's pinned to the lowest version allowed, as a constraint; what only tests may be new."""
    extras = project["optional-dependencies"]
    groups = [project["dependencies"], *(extras[name] for name in extras if name not in TOOLS)]
    found = [re.match(r"([\w-]+)>=([\w.]+)", requirement) for group in groups for requirement in group]
    return [f"{match[1]}=={match[2]}" for match in found if match]


def interpreter(version: str) -> str | None:
    """A program that is this version of Python, if there is one; pyenv's ``python3.12`` may be there and not run."""
    return next((path for path in candidates(version) if _is(path, version)), None)


def candidates(version: str) -> Iterator[str]:
    """Where it may be: this very program, on the PATH, among pyenv's, the newest of them first."""
    yield sys.executable
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    patches = [path for path in pyenv.glob(f"{version}.*") if path.name.rpartition(".")[2].isdecimal()]
    yield from (str(path / "bin" / "python") for path in sorted(patches, key=_patch, reverse=True))


def _patch(path: Path) -> int:
    return int(path.name.rpartition(".")[2])


def _is(path: str, version: str) -> bool:
    try:
        answer = subprocess.run([path, "-c", VERSION], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
