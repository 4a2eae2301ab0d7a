"""Initialisers: each draws from the distribution its source states."""

import math
import re
from inspect import signature

import numpy as np
import pytest

from nn import INITIALIZERS, MLP, Layer, constant, normal, uniform

OUTPUTS, INPUTS = 300, 200
VARIANCES = {
    "he": 2.0 / INPUTS,
    "xavier": 2.0 / (INPUTS + OUTPUTS),
    "glorot": 2.0 / (INPUTS + OUTPUTS),
    "lecun": 1.0 / INPUTS,
    "uniform": 1.0 / 3.0,
    "normal": 0.01,
    "zeros": 0.0,
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initializer_has_mean_zero_and_the_variance_of_its_source(name):
    """60,000 draws: the variance lies within five standard errors, the mean too."""
    drawn = INITIALIZERS[name](np.random.default_rng(1), OUTPUTS, INPUTS)
    assert drawn.shape == (OUTPUTS, INPUTS)
    variance, count = VARIANCES[name], drawn.size
    assert abs(drawn.mean()) <= 5.0 * math.sqrt(variance / count)
    assert abs(drawn.var() - variance) <= 5.0 * variance * math.sqrt(2.0 / count)


@pytest.mark.parametrize(("name", "bound"), [("uniform", 1.0), ("xavier", math.sqrt(6.0 / (INPUTS + OUTPUTS)))])
def test_uniform_initializers_fill_their_interval(name, bound):
    """No draw lies outside, some lie near both ends."""
    drawn = INITIALIZERS[name](np.random.default_rng(1), OUTPUTS, INPUTS)
    assert -bound <= drawn.min() < -0.99 * bound
    assert 0.99 * bound < drawn.max() <= bound


def test_parametrised_initializers():
    """Bounds, deviation and value are the caller's."""
    rng = np.random.default_rng(0)
    assert 2.0 <= uniform(2.0, 3.0)(rng, 10, 10).min() <= uniform(2.0, 3.0)(rng, 10, 10).max() <= 3.0
    assert abs(normal(2.0)(rng, 200, 200).std() - 2.0) < 0.05
    assert (constant(0.5)(rng, 2, 3) == 0.5).all()


def test_default_depends_on_the_activation():
    """He for relu, Xavier for the rest: each equals the initializer asked for by name."""
    for activation, name in (("relu", "he"), ("tanh", "xavier"), ("linear", "xavier"), ("gelu", "he")):
        default, named = Layer(4, 3, activation, rng=5), Layer(4, 3, activation, init=name, rng=5)
        np.testing.assert_array_equal(default.weight_matrix(), named.weight_matrix())


def test_layers_of_a_model_draw_one_after_another():
    """Two equal layers of a model do not begin alike."""
    model = MLP(3, [3, 3], rng=0)
    assert (model.layers[0].weight_matrix() != model.layers[1].weight_matrix()).all()


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: uniform(1.0, -1.0), "uniform takes finite bounds low <= high, got 1.0 and -1.0"),
        (lambda: normal(-0.1), "normal takes a finite standard deviation of at least 0, got -0.1"),
        (lambda: normal("0.1"), "normal takes a real number, got str '0.1'; use float(text) to convert it"),
        (
            lambda: Layer(1, 1, init="kaiming", rng=0),
            "initializer is one of 'he', 'xavier', 'glorot', 'lecun', 'uniform', ",
        ),
        (
            lambda: Layer(1, 1, init=0.5, rng=0),
            "initializer is a name or a function of (rng, outputs, inputs), got float 0.5",
        ),
    ],
)
def test_mistakes_are_refused_by_name(attempt, message):
    """The thing, the rule, and what was received."""
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}"):
        attempt()


@pytest.mark.parametrize("wrong", ["0.1", None, [0.1]])
@pytest.mark.parametrize(
    ("make", "argument"), [(make, name) for make in (uniform, normal, constant) for name in signature(make).parameters]
)
def test_what_is_no_number_is_refused_in_the_name_of_the_initializer(make, argument, wrong):
    """Each of the numbers that it takes."""
    with pytest.raises(TypeError, match=f"^{make.__name__} takes a real number, got "):
        make(**{argument: wrong})
