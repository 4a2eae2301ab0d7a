// ── The loss, epoch by epoch ─────────────────────────────────────────────────────────────────────────────────────────

function drawLoss(view, loss) {
  const context = view.begin(),
    { width, height } = view,
    { curve, every } = now;
  const points = [...curve.map((y, k) => [k * every, y]), [now.epoch, loss]].filter(([, y]) => Number.isFinite(y));
  if (!points.length) return;
  const ys = points.map(([, y]) => y),
    positive = Math.min(...ys) > 0,
    logarithmic = positive && Math.max(...ys) > 20 * Math.min(...ys);
  const scale = logarithmic ? Math.log10 : (y) => y;
  const [low, high] = extent(ys.map(scale), 0.08),
    last = Math.max(1, now.epoch);
  const placeX = (x) => FRAME.left + 6 + (x / last) * (width - FRAME.left - 18),
    placeY = (y) => 6 + ((high - scale(y)) / (high - low)) * (height - 28);
  context.font = `11px ${ink.sans}`;
  context.lineWidth = 1;
  context.strokeStyle = css(ink.line, 0.22);
  context.fillStyle = css(ink.muted);
  context.textAlign = "right";
  const marks = logarithmic ? powers(low, high) : ticks(low, high, 4);
  for (const y of marks) {
    context.beginPath();
    context.moveTo(FRAME.left + 6, placeY(y));
    context.lineTo(width - 4, placeY(y));
    context.stroke();
    context.fillText(number(y).replace(/^1·/, ""), FRAME.left, placeY(y) + 4);
  }
  context.textAlign = "center";
  for (const x of ticks(0, last, 4).filter((x) => Number.isInteger(x)))
    context.fillText(String(x), placeX(x), height - 6);
  context.beginPath();
  points.forEach(([x, y]) => context.lineTo(placeX(x), placeY(y)));
  context.strokeStyle = css(ink.text);
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  context.stroke();
  context.beginPath();
  context.arc(placeX(points.at(-1)[0]), placeY(points.at(-1)[1]), 4, 0, 7);
  context.fillStyle = css(ink.accent);
  context.fill();
}

function powers(low, high) {
  const found = [];
  for (let p = Math.ceil(low); p <= high; p++) found.push(10 ** p);
  while (found.length > 5) found.splice(0, found.length, ...found.filter((_, k) => k % 2 === 0));
  return found.length > 1
    ? found
    : [10 ** low, 10 ** ((low + high) / 2), 10 ** high].map((y) => Number(y.toPrecision(2)));
}
