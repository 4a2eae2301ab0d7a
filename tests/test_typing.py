"""What a user with a type checker sees: our names are there, and a Value stays a Value."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import autograd
import nn
from nn.measures.losses import LossName
from nn.measures.metrics import MetricName
from nn.measures.outputs import REDUCTIONS, Reduce
from nn.model.activations import ActivationName
from nn.model.initializers import InitializerName
from nn.optimizers.rules import OptimizerName

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


NETWORKS = """
from autograd import Value
from nn import LOSSES, MLP, OPTIMIZERS, Layer, Module, Neuron, Sequential, datasets, evaluate, fit, load, standardize
from nn.micrograd import MLP as Micrograd


class Line(Module):
    def __init__(self) -> None:
        self.slope = Value(1.0)

    def __call__(self, x: float) -> Value:
        return self.slope * x


X, y = datasets.moons(100)
model = MLP(2, [8, 1], activation="tanh", output_activation="sigmoid", init="he", rng=0)
history = fit(model, X, y, loss="binary_cross_entropy", optimizer="adam", metrics="accuracy", record="parameters")
reveal_type(Neuron(2)([1.0, 2.0]))
reveal_type(Layer(2, 3)(X[0]))
reveal_type(model(X[0].tolist()))
reveal_type(Sequential(model)(1.0))
reveal_type(Micrograd(2, [4, 1]).layers[0].neurons[0].w)
reveal_type(Line()(2.0))
reveal_type(load("model.json")([1.0, 2.0]))
reveal_type(load("model.json", model=Line())(2.0))
reveal_type(history.loss)
reveal_type((model.predict(X).ndim, standardize(X).ndim))
reveal_type(evaluate(model, X, y, loss="mse"))
for loss in LOSSES:
    for optimizer in OPTIMIZERS:
        fit(Line(), X[:, 0], y, loss=loss, optimizer=optimizer)
fit(model, X, y, loss="bce")  # wrong
fit(model, X, y, optimizer="adamx")  # wrong
MLP(2, [8, 1], activation="thanh")  # wrong
"""

REVEALED = [
    "Value", "Value | list[Value]", "Value | list[Value]", "Value | list[Value]", "list[Value]", "Value",
    "Value | list[Value]", "Value", "list[float]", "tuple[int, int]", "dict[str, float]",
]  # fmt: skip


MEASURES = """
from autograd import Value, values
from nn import L1, L2, LOSSES, METRICS, MLP, OPTIMIZERS, SGD, Adam, Backtracking, accuracy, confusion_matrix, datasets
from nn import binary_cross_entropy, binary_cross_entropy_with_logits, evaluate, fit, half_squared_error, hinge
from nn import mean_squared_error, misclassified, softmax_cross_entropy, squared_error, train_test_split

X, y = datasets.moons(20)
model = MLP(2, [2], rng=0)
single, outputs = MLP(2, [1], rng=0), [Value(0.25), Value(0.5)]
halves, ones = y[:2] * 0.0 + 0.5, y[:2] * 0.0 + 1.0
ours = values(halves)
mixed: list[Value | float] = [Value(0.25), 0.5]
"""

# Of every loss; what only they take who are no class among several stands in the other.
CALLS = {
    "{loss}(model(X[0]), [1.0, 1.0])": "Value",
    "{loss}(outputs, (1, 1))": "Value",
    "{loss}(outputs, ones)": "Value",
    "{loss}((0.25, 0.5), [1, 1])": "float",
    "{loss}(halves, ones)": "float",
    "{loss}([0.25, 0.5], target=outputs[:1] * 2)": "Value",
    "{loss}(mixed, target=[1.0, 1.0])": "Value | float",
    "LOSSES['{loss}'](outputs, [1.0, 1.0])": "Value",
    "LOSSES['{loss}']([0.25, 0.5], [1.0, 1.0])": "float",
}
SINGLE = {
    "{loss}({first}=single(X[0]), target=y[0] * 0.0 + 1.0)": "Value",
    "{loss}({first}=outputs[0], target=1)": "Value",
    "{loss}(0.5, 1)": "float",
    "{loss}(0.5, outputs[0] + 0.75)": "Value",
    "{loss}([single(x) for x in X[:2]], [1, 1])": "Value",
}
REDUCED = {"{loss}(outputs, [1, 1], reduce='mean')": "Value", "{loss}([0.25, 0.5], [1, 1], 'sum')": "float"}
OTHERS = {
    "softmax_cross_entropy(logits=outputs, target=1)": "Value",
    "softmax_cross_entropy(halves, 1)": "float",
    "squared_error(ours, ones)": "Value",
    "L1(0.1)(model)": "Value | float",
    "L2(0.1, biases=True)(model)": "Value | float",
    "model(X[0])": "Value | list[Value]",
    "SGD(0.1).rate": "float",
    "Adam(0.1).update(single)": "None",
    "Adam().step(X[0], X[1]).size": "int",
    "Backtracking().rate": "float",
    "OPTIMIZERS['adam']().steps": "int",
    "METRICS['accuracy'](single, X, y)": "float",
    "accuracy(single, X, y, threshold=0.5)": "float",
    "misclassified(single, X, y).ndim": "int",
    "confusion_matrix(single, X, y).ndim": "int",
    "evaluate(single, X, y, metrics='accuracy')": "dict[str, float]",
    "fit(single, X, y, epochs=1, progress=False).best_epoch": "int",
    "fit(single, X, y, epochs=1, progress=False).metrics": "dict[str, list[float]]",
    "len(train_test_split(X, y))": "int",
}


def calls() -> dict[str, str]:
    """Expressions of a user's with what a type checker should make of them."""
    found = dict(OTHERS)
    for loss, function in nn.LOSSES.items():
        if loss == "mse":
            continue
        several = loss == "softmax_cross_entropy"
        first, *others = inspect.signature(function).parameters
        for forms in (CALLS, {} if several else SINGLE, REDUCED if "reduce" in others else {}):
            found |= {form.format(loss=loss, first=first): kind for form, kind in forms.items()}
    return found


