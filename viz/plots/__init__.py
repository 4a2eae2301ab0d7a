"""Plots of data, models and training; each takes ``ax=``, draws on it, returns it, and shows nothing.

This takes matplotlib, which nothing else that ``import viz`` loads does.
"""

from viz.plots.boundary import plot_data, plot_decision_boundary, plot_hidden_space
from viz.plots.cost_surface import plot_cost_surface
from viz.plots.curves import plot_activations, plot_loss
from viz.plots.digits import plot_digits
from viz.plots.layered import by_layer
from viz.plots.layers import plot_gradient_sizes, plot_layer_activations, plot_layer_changes
from viz.plots.pattern import plot_pattern

__all__ = [
    "by_layer",
    "plot_activations",
    "plot_cost_surface",
    "plot_data",
    "plot_decision_boundary",
    "plot_digits",
    "plot_gradient_sizes",
    "plot_hidden_space",
    "plot_layer_activations",
    "plot_layer_changes",
    "plot_loss",
    "plot_pattern",
]
