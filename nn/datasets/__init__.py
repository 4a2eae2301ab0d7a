"""Data: ``documents`` 000 to 003, ``planar`` of document 004, ``mnist`` from its files, and their ``preprocessing``.

Every data set is a function that gives ``X, y``: inputs of shape (examples, inputs) and targets.
"""

from nn.datasets.documents import (
    constant_inputs,
    first_problem,
    four_rows,
    linear_bands,
    moons,
    random_inputs,
    sequential_inputs,
    seven_segments,
    sine_bands,
    xor,
)
from nn.datasets.mnist import load_mnist, read_idx
from nn.datasets.planar import (
    PLANAR,
    ball_and_cup,
    bulls_eye,
    bulls_eye_3_categories,
    centre_and_scale,
    crescent_moons,
    shifted_cubics,
    shifted_sinusoids,
    shifted_sinusoids_3_categories,
    two_gaussians,
)
from nn.datasets.preprocessing import one_hot, standardize, train_test_split

__all__ = [
    "PLANAR",
    "ball_and_cup",
    "bulls_eye",
    "bulls_eye_3_categories",
    "centre_and_scale",
    "constant_inputs",
    "crescent_moons",
    "first_problem",
    "four_rows",
    "linear_bands",
    "load_mnist",
    "moons",
    "one_hot",
    "random_inputs",
    "read_idx",
    "sequential_inputs",
    "seven_segments",
    "shifted_cubics",
    "shifted_sinusoids",
    "shifted_sinusoids_3_categories",
    "sine_bands",
    "standardize",
    "train_test_split",
    "two_gaussians",
    "xor",
]