def written(tmp_path: Path, program: str) -> Path:
    """A file of a user's."""
    file = tmp_path / "program.py"
    file.write_text(program)
    return file


def wrong_lines(file: Path) -> list[int]:
    """The lines that say that they are."""
    return [i for i, line in enumerate(file.read_text().splitlines(), 1) if line.endswith("# wrong")]


def checked_by_mypy(file: Path) -> list[tuple[int, str]]:
    """What mypy says in strict mode: line numbers and messages."""
    api = pytest.importorskip("mypy.api")
    options = ["--strict", "--config-file=", "--show-absolute-path", f"--cache-dir={file.parent.parent / 'mypy'}"]
    found, _, _ = api.run([*options, str(file)])
    lines = [line.removeprefix(f"{file}:").split(": ", 1) for line in found.splitlines() if line.startswith(str(file))]
    return [(int(number), message) for number, message in lines]


def checked_by_pyright(file: Path) -> tuple[list[str], list[int]]:
    """What pyright says in strict mode: the types it reveals, and lines with errors."""
    pyright = shutil.which("pyright", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if pyright is None:
        pytest.skip("pyright is not installed")
    root = str(Path(autograd.__file__).parent.parent)
    (file.parent / "pyrightconfig.json").write_text(f'{{"extraPaths": ["{root}"], "typeCheckingMode": "strict"}}')
    command = [pyright, "--pythonpath", sys.executable, str(file)]
    lines = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False).stdout.splitlines()
    errors = [int(line.split(f"{file.name}:")[1].split(":")[0]) for line in lines if " - error: " in line]
    return [line.split('" is "')[1].rstrip('"') for line in lines if "information: Type of" in line], errors


def revealed(found: list[tuple[int, str]]) -> list[str]:
    """The types among what mypy says."""
    return [text.split('"')[1].replace("autograd.value.", "") for _, text in found if text.startswith("note: Rev")]


def assert_types_of_results(program: str, expected: dict[str, str]) -> None:
    """What a checker is told is what there is when it runs."""
    names: dict[str, object] = {}
    exec(program, names)
    known = {kind.__name__: kind for kind in (autograd.Value, float, int, str, list, dict)} | {"None": type(None)}
    for call, kind in expected.items():
        result = eval(call, names)
        assert isinstance(result, tuple(known[part] for part in re.sub(r"\[.*\]", "", kind).split(" | "))), call


def test_strict_type_checker_knows_our_names(tmp_path):
    """In strict mode mypy finds the functions, and the kind of their results."""
    lines = [message for _, message in checked_by_mypy(written(tmp_path, PROGRAM))]
    assert lines == [
        'note: Revealed type is "autograd.value.Value"',
        'note: Revealed type is "float"',
        'note: Revealed type is "autograd.value.Value"',
        'note: Revealed type is "float"',
    ]


def test_networks_have_types_and_names_are_checked(tmp_path):
    """A call of a model gives Values, whoever built it; a name that does not exist is an error, and nothing else is."""
    file = written(tmp_path, NETWORKS)
    found = checked_by_mypy(file)
    assert revealed(found) == REVEALED
    assert [number for number, text in found if text.startswith("error")] == wrong_lines(file)


def test_losses_are_of_values_where_values_come_in(tmp_path):
    """Of every loss, metric, penalty and optimiser the type is known, and it is that of what comes out."""
    expected = calls()
    program = MEASURES + "\n".join(f"reveal_type({call})" for call in expected)
    program += "\nsquared_error(0.5, 1.0).backward()  # wrong\nhinge('0.5', 1)  # wrong"
    file = written(tmp_path, program)
    found = checked_by_mypy(file)
    assert dict(zip(expected, revealed(found), strict=True)) == expected
    assert [number for number, text in found if text.startswith("error")] == wrong_lines(file)
    assert_types_of_results(MEASURES, expected)


def test_pyright_agrees(tmp_path):
    """The other checker finds the same types and faults, where it is installed."""
    file = written(tmp_path, NETWORKS)
    assert checked_by_pyright(file) == (REVEALED, wrong_lines(file))


@pytest.mark.parametrize(
    ("names", "table"),
    [
        (LossName, nn.LOSSES),
        (OptimizerName, nn.OPTIMIZERS),
        (ActivationName, nn.ACTIVATIONS),
        (InitializerName, nn.INITIALIZERS),
        (MetricName, nn.METRICS),
        (Reduce, REDUCTIONS),
    ],
    ids=["losses", "optimizers", "activations", "initializers", "metrics", "reductions"],
)
def test_names_are_those_of_the_table(names, table):
    """What a checker allows is what there is."""
    assert get_args(names) == tuple(table)
