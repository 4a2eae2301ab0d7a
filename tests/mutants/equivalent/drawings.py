"""Why nothing observes these changes in pictures."""

from __future__ import annotations

from tests.mutants.equivalent.entries import Entry

EQUIVALENT: list[Entry] = [
    (
        "viz.plots.layers.plot_layer_activations",
        "reshape(-2)",
        "any negative length is the one that NumPy works out",
    ),
]
