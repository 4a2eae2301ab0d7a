"""Notebooks made of scripts, which stay the source: ``python -m examples notebooks`` writes them all anew.

A script is functions, and a ``main`` that is cells with a ``# %%`` comment above each. In the notebook the functions
come first, then the body of ``main`` cell by cell, and in it the bodies of those functions that only say more of the
same to the report. Exercises become notebooks too, a blank and a check in each cell.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCRIPTS = (
    "tour", "microgpt", "document_000", "document_001", "document_002", "document_003", "document_004", "scipy_fit",
)  # fmt: skip
FOLDER, EXERCISES_FOLDER = HERE / "notebooks", HERE / "exercises"

MARK = "# %% "
REMARKS = re.compile(r"  # (fmt|noqa|type):.*$", re.MULTILINE)
PATH = "import sys\n\nsys.path.append(\"..\")  # the scripts' folder, beside this notebook's"
QUICK = "quick = False  # True takes fewer epochs, for a first look"
OPENED = "report = Shown(TITLE, SEED, quick)"


@dataclass
class Section:
    """What stands below one heading, in ``main`` or before it."""

    heading: str = ""
    code: list[str] = field(default_factory=list)
    of_main: bool = False


Functions = dict[str, ast.FunctionDef]  # by name


# %% From a script to sections.


def sections(source: str) -> Iterator[Section]:
    """Those of the module, then those of its ``main``."""
    tree = ast.parse(source)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    said = set(_inlined(functions["main"], functions))
    marks = {}
    section = Section()
    for node, marked, code in statements(source):
        if isinstance(node, ast.FunctionDef) and (node.name == "main" or node.name in said):
            marks[node.name] = marked
            continue
        if _is_docstring(node) or (isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)):
            continue
        if marked:
            yield section
            section = Section(marked)
        section.code.append(code)
    yield section
    yield from _body(source, functions["main"], functions, marks)


def statements(source: str) -> Iterator[tuple[ast.stmt, str, str]]:
    """Each statement of a module, the mark above it, and its text with the comments and empty lines above."""
    lines, at = source.split("\n"), 0
    for node in ast.parse(source).body:
        above = [line for line in lines[at : _first_line(node)] if not line.startswith(MARK)]
        mark = next((line.removeprefix(MARK) for line in lines[at : _first_line(node)] if line.startswith(MARK)), "")
        at, begin = node.end_lineno or 0, _first_line(node)
        yield node, mark, REMARKS.sub("", "\n".join([*above, *lines[begin:at]]))


def _first_line(node: ast.stmt) -> int:
    """Counted from 0, decorators included."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]) - 1


def _body(
    source: str,
    function: ast.FunctionDef,
    functions: Functions,
    marks: dict[str, str],
    above: str = "",
) -> Iterator[Section]:
    """The statements of a function as sections, with those of the functions that it hands its report to."""
    section = Section(above, of_main=True)
    for node, marked, code in statements(_dedented(source, function)):
        if _is_docstring(node):
            continue
        if marked:
            yield section
            section = Section(marked, of_main=True)
        called = _called(node, functions)
        if called is None:
            section.code.append(code)
            continue
        yield section
        inner = functions[called.func.id]  # type: ignore[attr-defined]
        names = [argument.arg for argument in inner.args.args][1:]
        given = [ast.unparse(argument) for argument in called.args[1:]]
        first, *rest = _body(source, inner, functions, marks, marks.get(inner.name) or _summary(inner))
        first.code[:0] = [f"{name} = {text}" for name, text in zip(names, given, strict=True) if name != text]
        yield from (first, *rest)
        section = Section(of_main=True)
    yield section


def _dedented(source: str, function: ast.FunctionDef) -> str:
    """The body as a module of its own."""
    lines = source.split("\n")[function.body[0].lineno - 1 : function.end_lineno]
    text = textwrap.dedent("\n".join(lines)) + "\n"
    if ast.dump(ast.parse(text)) != ast.dump(ast.Module(function.body, [])):
        raise ValueError(f"{function.name} cannot stand outside of its function: a text in it goes over several lines")
    return text


def _called(node: ast.stmt, functions: Functions) -> ast.Call | None:
    """A call that only hands the report on, to a function of the same script without a return."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)):
        return None
    call, name = node.value, node.value.func.id
    hands_on = bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "report"
    if not hands_on or call.keywords or name not in functions:
        return None
    return None if _returns(functions[name]) else call


def _returns(node: ast.AST) -> bool:
    """Whether there is a return, but for those of functions inside."""
    inside = [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.FunctionDef | ast.Lambda)]
    return any(isinstance(each, ast.Return) or _returns(each) for each in inside)


def _inlined(function: ast.FunctionDef, functions: Functions) -> Iterator[str]:
    for node in function.body:
        if (call := _called(node, functions)) is not None:
            name = call.func.id  # type: ignore[attr-defined]
            yield name
            yield from _inlined(functions[name], functions)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _summary(function: ast.FunctionDef) -> str:
    return (ast.get_docstring(function) or "").split("\n")[0]


# %% From sections to notebooks.


def notebook_of(name: str) -> str:
    """The notebook of a script, as text."""
    source = (HERE / f"{name}.py").read_text(encoding="utf-8")
    title = next(
        ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TITLE"
    )
    about = (ast.get_docstring(ast.parse(source)) or "").strip()
    head = (
        f"# {title}\n\n{about}\n\n*Made of `{name}.py` by `python -m examples notebooks`: change that script instead.*"
    )
    made = [_text(head), _code(PATH), _code(QUICK, "parameters")]
    at_main = False
    for section in sections(source):
        code = "\n".join(section.code)
        if not code.strip():
            continue
        if section.heading:
            made.append(_text(f"## {section.heading.rstrip('.:')}"))
        if section.of_main and not at_main:
            made.append(_code(f"from shown import Shown\n\n{OPENED}"))
            at_main = True
        made.append(_code(re.sub(r"\n{4,}", "\n\n\n", code).strip("\n")))
    return _file(made)


def exercises_of(document: str) -> str:
    """The notebook of a document's exercises, as text."""
    from exercises import DOCUMENTS
    from exercises.terminal import blank

    made = [
        _text(
            f"# Exercises of document {document}\n\nReplace `raise NotImplementedError` by what is asked for, in plain "
            "NumPy or Python, and run the cell: `check` compares your function with the engine and names the mistake, "
            "if it knows it. Solutions are in `solutions.py`."
        ),
        _code(f"{PATH}\n\nimport numpy as np\n\nfrom exercises import check"),
    ]
    for each in DOCUMENTS[document].values():
        made += [_text(f"## {each.name}\n\n{each.task}"), _code(f"{blank(each, task=False)}\n\ncheck({each.name})")]
    return _file(made)


def _text(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(code: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": _lines(code)}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _file(cells: Sequence[dict[str, Any]]) -> str:
    numbered = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def notebooks() -> dict[Path, str]:
    """Every notebook by its file."""
    from exercises import DOCUMENTS

    made = {FOLDER / f"{name}.ipynb": notebook_of(name) for name in SCRIPTS}
    return made | {EXERCISES_FOLDER / f"document_{document}.ipynb": exercises_of(document) for document in DOCUMENTS}


def write() -> None:
    """Write them."""
    for path, text in notebooks().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
