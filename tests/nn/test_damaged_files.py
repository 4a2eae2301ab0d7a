"""Files that are no files of ours any more: one family of errors, and nothing is half changed."""

import copy
import json
import math
import os
import random
import stat

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    Adam,
    Backtracking,
    EarlyStopping,
    History,
    Layer,
    LinearSchedule,
    Neuron,
    Sequential,
    datasets,
    fit,
    load,
    save,
)
from nn.files.serialization import _digest

X, Y = (part[::4] for part in datasets.sine_bands())
STRANGE = [
    None, True, -1, 0, 3, 10**30, 10**400, 1.5, math.nan, math.inf, "", "relu", "Layer", "0.5", [], [1], [[1.0]], [[]],
    {}, {"kind": "MLP"}, {"kind": "Sequential", "layers": []}, [None], {"a": [1.0]},
]  # fmt: skip


def trained():
    """A model, its optimiser and its history, with something in every field."""
    model, optimizer = MLP(2, [2, 1], activation="tanh", rng=1), Adam(0.01)
    history = fit(
        model, X, Y, optimizer=optimizer, epochs=2, batch_size=4, validation=(X, Y), metrics="accuracy",
        record=("parameters", "gradients", "activations"), early_stopping=EarlyStopping(),
    )  # fmt: skip
    return model, optimizer, history


