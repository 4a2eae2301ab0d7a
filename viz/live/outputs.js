// ── More inputs: a row for each example, its outputs beside its targets ──────────────────────────────────────────────

const MOST_ROWS = 200;

function drawOutputs(view) {
  const context = view.begin(),
    { width, height } = view,
    count = Math.min(now.rows.length, MOST_ROWS);
  if (!count) return;
  const seen = activations(X, now.rows.length),
    each = seen.length / now.rows.length,
    from = each - FACTS.outputs;
  const [low, high] = extent([...targetsRange, 0], 0.12),
    inputs = FACTS.X[0].length,
    cell = clamp(120 / inputs, 5, 20);
  const sizes = FACTS.X[0].map((_, k) => Math.max(...now.rows.map((row) => Math.abs(row.x[k])), 1e-300));
  const start = 16 + inputs * cell,
    row = height / count,
    wide = (width - start - 10) / FACTS.outputs;
  for (let k = 0; k < count; k++) {
    const top = k * row,
      tall = Math.max(1, row - 2);
    if (k === now.example) {
      context.fillStyle = css(ink.accent, 0.16);
      context.fillRect(0, top - 1, width, row);
    }
    for (let i = 0; i < inputs; i++) {
      const x = now.rows[k].x[i];
      context.fillStyle = css(mixed(ink.panel, x < 0 ? ink.lowers : ink.raises, 0.08 + 0.8 * share(x, sizes[i])));
      context.fillRect(6 + i * cell, top + 1, cell - 1, tall);
    }
    for (let o = 0; o < FACTS.outputs; o++) {
      const place = (v) => start + o * wide + clamp((v - low) / (high - low), 0, 1) * (wide - 8);
      const value = seen[k * each + from + o],
        target = now.rows[k].y[o] ?? now.rows[k].y[0];
      const right = FACTS.targets.kind === "numbers" ? true : Math.abs(value - target) < (high - low) / 4;
      context.fillStyle = css(ink.classes[hueOf(o)], right ? 0.75 : 0.4);
      context.fillRect(
        Math.min(place(0), place(value)),
        top + 0.2 * row,
        Math.max(1, Math.abs(place(value) - place(0))),
        0.6 * tall,
      );
      context.fillStyle = css(ink.text);
      context.fillRect(place(target) - 1, top + 1, 2, tall);
    }
  }
}

const outputsRow = ([, y], height) =>
  clamp(Math.floor((y / height) * Math.min(now.rows.length, MOST_ROWS)), 0, now.rows.length - 1);
