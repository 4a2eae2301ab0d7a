"""How live pages are: frames a second while one trains, the answer to a dragged weight, and a run that is watched."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import viz
from nn import MLP, Adam, datasets, fit
from tests.viz.chromium import Page, browser, installed
from viz.training.watch import Watch

__all__ = ["show"]

SECONDS = 4.0
SPEEDS = {3: "60", 5: "1,000", 6: "as many as it can"}  # of the page, by what its slider is at
EXAMPLES = 200
EPOCHS = 20_000

FRAMES = """new Promise((done) => {
  const { steps } = live.now, begin = performance.now(), times = [];
  const frame = (time) => {
    times.push(time);
    if (performance.now() - begin < SECONDS * 1000) return requestAnimationFrame(frame);
    const gaps = times.slice(1).map((t, k) => t - times[k]).sort((a, b) => a - b);
    done([1000 * gaps.length / (times.at(-1) - times[0]), gaps[Math.floor(0.9 * gaps.length)],
      1000 * (live.now.steps - steps) / (times.at(-1) - times[0])]);
  };
  requestAnimationFrame(frame);
})""".replace("SECONDS", str(SECONDS))

# From the movement of the pointer to the end of the frame that has drawn what follows from it.
DRAGS = """(async () => {
  const canvas = document.getElementById("network"), box = canvas.getBoundingClientRect(), times = [];
  const frame = () => new Promise(requestAnimationFrame);
  const [x, y] = live.placeOfWeight(live.now.parameter);
  const send = (kind, dy) => canvas.dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerId: 1,
    clientX: box.left + x, clientY: box.top + y - dy }));
  canvas.setPointerCapture = () => {};
  send("pointerdown", 0);
  for (let k = 0; k < 60; k++) {
    const before = live.gradient.slice(), begin = performance.now();
    send("pointermove", 10 + k);
    await frame();
    await frame();
    times.push(performance.now() - begin);
    if (live.gradient.every((g, i) => g === before[i])) throw new Error("no gradient has moved");
  }
  send("pointerup", 70);
  return times.sort((a, b) => a - b);
})()"""


def opened(page: Page, folder: Path) -> None:
    """The page of a 2-16-16-1 network and 200 rows, in a window of 1280 x 800."""
    model = MLP(2, [16, 16, 1], activation="tanh", rng=0)
    drawn = viz.live(model, *datasets.moons(EXAMPLES), loss="binary_cross_entropy_with_logits")
    page.ask("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)
    page.open(drawn.save(folder / "page.html").as_uri())


def show(repeats: int) -> None:
    """Print what was measured."""
    program = installed()
    if program is None:
        print("\nLive pages: no Chromium, so nothing about them")
    else:
        with tempfile.TemporaryDirectory() as folder, browser(program) as page:
            in_pages(page, Path(folder))
    watched(repeats)


def in_pages(page: Page, folder: Path) -> None:
    """Frames, steps and drags."""
    print(f"\nLive page of MLP 2-16-16-1, {EXAMPLES} rows, in Chromium without a GPU")
    opened(page, folder)
    for speed, wanted in SPEEDS.items():
        page.evaluate(f"document.getElementById('speed').value = {speed}; document.getElementById('play').click()")
        rate, slow, steps = page.evaluate(FRAMES)
        page.evaluate("document.getElementById('play').click()")
        print(f"{wanted} steps a second: {steps:.0f}, {rate:5.1f} frames a second, nine in ten within {slow:.0f} ms")
    page.evaluate("live.now.parameter = 40")
    times = page.evaluate(DRAGS)
    print(
        f"a dragged weight: all gradients and the picture after {statistics.median(times):.0f} ms, nine in ten within "
        f"{times[int(0.9 * len(times))]:.0f} ms"
    )


def watched(repeats: int) -> None:
    """How often a run is drawn while it goes, and what that costs."""
    X, y = datasets.moons(EXAMPLES)
    shown: list[str] = []
    screen = SimpleNamespace(
        HTML=lambda text: text,
        display=lambda text, display_id: (shown.append(text), SimpleNamespace(update=shown.append))[1],
    )

    def run(callbacks: Any) -> tuple[float, float]:
        model = MLP(2, [16, 16, 1], activation="tanh", rng=0)
        begin = time.perf_counter(), time.process_time()
        fit(model, X, y, optimizer=Adam(0.01), epochs=EPOCHS, callbacks=callbacks, progress=False)
        return time.perf_counter() - begin[0], time.process_time() - begin[1]

    run([])
    costs, rates = [], []
    for _ in range(repeats):
        _, alone = run([])
        shown.clear()
        wall, together = run([Watch(screen)])
        costs.append(together / alone - 1.0)
        rates.append(len(shown) / wall)
    print(
        f"viz.watch of a run of {wall:.1f} s: {statistics.median(rates):.1f} drawings a second, "
        f"{statistics.median(costs):.1%} more processor time"
    )
