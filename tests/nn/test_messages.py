"""What ``nn`` says of a mistake, word for word: ``messages.txt`` has a call, and below it the error and its message.

A message that nobody reads in a test may say anything. One line of the table reaches each ``raise`` of ``nn``; after a
change of a message, ``python -m tests.nn.test_messages`` writes the table anew, for the difference to be read.
"""

from __future__ import annotations

import ast
import copy
import json
import math
import os
import warnings
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, log, sqrt
from nn import micrograd
from nn.files.serialization import FORMAT, VERSION, _digest

TABLE = Path(__file__).with_name("messages.txt")
ROOT = Path(nn.__file__).parent

X, Y = nn.datasets.xor()
MODEL = nn.MLP(2, [3, 1], rng=0)
PAIR = nn.MLP(2, [2], rng=0)
LAYER = {"kind": "Layer", "size": [2, 1], "activation": "tanh", "bias": True}
IMAGES = b"\0\0\x08\3\0\0\0\1\0\0\0\1\0\0\0\1\7"


def first(x: Any) -> Any:
    """The input, which comes alone or in a row."""
    return x[0] if isinstance(x, list) else x


class Line(nn.Module):
    """One parameter, and one input."""

    def __init__(self) -> None:
        self.slope = Value(1.0, label="slope")

    def __call__(self, x: Any) -> Any:
        return self.slope * first(x)


class Constant(nn.Module):
    """A number, and no parameter."""

    def __init__(self, number: float) -> None:
        self.number = number

    def __call__(self, x: Any) -> Any:
        return self.number


class Shapes(Line):
    """As many outputs as the input says."""

    def __call__(self, x: Any) -> Any:
        return [self.slope] * int(first(x))


class Stale(Line):
    """A result that is computed once."""

    def __init__(self) -> None:
        super().__init__()
        self.double = self.slope + self.slope

    def __call__(self, x: Any) -> Any:
        return self.double * first(x)


class Replaces(Line):
    """A count of its calls."""

    calls = 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        return self.slope * first(x)


class Typed(Line):
    """Another function of Values than of numbers."""

    def __call__(self, x: Any) -> Any:
        return self.slope * first(x) if isinstance(first(x), float) else self.slope + first(x)


class Spread:
    """An initializer without a name, whose numbers have another shape."""

    def __call__(self, rng: Any, outputs: int, inputs: int) -> Any:
        return np.zeros((inputs, outputs))


class Own(nn.SGD):
    """An optimiser that does not say what it remembers."""

    _remembers = frozenset()

    def __init__(self) -> None:
        super().__init__(0.1)


def size(model: Any, X: Any, y: Any) -> float:
    """A metric without direction."""
    return 1.0


def grow(model: Any, history: Any) -> None:
    """A callback that puts a parameter in another's place."""
    model.slope = Value(2.0)


def stepped(optimizer: nn.Optimizer) -> nn.Optimizer:
    """An optimiser that remembers one parameter."""
    optimizer.step(np.ones(1), np.ones(1))
    return optimizer


def updated(model: Any) -> None:
    """Two updates of a model that computes a result once."""
    optimizer = nn.SGD(0.1)
    optimizer.update(model)
    optimizer.update(model)


def written(content: bytes) -> Path:
    """A file; the second of a call has another name."""
    path = Path("other" if Path("file").exists() else "file")
    path.write_bytes(content)
    return path


def edited(**changes: Any) -> Path:
    """The file of a model, with something else in its head."""
    document = json.loads(nn.save(MODEL, "whole").read_text())
    return written(json.dumps({**document, **changes}).encode())


def stored(content: Any = (), **changes: Any) -> Path:
    """A file that is intact, and holds what nobody saves."""
    if content == ():
        content = {**json.loads(nn.save(MODEL, "whole").read_text())["content"], **changes}
    document = {"format": FORMAT, "version": VERSION, "sha256": _digest(content), "content": content}
    return written(json.dumps(document).encode())


def past(**changes: Any) -> None:
    """A history of one epoch that is read with something changed."""
    history = nn.fit(copy.deepcopy(MODEL), X, Y, epochs=1, progress=False)
    nn.History().load_state_dict({**history.state_dict(), **changes})


#: What the calls of the table speak of.
NAMES: dict[str, Any] = {
    **{name: getattr(nn, name) for name in nn.__all__},
    **globals(),
    "copy": copy.deepcopy,
    "log": log,
    "math": math,
    "micrograd": micrograd,
    "sqrt": sqrt,
}


def error_of(call: str) -> tuple[BaseException, str]:
    """What a call raises in an empty folder, be it an error or a warning, and that in a line: kind, message, notes."""
    with TemporaryDirectory() as folder, chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Exception) as caught:
            eval(call, dict(NAMES))
        notes = "".join(f" [{note}]" for note in getattr(caught.value, "__notes__", ()))
        text = f"{caught.type.__name__}: {caught.value}{notes}"
        return caught.value, text.replace(os.path.realpath(folder), "HERE").replace("\n", " / ")


def table() -> dict[str, tuple[int, str]]:
    """Line and message by call; the message is empty for a call that was just written."""
    found: dict[str, tuple[int, str]] = {}
    call = ""
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(" "):
            found[call] = number, line.strip()
        elif line and not line.startswith("#"):
            call = line
            found[call] = number, ""
    return found


@pytest.mark.parametrize(
    ("call", "message"), [pytest.param(call, text, id=f"line-{n}") for call, (n, text) in table().items()]
)
def test_mistake_is_answered_in_these_words(call: str, message: str) -> None:
    """The whole message, from the first letter to the last."""
    assert error_of(call)[1] == message


def raised() -> dict[str, list[range]]:
    """The lines of each ``raise`` with a message in ``nn``, by file."""
    return {
        str(path): [
            range(node.lineno, (node.end_lineno or node.lineno) + 1)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Raise) and node.exc is not None
        ]
        for path in sorted(ROOT.rglob("*.py"))
    }


def passed(error: BaseException | None) -> Iterator[tuple[str, int]]:
    """The lines that an error, and those that it came from, were raised at or went through."""
    while error is not None:
        trace: TracebackType | None = error.__traceback__
        while trace is not None:
            yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        error = error.__context__


def test_every_message_is_in_the_table() -> None:
    """A new ``raise`` needs a call that comes to it."""
    reached = {place for call in table() for place in passed(error_of(call)[0])}
    missing = [
        f"{Path(name).relative_to(ROOT)}:{lines[0]}"
        for name, several in raised().items()
        for lines in several
        if not any((name, line) in reached for line in lines)
    ]
    assert missing == []


def rewrite() -> None:
    """Write down what each call of the table says now."""
    lines: list[str] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            lines += ["", line, ""] if lines else [line, ""]
        elif line and not line.startswith(" "):
            lines += [line, f"    {error_of(line)[1]}"]
    TABLE.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
