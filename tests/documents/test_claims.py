"""What the examples say of the documents' claims: every verdict is the one that the page shows."""

from __future__ import annotations

import importlib
import runpy
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
sys.path.append(str(EXAMPLES))

import verdicts  # noqa: E402 - the examples' folder is a path of its own
from claims import LEAST, Claims, Evidence  # noqa: E402
from ensemble import Ensemble  # noqa: E402
from options import PARTS, a_seed, mnist_folder  # noqa: E402

from autograd import grads, mean  # noqa: E402
from nn import MLP, softmax_cross_entropy  # noqa: E402


@pytest.mark.parametrize("document", verdicts.DOCUMENTS)
def test_verdicts_are_those_on_the_page(document):
    """Each is found anew, from at least twenty starts."""
    assert verdicts.changed(document) == []


def test_every_claim_on_the_page_is_tried():
    """The page has no row that nobody tries any more, and no claim twice."""
    modules = [importlib.import_module(f"claims.document_{document}") for document in verdicts.DOCUMENTS]
    quotes = [claim.quote for module in modules for claim in module.CLAIMS.claims]
    assert len(set(quotes)) == len(quotes)
    assert set(verdicts.shown()) == set(quotes)


@pytest.mark.parametrize(
    ("held", "mostly", "verdict"),
    [(19, False, "right"), (17, False, "depends"), (2, False, "wrong"), (3, False, "depends"), (14, True, "right")],
)
def test_a_verdict_follows_from_how_often_the_claim_held(held, mostly, verdict):
    """Nine tenths and one tenth, or two thirds and one third."""
    claims = Claims()
    claims("so it is", mostly=mostly)(lambda: Evidence([True] * held + [False] * (20 - held), "starts", "counted."))
    (found,) = claims.judge()
    assert found.verdict == verdict
    assert str(found.evidence) == f"holds for {held} of 20 starts; counted."


def test_a_verdict_rests_on_twenty_starts():
    """Fewer are refused."""
    with pytest.raises(ValueError, match=f"^a verdict rests on at least {LEAST} starts, got 19$"):
        Evidence([True] * 19, "starts", "")


def test_many_networks_at_once_have_the_gradient_of_the_engine():
    """Relu, tanh, sigmoid and softmax layers, each network its own."""
    rng, sizes = np.random.default_rng(0), [2, 4, 3, 3, 3]
    layers = [(rng.standard_normal((3, o, i)), rng.standard_normal((3, o, 1))) for i, o in pairwise(sizes)]
    names = ["relu", "tanh", "sigmoid", "softmax"]
    net, X, labels = Ensemble(layers, names), rng.standard_normal((3, 2, 5)), [0, 1, 2, 1, 0]
    values = net.values(X)
    found = net.gradient(values, (values[-1] - np.eye(3)[labels].T) / 5)
    for k in range(3):
        model = MLP(2, sizes[1:], activation=[*names[:3], "linear"], rng=0)
        rows = np.concatenate([np.column_stack([W[k], b[k]]).ravel() for W, b in layers])
        for parameter, number in zip(model.parameters(), rows.tolist(), strict=True):
            parameter.data = number
        mean([softmax_cross_entropy(model(x), y) for x, y in zip(X[k].T, labels, strict=True)]).backward()
        ours = np.concatenate([np.column_stack([dW[k], db[k]]).ravel() for dW, db in found])
        assert ours == pytest.approx(grads(model.parameters()), abs=1e-14)


@pytest.mark.parametrize("text", ["-1", "1.5", "one", "4294967296"])
def test_a_seed_is_refused_in_words(text):
    """Below 0, not whole, not a number, too large."""
    with pytest.raises(Exception, match=f"^a seed is a whole number from 0 to 4294967295, got '{text}'$"):
        a_seed(text)


def test_a_folder_without_mnist_is_refused_in_words(tmp_path):
    """It says which file is missing."""
    for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte"):
        (tmp_path / name).touch()
    with pytest.raises(Exception, match=r"has no t10k-labels-…; nothing is downloaded, put them there$"):
        mnist_folder(str(tmp_path))


def test_files_that_are_not_mnist_are_refused_before_anything_runs(tmp_path):
    """All four are read at once, not after minutes of other examples."""
    for part in PARTS:
        (tmp_path / f"{part}-idx-ubyte").write_bytes(b"junk")
    with pytest.raises(Exception, match=r"^MNIST cannot be read from .*: .*train-images-idx-ubyte is no IDX file of"):
        mnist_folder(str(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["claims", "--seed", "3"], "--seed makes no difference to claims, only to the examples; leave it out"),
        (["claims", "--quick"], "--quick makes no difference to claims, only to the examples; leave it out"),
        (["exercises", "--out", "x"], "--out makes no difference to exercises, only to the examples; leave it out"),
        (["notebooks", "answers.py"], "only exercises take a file, got 'answers.py' after notebooks"),
    ],
)
def test_an_option_that_makes_no_difference_is_refused(arguments, said, capsys, monkeypatch, tmp_path):
    """It would be taken for obeyed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["examples", *arguments])
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(str(EXAMPLES / "__main__.py"), run_name="__main__")
    assert capsys.readouterr().err.endswith(f"error: {said}\n")


def test_a_folder_that_cannot_be_made_is_said_even_if_nobody_named_it(tmp_path, monkeypatch):
    """Where ``pictures`` is a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").touch()
    report = importlib.import_module("report")
    with pytest.raises(
        SystemExit, match=r"^pictures go into a folder, which cannot be made of 'pictures': File exists"
    ):
        report.run(lambda _: None, "A title", 0, [])
