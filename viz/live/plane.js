// ── Two inputs: the plane, by what the model gives ───────────────────────────────────────────────────────────────────

const PLANE_GRID = 48; // cells along an edge while it trains; twice as many at rest
const FRAME = { left: 34, right: 8, top: 8, bottom: 24 };

const plane = { grid: null, seen: null, cells: 0, low: [], high: [] };
const targetsRange = extent(FACTS.y.flat(), 0);

function planeRange() {
  for (const k of [0, 1])
    [plane.low[k], plane.high[k]] = extent(
      FACTS.X.map((x) => x[k]),
      0.12,
    );
}

function planeGrid(cells) {
  if (plane.cells !== cells) {
    plane.cells = cells;
    plane.grid = new Float64Array(2 * cells * cells);
    for (let i = 0, at = 0; i < cells; i++) {
      for (let j = 0; j < cells; j++) {
        plane.grid[at++] = plane.low[0] + ((j + 0.5) / cells) * (plane.high[0] - plane.low[0]);
        plane.grid[at++] = plane.high[1] - ((i + 0.5) / cells) * (plane.high[1] - plane.low[1]);
      }
    }
    plane.image = new ImageData(cells, cells);
    plane.small = Object.assign(document.createElement("canvas"), { width: cells, height: cells });
  }
  plane.seen = activations(plane.grid, cells * cells);
  plane.width = plane.seen.length / (cells * cells);
}

// The place of an input on the canvas, and back.
const planeX = (x, width) =>
  FRAME.left + ((x - plane.low[0]) / (plane.high[0] - plane.low[0])) * (width - FRAME.left - FRAME.right);
const planeY = (y, height) =>
  height - FRAME.bottom - ((y - plane.low[1]) / (plane.high[1] - plane.low[1])) * (height - FRAME.top - FRAME.bottom);
const planeInput = (place, width, height) => inFrame(place, width, height, plane);

// What stands at a place within the frame; outside of it, at its edge.
const inFrame = ([px, py], width, height, { low, high }) => [
  low[0] + clamp((px - FRAME.left) / (width - FRAME.left - FRAME.right), 0, 1) * (high[0] - low[0]),
  low[1] + clamp((height - FRAME.bottom - py) / (height - FRAME.top - FRAME.bottom), 0, 1) * (high[1] - low[1]),
];

function drawPlane(view, moving) {
  const context = view.begin(),
    { width, height } = view,
    { kind } = FACTS.targets;
  planeGrid(moving ? PLANE_GRID : 2 * PLANE_GRID);
  const cells = plane.cells,
    pixels = plane.image.data,
    lead = new Float32Array(cells * cells),
    winner = new Uint8Array(cells * cells);
  for (let c = 0, at = 0; c < cells * cells; c++) {
    const row = plane.seen.subarray(c * plane.width, (c + 1) * plane.width),
      from = plane.width - FACTS.outputs;
    let colour;
    if (kind === "numbers") {
      colour = ink.scale[level((row[from] - targetsRange[0]) / (targetsRange[1] - targetsRange[0] || 1))];
    } else {
      const [k, sure] = decision(row, from);
      [winner[c], lead[c]] = [k, sure];
      colour = ink.tints[hueOf(k)][level(sure)];
    }
    [pixels[at++], pixels[at++], pixels[at++]] = colour;
    pixels[at++] = 255;
  }
  plane.small.getContext("2d").putImageData(plane.image, 0, 0);
  const [left, top] = [FRAME.left, FRAME.top],
    [w, h] = [width - left - FRAME.right, height - top - FRAME.bottom];
  context.save();
  context.beginPath();
  context.roundRect(left, top, w, h, 6);
  context.clip();
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = moving ? "low" : "high"; // which takes as long as all the rest
  context.drawImage(plane.small, left, top, w, h);
  if (kind !== "numbers") boundaries(context, lead, winner, cells, left, top, w, h);
  const seen = now.rows.length ? activations(X, now.rows.length) : [];
  const each = seen.length / (now.rows.length || 1);
  now.rows.forEach((row, k) => {
    if (k !== now.example) planeDot(context, row, k, seen, each, width, height);
  });
  if (now.rows.length) planeDot(context, now.rows[now.example], now.example, seen, each, width, height);
  context.restore();
  axes(
    context,
    plane.low,
    plane.high,
    (x) => planeX(x, width),
    (y) => planeY(y, height),
    width,
    height,
  );
}

function planeDot(context, row, k, seen, each, width, height) {
  const wrong =
    FACTS.targets.kind !== "numbers" &&
    decision(seen.subarray(k * each, (k + 1) * each), each - FACTS.outputs)[0] !== classOf(row.y);
  dot(context, row, planeX(row.x[0], width), planeY(row.x[1], height), { wrong, current: k === now.example });
}

function axes(context, low, high, placeX, placeY, width, height) {
  context.font = `11px ${ink.sans}`;
  context.fillStyle = css(ink.muted);
  context.textAlign = "center";
  for (const x of ticks(low[0], high[0], 5)) context.fillText(number(x), placeX(x), height - 8);
  context.textAlign = "right";
  for (const y of ticks(low[1], high[1], 5)) context.fillText(number(y), FRAME.left - 6, placeY(y) + 4);
}

// The line on which two classes are even: where neighbouring cells differ, between them by how sure they are.
function boundaries(context, lead, winner, cells, left, top, w, h) {
  const size = [w / cells, h / cells];
  context.strokeStyle = css(ink.text, 0.75);
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i + 1 < cells; i++) {
    for (let j = 0; j + 1 < cells; j++) {
      const at = i * cells + j,
        here = winner[at];
      if (here === winner[at + 1] && here === winner[at + cells] && here === winner[at + cells + 1]) continue;
      const corners = [
          [i, j],
          [i, j + 1],
          [i + 1, j + 1],
          [i + 1, j],
        ],
        cuts = [];
      corners.forEach(([a, b], k) => {
        const [c, d] = corners[(k + 1) % 4],
          one = a * cells + b,
          other = c * cells + d;
        if (winner[one] === winner[other]) return;
        const part = lead[one] / (lead[one] + lead[other] || 1);
        cuts.push([left + (b + part * (d - b) + 0.5) * size[0], top + (a + part * (c - a) + 0.5) * size[1]]);
      });
      for (let k = 0; k + 1 < cuts.length; k += 2) {
        context.moveTo(...cuts[k]);
        context.lineTo(...cuts[k + 1]);
      }
    }
  }
  context.stroke();
}
