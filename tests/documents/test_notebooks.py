"""Notebooks: made of the scripts, fresh, run in a real kernel, and saying what the scripts say."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.kernel import data, executed, printed

EXAMPLES = Path(__file__).parents[2] / "examples"
sys.path.append(str(EXAMPLES))

import notebooks  # noqa: E402 - the examples' folder is a path of its own
from exercises import DOCUMENTS, solutions  # noqa: E402
from options import parser  # noqa: E402

CLAIMS_CELL = "report.claims(CLAIMS)"  # judged by test_claims, all of them; here the first one only
ONE_CLAIM = f"CLAIMS.claims[1:] = []\n{CLAIMS_CELL}"


def code_cells(path: Path) -> list[str]:
    """The code of a notebook, cell by cell."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def quick(name: str) -> list[str]:
    """The cells of a script's notebook, for a first look."""
    cells = code_cells(notebooks.FOLDER / f"{name}.ipynb")
    assert sum(cell.startswith("quick = False") for cell in cells) == 1
    shortened = [cell.replace("quick = False", "quick = True").replace(CLAIMS_CELL, ONE_CLAIM) for cell in cells]
    assert name.startswith("document") == (shortened != [c.replace("quick = False", "quick = True") for c in cells])
    return shortened


def of_report(tree: ast.AST) -> Counter[str]:
    """Every call of a method of the report."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return Counter(ast.unparse(call) for call in calls if ast.unparse(call.func).startswith("report."))


def test_notebooks_are_those_that_the_scripts_make():
    """``python -m examples notebooks`` would change none, and no other lies about."""
    made = notebooks.notebooks()
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, f"python -m examples notebooks makes another {path.name}"
    lying = [*notebooks.FOLDER.glob("*.ipynb"), *notebooks.EXERCISES_FOLDER.glob("*.ipynb")]
    assert set(lying) == set(made)


@pytest.mark.parametrize("name", notebooks.SCRIPTS)
def test_nothing_of_a_script_is_lost(name):
    """Each sentence, table and picture of it is in the notebook, as often as there."""
    script = ast.parse((EXAMPLES / f"{name}.py").read_text(encoding="utf-8"))
    notebook = ast.parse("\n".join(code_cells(notebooks.FOLDER / f"{name}.ipynb")))
    assert of_report(notebook) == of_report(script)
    assert of_report(script)


@pytest.mark.parametrize("name", notebooks.SCRIPTS)
def test_a_notebook_runs_in_a_kernel(name, tmp_path):
    """Without an error, and with pictures below its cells; what is compared says what its script says."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cells = [cell.replace('"..")', f"{str(EXAMPLES)!r})") for cell in quick(name)]
    outputs = executed(cells, folder)
    errors = [output for cell in outputs for output in cell if output.output_type == "error"]
    assert not errors, "\n".join(errors[0].traceback)
    said = [text for cell in outputs for text in data(cell, "text/markdown")]
    pictures = sum(len(data(cell, form)) for cell in outputs for form in ("image/png", "image/svg+xml", "image/gif"))
    captions = [text for text in said if text.startswith("*")]
    assert len(captions) == pictures > 0
    if name == "document_001":  # the others take longer, or speak of seconds
        assert said == of_script(name, tmp_path)


def of_script(name: str, out: Path) -> list[str]:
    """What the script says, as Markdown."""
    module = importlib.import_module(name)
    claims, report = module.CLAIMS.claims[:], importlib.import_module("report")
    module.CLAIMS.claims[1:] = []
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            options = parser(None, "", None).parse_args(["--quick", "--out", str(out)])
            parts = report.report_of(module.main, module.TITLE, module.SEED, options).parts
    finally:
        module.CLAIMS.claims[:] = claims
    return [f"*{part.caption}*" if isinstance(part, report.Picture) else str(part) for part in parts]


def test_exercises_run_in_a_kernel(tmp_path):
    """Blank, and filled in with the solutions: every check says so, in its cell."""
    cells = {}
    for document in DOCUMENTS:
        first, *rest = code_cells(notebooks.EXERCISES_FOLDER / f"document_{document}.ipynb")
        assert first == code_cells(notebooks.EXERCISES_FOLDER / "document_000.ipynb")[0]
        cells |= dict(zip(DOCUMENTS[document], rest, strict=True))
    begin = first.replace('"..")', f"{str(EXAMPLES)!r})")
    checks = [f"check({name})" for name in cells]
    outputs = executed([begin, *cells.values(), inspect.getsource(solutions), *checks], tmp_path)
    blank, right = outputs[1 : 1 + len(cells)], outputs[2 + len(cells) :]
    for name, output in zip(cells, blank, strict=True):
        assert printed(output).startswith(f"{name}: it is still a blank")
    for name, output in zip(cells, right, strict=True):
        assert printed(output).startswith(f"{name}: right")


# %% Rules by which a script becomes cells.

SCRIPT = '''"""What it is."""

from __future__ import annotations

TITLE = "A title"


# %% Helpers.


@decorated
def helper(x):
    # why
    return x


def asked(report, x):
    """It gives something back."""
    return x


# %% A mark above a function.
def says(report, y, z):
    """More of the same."""
    report.say(y)  # noqa: X1

    # %% And more.
    report.say(z)


def main(report):
    """All."""
    report.say("first")
    # %% The second.
    z = asked(report, 1)
    asked(report, 2)
    says(report, z + 1, z)

    # a remark
    report.say("last")


if __name__ == "__main__":
    run(main)
'''


def test_a_script_becomes_sections():
    """Marks are headings; functions that say more of the same are written out, those that return something stay."""
    found = [(s.heading, "\n".join(s.code).strip(), s.of_main) for s in notebooks.sections(SCRIPT)]
    assert [each for each in found if each[1]] == [
        ("", 'from __future__ import annotations\n\nTITLE = "A title"', False),
        (
            "Helpers.",
            "@decorated\ndef helper(x):\n    # why\n    return x\n\n\n"
            'def asked(report, x):\n    """It gives something back."""\n    return x',
            False,
        ),
        ("", 'report.say("first")', True),
        ("The second.", "z = asked(report, 1)\nasked(report, 2)", True),
        ("A mark above a function.", "y = z + 1\nreport.say(y)", True),
        ("And more.", "report.say(z)", True),
        ("", '# a remark\nreport.say("last")', True),
    ]


def test_a_text_over_several_lines_cannot_be_moved_silently():
    """It would lose its own indentation; the script has to be written otherwise."""
    script = SCRIPT.replace('report.say("first")', 'report.say("""one\n    two""")')
    with pytest.raises(ValueError, match=r"^main cannot stand outside of its function: a text in it goes over several"):
        list(notebooks.sections(script))
