// ── Canvases: sharp at every size, in the colours of the theme ───────────────────────────────────────────────────────

const $ = (id) => document.getElementById(id);
const ink = {};
const LEVELS = 64;
const SHAPES = ["circle", "triangle", "square", "diamond", "down", "plus", "cross", "star"];
// Of classes beyond the eighth, colours come again, each with the next shape.
const hueOf = (k) => k % SHAPES.length;
const shapeOf = (k) => SHAPES[(k + Math.floor(k / SHAPES.length)) % SHAPES.length];

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of [
    "background",
    "panel",
    "text",
    "muted",
    "line",
    "raises",
    "lowers",
    "small",
    "zero-line",
    "accent",
    "broken-line",
  ]) {
    ink[name] = rgb(style.getPropertyValue(`--${name}`).trim());
  }
  ink.classes = SHAPES.map((_, k) => rgb(style.getPropertyValue(`--class-${k}`).trim()));
  ink.sans = getComputedStyle(document.body).fontFamily;
  ink.serif = getComputedStyle(document.body).getPropertyValue("--serif");
  ink.tints = ink.classes.map((colour) =>
    Array.from({ length: LEVELS }, (_, k) => mixed(ink.panel, colour, 0.06 + (0.34 * k) / (LEVELS - 1))),
  );
  ink.scale = Array.from({ length: LEVELS }, (_, k) => {
    const t = k / (LEVELS - 1);
    return mixed(ink.panel, mixed(ink.classes[0], ink.classes[1], t), 0.12 + 0.6 * Math.abs(2 * t - 1));
  });
}

const level = (t) => Math.round(clamp(t, 0, 1) * (LEVELS - 1)) || 0;

const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
const mixed = (a, b, part) => a.map((x, k) => x + (b[k] - x) * part);
const css = ([r, g, b], alpha = 1) => `rgb(${r.toFixed(0)} ${g.toFixed(0)} ${b.toFixed(0)} / ${alpha})`;

// A canvas with its context, its size in CSS pixels and whether it is in sight; `changed` is called when that changes.
function surface(id, changed) {
  const canvas = $(id),
    context = canvas.getContext("2d"),
    found = { canvas, context, width: 0, height: 0, shown: true, fixed: false };
  const fit = () => {
    if (found.fixed) return;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    const { width, height } = canvas.getBoundingClientRect();
    if (width === found.width && height === found.height && found.ratio === ratio) return;
    Object.assign(found, { width, height, ratio });
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    changed();
  };
  new ResizeObserver(fit).observe(canvas);
  addEventListener("resize", fit);
  new IntersectionObserver(([entry]) => {
    found.shown = entry.isIntersecting;
    changed();
  }).observe(canvas);
  fit();
  found.fit = fit;
  found.begin = () => {
    context.setTransform(found.ratio, 0, 0, found.ratio, 0, 0);
    context.clearRect(0, 0, found.width, found.height);
    return context;
  };
  found.at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return found;
}

const turned = ([x, y], angle) => {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return [x * cosine - y * sine, x * sine + y * cosine];
};
const CORNERS = {
  triangle: [
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8],
  ],
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  diamond: [
    [0, -1.25],
    [1.1, 0],
    [0, 1.25],
    [-1.1, 0],
  ],
  down: [
    [0, 1.2],
    [1.1, -0.8],
    [-1.1, -0.8],
  ],
  plus: [0, 1, 2, 3].flatMap((turn) =>
    [
      [-0.4, -1.2],
      [0.4, -1.2],
      [0.4, -0.4],
    ].map((corner) => turned(corner, (turn * Math.PI) / 2)),
  ),
  star: Array.from({ length: 10 }, (_, k) => turned([0, k % 2 ? -0.55 : -1.35], (k * Math.PI) / 5)),
};
CORNERS.cross = CORNERS.plus.map((corner) => turned(corner, Math.PI / 4));

function outline(context, shape, x, y, r) {
  const corners = CORNERS[shape];
  context.beginPath();
  if (corners) corners.forEach(([dx, dy]) => context.lineTo(x + r * dx, y + r * dy));
  else context.arc(x, y, r, 0, 7);
  context.closePath();
}

// A point of the data: its class by colour and shape; a ring around what is wrong, another around the chosen one.
function dot(context, row, x, y, { wrong, current }) {
  const k = Math.max(0, classOf(row.y)),
    colour = FACTS.targets.kind === "numbers" ? ink.text : ink.classes[hueOf(k)];
  outline(context, FACTS.targets.kind === "numbers" ? "circle" : shapeOf(k), x, y, 4.6);
  context.fillStyle = css(colour);
  context.strokeStyle = css(ink.panel);
  context.lineWidth = 1.4;
  context.fill();
  context.stroke();
  if (!wrong && !current) return;
  context.beginPath();
  context.arc(x, y, current ? 9.5 : 7.8, 0, 7);
  context.strokeStyle = css(current ? ink.accent : ink.text);
  context.lineWidth = current ? 2.4 : 1.2;
  context.stroke();
}

// Round numbers from low to high, some `wanted` of them.
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted,
    unit = 10 ** Math.floor(Math.log10(rough));
  const every = [1, 2, 5, 10].map((k) => k * unit).find((size) => size >= rough) ?? rough;
  const found = [];
  for (let k = Math.ceil(low / every); k * every <= high + 1e-9 * every; k++) found.push(k * every);
  return found;
}

const extent = (numbers, room) => {
  const low = Math.min(...numbers),
    high = Math.max(...numbers),
    margin = high > low ? room * (high - low) : 1;
  return numbers.length ? [low - margin, high + margin] : [-1, 1];
};
