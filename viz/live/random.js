// ── Chance: numbers that depend on seeds alone, the same in every browser ────────────────────────────────────────────

// sfc32, a generator with 128 bits of state from PractRand by Chris Doty-Humphrey.
function generator(...seeds) {
  let [a, b, c, d] = [0x9e3779b9, seeds[0] >>> 0, (seeds[1] ?? 0) >>> 0, 1];
  function next() {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  }
  for (let k = 0; k < 15; k++) next();
  return next;
}

// The places 0 … count - 1 in the order of an epoch.
function shuffled(count, seed, epoch) {
  const next = generator(seed, epoch),
    order = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(next() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

function normal(next) {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
