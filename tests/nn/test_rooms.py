"""The rooms of ``nn``: names that programs import stay where programs look for them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import nn

#: Modules with names for users, as they were called before there were rooms.
NAMES = {
    "activations": "Activation", "backtracking": "Backtracking", "datasets": "xor", "history": "History",
    "initializers": "xavier", "layers": "Layer", "losses": "hinge", "metrics": "accuracy", "micrograd": "Neuron",
    "mnist": "read_idx", "module": "Module", "networks": "MLP", "optimizer": "Optimizer", "optimizers": "OPTIMIZERS",
    "penalties": "L2", "planar": "bulls_eye", "preprocessing": "one_hot", "schedules": "StepSchedule",
    "serialization": "save", "training": "fit",
}  # fmt: skip


@pytest.mark.parametrize("module", NAMES)
def test_module_is_found_under_the_name_that_programs_know(module: str) -> None:
    """Imported first of all, in a fresh interpreter or here: the module is the one that the library itself uses."""
    name = NAMES[module]
    found = import_module(f"nn.{module}")
    assert getattr(nn, module) is found is sys.modules[found.__name__]
    assert getattr(found, name) is getattr(nn, name, getattr(nn.datasets, name, None)) or module == "micrograd"


def test_first_import_may_be_of_an_old_name() -> None:
    """``from nn.mnist import ...`` as a program's first line."""
    code = "\n".join(f"from nn.{module} import {name}" for module, name in NAMES.items())
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_is_offered_once() -> None:
    """No room offers what another does, and what is offered is there."""
    assert len(nn.__all__) == len(set(nn.__all__)) >= 52
    assert all(hasattr(nn, name) for name in nn.__all__)
