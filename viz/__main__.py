"""``python -m viz demo`` draws the gallery, ``python -m viz engines`` says what draws graphs here."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from viz.gallery import EXHIBITS, Exhibit
from viz.rendering.engines import engines
from viz.rendering.picture import Picture

__all__ = ["demo", "fingerprint", "main"]

FINGERPRINTS = "fingerprints.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the result is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m viz", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    gallery = commands.add_parser("demo", help="draw one of each kind of picture")
    gallery.add_argument("--out", type=Path, default=Path("gallery"), help="folder for the pictures")
    commands.add_parser("engines", help="list the programs that can lay a graph out")
    chosen = parser.parse_args(arguments)
    if chosen.command == "demo":
        demo(chosen.out)
        return 0
    return list_engines()


def list_engines() -> int:
    """Print the layout programs that were found, the one in use first."""
    found = engines()
    for i, (name, where) in enumerate(found.items()):
        print(f"{name:<12} {where}{'  (in use)' if i == 0 else ''}")
    if not found:
        print("none: run: pip install 'pygraphviz>=2', or install Graphviz (graphviz.org/download)")
    return 0 if found else 1


def demo(out: Path) -> list[Path]:
    """Draw the gallery into a folder, with an index and the fingerprint of each picture.

    Plots are left out, with a word about it, where matplotlib is not installed.
    """
    out.mkdir(parents=True, exist_ok=True)
    files: dict[str, Path] = {}
    prints: dict[str, str] = {}
    for exhibit in EXHIBITS:
        begin = time.perf_counter()
        try:
            drawn = exhibit.draw()
        except ModuleNotFoundError as missing:
            print(f"{exhibit.name}: {missing}")
            continue
        files[exhibit.name] = saved(drawn, out, exhibit.name)
        prints[exhibit.name] = fingerprint(drawn)
        print(f"{files[exhibit.name]}  {time.perf_counter() - begin:.2f} s")
    (out / FINGERPRINTS).write_text(json.dumps(prints, indent=1) + "\n", encoding="utf-8")
    index = out / "README.md"
    index.write_text(_index(files), encoding="utf-8")
    print(f"all of them: {index}")
    return [*files.values(), index]


def saved(drawn: Any, out: Path, name: str) -> Path:
    """A picture as SVG or as the page it is, a film as GIF, a plot as PNG; the file."""
    if isinstance(drawn, Picture):
        return drawn.save(out / f"{name}.{'html' if drawn.is_page else 'svg'}")
    if hasattr(drawn, "frames"):
        return Path(drawn.save(out / f"{name}.gif"))
    path = out / f"{name}.png"
    drawn.figure.savefig(path, dpi=100, metadata={"Software": None})
    from matplotlib import pyplot as plt  # a plot was drawn, so it is there

    plt.close(drawn.figure)
    return path


def fingerprint(drawn: Any) -> str:
    """What changes when a picture shows something else, and not when another program lays it out.

    Of a picture its source without the tooltips, whose last digits differ from machine to machine; of a plot its texts
    and its points to three digits; of a film its captions.
    """
    if isinstance(drawn, Picture):
        source = drawn.html if drawn.is_page else re.sub(r'(tool|labeltool)tip="(\\.|[^"\\])*"', "", drawn.dot)
        text = re.sub(r"-?\d+\.\d{6,}(e-?\d+)?", lambda number: f"{float(number[0]):.3g}", source)
    elif hasattr(drawn, "frames"):
        text = "\n".join(drawn.captions)
    else:
        words = [drawn.get_title(), drawn.get_xlabel(), drawn.get_ylabel(), *drawn.get_legend_handles_labels()[1]]
        lines = [line for line in drawn.lines if line.get_label() != "_boundary"]  # where rounding shows
        points = [line.get_xydata() for line in lines] + [cloud.get_offsets() for cloud in drawn.collections]
        text = "\n".join([*words, *(f"{x:.3g}" for cloud in points for x in cloud.ravel().tolist())])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _index(files: dict[str, Path]) -> str:
    """A page of all pictures; pages cannot be shown inside one and are linked."""
    lines = ["# Gallery", "", "Drawn by `python -m viz demo`."]
    shown: list[Exhibit] = [exhibit for exhibit in EXHIBITS if exhibit.name in files]
    for exhibit in shown:
        name = files[exhibit.name].name
        link = f"[{name}]({name})" if name.endswith(".html") else f"![{exhibit.caption.replace('`', '')}]({name})"
        lines += ["", f"## {exhibit.caption}", "", link]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
