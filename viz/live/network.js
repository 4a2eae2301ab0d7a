// ── The network: a line for each weight, in each neuron what it does ─────────────────────────────────────────────────

const net = { columns: [], lines: [], by: "weights" };
let hovered = -1;
const MOST_NUMBERS = 18; // lines that have their numbers written on them

function layNetwork({ width, height }) {
  const counts = [FACTS.X[0].length, ...FACTS.layers.map((layer) => layer.neurons.length)],
    most = Math.max(...counts);
  const room = (height - 30) / most,
    size = clamp(room - 5, 4, 54),
    side = size / 2 + 8;
  net.size = size;
  net.columns = counts.map((count, c) => {
    const x = side + (c / (counts.length - 1)) * (width - 2 * side),
      gap = Math.min(room, 104);
    return Array.from({ length: count }, (_, k) => [x, (height - 22) / 2 + 2 + (k - (count - 1) / 2) * gap]);
  });
  net.lines = [];
  FACTS.layers.forEach(({ neurons }, layer) =>
    neurons.forEach(({ weights }, j) =>
      weights.forEach((parameter, i) =>
        net.lines.push({ parameter, from: net.columns[layer][i], to: net.columns[layer + 1][j] }),
      ),
    ),
  );
}

function drawNetwork(view, example) {
  const context = view.begin(),
    numbers = net.by === "weights" ? theta : gradient;
  layNetwork(view);
  let largest = 0;
  for (const { parameter } of net.lines)
    if (Number.isFinite(numbers[parameter])) largest = Math.max(largest, Math.abs(numbers[parameter]));
  const strength = net.by === "weights" ? share : decades;
  for (const one of net.lines) wire(context, one, strength(numbers[one.parameter], largest), numbers[one.parameter]);
  const current = net.lines.find(({ parameter }) => parameter === now.parameter);
  if (current) wire(context, current, 1, numbers[current.parameter], ink.accent);
  const pointed = net.lines.find(({ parameter }) => parameter === hovered);
  if (pointed) wire(context, pointed, 0.8, numbers[pointed.parameter], ink.text);
  const taken = [];
  if (net.lines.length <= MOST_NUMBERS)
    for (const one of net.lines) onWire(context, one, numbers[one.parameter], taken);
  let at = 0;
  net.columns.forEach((column, c) => {
    column.forEach(([x, y], k) => {
      if (c === 0) inputNeuron(context, x, y, k);
      else neuron(context, x, y, c - 1, k, at++, example);
    });
  });
  context.font = `11px ${ink.sans}`;
  context.fillStyle = css(ink.muted);
  net.columns.forEach((column, c) => {
    context.textAlign = c === 0 ? "left" : c === net.columns.length - 1 ? "right" : "center";
    const x = c === 0 ? 4 : c === net.columns.length - 1 ? view.width - 4 : column[0][0];
    context.fillText(c === 0 ? "inputs" : FACTS.layers[c - 1].activation.replace("_", " "), x, view.height - 6);
  });
}

function wire(context, { from, to }, strength, x, colour) {
  const middle = (from[0] + to[0]) / 2,
    r = net.size / 2;
  context.beginPath();
  context.moveTo(from[0] + r, from[1]);
  context.bezierCurveTo(middle, from[1], middle, to[1], to[0] - r, to[1]);
  context.setLineDash(x === 0 ? [4, 4] : []);
  const sign = !Number.isFinite(x) ? ink["broken-line"] : x === 0 ? ink["zero-line"] : x > 0 ? ink.raises : ink.lowers;
  context.strokeStyle = css(colour ?? sign, colour ? 1 : 0.16 + 0.78 * strength);
  context.lineWidth = colour ? 3 : 0.6 + 3 * strength;
  context.stroke();
  context.setLineDash([]);
}

// The number of a line, somewhere along it where it is on no other; none where there is no such place.
function onWire(context, { from, to, parameter }, x, taken) {
  const text = number(x);
  context.font = `12px ${ink.sans}`;
  context.textAlign = "center";
  const width = context.measureText(text).width + 6;
  for (const t of [0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8]) {
    const [u, v] = curveAt(t, from, to),
      box = [u - width / 2, v - 8, u + width / 2, v + 8];
    if (taken.some(([left, top, right, bottom]) => left < box[2] && box[0] < right && top < box[3] && box[1] < bottom))
      continue;
    taken.push(box);
    context.fillStyle = css(ink.panel, 0.88);
    context.fillRect(box[0], box[1], width, 16);
    context.fillStyle = css(parameter === now.parameter ? ink.accent : ink.text);
    context.fillText(text, u, v + 4);
    return;
  }
}

