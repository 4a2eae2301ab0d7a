"""The parameters of a layer as a matrix of tiles: a row a neuron, the colour of each its derivative."""

from __future__ import annotations

from collections.abc import Collection

from autograd import Value
from viz.drawing.boxes import Tile
from viz.scenes.groups import owner
from viz.scenes.scene import Scene
from viz.theme import Scale, Theme, exact

__all__ = ["EXPLAINED", "matrix_of", "tiles"]

LARGEST = 24  # rows or columns; more would be a carpet
EXPLAINED = "a row of tiles is a neuron's parameters, in their order"


def matrix_of(scene: Scene, parameters: Collection[Value]) -> list[list[Value]]:
    """A row for each module, in the model's order; none where rows are of unequal length, too long or too many."""
    wanted = set(parameters)
    rows: dict[str, list[Value]] = {}
    for value, name in scene.parameters.items():
        if value in wanted:
            rows.setdefault(owner(name), []).append(value)
    lengths = {len(row) for row in rows.values()}
    fits = len(lengths) == 1 and max(*lengths, len(rows)) <= LARGEST and len(wanted) > 1
    return list(rows.values()) if fits else []


def tiles(scene: Scene, rows: list[list[Value]], theme: Theme, scale: Scale) -> list[list[Tile]]:
    """Each parameter in the colour of the size of its derivative; its number is in its tooltip."""
    derivatives = scene.derivatives or {}

    def tile(value: Value) -> Tile:
        grad = derivatives[value]
        name = scene.names.get(value) or scene.parameters[value]
        tooltip = f"{name} = {exact(value.data)}\nderivative of {scene.root_name} {exact(grad)}"
        return Tile(theme.shade(abs(grad), scale), tooltip, grad == 0.0)

    return [[tile(value) for value in row] for row in rows]
