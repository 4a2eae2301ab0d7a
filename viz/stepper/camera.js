// ── Where one looks: what a step speaks of is always in sight, and large enough to be read ──────────────────────────

const LEGIBLE = 0.925, // of its own size, at which the smallest text of a box is 12 pixels high
  LARGEST = 1.4,
  EDGE = 10; // pixels from what is spoken of to the window's edge
let zoom = 0;
let raised = [];

// The boxes that a step speaks of, the one it is about first.
function spokenOf(step) {
  if (step.node === undefined) return [];
  const others = step.kind === "term" ? [step.source]
    : step.kind === "forward" ? edges.filter(([, result]) => result === step.node).map(([operand]) => operand) : [];
  return [...new Set([step.node, ...others])];
}

function follow(step) {
  const main = element("main"), [width, height] = [main.clientWidth, main.clientHeight];
  lower();
  const fitting = Math.min(width / room.width, height / room.height);
  const usual = Math.min(Math.max(fitting, LEGIBLE), LARGEST);
  const nodes = spokenOf(step), at = nodes.map((node) => room.centres[node]);
  const [left, right] = [0, 1].map((k) => Math[k ? "max" : "min"](...at.map(([x]) => x)));
  const [top, bottom] = [0, 1].map((k) => Math[k ? "max" : "min"](...at.map(([, y]) => y)));
  // Boxes and their partial are never smaller than legible: where they are too far apart, what is between them shrinks.
  const far = (from, to, box, space) => (space - 2 * EDGE - box) / Math.max(to - from, 1e-9);
  const apart = nodes.length < 2 ? usual
    : Math.min(far(left, right, room.box[0] * usual, width), far(top, bottom, room.box[1] * usual, height));
  const enough = nodes.length < 2 ? usual
    : Math.min(far(left, right, room.box[0] * LEGIBLE, width), far(top, bottom, room.box[1] * LEGIBLE, height));
  const wanted = apart >= usual ? usual : Math.max(Math.min(enough, usual), 0.01);
  const changed = wanted !== zoom;
  zoom = wanted;
  place(main, width, height);
  if (nodes.length) {
    scroll(main, (left + right) / 2, (top + bottom) / 2, [left, right, top, bottom], changed);
    raise(nodes, width, height);
  }
  showChip(step, width, height);
}

// The picture with so much room around it that a box of legible size, standing anywhere in it, is within it.
function place(main, width, height) {
  const pad = [0, 1].map((k) => (zoom < LEGIBLE ? room.box[k] * LEGIBLE / 2 + EDGE : 0));
  const size = [Math.max(width, room.width * zoom + 2 * pad[0]), Math.max(height, room.height * zoom + 2 * pad[1])];
  const svg = main.querySelector("svg");
  room.origin = [(room.width - size[0] / zoom) / 2, (room.height - size[1] / zoom) / 2];
  svg.style.width = `${size[0]}px`;
  svg.style.height = `${size[1]}px`;
  svg.setAttribute("viewBox", `${room.origin.join(" ")} ${size[0] / zoom} ${size[1] / zoom}`);
}

const onScreen = ([x, y], view = looking) => [
  (x - room.origin[0]) * zoom - view[0], (y - room.origin[1]) * zoom - view[1],
];
let looking = [0, 0];

// Scroll the picture, and only the picture, no farther than needed.
function scroll(main, x, y, [left, right, top, bottom], changed) {
  const [w, h] = room.box.map((size) => size * Math.max(zoom, LEGIBLE) / 2 + EDGE);
  const space = [main.clientWidth, main.clientHeight];
  const now = [main.scrollLeft, main.scrollTop], most = [main.scrollWidth - space[0], main.scrollHeight - space[1]];
  const low = onScreen([left, top], now), high = onScreen([right, bottom], now), middle = onScreen([x, y], now);
  looking = now.map((from, k) => {
    const half = [w, h][k];
    const inside = low[k] - half >= 0 && high[k] + half <= space[k];
    const to = inside && !changed ? from : from + middle[k] - space[k] / 2;
    return Math.round(Math.min(Math.max(to, 0), most[k]));
  });
  const near = looking.every((to, k) => Math.abs(to - now[k]) < space[k]);
  const smooth = !changed && near && matchMedia("(prefers-reduced-motion: no-preference)").matches;
  main.scrollTo({ left: looking[0], top: looking[1], behavior: smooth ? "smooth" : "instant" });
}

