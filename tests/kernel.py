"""A real kernel, as a notebook has it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

import autograd

__all__ = ["data", "executed", "printed", "written"]


def executed(cells: Iterable[str], folder: Path, **environment: str) -> list[list[NotebookNode]]:
    """The outputs of cells, run one after another in a kernel of their own; errors are outputs too."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    tested = str(Path(autograd.__file__).parent.parent)
    client = NotebookClient(notebook, timeout=120, allow_errors=True)
    client.execute(cwd=str(folder), env={**os.environ, "PYTHONPATH": tested, **environment})
    return [cell.outputs for cell in notebook.cells]


def data(outputs: list[NotebookNode], form: str) -> list[str]:
    """What a cell shows in one form."""
    return [output.data[form] for output in outputs if form in output.get("data", {})]


def printed(outputs: list[NotebookNode]) -> str:
    """What a cell prints."""
    return "".join(output.text for output in outputs if output.output_type == "stream")


def written(outputs: list[NotebookNode]) -> set[str]:
    """The lines of text in the drawing below a cell."""
    (svg,) = data(outputs, "image/svg+xml")
    return {"".join(part.itertext()) for part in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
