"""All by which an artist of a plot may look other than in another frame, so that it need not be painted again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np

__all__ = ["looks"]


def looks(artist: Any) -> tuple[Any, ...] | None:
    """Beside the limits and the scales of its axes; None for kinds of artists of which that is not known."""
    from matplotlib.axis import Axis
    from matplotlib.collections import PathCollection
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    common = artist.get_visible(), artist.get_alpha(), artist.get_zorder()
    if isinstance(artist, Axis):
        return *common, *_axis(artist)
    if type(artist) is Text and not artist.get_text():
        return common
    if type(artist) is PathCollection:
        of_paths = (_exactly(path.vertices) for path in artist.get_paths())
        return *common, *_surface(artist), _exactly(artist.get_offsets()), _exactly(artist.get_sizes()), *of_paths
    if type(artist) is Legend:
        return _legend(artist)
    return None


def _axis(axis: Any) -> Iterator[Any]:
    yield axis.axis_name
    yield axis.label.get_text(), axis.label.get_color(), axis.label.get_fontsize()
    for ticks in (axis.major, axis.minor):
        places = tuple(ticks.locator())
        yield places, tuple(ticks.formatter.format_ticks(places))
    for kind in ("major", "minor"):
        with suppress(AttributeError):
            yield tuple(sorted((name, str(value)) for name, value in axis.get_tick_params(which=kind).items()))


def _legend(legend: Any) -> tuple[Any, ...] | None:
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Any] = [legend.get_visible(), legend._loc, _patch(legend.get_frame()), legend.get_title().get_text()]
    for text in legend.get_texts():
        found.append((text.get_text(), text.get_color(), text.get_fontproperties()))
    for handle in legend.legend_handles:
        if isinstance(handle, Line2D):
            found.append(tuple(str(value) for value in (
                handle.get_color(), handle.get_linestyle(), handle.get_linewidth(), handle.get_alpha(),
                handle.get_marker(), handle.get_markersize(), handle.get_markerfacecolor(),
                handle.get_markeredgecolor(), handle.get_markeredgewidth(),
            )))  # fmt: skip
        elif isinstance(handle, PathCollection):
            paths = tuple(_exactly(path.vertices) for path in handle.get_paths())
            found.append((*_surface(handle), _exactly(handle.get_sizes()), paths))
        elif isinstance(handle, Patch):
            found.append(_patch(handle))
        else:
            return None
    return tuple(found)


def _surface(collection: Any) -> tuple[Any, ...]:
    return (
        _exactly(collection.get_facecolor()), _exactly(collection.get_edgecolor()),
        _exactly(collection.get_linewidth()), str(collection.get_linestyle()), collection.get_hatch(),
        None if collection.get_array() is None else _exactly(collection.get_array()),
    )  # fmt: skip


def _patch(patch: Any) -> tuple[Any, ...]:
    return (
        type(patch).__name__, patch.get_facecolor(), patch.get_edgecolor(), patch.get_linewidth(),
        patch.get_linestyle(), patch.get_hatch(), patch.get_alpha(),
    )  # fmt: skip


def _exactly(numbers: Any) -> bytes:
    array: Any = np.ma.filled(np.ma.asarray(numbers, dtype=float), np.nan)
    return str(array.shape).encode() + bytes(array.tobytes())
