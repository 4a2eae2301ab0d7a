"""What the documentation shows is what happens."""

from __future__ import annotations

import ast
import builtins
import doctest
import importlib
import pkgutil
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

import autograd
import nn
import viz

ROOT = Path(__file__).parent.parent

#: What the map of ``viz`` names that is a method of what stands beside it.
METHODS = {"save"}
MODULES = sorted(
    module.name
    for package in (autograd, nn, viz)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__")
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "examples/from_micrograd.md"]


@pytest.fixture
def in_full():
    """Failures are made small, as in a docstring, even in a profile that leaves that out."""
    settings.register_profile("before", settings.default)
    settings.load_profile("ci")
    yield
    settings.load_profile("before")


@pytest.mark.usefixtures("in_full")
@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_give_what_they_say(name):
    """Every example in a docstring runs and prints what stands below it; those of JAX where JAX is."""
    if name in ("autograd.compiler.backends.jax", "autograd.compiler.calls.for_jax"):
        pytest.importorskip("jax")
    runner = doctest.DocTestRunner()
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        if "import jax" not in test.docstring or find_spec("jax"):
            runner.run(test)
    assert runner.failures == 0


@pytest.mark.parametrize("page", PAGES)
def test_code_of_a_page_runs_in_order_and_prints_what_its_comments_say(page, tmp_path, monkeypatch, capsys):
    """A reader who pastes a page's blocks one after the other sees the numbers in the comments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), namespace)
        shown = capsys.readouterr().out.split("\n")
        promised = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        assert [line for line in shown if line][: len(promised)] == promised
    assert len(blocks) >= 3


CODE = [
    page
    for page in ["README.md", *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("examples/**/*.md")))]
    if "```py" in (ROOT / page).read_text(encoding="utf-8")
]


#: What a page says the reader has.
YOURS = {"examples/testing/README.md": {"loss", "backward"}}


@pytest.mark.parametrize("page", CODE)
def test_code_of_a_page_imports_what_it_uses(page):
    """Our ``compile`` above all: Python has another one, whose error helps nobody. Data may be its script's."""
    bound = set(dir(builtins)) - {"compile"} | YOURS.get(page, set())
    script = (ROOT / page).with_suffix(".py")
    if script.exists():
        tree = ast.parse(script.read_text(encoding="utf-8"))
        bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:py|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for block in blocks:
        bound |= names_of(block, stored=True)
        assert names_of(block, stored=False) - bound == set()
    assert blocks


def names_of(code: str, stored: bool) -> set[str]:
    """The names that code binds, anywhere in it, or those that it reads."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) == stored:
            found.add(node.id)
        elif stored and isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif stored and isinstance(node, ast.arg):
            found.add(node.arg)
        elif stored and isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif stored and isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md", "examples/README.md", "examples/testing/README.md"])
def test_links_within_the_project_lead_somewhere(page):
    """To a file that is there, and within a page to a heading."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]*)\)", text):
        name, _, heading = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}, target


def test_files_that_the_map_names_are_there():
    """Every path of CONTRIBUTING.md, from the root or the end of one; a file behind a comma stands beside the last."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").replace("document_00X", "document_000")
    named = [name for name in re.findall(r"`([\w./]+)`", text) if "/" in name or name.endswith((".py", ".js", ".h"))]
    assert len(named) > 60
    assert [name for name in named if not (ROOT / name).exists() and not any(ROOT.rglob(name))] == []


def test_readme_names_the_two_commands():
    """The README offers exactly the two commands that continuous integration runs."""
    assert re.search(r"^make demo$", README, re.MULTILINE)
    assert re.search(r"^make test$", README, re.MULTILINE)


def test_readme_installs_a_folder_with_extras_that_exist():
    """A name with ``@ .`` behind it is no requirement to pip; a folder with its extras is one to every version."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    installed = re.findall(r"^pip install (.*)$", README, re.MULTILINE)
    assert installed
    for argument in installed:
        folder = re.fullmatch(r"'\.\[(\w+)\]'", argument)
        assert folder, argument
        assert folder[1] in extras


@pytest.mark.parametrize("package", ["autograd", "nn", "viz", "autograd.testing"])
def test_help_begins_with_a_map_of_one_screen(package):
    """A table right below the title, within 24 lines for whoever has read it; every name in it can be imported."""
    module = importlib.import_module(package)
    title, empty, *rest = module.__doc__.splitlines()
    assert title.endswith(".")
    assert empty == ""
    assert rest[0].startswith("=====")
    table = rest[: len(rest) - [line.startswith("=====") for line in reversed(rest)].index(True)]
    assert len(table) <= 24
    assert max(map(len, table)) <= 120
    names = [name for name in re.findall(r"``([A-Za-z_]\w*)``", "\n".join(table)) if name not in METHODS]
    assert len(names) > 10
    assert [name for name in names if not hasattr(module, name) and find_spec(f"{package}.{name}") is None] == []
