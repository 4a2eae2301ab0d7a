"""Pictures: the graph of a Value, its chain rule, the network it came from, and how it trained.

=========================================  ============================================================================
a graph, node by node                      ``graph``; micrograd's ``draw_dot``
the chain rule as a sum over paths         ``chain_rule``
the passes, one step at a time             ``step``; ``source_lines`` puts your own program beside them
a page in which a network trains           ``live``
a network, its weights and activations     ``network``, ``by_layer``, ``plot_activations``, ``plot_layer_activations``
how it trains, in a notebook               ``watch``
how it trained                             ``plot_loss``, ``plot_gradient_sizes``, ``plot_layer_changes``
what it learned                            ``plot_decision_boundary``, ``plot_hidden_space``, ``animate_training``
what is trained on, and over               ``plot_data``, ``plot_digits``, ``plot_cost_surface``
where derivatives are not zero             ``plot_pattern``
what these give                            ``Picture`` (a notebook shows it, ``save`` writes it), ``ChainRule``
where Graphviz is missing or fails         ``EngineNotFound``, ``EngineError``
=========================================  ============================================================================

Importing this loads no drawing library: each is loaded by the first picture that needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from viz.derivation.chain_rule import ChainRule, chain_rule
from viz.graphs.graph import draw_dot, graph
from viz.live.page import live
from viz.networks.network import network
from viz.rendering.engines import EngineError, EngineNotFound
from viz.rendering.picture import Picture
from viz.scenes.source import source_lines
from viz.stepper.step import step
from viz.training.watch import watch

if TYPE_CHECKING:  # which loads nothing
    from viz.plots import *
    from viz.training.film import animate_training as animate_training

LATER = {
    "animate_training": "viz.training.film",
    "by_layer": "viz.plots",
    "plot_activations": "viz.plots",
    "plot_cost_surface": "viz.plots",
    "plot_data": "viz.plots",
    "plot_decision_boundary": "viz.plots",
    "plot_digits": "viz.plots",
    "plot_gradient_sizes": "viz.plots",
    "plot_hidden_space": "viz.plots",
    "plot_layer_activations": "viz.plots",
    "plot_layer_changes": "viz.plots",
    "plot_loss": "viz.plots",
    "plot_pattern": "viz.plots",
}

__all__ = [
    "ChainRule",
    "EngineError",
    "EngineNotFound",
    "Picture",
    "chain_rule",
    "draw_dot",
    "graph",
    "live",
    "network",
    "source_lines",
    "step",
    "watch",
]
__all__ += LATER


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """What takes matplotlib, loaded when it is first asked for."""
        if name not in LATER:
            raise AttributeError(f"module 'viz' has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(LATER[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *LATER})
