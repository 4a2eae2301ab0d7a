"""Module classes that nobody has written: mixins, changed parts, shared weights, chains in chains."""

import math

import numpy as np
from hypothesis import strategies as st

import autograd
from autograd import Value, data
from nn import MLP, Layer, Module, Neuron, Sequential

INPUTS = 2


def each(function):
    """``function`` of the one output, or of each of several, in a list."""
    return lambda out: [function(x) for x in out] if isinstance(out, (list, tuple, np.ndarray)) else function(out)


def flat(out):
    """Outputs in any shape as a list."""
    return np.ravel(np.asarray(out, dtype=object)).tolist()


# What a mixin makes of the row it gets, of `self`, and of what the class behind it gives.
BEFORE = {
    "as it is": lambda x: x,
    "twice the list": lambda x: (x + x)[1:3],  # concatenation for a list, addition for an array
    "a tuple": tuple,
    "a sum with a list": lambda x: [0.5, *x][1:],
    "math": lambda x: [math.sin(x[0]), x[1]],
    "a branch": lambda x: x if x[0] > 0.0 else x[::-1],
    "NumPy": lambda x: np.cos(np.asarray(x, dtype=object).astype(float)) if type(x[0]) is float else autograd_cos(x),
}
AFTER = {
    "as it is": lambda self, out: out,
    "scaled by a leaf": lambda self, out: each(lambda x: self.scale * x)(out),
    "shifted by an attribute": lambda self, out: each(lambda x: x + self.shift)(out),
    "doubled": lambda self, out: out + out,  # a longer list, or twice the number
    "a tuple": lambda self, out: tuple(flat(out)),
    "a list": lambda self, out: flat(out),
    "an array": lambda self, out: np.array(flat(out), dtype=object) * 0.5,
    "a table": lambda self, out: np.array([flat(out), flat(out)], dtype=object),
    "a sum": lambda self, out: autograd.sum(flat(out)),
    "a branch": lambda self, out: each(lambda x: x if x > 0.0 else 0.1 * x)(out),
    "a number read": lambda self, out: each(lambda x: x * abs(float(data(x))))(out),
    "a leaf beside it": lambda self, out: [self.scale, *flat(out)],
    "a number beside it": lambda self, out: [2.0, *flat(out)],
    "memory": lambda self, out: self.remember(autograd.sum(flat(out))),
}


def autograd_cos(x):
    return [autograd.cos(entry) for entry in x]


class Gadgets(Module):
    """What mixins may use."""

    shift = 0.25

    def remember(self, out):
        self.memory = autograd.tanh(out + 0.5 * getattr(self, "memory", 0.0))
        return self.memory


class Reader(Module):
    """Reads its row in whatever shape it comes."""

    def __init__(self):
        self.weight = Value(1.5)

    def __call__(self, x):
        return [entry * self.weight for entry in flat(x)]


def mixin(base, before, after):
    """A class that calls the one behind it."""

    def __call__(self, x):  # noqa: N807
        return AFTER[after](self, super(made, self).__call__(BEFORE[before](x)))

    bases = (base,) if issubclass(base, Gadgets) else (Gadgets, base)
    made = type("Mixed" + base.__name__, bases, {"__call__": __call__})
    return made


CHANGES = {
    "another activation of a layer": lambda layers: setattr(layers[0], "activation", "sin"),
    "another activation of a neuron": lambda layers: setattr(layers[0].neurons[0], "activation", autograd_activation()),
    "another neuron": lambda layers: layers[0].neurons.__setitem__(0, Neuron(layers[0].inputs, "tanh", rng=5)),
    "other neurons": lambda layers: setattr(
        layers[0], "neurons", [Neuron(layers[0].inputs, "sigmoid", rng=k) for k in range(len(layers[0].neurons))]
    ),
    "no bias": lambda layers: setattr(layers[-1].neurons[0], "bias", None),
    "shared weights": lambda layers: setattr(layers[0].neurons[0], "weights", layers[0].neurons[-1].weights),
    "weights in a tuple": lambda layers: setattr(layers[0].neurons[0], "weights", tuple(layers[0].neurons[0].weights)),
    "another leaf": lambda layers: setattr(
        layers[0].neurons[0], "weights", [Value(0.7), *layers[0].neurons[0].weights[1:]]
    ),
    "a neuron of another call": lambda layers: layers[0].neurons.__setitem__(0, Odd(layers[0].inputs, rng=6)),
}  # fmt: skip


def autograd_activation():
    from nn import Activation

    return Activation("bump", lambda z: z * z)


class Odd(Neuron):
    """A neuron that computes something else."""

    def __call__(self, x):
        return autograd.exp(-0.1 * abs(super().__call__(x)))


@st.composite
def models(draw):
    """A model of ``INPUTS`` inputs, of a class made for it."""
    seed, widths = draw(st.integers(0, 99)), draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    activation = draw(st.sampled_from(["tanh", "relu", "linear", "sigmoid"]))
    base = draw(st.sampled_from([MLP, Sequential, Layer, Reader]))
    for _ in range(draw(st.integers(0, 2))):
        base = mixin(base, draw(st.sampled_from(sorted(BEFORE))), draw(st.sampled_from(sorted(AFTER))))
    if issubclass(base, MLP):
        model = base(INPUTS, widths, activation=activation, rng=seed)
        layers = list(model.layers)
    elif issubclass(base, Sequential):
        layer = Layer(INPUTS, INPUTS, activation, rng=seed)
        inner = MLP(INPUTS, [INPUTS], rng=seed)
        parts = draw(st.permutations([layer, Sequential(layer, inner), Reader(), inner]))
        model = base(*parts[: draw(st.integers(1, 4))])
        layers = [layer, *inner.layers]
    elif issubclass(base, Layer):
        model = base(INPUTS, widths[0], activation, rng=seed)
        layers = [model]
    else:
        model, layers = base(), []
    model.scale = Value(0.75)
    if layers:
        for change in draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=2)):
            CHANGES[change](layers)
    return model


def called(model, X):
    """The numbers of the model's call for every row, one after the other."""
    return np.array([data(model(row)) for row in X.tolist()])
