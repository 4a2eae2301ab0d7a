// ── Zoom: by buttons, keys, the wheel and two fingers; a flick of one finger is a step ───────────────────────────────

const [SMALLEST_ZOOM, LARGEST_ZOOM, BY_BUTTON] = [0.1, 4, 1.25];
const FLICK = { pixels: 50, milliseconds: 350 };

// The picture at another size: what is under a place of the window stays there, or a place of the picture comes there.
function zoomTo(wanted, [x, y] = windowOf(element("main")).map((side) => side / 2), given = null) {
  const main = element("main"), [width, height] = windowOf(main), step = steps[now];
  lower();
  const from = [main.scrollLeft, main.scrollTop];
  const under = given ?? [x, y].map((at, k) => (at + from[k]) / zoom + room.origin[k]);
  zoom = chosen = Math.min(Math.max(wanted, Math.min(SMALLEST_ZOOM, fitting(main))), LARGEST_ZOOM);
  place(main, width, height);
  looking = onScreen(under, [0, 0]).map((at, k) => Math.max(0, Math.round(at - [x, y][k])));
  main.scrollTo({ left: looking[0], top: looking[1], behavior: "instant" });
  looking = [main.scrollLeft, main.scrollTop];
  const seen = spokenOf(step).filter((node) => {
    const at = onScreen(room.centres[node]);
    return at[0] > 0 && at[1] > 0 && at[0] < width && at[1] < height;
  });
  raise(seen, width, height);
  showChip(step, width, height);
  if (!seen.length) element("chip").style.display = "none";
  element("auto").hidden = false;
}

// As large again as each step asks for.
function zoomAlone() {
  chosen = 0;
  element("auto").hidden = true;
  follow(steps[now]);
}

const zooms = {
  smaller: () => zoomTo(zoom / BY_BUTTON),
  larger: () => zoomTo(zoom * BY_BUTTON),
  fit: () => zoomTo(fitting(element("main")), undefined, [room.width / 2, room.height / 2]),
  auto: zoomAlone,
};
const zoomKeys = { "+": "larger", "=": "larger", "-": "smaller", "−": "smaller", f: "fit", 0: "auto" };
for (const [id, action] of Object.entries(zooms)) element(id).addEventListener("click", action);

function within(x, y) {
  const { left, top } = element("main").getBoundingClientRect();
  return [x - left, y - top];
}

element("main").addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return; // which scrolls; two fingers on a touchpad come with ctrl
  event.preventDefault();
  zoomTo(zoom * Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0025)), within(event.clientX, event.clientY));
}, { passive: false });

// ── Fingers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

let pinch = null;
let flick = null;
const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const between = ([a, b]) => within((a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);

document.addEventListener("touchstart", (event) => {
  const [touch] = event.touches, alone = event.touches.length === 1 && !event.target.closest("input, select, dialog");
  flick = alone ? { x: touch.clientX, y: touch.clientY, time: event.timeStamp } : null;
}, { passive: true });

document.addEventListener("touchend", (event) => {
  if (!flick) return;
  const [touch] = event.changedTouches, { x, y, time } = flick;
  const [across, along] = [touch.clientX - x, touch.clientY - y];
  flick = null;
  if (event.timeStamp - time > FLICK.milliseconds || Math.abs(across) < FLICK.pixels) return;
  if (Math.abs(across) < 2 * Math.abs(along)) return;
  pause();
  actions[across < 0 ? "next" : "back"]();
}, { passive: true });

element("main").addEventListener("touchstart", (event) => {
  pinch = event.touches.length === 2 ? { from: zoom / apart(event.touches) } : null;
}, { passive: true });

element("main").addEventListener("touchmove", (event) => {
  if (!pinch || event.touches.length !== 2) return;
  event.preventDefault();
  zoomTo(pinch.from * apart(event.touches), between(event.touches));
}, { passive: false });