function tile(context, x, y, frame, paint) {
  const r = net.size / 2;
  context.save();
  context.beginPath();
  context.roundRect(x - r, y - r, 2 * r, 2 * r, Math.min(6, r / 2));
  context.fillStyle = css(ink.panel);
  context.fill();
  context.clip();
  paint(x - r, y - r, 2 * r);
  context.restore();
  context.beginPath();
  context.roundRect(x - r, y - r, 2 * r, 2 * r, Math.min(6, r / 2));
  context.strokeStyle = css(frame ?? mixed(ink.panel, ink.text, 0.55));
  context.lineWidth = frame ? 2 : 1.1;
  context.stroke();
}

function inputNeuron(context, x, y, k) {
  tile(context, x, y, null, (left, top, size) => {
    if (size < 14) return;
    context.fillStyle = css(ink.text);
    context.textAlign = "center";
    context.font = `italic ${Math.round(Math.min(22, size * 0.5))}px ${ink.serif}`;
    context.fillText(`x${[...String(k)].map((c) => "₀₁₂₃₄₅₆₇₈₉"[c]).join("")}`, x, y + Math.min(7, size * 0.16));
  });
}

// What a neuron gives: over the plane, along the line, or for the chosen example.
function neuron(context, x, y, layer, k, at, example) {
  const current = FACTS.layers[layer].neurons[k].bias === now.parameter;
  tile(context, x, y, current ? ink.accent : null, (left, top, size) => {
    if (FACTS.X[0].length === 2 && plane.seen && size > 9) thumbnail(context, at, left, top, size);
    else {
      const value = example ? example[at] : 0,
        colour = value < 0 ? ink.lowers : ink.raises;
      context.fillStyle = css(mixed(ink.panel, colour, 0.85 * Math.tanh(Math.abs(value))));
      context.fillRect(left, top, size, size);
      if (size < 34 || !example) return;
      context.fillStyle = css(ink.text);
      context.font = `12px ${ink.sans}`;
      context.textAlign = "center";
      context.fillText(number(value), x, y + 4, size - 6);
    }
  });
}

const thumb = { cells: 14 };

function thumbnail(context, at, left, top, size) {
  const { cells } = thumb,
    every = plane.cells / cells;
  thumb.image ??= new ImageData(cells, cells);
  thumb.canvas ??= Object.assign(document.createElement("canvas"), { width: cells, height: cells });
  const pixels = thumb.image.data,
    place = (i, j) =>
      plane.seen[(Math.floor((i + 0.5) * every) * plane.cells + Math.floor((j + 0.5) * every)) * plane.width + at];
  let largest = 0;
  for (let i = 0; i < cells; i++)
    for (let j = 0; j < cells; j++) largest = Math.max(largest, Math.abs(place(i, j)) || 0);
  for (let i = 0, p = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const x = place(i, j),
        colour = mixed(ink.panel, x < 0 ? ink.lowers : ink.raises, 0.9 * share(x, largest));
      [pixels[p++], pixels[p++], pixels[p++]] = colour;
      pixels[p++] = 255;
    }
  }
  thumb.canvas.getContext("2d").putImageData(thumb.image, 0, 0);
  context.drawImage(thumb.canvas, left, top, size, size);
}

// A third of the way along the line of a weight.
function placeOfWeight(parameter) {
  const { from, to } = net.lines.find((one) => one.parameter === parameter);
  return curveAt(0.3, from, to);
}

// The bias of the neuron at a point, or the weight whose line is nearest to it, if one is near.
function nearestWeight([x, y]) {
  const half = net.size / 2;
  for (let layer = 0; layer < FACTS.layers.length; layer++) {
    const k = net.columns[layer + 1].findIndex(([u, v]) => Math.abs(u - x) <= half && Math.abs(v - y) <= half);
    if (k >= 0) return FACTS.layers[layer].neurons[k].bias;
  }
  let best = 8,
    found = -1;
  for (const { parameter, from, to } of net.lines) {
    const t = (x - from[0] - net.size / 2) / (to[0] - from[0] - net.size);
    if (t < 0 || t > 1) continue;
    const [u, v] = curveAt(t, from, to),
      distance = Math.hypot(u - x, v - y);
    if (distance < best) [best, found] = [distance, parameter];
  }
  return found;
}

function curveAt(t, [x0, y0], [x1, y1]) {
  const s = bezierShare(t),
    smooth = s * s * (3 - 2 * s);
  return [x0 + net.size / 2 + t * (x1 - x0 - net.size), y0 + (y1 - y0) * smooth];
}

// The curve goes right by 3/2 s(1 - s) + s³: its own parameter for a share of the way, by Newton.
function bezierShare(t) {
  let s = t;
  for (let k = 0; k < 4; k++) {
    const x = 1.5 * s * (1 - s) + s ** 3,
      slope = 1.5 - 3 * s + 3 * s * s;
    s -= (x - t) / slope;
  }
  return clamp(s, 0, 1);
}
