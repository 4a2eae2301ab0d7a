"""Why nothing observes these changes in the networks."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    (
        "nn.training.compiled_step.CompiledStep.*",
        "self._steps… = None",
        "nothing is asked of it but whether it is empty",
    ),
    (
        "nn.model.forward.Forward.__call__",
        "np.full(X.shape[1:], 1.5)",
        "any numbers serve: of the outputs for no rows only the shape is kept",
    ),
    ("nn.model.layers.*", '"LINEAR"', "of an activation only that it is no kin of relu is asked"),
    ("nn.model.layers.*", "as_initializer(bias_init, None)", "no kin of relu either"),
    ("nn.datasets.preprocessing.standardize", ", -1000, 1001)", "half the unit does as well for so large a column"),
    ("nn.training.epochs.TrainingRun.__post_init__", "np.full_like(self.parameters, None)", "None as a float is nan"),
    ("nn.model.activations.Activation.on_array", "z.flat], dtype=None)", "the data of Values are floats"),
    ("nn.files.architecture._built", "init=None", "every parameter is set afterwards, and the seed is given"),
    ("nn.files.architecture._built", 'init="zeros", )', "zeros are not drawn, so that no generator is asked"),
    ("nn.datasets.documents.seven_segments", '"XX…XX"', "no segment is called X"),
]