const overlap = (a, b) => Math.abs(a[0] - b[0]) < (a[2] + b[2]) / 2 && Math.abs(a[1] - b[1]) < (a[3] + b[3]) / 2;

// Where the picture is too small to be read, the boxes spoken of are drawn large, above the others and beside each other.
function raise(nodes, width, height) {
  raised = [];
  if (zoom >= LEGIBLE) return;
  const [w, h] = room.box.map((size) => size * LEGIBLE), middle = h / 2 + EDGE;
  for (const node of nodes) {
    const [x, y] = onScreen(room.centres[node]);
    const rows = [0];
    for (let k = 1; k * 6 < height; k++) rows.push(6 * k, -6 * k);
    const free = rows.map((shift) => [x, y + shift, w, h]).find((box) => box[1] >= middle && box[1] <= height - middle
      && !raised.some((other) => overlap(box, other.box)));
    if (!free) continue;
    const box = boxes[node], next = box.nextSibling, before = box.getAttribute("transform");
    raised.push({ box: free, undo: () => { keepingFocus(() => next.before(box)); box.setAttribute("transform", before); } });
    const corner = [0, 1].map((k) => (free[k] - free[k + 2] / 2 + looking[k]) / zoom + room.origin[k]);
    box.setAttribute("transform", `translate(${corner.join(" ")}) scale(${LEGIBLE / zoom})`);
    keepingFocus(() => element("chip").before(box));
  }
}

function lower() {
  for (const { undo } of raised.splice(0).reverse()) undo();
}

function keepingFocus(move) {
  const held = document.activeElement;
  move();
  if (held !== document.activeElement) held.focus({ preventScroll: true });
}

// The local derivative, written on the edge it belongs to, clear of the boxes.
function showChip(step, width, height) {
  const chip = element("chip");
  chip.style.display = step.kind === "term" ? "" : "none";
  if (step.kind !== "term") return;
  const path = lines[step.edge].querySelector("path"), length = path.getTotalLength();
  const scale = Math.max(zoom, LEGIBLE);
  const text = chip.querySelector("text");
  text.textContent = `× ${number(partials[step.edge])}`;
  chip.removeAttribute("transform");
  const w = text.getComputedTextLength() + 12, size = [w * scale, 20 * scale];
  const taken = spokenOf(step).map((node, k) => raised[k]?.box
    ?? [...onScreen(room.centres[node]), ...room.box.map((side) => side * zoom)]);
  const at = (from) => {
    const { x, y } = path.getPointAtLength(from);
    return onScreen([x, y]).map((c, k) => Math.min(Math.max(c, size[k] / 2 + 1), [width, height][k] - size[k] / 2 - 1));
  };
  const wanted = length - room.gap / 2;
  const places = [wanted, ...Array.from({ length: 41 }, (_, k) => length * k / 40)
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))].map(at);
  const clear = (shift) => places.map(([x, y]) => [x, y + shift])
    .find((spot) => !taken.some((box) => overlap([...spot, ...size], box)));
  const spot = clear(0) ?? clear(30) ?? clear(-30) ?? places[0];
  const corner = [0, 1].map((k) => (spot[k] - size[k] / 2 + looking[k]) / zoom + room.origin[k]);
  chip.querySelector("rect").setAttribute("width", w);
  text.setAttribute("x", w / 2);
  chip.setAttribute("transform", `translate(${corner.join(" ")}) scale(${scale / zoom})`);
}

