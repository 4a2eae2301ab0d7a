"""Why nothing observes these changes in the networks."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

FALSE = "None is as false as False"
SPEED = "speed only"
CALLER = (
    "mutmut puts calls between, so that the test of the line that is named is left out here; without mutmut it finds it"
)

EQUIVALENT: list[Entry] = [
    # ── Training ──
    (
        "nn.training.compiled_step.CompiledStep.*",
        "self._steps… = None",
        "nothing is asked of it but whether it is empty",
    ),
    ("nn.training.compiled_step.CompiledStep.__init__", 'Program | None = ""', "written before it is read"),
    ("nn.training.compiled_step.CompiledStep._compile", "stacklevel=5", CALLER),
    ("nn.training.compiled_step.CompiledStep._compile", 'since {error}", )', CALLER),
    ("nn.training.step.EagerStep.__call__", "check=None", FALSE),
    ("nn.training.epochs.TrainingRun.__post_init__", "self._diverged = None", FALSE),
    ("nn.training.epochs.TrainingRun._check_history", "[:2]", "all entries of a history have the shape of the first"),
    ("nn.training.epochs.TrainingRun._epoch", "np.zeros(1)", "there is a row, and so a batch, that overwrites it"),
    (
        "nn.training.epochs.TrainingRun._roll_back",
        "self.generator is not None or rng_state",
        "there is a state if, and only if, there is a generator",
    ),
    ("nn.training.fitting.fit", "fixed=None", f"{SPEED}: predictions are then made anew, by the same program"),
    ("nn.training.fitting.fit", "or True else None", f"{SPEED}: what measures nothing is called after each epoch"),
    ("nn.training.history._nothing_like", "np.full_like(x, None)", "None as a float is nan"),
    # ── Optimisers ──
    ("nn.optimizers.optimizer.Optimizer._settings", 'lstrip("XX_XX")', "no setting begins with an X"),
    (
        "nn.optimizers.rules._over_root",
        "(epsilon) and False",
        f"{SPEED}: with an epsilon no root is 0, so that none is replaced",
    ),
    # ── Model ──
    (
        "nn.model.activations.Activation.on_array",
        '"__defaults__", ) or',
        "what has an operation is a function of Python's, which has defaults or None",
    ),
    ("nn.model.activations.Activation.on_array", "z.flat], ).reshape", "the data of Values are floats"),
    ("nn.model.forward._forget", "pop(key, )", "the key is there for as long as what calls this"),
    ("nn.model.forward.layer_outputs", "reshape(len(X), -2)", "any negative length is the rest"),
    (
        "nn.model.forward.Forward._compiled",
        "(program is None) and False",
        "what None does not have is an error, and an error is no program either",
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
