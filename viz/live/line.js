// ── One input: the curve of each output ──────────────────────────────────────────────────────────────────────────────

const LINE_POINTS = 241;
const line = { low: [], high: [] };

function lineRange() {
  [line.low[0], line.high[0]] = extent(
    FACTS.X.map((x) => x[0]),
    0.12,
  );
  [line.low[1], line.high[1]] = extent(FACTS.y.flat(), 0.25);
}

const lineX = (x, width) =>
  FRAME.left + ((x - line.low[0]) / (line.high[0] - line.low[0])) * (width - FRAME.left - FRAME.right);
const lineY = (y, height) =>
  height - FRAME.bottom - ((y - line.low[1]) / (line.high[1] - line.low[1])) * (height - FRAME.top - FRAME.bottom);
const lineInput = (place, width, height) => inFrame(place, width, height, line);

function drawLine(view) {
  const context = view.begin(),
    { width, height } = view;
  const xs = Float64Array.from(
    { length: LINE_POINTS },
    (_, k) => line.low[0] + (k / (LINE_POINTS - 1)) * (line.high[0] - line.low[0]),
  );
  const seen = activations(xs, LINE_POINTS),
    each = seen.length / LINE_POINTS,
    from = each - FACTS.outputs;
  context.strokeStyle = css(ink.line, 0.25);
  context.lineWidth = 1;
  context.beginPath();
  for (const y of ticks(line.low[1], line.high[1], 5)) {
    context.moveTo(FRAME.left, lineY(y, height));
    context.lineTo(width - FRAME.right, lineY(y, height));
  }
  context.stroke();
  context.save();
  context.beginPath();
  context.rect(FRAME.left, FRAME.top, width - FRAME.left - FRAME.right, height - FRAME.top - FRAME.bottom);
  context.clip();
  for (let k = 0; k < FACTS.outputs; k++) {
    context.beginPath();
    for (let i = 0; i < LINE_POINTS; i++) context.lineTo(lineX(xs[i], width), lineY(seen[i * each + from + k], height));
    context.strokeStyle = css(FACTS.outputs > 1 ? ink.classes[hueOf(k)] : ink.accent);
    context.lineWidth = 2.4;
    context.lineJoin = "round";
    context.stroke();
  }
  now.rows.forEach((row, k) => {
    row.y.forEach((y) => dot(context, row, lineX(row.x[0], width), lineY(y, height), { current: k === now.example }));
  });
  context.restore();
  axes(
    context,
    line.low,
    line.high,
    (x) => lineX(x, width),
    (y) => lineY(y, height),
    width,
    height,
  );
}
