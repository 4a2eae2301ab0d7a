"""Build the C runtime: for a wheel its hook does, in a source tree ``python autograd/compiler/backends/c/build.py``.

It imports nothing of ours, for the hook runs it by its path, before anything is installed. So should people: as
a module it would come after the package, which warns of the library that is to be replaced.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["ENTRY", "LIBRARY", "SCRIPT", "build", "fingerprint"]

SCRIPT = Path(__file__)
FOLDER = SCRIPT.parent
# Not a name that Python takes for a module of its own, and one that every CPython does.
LIBRARY, ENTRY = FOLDER / "runtime.library", FOLDER / "_entry.abi3.so"

# Errno is not read, nor are floating-point flags; that changes no result, as -ffast-math would. A product and a sum are
# rounded each, as in Python, unless they are part of a longer sum.
FLAGS = (
    "-std=c11",
    "-O3",
    "-fPIC",
    "-fvisibility=default",
    "-fno-math-errno",
    "-fno-trapping-math",
)
FILES = {"runtime.c": "-ffp-contract=off", "products.c": "-ffp-contract=fast"}
# Of GCC alone: else it undoes that each operation of a tape jumps to the next by itself.
APART = "-fno-crossjumping"
# The instructions of each level of vector units; which there are is found out where it runs.
LEVELS = {
    0: (),
    3: ("-mavx2", "-mfma"),
    4: ("-mavx2", "-mfma", "-mavx512f", "-mavx512dq", "-mavx512vl", "-mprefer-vector-width=512"),
}


def fingerprint() -> str:
    """What tells the sources from others: a library made of others is not used."""
    texts = [path.read_bytes() for path in sorted(FOLDER.glob("*.[ch]"))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]


def build(library: Path = LIBRARY, more: Sequence[str] = ()) -> Path | None:
    """Compile the library; None where there is no C compiler.

    Parameters
    ----------
    library : Path
        The file to make; by default beside the sources, where it is found.
    more : sequence of str
        Further options for the compiler, beside those of the variable ``CFLAGS``.

    Raises
    ------
    subprocess.CalledProcessError
        If the compiler refuses.
    """
    named = os.environ.get("CC")
    compiler = (
        shlex.split(named) if named else [found for found in map(shutil.which, ("cc", "gcc", "clang")) if found][:1]
    )
    if not compiler:
        return None
    flags = [*FLAGS, *([APART] if _knows(compiler, APART) else []), *shlex.split(os.environ.get("CFLAGS", "")), *more]
    levels = LEVELS if platform.machine().lower() in ("x86_64", "amd64") else {0: ()}
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for level, instructions in levels.items():
            defined = [f"-DVARIANT=_{level}", *(["-DLOWEST", f'-DSOURCES="{fingerprint()}"'] if not level else [])]
            for file, flag in FILES.items():
                objects.append(f"{folder}/{file}{level}.o")
                source = [flag, *defined, "-c", str(FOLDER / file), "-o", objects[-1]]
                subprocess.run([*compiler, *flags, *instructions, *source], check=True)
        made = library.with_suffix(".new")
        subprocess.run([*compiler, *flags, "-shared", *objects, "-o", str(made), "-lm"], check=True)
        _build_entry([*compiler, *flags], library.with_name(ENTRY.name))
    return made.replace(library)  # a process that has loaded the one before keeps it


def _knows(compiler: Sequence[str], flag: str) -> bool:
    """Whether a compiler takes a flag."""
    tried = subprocess.run([*compiler, flag, "-E", "-xc", os.devnull], capture_output=True, check=False)
    return tried.returncode == 0


def _build_entry(command: Sequence[str], entry: Path) -> None:
    """Compile the module that reads arguments, where Python's headers are; calls are slower without, and as right."""
    headers = Path(sysconfig.get_path("include"))
    known = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
    if not (known and os.name == "posix" and (headers / "Python.h").exists()):
        return
    undefined = ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    made = entry.with_suffix(".new")
    source = [f'-DSOURCES="{fingerprint()}"', f"-I{headers}", str(FOLDER / "entry.c"), "-o", str(made)]
    subprocess.run([*command, "-shared", *undefined, *source], check=True)
    made.replace(entry)


if __name__ == "__main__":
    print(build(more=sys.argv[1:]) or "there is no C compiler; programs run as Python and NumPy")