def places(tree, path=()):
    """Every place in a tree of lists and dicts, the root apart."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in inside:
        yield (*path, key)
        yield from places(part, (*path, key))


def mutate(content, rng):
    """One to three parts put in place of others, doubled, renamed or taken away."""
    for _ in range(rng.randint(1, 3)):
        every = list(places(content))
        *path, key = rng.choice(every)
        holder = content
        for step in path:
            holder = holder[step]
        kind = rng.random()
        if kind < 0.2:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, dict):
            holder[rng.choice(["mean", "los", "steps", "x"])] = holder.pop(key)
        elif kind < 0.4 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = copy.deepcopy(rng.choice(STRANGE))


def everything(model, optimizer, history):
    return json.dumps([model.state_dict(), optimizer.state_dict(), history.state_dict()], default=lambda a: a.tolist())


@pytest.mark.parametrize("kind", ["tree", "bytes"])
def test_ten_thousand_damaged_files_are_loaded_whole_or_refused(kind, tmp_path):
    """ValueError with the path in it and a reason; model, optimiser and history are all of the file or as before."""
    path = save(*(parts := trained())[:1], tmp_path / "model.json", optimizer=parts[1], history=parts[2])
    document, raw = json.loads(path.read_text()), path.read_bytes()
    rng, refused = random.Random(0), 0
    model, optimizer, history = MLP(2, [2, 1], activation="tanh", rng=2), Adam(0.01), History()
    before = everything(model, optimizer, history)
    compact = json.dumps(document["content"])
    for _ in range(8000 if kind == "tree" else 2000):
        if kind == "tree":
            content = json.loads(compact)
            mutate(content, rng)
            path.write_text(json.dumps(document | {"content": content, "sha256": _digest(content)}))
        else:
            damaged = bytearray(raw)
            start = rng.randrange(len(damaged))
            damaged[start : start + rng.randint(1, 9)] = rng.randbytes(rng.randint(0, 9))
            path.write_bytes(damaged)
        targets = model, optimizer, history
        try:
            load(path, model=model if rng.random() < 0.7 else None, optimizer=optimizer, history=history)
            message = None
        except ValueError as error:
            message = str(error)
        if message is not None:
            refused += 1
            assert message.startswith(f"{path} ")
            assert everything(*targets) == before
        else:
            lengths = {len(series) - history._before(series) for series in history._series() if series}
            assert lengths <= {len(history)}
            model, optimizer, history = MLP(2, [2, 1], activation="tanh", rng=2), Adam(0.01), History()
    assert refused > 1000


@pytest.mark.parametrize(
    "model",
    [
        Sequential(layer := Layer(2, 2, "tanh", rng=0), layer),
        Sequential(Neuron(2, rng=0), Layer(1, 1, rng=0)),
        MLP(2, [3, 1], rng=0),
    ],
    ids=["a layer twice", "a neuron", "a perceptron"],
)
@pytest.mark.parametrize("change", ["nothing", "a neuron's activation", "a neuron's call", "a bias", "a neuron twice"])
def test_a_changed_model_is_loaded_as_it_was_or_built_by_its_user(model, change, tmp_path):
    """What the file cannot describe is never loaded as something else."""
    model = copy.deepcopy(model)
    neuron = model.layers[0] if isinstance(model.layers[0], Neuron) else model.layers[0].neurons[0]
    if change == "a neuron's activation":
        neuron.activation = Neuron(1, "sin", rng=0).activation
    elif change == "a neuron's call":
        neuron.__class__ = type("Odd", (Neuron,), {"__call__": lambda self, x: self.bias * 2.0})
    elif change == "a bias":
        neuron.bias = None
    elif change == "a neuron twice" and model.layers[0] is not model.layers[-1]:
        model.layers[-1].neurons.append(model.layers[-1].neurons[0])
    path = save(model, tmp_path / "model.json")
    if change == "nothing" and model.layers[0] is not model.layers[-1]:
        assert load(path).state_dict() == model.state_dict()
    try:
        twin = load(path)
    except ValueError:
        twin = load(path, model=model)
    rows = np.random.default_rng(0).normal(size=(4, 2))
    np.testing.assert_array_equal(twin.predict(rows), model.predict(rows))


# ── The file itself ──────────────────────────────────────────────────────────────────────────────────────────────────


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX")
class TestTheFile:
    """What is there besides its content."""

    def test_an_existing_file_keeps_its_mode(self, tmp_path):
        path = save(MLP(1, [1], rng=0), tmp_path / "model.json")
        for chosen in (0o640, 0o600, 0o444):
            path.chmod(chosen)
            save(MLP(1, [1], rng=1), path)
            assert mode(path) == chosen

    @pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
    def test_a_new_file_has_what_the_umask_leaves(self, umask, tmp_path):
        old = os.umask(umask)
        try:
            path = save(MLP(1, [1], rng=0), tmp_path / "model.json")
        finally:
            os.umask(old)
        assert mode(path) == 0o666 & ~umask

    def test_a_symbolic_link_is_followed(self, tmp_path):
        (tmp_path / "deep").mkdir()
        target = save(MLP(1, [1], rng=0), tmp_path / "deep" / "model.json")
        link = tmp_path / "latest.json"
        link.symlink_to(target)
        model = MLP(1, [2], rng=1)
        assert save(model, link) == link
        assert link.is_symlink()
        assert load(target).state_dict() == model.state_dict()
        assert sorted(p.name for p in target.parent.iterdir()) == ["model.json"]

    def test_a_link_to_nothing_gets_its_file(self, tmp_path):
        link = tmp_path / "latest.json"
        link.symlink_to(tmp_path / "model.json")
        save(MLP(1, [1], rng=0), link)
        assert link.is_symlink()
        assert (tmp_path / "model.json").is_file()

    def test_a_device_is_not_replaced(self, tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with pytest.raises(
            FileExistsError, match=r"pipe is a device, and no file that could be replaced; give the name"
        ):
            save(MLP(1, [1], rng=0), pipe)
        assert stat.S_ISFIFO(pipe.stat().st_mode)


# ── What the file is loaded into ─────────────────────────────────────────────────────────────────────────────────────


def test_an_optimiser_of_another_size_is_refused_before_the_model_is_changed(tmp_path):
    """It would fail at its first step."""
    _, optimizer, history = trained()
    path = save(MLP(1, [1], rng=0), tmp_path / "model.json", optimizer=optimizer, history=history)
    model, fresh = MLP(1, [1], rng=3), Adam(0.01)
    before = everything(model, fresh, History())
    with pytest.raises(ValueError, match=r"asked for: this Adam remembers 9 parameters, got 2"):
        load(path, model=model, optimizer=fresh)
    assert everything(model, fresh, History()) == before


OTHERS = {
    "rate": (lambda: Adam(0.01), lambda: Adam(0.02), "here learning_rate 0.02, got 0.01"),
    "beta": (lambda: Adam(0.01, beta1=0.8), lambda: Adam(0.01), "here beta1 0.9, got 0.8"),
    "momentum": (lambda: SGD(0.1, momentum=0.9), lambda: SGD(0.1), "here momentum 0.0, got 0.9"),
    "schedule": (
        lambda: SGD(LinearSchedule(0.1, 0.0, 5)), lambda: SGD(LinearSchedule(0.1, 0.0, 6)),
        r"here learning_rate 'LinearSchedule\(start=0.1, end=0.0, steps=6\)', got 'LinearSchedule\(start=0.1, end=0.0, "
        r"steps=5\)'",
    ),
    "factor": (lambda: Backtracking(1.0, factor=2.0), lambda: Backtracking(1.0), "here factor 5.0, got 2.0"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_an_optimiser_of_other_settings_is_refused(case, tmp_path):
    """It would go on with a mixture of both; what should change is changed afterwards."""
    saved, other, message = OTHERS[case]
    state, optimizer = saved().state_dict(), other()
    with pytest.raises(
        ValueError, match=f"takes a state of its own settings, {message}; build it as it was, and change"
    ):
        optimizer.load_state_dict(state)
    same = saved()
    same.load_state_dict(json.loads(json.dumps(state)))
    assert same.state_dict() == state


def test_a_state_without_settings_is_that_of_an_earlier_version():
    """It is taken as it is."""
    optimizer = Adam(0.3)
    optimizer.load_state_dict({"kind": "Adam", "steps": 3, "mean": [1.0], "square": [2.0]})
    assert (optimizer.steps, optimizer.rate) == (3, 0.3)
