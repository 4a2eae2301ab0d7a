"""Files: exact, whole or not there, and refused when they are anything else."""

import json
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import MLP, SGD, Adam, History, Layer, Module, Neuron, Sequential, load, save

NAMES = ["linear", "relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus", "sin"]


def models():
    """Perceptrons, layers, neurons and rows of these."""
    activation, size, seed = st.sampled_from(NAMES), st.integers(1, 3), st.integers(0, 99)
    neuron = st.builds(Neuron, size, activation, bias=st.booleans(), rng=seed)
    layer = st.builds(Layer, size, size, activation, bias=st.booleans(), rng=seed)
    perceptron = st.builds(
        MLP, size, st.lists(size, min_size=1, max_size=3), activation=activation, bias=st.booleans(), rng=seed
    )
    row = st.lists(neuron | perceptron, min_size=1, max_size=3).map(lambda parts: Sequential(*parts))
    return neuron | layer | perceptron | row


@given(model=models(), data=st.data())
def test_a_model_comes_back_with_every_bit(model, data, tmp_path_factory):
    """Architecture, names, labels and parameters are the same, whatever floats the parameters are."""
    for parameter in model.parameters():
        parameter.data = data.draw(st.floats(allow_nan=False) | st.sampled_from([0.1, -0.0, 5e-324, 1e308]))
    path = save(model, tmp_path_factory.mktemp("models") / "model.json")
    twin = load(path)
    assert repr(twin) == repr(model)
    assert [(name, p.label, p.data.hex()) for name, p in twin.named_parameters()] == [
        (name, p.label, p.data.hex()) for name, p in model.named_parameters()
    ]


def test_a_loaded_model_predicts_the_same(tmp_path):
    """Activations of each layer come back too."""
    model = MLP(2, [3, 3, 1], activation=["relu", "tanh", "sigmoid"], rng=4)
    twin = load(save(model, tmp_path / "model.json"))
    assert twin([0.3, -0.7]).data == model([0.3, -0.7]).data
    np.testing.assert_array_equal(twin.predict(np.ones((3, 2))), model.predict(np.ones((3, 2))))


two_layers = st.lists(st.sampled_from(NAMES), min_size=2, max_size=2)


@given(saved=two_layers, names=two_layers | st.just([]), row=st.booleans())
def test_model_to_load_into_computes_what_was_saved(saved, names, row, tmp_path_factory):
    """Its parameters have the same names, and its activations may be others."""
    path = save(model := MLP(2, [2, 1], activation=saved, rng=0), tmp_path_factory.mktemp("models") / "model.json")
    first, second = names or saved
    other = MLP(2, [2, 1], activation=[first, second], rng=1)
    if row:
        other = Sequential(Layer(2, 2, first, rng=1), Layer(2, 1, second, rng=1))
    before = other.state_dict()
    if [first, second] == saved:
        assert load(path, model=other)([0.3, -0.7]).data == model([0.3, -0.7]).data
        return
    with pytest.raises(ValueError, match=f"its layers have the activations {saved[0]}, {saved[1]}, the model to load"):
        load(path, model=other)
    assert other.state_dict() == before


class Line(Module):
    """A module of one's own."""

    def __init__(self, slope=1.0):
        self.slope = Value(slope)


