"""Drawings in a renderer that is no browser, resvg, with one family of fonts or none: letters stay in their room."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from tests.viz.test_fit import drawn
from viz.rendering.svg import HALO

resvg = pytest.importorskip("resvg_py")

FINE = 2  # pixels of the image for one of the picture as it is shown
SEEN = 40  # of 255: less is the edge of a letter
LEANS = 1.0  # how far a letter may lean out, in pixels


def rendered(svg: str, folder: str, family: str) -> np.ndarray:
    """Pixels, by the fonts of a folder alone."""
    fonts = {"skip_system_fonts": True, "font_dirs": [folder], "font_family": family, "sans_serif_family": family}
    png = resvg.svg_to_bytes(svg_string=svg, zoom=FINE, **fonts)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def room(svg: str, shape: tuple[int, ...]) -> np.ndarray:
    """The pixels that texts may use: as wide as each says that it is, and a line high."""
    found, root = np.zeros(shape[:2], dtype=bool), ET.fromstring(svg)
    scale = shape[1] / float(root.get("viewBox").split()[2])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        x, y, size, width = (float(text.get(name)) for name in ("x", "y", "font-size", "textLength"))
        air = LEANS + (HALO if text.get("stroke") else 0.0)
        top, left = (max(0, int(scale * edge)) for edge in (y - size - air, x - air))
        found[top : int(scale * (y + 0.35 * size + air)) + 1, left : int(scale * (x + width + air)) + 1] = True
    return found


@pytest.mark.parametrize("name", ["graph", "chain_rule", "MLP 3-4-4-1"])
def test_no_letter_leaves_its_room(name, fonts, tmp_path):
    """With one family of fonts all is written, in its room; with none nothing is, and boxes stand where they do."""
    svg = drawn(name).svg
    lettered = rendered(svg, str(tmp_path / "fonts"), f"{fonts} Sans")
    bare = rendered(re.sub(r"<text .*?</text>", "", svg, flags=re.DOTALL), str(tmp_path / "fonts"), f"{fonts} Sans")
    ink = abs(lettered - bare).max(axis=2) > SEEN
    assert not (ink & ~room(svg, ink.shape)).any()
    assert ink.any() == (fonts != "no")
