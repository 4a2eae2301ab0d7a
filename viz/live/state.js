// ── State: all that a link, an undo and a file hold ──────────────────────────────────────────────────────────────────

const LONGEST_CURVE = 600,
  DEEPEST = 60;

const theta = Float64Array.from(FACTS.parameters.start, Number);
const gradient = new Float64Array(theta.length);
const asRow = (y) => (Array.isArray(y) ? y : [y]);
const givenRows = () => FACTS.X.map((x, k) => ({ x: x.slice(), y: asRow(FACTS.y[k]).slice() }));

const now = fresh();

function fresh() {
  const rule = FACTS.rules.first;
  return {
    rule,
    rate: FACTS.rules.offered[rule].settings.learning_rate,
    scheduled: Boolean(FACTS.rules.offered[rule].schedule),
    batch: FACTS.batch,
    seed: FACTS.seed,
    steps: 0,
    moves: 0,
    epoch: 0,
    position: 0,
    partial: 0,
    every: 1,
    curve: [],
    memory: freshMemory(FACTS.rules.offered[rule], theta.length),
    rows: givenRows(),
    edited: false,
    example: 0,
    parameter: 0,
    node: 0,
  };
}

// ── Undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

const past = [];
const copy = () => ({ now: structuredClone(now), theta: theta.slice() });

function remember() {
  past.push(copy());
  if (past.length > DEEPEST) past.shift();
}

function restore(saved) {
  Object.assign(now, structuredClone(saved.now));
  theta.set(saved.theta);
}

function undo() {
  const saved = past.pop();
  if (saved) restore(saved);
  return Boolean(saved);
}

// ── Links: small numbers as JSON, all others by their bits ───────────────────────────────────────────────────────────

const NODES = FACTS.parameters.names.length + FACTS.example.names.length;
const FINGERPRINT = [theta.length, FACTS.X.length, FACTS.example.steps.length, ...FACTS.example.counts].join("-");
const WHOLE = [
  "rule",
  "batch",
  "seed",
  "steps",
  "moves",
  "epoch",
  "position",
  "every",
  "example",
  "parameter",
  "node",
  "edited",
  "scheduled",
];

const toText = (bytes) => {
  let text = "";
  for (let k = 0; k < bytes.length; k += 0x8000) text += String.fromCharCode(...bytes.subarray(k, k + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

function encoded() {
  const rows = now.edited ? now.rows.flatMap(({ x, y }) => [...x, ...y]) : [];
  const memory = Object.values(now.memory).flatMap((array) => [...array]);
  const floats = Float64Array.from([now.rate, now.partial, ...theta, ...memory, ...now.curve, ...rows]);
  const head = { page: FINGERPRINT, curve: now.curve.length, rows: now.edited ? now.rows.length : -1 };
  for (const name of WHOLE) head[name] = now[name];
  return `${toText(new TextEncoder().encode(JSON.stringify(head)))}.${toText(new Uint8Array(floats.buffer))}`;
}

// Whether the text was a state of this page, which it then has.
function decode(text) {
  try {
    const [first, second] = text.split(".");
    const head = JSON.parse(new TextDecoder().decode(toBytes(first)));
    if (head.page !== FINGERPRINT || !FACTS.rules.offered[head.rule]) return false;
    const floats = new Float64Array(toBytes(second).buffer),
      memory = freshMemory(FACTS.rules.offered[head.rule], theta.length);
    let at = 0;
    const take = (count) => floats.subarray(at, (at += count));
    const [rate, partial] = take(2),
      numbers = take(theta.length);
    for (const array of Object.values(memory)) array.set(take(theta.length));
    const curve = [...take(head.curve)],
      width = FACTS.X[0].length,
      targets = asRow(FACTS.y[0]).length;
    const rows =
      head.rows < 0
        ? givenRows()
        : Array.from({ length: head.rows }, () => ({ x: [...take(width)], y: [...take(targets)] }));
    const whole = WHOLE.every((name) =>
      ["edited", "scheduled"].includes(name)
        ? typeof head[name] === "boolean"
        : Number.isInteger(head[name]) && head[name] >= 0,
    );
    if (at !== floats.length || !whole || head.parameter >= theta.length || head.node >= NODES || !(rate > 0))
      return false;
    for (const name of WHOLE) now[name] = head[name];
    Object.assign(now, { rate, partial, memory, curve, rows });
    theta.set(numbers);
    return true;
  } catch {
    return false;
  }
}
