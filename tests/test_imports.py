"""Imports run one way, ``viz -> nn -> autograd``, and adding an operation takes one table row and one function."""

from __future__ import annotations

import ast
import builtins
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import autograd

ROOT = Path(autograd.__file__).parent.parent
PACKAGES = ["autograd", "nn", "viz"]
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

#: What a package may import of ours; of others, only what is listed beside the standard library.
ALLOWED = {"autograd": {"autograd"}, "nn": {"nn", "autograd"}, "viz": {"viz", "nn", "autograd"}}
OPTIONAL = {"matplotlib", "mpl_toolkits", "contourpy", "PIL", "pygraphviz", "scipy", "jax"}
DEPENDENCIES = {"numpy", "graphviz"} | OPTIONAL
TESTING = {"hypothesis", "mpmath"}  # in autograd.testing only


def module_of(path: Path) -> str:
    """The dotted name under which a file is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = set(map(module_of, FILES))


def needs(path: Path) -> set[str]:
    """The modules of ours that a file imports, wherever in the file and for whatever reason."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= whole & MODULES or {str(node.module)}
    return found & MODULES - {module_of(path)}


def imports(path: Path) -> Iterator[str]:
    """The first names of all modules that a file imports; under ``if TYPE_CHECKING`` too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module).split(".")[0]


def test_files_of_all_three_packages_are_looked_at() -> None:
    """The other tests here see the packages they speak of."""
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(PACKAGES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_runs_against_the_order(path: Path) -> None:
    """``autograd`` knows nothing of ``nn`` or ``viz``, ``nn`` nothing of ``viz``, and none of tests or examples."""
    package = path.relative_to(ROOT).parts[0]
    foreign = set(imports(path)) - set(sys.stdlib_module_names)
    testing = TESTING if path.is_relative_to(ROOT / "autograd" / "testing") else set()
    assert foreign <= ALLOWED[package] | DEPENDENCIES | testing


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_no_import_runs_in_a_circle(package: str) -> None:
    """Each file can be read after those it imports."""
    paths = [path for path in FILES if path.relative_to(ROOT).parts[0] == package]
    order = list(TopologicalSorter({module_of(path): needs(path) for path in paths}).static_order())
    assert {module_of(path) for path in paths} <= set(order)


#: What a room of a package imports besides itself; what lies outside the rooms stands before or after them all.
ROOMS = {
    "nn": {
        "model": {"checks"},
        "datasets": {"checks"},
        "measures": {"checks", "model"},
        "optimizers": {"checks", "model"},
        "training": {"checks", "model", "datasets", "measures", "optimizers"},
        "files": {"checks", "model", "optimizers", "training"},
    },
    "autograd.compiler": {
        "scalars": set(),
        "matrices": {"scalars"},
        "backends": {"scalars", "matrices"},
        "program": {"scalars", "matrices", "backends"},
        "captured": set(),
        "calls": {"captured", "scalars", "matrices", "backends", "program"},
        "derivatives": {"calls", "program"},
    },
}


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_stand_on_one_another_in_one_order(package: str) -> None:
    """Whoever reads a room needs only the rooms before it."""
    used: dict[str, set[str]] = {room: set() for room in ROOMS[package]}
    for path in FILES:
        room, *inside = module_of(path).removeprefix(f"{package}.").split(".")
        if module_of(path).startswith(f"{package}.") and (inside or path.name == "__init__.py"):
            ours = [name for name in needs(path) if name.startswith(f"{package}.")]
            used[room] |= {name.removeprefix(f"{package}.").split(".")[0] for name in ours} - {room}
    assert used == ROOMS[package]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_imported_without_the_ones_above_it(package: str) -> None:
    """In a fresh interpreter, importing a package brings in only what it stands on, and no optional extra."""
    code = f"import sys, {package}; print(*{{name.split('.')[0] for name in sys.modules}})"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(child.stdout.split())
    assert loaded & set(PACKAGES) <= ALLOWED[package]
    assert not loaded & (OPTIONAL | TESTING)


@pytest.mark.parametrize("package", [*PACKAGES, "autograd.functions"])
def test_star_import_replaces_no_builtin(package: str) -> None:
    """After ``from autograd import *`` the words of Python mean what they meant."""
    names = set(import_module(package).__all__)
    assert names & set(dir(builtins)) == set() != names


@pytest.mark.parametrize("name", ["abs", "compile", "pow", "sum"])
def test_functions_named_as_builtins_are_imported_by_name(name: str) -> None:
    """They are public all the same."""
    assert getattr(autograd, name) is not getattr(builtins, name)
    assert getattr(autograd, name).__doc__


def test_operation_is_named_in_one_row_and_one_function() -> None:
    """Of the files an operation such as ``log1p`` needs, only the table and its function name it as ours.

    ``floats``, ``arrays``, the compiler's list of ufuncs and the namespaces of back ends name functions of ``math``,
    NumPy and JAX; whatever else in the engine named an operation would be a second place to keep right. The oracles are
    definitions from elsewhere.
    """
    places = {
        path.relative_to(ROOT / "autograd").as_posix()
        for path in FILES
        if path.is_relative_to(ROOT / "autograd") and not path.is_relative_to(ROOT / "autograd" / "testing")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Name) and node.id == "log1p")
        or (isinstance(node, ast.Attribute) and node.attr == "log1p")
        or (isinstance(node, ast.FunctionDef) and node.name == "log1p")
        or (isinstance(node, ast.Constant) and node.value == "log1p")
    }
    namespaces = {"compiler/backends/jax/functions.py"}
    emitter = {place for place in places - namespaces if place.startswith("compiler/")}
    assert len(emitter) <= 1
    assert places - emitter - namespaces == {"ops.py", "functions/elementary.py", "floats.py", "arrays.py"}


NEW_OPERATION = '''
from autograd import floats, gradients, ops
from autograd.op import REAL, Op
from autograd.value import apply_unary

ops.cube = Op("cube", "x³", lambda m, a: a * a * a, (lambda m, y, a: 3.0 * a * a,), (REAL,))   # the row
ops.TABLE["cube"] = ops.cube

def cube(x):                                                                                   # the function
    """The third power."""
    return apply_unary(ops.cube, x)

import autograd, pickle, viz
x = autograd.Value(2.0, label="x")
y = cube(x)
y.backward()
slope = gradients(cube(x), x, create_graph=True)
print(y.data, x.grad, gradients(slope, x), cube(2.0))
print("x³" in viz.graph(y).dot, pickle.loads(pickle.dumps(y)).op is ops.cube, autograd.compile(cube)(2.0))
'''


def test_new_operation_takes_one_row_and_one_function() -> None:
    """A row and a function give values, gradients, second derivatives, pictures, pickles and compiled programs."""
    child = subprocess.run([sys.executable, "-c", NEW_OPERATION], cwd=ROOT, capture_output=True, text=True, check=True)
    assert child.stdout.split() == ["8.0", "12.0", "12.0", "8.0", "True", "True", "8.0"]


def test_compiler_imports_make_no_circle() -> None:
    """Annotations included: what a file speaks of stands below it."""
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
    names = {name for name in files if name.startswith("autograd.compiler")}
    needs = {name: names.intersection(_modules(files[name])) - {name} for name in names}
    while needs:
        lowest = {name for name, others in needs.items() if not others & needs.keys()}
        assert lowest, f"a circle among {sorted(needs)}"
        for name in lowest:
            del needs[name]


def _modules(path: Path) -> Iterator[str]:
    """The modules that a file imports, or imports from."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if (ROOT / inner.replace(".", "/")).with_suffix(".py").exists() else str(node.module)
