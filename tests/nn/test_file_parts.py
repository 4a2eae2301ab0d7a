"""Which parts a model's file has to have: all four, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn import MLP, load, save
from nn.files.serialization import PARTS, _digest


def rewritten(path: Path, keep: set[str]) -> Path:
    """The file with these parts of its content alone, intact."""
    document = json.loads(path.read_text())
    content = {name: part for name, part in document["content"].items() if name in keep}
    path.write_text(json.dumps({**document, "content": content, "sha256": _digest(content)}))
    return path


def test_file_of_the_four_parts_is_whole(tmp_path: Path) -> None:
    """Whatever else this version writes beside them."""
    model = MLP(2, [3, 1], rng=0)
    assert load(rewritten(save(model, tmp_path / "model"), PARTS)).state_dict() == model.state_dict()


@pytest.mark.parametrize("part", sorted(PARTS))
def test_file_without_one_of_them_is_not(part: str, tmp_path: Path) -> None:
    """The message lists them all."""
    path = rewritten(save(MLP(2, [1], rng=0), tmp_path / "model"), PARTS - {part})
    said = "is no whole model file: its content has architecture, history, optimizer, parameters; save it again"
    with pytest.raises(ValueError, match=said):
        load(path)