@pytest.mark.parametrize(
    ("model", "other", "name"),
    [
        (Line(2.5), Line(), "Line"),
        (MLP(1, [2, 1], activation=lambda z: z * z, rng=0), MLP(1, [2, 1], activation=lambda z: z * z, rng=9), "MLP"),
        (Sequential(Layer(1, 1, rng=0), Line(0.5)), Sequential(Layer(1, 1, rng=9), Line()), "Sequential"),
    ],
    ids=["module", "activation", "part"],
)
def test_code_of_ones_own_is_built_by_oneself(model, other, name, tmp_path):
    """The file holds its numbers, and asks for the model to put them into."""
    path = save(model, tmp_path / "model.json")
    message = (
        f"{path} does not hold what it is asked for: a {name} has code of your own, which a file cannot hold; "
        "build it and give load("
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        load(path)
    assert load(path, model=other) is other
    assert other.state_dict() == model.state_dict()


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    """The disk fills up while writing: the file is the old one, and no scrap lies beside it."""
    path = save(MLP(1, [1], rng=0), tmp_path / "model.json")
    before = path.read_bytes()

    def full(descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        save(MLP(5, [5, 5], rng=0), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_save_that_cannot_begin_says_why(tmp_path, monkeypatch):
    """Where no file can be made there is none to take away, and the error is that of making it."""

    def refuse(*_, **__):
        raise PermissionError("no file may be made here")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PermissionError, match="no file may be made here"):
        save(MLP(1, [1], rng=0), tmp_path / "model.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_text_that_says_what_it_is(tmp_path):
    """JSON, with format, version and names: no pickle, nothing that runs when it is read."""
    text = save(MLP(1, [1], rng=0), tmp_path / "model.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert text == json.dumps(document, indent=1)  # an entry a line, for those who compare two files
    model = Module()
    model.größe = Value(0.5)
    assert '"größe": 0.5' in save(model, tmp_path / "model.json").read_text(encoding="utf-8")
    assert (document["format"], document["version"]) == ("scalar-autograd model", 1)
    assert list(document["content"]["parameters"]) == ["layers.0.neurons.0.weights.0", "layers.0.neurons.0.bias"]


def json_or_none(content):
    """What a file says, or None if it says nothing."""
    try:
        return json.loads(bytes(content))
    except ValueError:
        return None


@given(data=st.data())
def test_damage_anywhere_is_noticed(data, tmp_path_factory):
    """Any byte changed, any tail cut off: an error that says so, or the very same model."""
    model = MLP(2, [2, 1], rng=0)
    path = save(model, tmp_path_factory.mktemp("models") / "model.json")
    before = path.read_bytes()
    content = bytearray(before)
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[place] = data.draw(st.integers(0, 255))
    else:
        del content[place:]
    path.write_bytes(bytes(content))
    if json_or_none(content) == json_or_none(before):  # white space, or the byte it was
        assert load(path).state_dict() == model.state_dict()
    else:
        with pytest.raises(ValueError, match=re.escape(str(path))):
            load(path)


def written(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    return path


FOREIGN = {
    "empty": (b"", "is no model file, or a damaged one: "),
    "a picture": (b"\x89PNG\r\n\x1a\n", "is no model file, or a damaged one: "),
    "a list": (b"[1, 2]", "is no file of nn.save: it does not begin with the format 'scalar-autograd model'"),
    "other JSON": (b'{"weights": []}', "is no file of nn.save: it does not begin with the format"),
    "a later version": (
        b'{"format": "scalar-autograd model", "version": 2}',
        "has format version 2, this library reads 1; use the version",
    ),
    "no content": (
        b'{"format": "scalar-autograd model", "version": 1}', "is damaged: its checksum is not that of its content",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FOREIGN)
def test_foreign_files_are_refused_by_name(case, tmp_path):
    """Each kind of wrong file has its own sentence."""
    content, message = FOREIGN[case]
    path = written(tmp_path, content)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path} {message}')}"):
        load(path)


def test_states_that_are_not_there_or_do_not_fit_are_refused(tmp_path):
    """A file without an optimiser, of another optimiser, of other sizes; no model, no folder, no file."""
    path = save(MLP(1, [1]), tmp_path / "model.json")
    with pytest.raises(ValueError, match=r"asked for: it has no optimizer; save it with optimizer=$"):
        load(path, optimizer=Adam())
    with pytest.raises(ValueError, match=r"asked for: it has no history; save it with history=$"):
        load(path, history=History())
    with pytest.raises(
        ValueError,
        match=r"model\.json does not hold what it is asked for: Adam takes a state of its own kind, got one of SGD$",
    ):
        load(save(MLP(1, [1], rng=0), path, optimizer=SGD(0.1)), optimizer=Adam())
    with pytest.raises(ValueError, match="a state for this MLP has its 5 parameter names, got one that lacks"):
        load(path, model=MLP(2, [1, 1], rng=0))
    with pytest.raises(TypeError, match=r"^save takes a model first, got str; save\(model, path\)$"):
        save("model.json", MLP(1, [1], rng=0))
    with pytest.raises(FileNotFoundError, match=r"the folder .* of model\.json does not exist; make it first$"):
        save(MLP(1, [1], rng=0), tmp_path / "nowhere" / "model.json")
    with pytest.raises(IsADirectoryError, match=r" is a folder; give the name of a file$"):
        save(MLP(1, [1], rng=0), tmp_path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.json")


def test_a_history_comes_back_whole(tmp_path):
    """Numbers, arrays and reasons, also those that are no numbers."""
    history = History(loss=[1.0, math.inf], metrics={"accuracy": [0.5, 1.0]}, stopped="callback", best_epoch=1)
    history.parameters = [np.array([0.1, 0.2])] * 3
    history.activations = [[np.ones((2, 3)), np.zeros((2, 1))]] * 3
    history.best_parameters = np.array([0.1, 0.2])
    twin = History()
    load(save(MLP(1, [1], rng=0), Path(tmp_path) / "model.json", history=history), history=twin)
    np.testing.assert_equal(twin.state_dict(), history.state_dict())
    assert isinstance(twin.best_parameters, np.ndarray)
    assert isinstance(twin.activations[0][0], np.ndarray)
    with pytest.raises(ValueError, match=r"^a history's state has its field names, got the unknown \['los'\]$"):
        twin.load_state_dict(history.state_dict() | {"los": []})
