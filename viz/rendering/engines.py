"""The programs that lay a graph out: Graphviz's ``dot``, or the Graphviz inside the ``pygraphviz`` wheel.

Both run as a child process, fed through a pipe. That gives both a time limit, keeps their warnings out of the user's
notebook, and a layout that crashes takes nothing with it. (Starting Python for ``pygraphviz`` costs about 0.1 s.)
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import metadata

from autograd.errors import AutogradError
from viz.rendering.fonts import font_environment

__all__ = ["EngineError", "EngineNotFound", "engines", "laid_out"]

TIME_LIMIT = 60.0  # seconds; a graph within the default limits takes less than two
PIXELS_PER_INCH = 144  # of PNG: two pixels a point, sharp on a slide

WITH_PYGRAPHVIZ = """
import sys
from pygraphviz import AGraph
graph = AGraph(string=sys.stdin.buffer.read().decode("utf-8"))
if sys.argv[1] == "png":
    graph.graph_attr["dpi"] = sys.argv[3]
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog=sys.argv[2]))
"""


class EngineError(AutogradError, RuntimeError):
    """A layout program failed or took too long."""


class EngineNotFound(EngineError):  # noqa: N818 - what happened reads better than a suffix
    """No layout program is installed."""


def engines() -> dict[str, str]:
    """The layout programs on this machine and where they are, the one that will be used first."""
    found = {}
    if dot := shutil.which("dot"):
        found["dot"] = dot
    if version := _pygraphviz_with_graphviz():
        found["pygraphviz"] = version
    return found


def laid_out(source: str, form: str, layout: str = "dot") -> bytes:
    """DOT text drawn.

    Parameters
    ----------
    source : str
        A graph in the DOT language.
    form : str
        ``"svg"``, ``"png"`` or ``"pdf"``.
    layout : str
        ``"dot"`` to place the nodes in ranks, ``"nop2"`` where they have places already.

    Raises
    ------
    EngineNotFound
        If there is neither a ``dot`` program nor ``pygraphviz``.
    EngineError
        If the program fails, with what it said, or takes longer than a minute.
    """
    found = engines()
    if not found:
        raise EngineNotFound(
            f"drawing {form} takes matplotlib or Graphviz, and neither matplotlib nor a program 'dot' nor the package "
            "'pygraphviz' (2 or later) was found; run: pip install matplotlib, or install Graphviz "
            "(graphviz.org/download); .svg, .html and .dot work without"
        )
    engine = next(iter(found))
    if engine == "dot":
        resolution = [f"-Gdpi={PIXELS_PER_INCH}"] if form == "png" else []
        command = [found["dot"], f"-K{layout}", f"-T{form}", *resolution]
    else:
        command = [sys.executable, "-P", "-c", WITH_PYGRAPHVIZ, form, layout, str(PIXELS_PER_INCH)]
    try:
        with font_environment() as environment:
            run = subprocess.run(
                command, input=source.encode(), capture_output=True, timeout=TIME_LIMIT, env=environment, check=False
            )
    except subprocess.TimeoutExpired:
        raise EngineError(
            f"{engine} was stopped after {TIME_LIMIT:.0f} s without finishing this {form}; draw less: "
            "level='layer', a smaller max_nodes, or wrt= for the paths to one leaf"
        ) from None
    if run.returncode != 0 or not run.stdout:
        said = run.stderr.decode(errors="replace").strip() or f"nothing (exit status {run.returncode})"
        raise EngineError(f"{engine} could not draw this {form}; it said: {said}")
    return run.stdout


def _pygraphviz_with_graphviz() -> str:
    """The version of pygraphviz if it is one whose wheel carries Graphviz, else nothing. Does not import it."""
    try:
        version = metadata.version("pygraphviz")
    except metadata.PackageNotFoundError:
        return ""
    major = re.match(r"\d+", version)
    return version if major and int(major[0]) >= 2 else ""
