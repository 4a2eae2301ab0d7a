"""The README's film of a page: ``python -m tests.viz.live.film examples/live.gif``; it takes Chromium and Pillow."""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from examples.live_pages import moons
from tests.viz.chromium import Page, browser, installed

WIDTH, HEIGHT = 1240, 700
SHOWN = (840, 474)  # pixels of the film
COLOURS = 128
STEPS = [0, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 50, 60, 80]  # between two frames
MOVE = "const { x } = live.now.rows[90]; x[0] -= 0.17; x[1] += 0.1; live.now.edited = true;"
MILLISECONDS, PAUSE = 170, 1800


def frame(page: Page) -> Image.Image:
    """What the page shows once all is drawn."""
    page.evaluate("live.changed(), new Promise((done) => setTimeout(done, 120))")
    picture = base64.b64decode(page.ask("Page.captureScreenshot", format="png")["data"])
    return Image.open(io.BytesIO(picture)).convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS)


def film(page: Page) -> list[Image.Image]:
    """It learns; then a point is carried to the other side, and it learns that, too."""
    frames = []
    for steps in STEPS:
        page.evaluate(f"for (let k = 0; k < {steps}; k++) live.step()")
        frames.append(frame(page))
    page.evaluate("live.now.example = 90")
    for _ in range(6):
        page.evaluate(f"live.act(() => {{ {MOVE} }}), 0")
        frames.append(frame(page))
    for _ in range(8):
        page.evaluate("for (let k = 0; k < 12; k++) live.step()")
        frames.append(frame(page))
    return frames


def main(path: Path) -> None:
    """Write the film."""
    program = installed()
    assert program is not None, "a film takes Chromium"
    with tempfile.TemporaryDirectory() as folder, browser(program) as page:
        page.prefer(color_scheme="light")
        page.ask("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
        page.open(moons().save(Path(folder) / "page.html").as_uri())
        page.evaluate("document.documentElement.style.overflow = 'hidden'")
        frames = film(page)
    colours = Image.new("RGB", (SHOWN[0], 2 * SHOWN[1]))  # of the beginning and of the end
    colours.paste(frames[0])
    colours.paste(frames[len(STEPS) - 1], (0, SHOWN[1]))
    palette = colours.quantize(COLOURS, dither=Image.Dither.NONE)
    first, *others = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in frames]
    durations = [MILLISECONDS] * len(others) + [PAUSE]
    first.save(path, save_all=True, append_images=others, duration=durations, loop=0, optimize=True)
    print(f"{path}: {len(frames)} frames, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
