"""What a user with a type checker sees: our names are there, and a Value stays a Value."""

from __future__ import annotations

import pytest

PROGRAM = """
from autograd import Value, abs, compile, dot, exp, grad, maximum, pow, sum
from nn import MLP, fit
import viz

reveal_type(exp(Value(1.0)))
reveal_type(exp(1.0))
reveal_type(Value(1.0) * 2 + 1)
reveal_type(Value(1.0).data)
viz.graph(exp(Value(1.0))).save("graph.svg")
"""


def test_strict_type_checker_knows_our_names(tmp_path):
    """In strict mode mypy finds the functions, and the kind of their results."""
    api = pytest.importorskip("mypy.api")
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    options = ["--strict", "--config-file=", "--show-absolute-path", f"--cache-dir={tmp_path}"]
    found, _, _ = api.run([*options, str(file)])
    lines = [line.split(": ", 1)[1] for line in found.splitlines() if line.startswith(str(file))]
    assert lines == [
        'note: Revealed type is "autograd.value.Value"',
        'note: Revealed type is "float"',
        'note: Revealed type is "autograd.value.Value"',
        'note: Revealed type is "float"',
    ]
