"""The ways in which one graph can be drawn, the most detailed first, and what each leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from autograd import Value
from viz.drawing.boxes import Drawing
from viz.graphs.cards import draw_cards, fit_on_cards
from viz.graphs.folded import Part, draw_folded, fold
from viz.graphs.named import draw_named, naming, reduced_scene
from viz.graphs.repeats import draw_repeats, kinds
from viz.graphs.values import draw_values
from viz.scenes.gathering import gathered
from viz.scenes.groups import modules, places
from viz.scenes.scene import Scene

__all__ = ["LEVELS", "Way", "ways"]

LEVELS = {"value": "values", "named": "named values", "neuron": "boxes by neuron", "layer": "boxes by layer"}


@dataclass(frozen=True)
class Way:
    """One way: its level, how many boxes there would be, how to draw them, what is left out (nothing, maybe).

    Of a model there are ``coarser`` ones, by its parts: better than one that is long to scroll, or whose lines break.
    """

    level: str
    boxes: int
    draw: Callable[[Drawing], None]
    folded: str = ""
    coarser: bool = False

    def notes(self, values: int, most: int, automatic: bool) -> list[str]:
        """Under the picture: what was folded and how to see it."""
        if not self.folded:
            return []
        note = f"{values:,} values in {self.boxes:,} boxes: {self.folded}"
        if not automatic:
            return [note]
        limit = "" if values <= most else f", max_nodes={values}"
        return [f"{note}; all of them: level='value'{limit}, fit='poster'"]


def ways(view: Scene, nodes: Sequence[Value], wrt: Value | None, level: str, whole: bool) -> Iterator[Way]:
    """The way asked for, or with ``"auto"`` all that show something; none that folds more if ``whole``."""
    place = places(view, modules(view))
    named = naming(view, nodes, wrt)
    kept = [node for node in nodes if node in named.names]
    found: dict[str, Callable[[], Iterable[Way]]] = {
        "value": lambda: [Way("value", len(nodes), lambda drawing: draw_values(drawing, view, set(nodes), place),
                              coarser=bool(view.parameters))],
        "named": lambda: [Way("named", len(kept), lambda drawing: draw_named(drawing, reduced_scene(named, kept)),
                              "labelled values only, the others summed out exactly")],
        "neuron": lambda: _by_part(view, fold(nodes, view.parameters, place, 2), "neuron"),
        "layer": lambda: _by_part(view, fold(nodes, view.parameters, place, 1), "layer"),
    }  # fmt: skip
    if level != "auto":
        yield from found[level]()
        return
    yield from found["value"]()
    small = view if whole or view.parameters else gathered(view)[0]
    if small is not view:
        yield from _summed(small, len(nodes))
    if view.parameters:
        yield from found["neuron"]()
    results = any(node.op and node is not view.root for node in kept)
    if len(kept) > 1 and results:
        yield from found["named"]()
    if small is not view:
        yield from _repeated(small)
    if len(kept) > 1 and not results:
        yield from found["named"]()
    yield from found["layer"]()


def _by_part(view: Scene, parts: list[Part], level: str) -> Iterator[Way]:
    """A box a neuron or a layer; neurons first with all that is in them."""
    neurons = level == "neuron"
    if neurons and fit_on_cards(parts):
        yield Way(level, len(parts), lambda drawing: draw_cards(drawing, view, parts), "folded into neurons", neurons)
    yield Way(level, len(parts), lambda drawing: draw_folded(drawing, view, parts), f"folded into {level}s", neurons)
    if neurons:
        names = partial(draw_folded, scene=view, parts=parts, numbers=False)
        yield Way(
            level, len(parts), names, "folded into neurons, colours for derivatives (numbers: fit='poster')", neurons
        )


def _summed(small: Scene, values: int) -> Iterator[Way]:
    """Chains of ``+`` as sums."""
    if len(small.nodes) < values:
        nodes = set(small.nodes)
        place = places(small, modules(small))
        yield Way("value", len(small.nodes), lambda drawing: draw_values(drawing, small, nodes, place),
                  "chains of + and sums of products are one box each")  # fmt: skip


def _repeated(small: Scene) -> Iterator[Way]:
    """What was done many times, once; most kinds first."""
    for found in reversed(list(kinds(small))):
        if len(found) < len(small.nodes):
            draw = partial(draw_repeats, view=small, found=found)
            yield Way("value", len(found), draw, "what was made alike is one box")
