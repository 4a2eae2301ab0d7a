// ── Sizes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const bracketed = (x) => (x < 0 ? `(${number(x)})` : number(x));
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

// From 0 to 1: a size beside the largest one, as a share of it, or over three decades.
const share = (x, largest) => (largest > 0 ? clamp(Math.abs(x) / largest, 0, 1) : 0);
const decades = (x, largest) =>
  x === 0 || !(largest > 0) ? 0 : clamp(1 + Math.log10(Math.abs(x) / largest) / 3, 0, 1);
