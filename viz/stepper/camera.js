// ── Where one looks: what a step speaks of is always in sight, and large enough to be read ──────────────────────────

const LEGIBLE = 0.925, // of its own size, at which the smallest text of a box is 12 pixels high
  LARGEST = 1.6,
  EDGE = 10; // pixels from what is spoken of to the window's edge
let zoom = 0;
let chosen = 0; // the zoom that the reader wants; 0: as large as the step asks for
let raised = [];

// The boxes that a step speaks of, the one it is about first.
function spokenOf(step) {
  if (step.node === undefined) return [];
  const others = step.kind === "term" ? [step.source]
    : step.kind === "forward" ? edges.filter(([, result]) => result === step.node).map(([operand]) => operand) : [];
  return [...new Set([step.node, ...others])];
}

const windowOf = (main) => [main.clientWidth, main.clientHeight];
const fitting = (main) => Math.min(main.clientWidth / room.width, main.clientHeight / room.height);
// The room that the boxes spoken of take, at their own size: all are as wide, but not as high.
const boxOf = (nodes) => [room.box[0], Math.max(room.box[1], ...nodes.map((node) => sizeOf(node)[1]))];

// The zoom at which boxes that are so far apart are within so many pixels. They are never smaller than legible: where
// they would be, what is between them shrinks.
function largestZoom(distance, side, space) {
  const free = space - 2 * EDGE, whole = free / (distance + side);
  return whole >= LEGIBLE ? whole : Math.max(free - side * LEGIBLE, 0) / Math.max(distance, 1e-9);
}

function follow(step) {
  const main = element("main"), [width, height] = windowOf(main);
  lower();
  const usual = chosen || Math.min(Math.max(fitting(main), LEGIBLE), LARGEST);
  const nodes = spokenOf(step), at = nodes.map((node) => room.centres[node]), box = boxOf(nodes);
  const [left, right] = [0, 1].map((k) => Math[k ? "max" : "min"](...at.map(([x]) => x)));
  const [top, bottom] = [0, 1].map((k) => Math[k ? "max" : "min"](...at.map(([, y]) => y)));
  const least = nodes.length
    ? Math.min(largestZoom(right - left, box[0], width), largestZoom(bottom - top, box[1], height)) : usual;
  const wanted = Math.max(Math.min(usual, least), 0.01);
  const changed = wanted !== zoom;
  zoom = wanted;
  place(main, width, height);
  if (nodes.length) {
    scroll(main, (left + right) / 2, (top + bottom) / 2, [left, right, top, bottom], changed, box);
    raise(nodes, width, height);
  }
  showChip(step, width, height);
}

// The picture with so much room around it that a box of legible size, standing anywhere in it, is within it.
function place(main, width, height) {
  const tallest = [room.box[0], Math.max(room.box[1], ...Object.values(room.tall))];
  const pad = tallest.map((side) => (zoom < LEGIBLE ? side * LEGIBLE / 2 + EDGE : 0));
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
function scroll(main, x, y, [left, right, top, bottom], changed, box) {
  const [w, h] = box.map((size) => size * Math.max(zoom, LEGIBLE) / 2 + EDGE);
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
  const place = (k) => (node) => onScreen(room.centres[node])[k];
  const side = room.box[0] * LEGIBLE + 2, tall = (node) => sizeOf(node)[1] * LEGIBLE + 2;
  const stacks = columns(nodes, place(0), side).flatMap((column) => cut(column, tall, height - 2));
  const mean = (column) => sum(column.map(place(0))) / column.length;
  spread(stacks, mean, () => side, width).forEach((x, k) => {
    const stack = [...stacks[k]].sort((a, b) => place(1)(a) - place(1)(b));
    spread(stack, place(1), tall, height).forEach((y, j) => enlarge(stack[j], x, y));
  });
}

function enlarge(node, x, y) {
  const [w, h] = sizeOf(node).map((size) => size * LEGIBLE);
  const box = boxes[node], next = box.nextSibling, before = box.getAttribute("transform");
  raised.push({ node, box: [x, y, w, h], undo: () => {
    keepingFocus(() => next.before(box));
    box.setAttribute("transform", before);
  } });
  const corner = [x - w / 2 + looking[0], y - h / 2 + looking[1]].map((c, k) => c / zoom + room.origin[k]);
  box.setAttribute("transform", `translate(${corner.join(" ")}) scale(${LEGIBLE / zoom})`);
  keepingFocus(() => element("chip").before(box));
}

// Boxes that would overlap across, together, from left to right.
function columns(nodes, x, side) {
  const found = [];
  for (const node of [...nodes].sort((a, b) => x(a) - x(b))) {
    const last = found.at(-1);
    if (last && x(node) - x(last.at(-1)) < side) last.push(node);
    else found.push([node]);
  }
  return found;
}

// A column in as many as are needed for none to be higher than the window.
function cut(column, tall, most) {
  const found = [[]];
  let taken = 0;
  for (const node of column) {
    if ((taken += tall(node)) > most && found.at(-1).length) {
      found.push([]);
      taken = tall(node);
    }
    found.at(-1).push(node);
  }
  return found;
}

// Where things stand in a row of that length, each as near to its place as the others let it. Those for which there is
// no room are left out.
function spread(things, wanted, size, length) {
  const at = [];
  let edge = 0;
  for (const thing of things) {
    if (at.length && sum(things.slice(0, at.length + 1).map(size)) > length) break;
    at.push(Math.max(wanted(thing), edge + size(thing) / 2));
    edge = at.at(-1) + size(thing) / 2;
  }
  edge = length;
  for (let k = at.length - 1; k >= 0; k--) {
    at[k] = Math.min(at[k], edge - size(things[k]) / 2);
    edge = at[k] - size(things[k]) / 2;
  }
  return at;
}

const sum = (numbers) => numbers.reduce((total, x) => total + x, 0);

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
  text.textContent = `× ${hidden() ? "?" : number(partials[step.edge])}`;
  chip.removeAttribute("transform");
  const w = text.getComputedTextLength() + 12, size = [w * scale, 20 * scale];
  const taken = spokenOf(step).map((node) => raised.find((one) => one.node === node)?.box
    ?? [...onScreen(room.centres[node]), ...sizeOf(node).map((side) => side * zoom)]);
  const at = (from) => {
    const { x, y } = path.getPointAtLength(from);
    return onScreen([x, y]).map((c, k) => Math.min(Math.max(c, size[k] / 2 + 1), [width, height][k] - size[k] / 2 - 1));
  };
  const wanted = length - room.gap / 2;
  const places = [wanted, ...Array.from({ length: 41 }, (_, k) => length * k / 40)
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))].map(at);
  const clear = (shift) => places.map(([x, y]) => [x, y + shift])
    .find((spot) => spot[1] > size[1] / 2 && spot[1] < height - size[1] / 2 && !taken.some((box) => overlap([...spot, ...size], box)));
  const shifts = Array.from({ length: 30 }, (_, k) => (k % 2 ? -15 : 15) * Math.ceil(k / 2));
  const spot = shifts.reduce((found, shift) => found ?? clear(shift), undefined) ?? places[0];
  const corner = [0, 1].map((k) => (spot[k] - size[k] / 2 + looking[k]) / zoom + room.origin[k]);
  chip.querySelector("rect").setAttribute("width", w);
  text.setAttribute("x", w / 2);
  chip.setAttribute("transform", `translate(${corner.join(" ")}) scale(${scale / zoom})`);
}

