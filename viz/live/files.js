// ── Files: a script of Python, and what nn.load reads ────────────────────────────────────────────────────────────────

// A float as Python writes it.
function python(x) {
  if (Number.isNaN(x)) return "float('nan')";
  if (!Number.isFinite(x)) return `float('${x < 0 ? "-" : ""}inf')`;
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0.0";
  const [digits, power] = x.toExponential().split("e"),
    exponent = Number(power);
  if (-5 < exponent && exponent < 16) return String(x).includes(".") ? String(x) : `${x}.0`;
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

class Float {
  constructor(x) {
    this.x = x;
  }
}

const floats = (array) => Array.from(array, (x) => new Float(x));
const named = (names, array) => Object.fromEntries(names.map((name, k) => [name, new Float(array[k])]));

// JSON as json.dumps writes it, with the keys of objects in order: what the checksum of a file is made of.
function canonical(x) {
  if (x instanceof Float) return python(x.x);
  if (Array.isArray(x)) return `[${x.map(canonical).join(", ")}]`;
  if (x === null || typeof x !== "object") return typeof x === "string" ? quoted(x) : JSON.stringify(x);
  const keys = Object.keys(x).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${keys.map((key) => `${quoted(key)}: ${canonical(x[key])}`).join(", ")}}`;
}

const quoted = (text) =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

const scheduleNow = () => (now.scheduled ? FACTS.rules.offered[now.rule].schedule : null);

function optimizerState() {
  const { kind, settings } = FACTS.rules.offered[now.rule],
    floating = {};
  for (const [name, x] of Object.entries(settings)) floating[name] = typeof x === "number" ? new Float(x) : x;
  const state = {
    kind,
    settings: { ...floating, learning_rate: scheduleNow()?.text ?? new Float(now.rate) },
    steps: now.moves,
  };
  if (now.moves) for (const [name, array] of Object.entries(now.memory)) state[name] = floats(array);
  return state;
}

function modelFile() {
  const { names } = FACTS.parameters;
  const content = canonical({
    library: FACTS.version,
    architecture: FACTS.architecture,
    parameters: named(names, theta),
    optimizer: optimizerState(),
    history: null,
  });
  const digest = sha256(new TextEncoder().encode(content));
  return `{"format": "scalar-autograd model", "version": 1, "sha256": "${digest}", "content": ${content}}`;
}

function pythonScript() {
  const { before, names, model, loss } = FACTS.script,
    { kind, settings } = FACTS.rules.offered[now.rule];
  const list = (rows) => `[\n${rows.map((row) => `    ${row},`).join("\n")}\n]`;
  const X = now.rows.map((row) => (FACTS.bare ? python(row.x[0]) : `[${row.x.map(python).join(", ")}]`));
  const y = Array.isArray(FACTS.y[0])
    ? now.rows.map((r) => `[${r.y.map(python).join(", ")}]`)
    : now.rows.map((r) => python(r.y[0]));
  const given = Object.entries(settings)
    .filter(([name]) => name !== "learning_rate")
    .map(([name, x]) => `, ${name}=${typeof x === "boolean" ? (x ? "True" : "False") : python(x)}`);
  const state = canonical(optimizerState()).replaceAll(": true", ": True").replaceAll(": false", ": False");
  const batch = now.batch > 0 && now.batch < now.rows.length ? `, batch_size=${now.batch}` : "";
  return [
    `# ${FACTS.title}, after ${now.steps} steps in the page.`,
    `from nn import ${[...new Set([...names, kind, ...(scheduleNow() ? [scheduleNow().kind] : []), "evaluate", "fit"])].sort().join(", ")}`,
    "",
    ...before.flatMap((source) => [source, ""]),
    `X = ${list(X)}`,
    `y = ${list(y)}`,
    "",
    `model = ${model}`,
    "model.load_state_dict({",
    ...FACTS.parameters.names.map((name, k) => `    ${quoted(name)}: ${python(theta[k])},`),
    "})",
    `optimizer = ${kind}(${scheduleNow()?.text ?? python(now.rate)}${given.join("")})`,
    `optimizer.load_state_dict(${state})`,
    "",
    `print(evaluate(model, X, y, loss=${loss})["loss"])  # in the page ${python(evaluate())}`,
    `# To go on: fit(model, X, y, loss=${loss}, optimizer=optimizer${batch}, epochs=100)`,
    "",
  ].join("\n");
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// FIPS 180-4, section 6.2. Browsers have it too, but not on pages from a disk.
function sha256(bytes) {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 4294967296) | 0;
  const constants = primes.map((p) => fraction(Math.cbrt(p))),
    hash = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
  const turned = (x, n) => (x >>> n) | (x << (32 - n));
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer),
    words = new Int32Array(64);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 536870912));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  for (let start = 0; start < padded.length; start += 64) {
    for (let k = 0; k < 16; k++) words[k] = view.getInt32(start + 4 * k);
    for (let k = 16; k < 64; k++) {
      const a = words[k - 15],
        b = words[k - 2];
      const s0 = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3),
        s1 = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
      words[k] = words[k - 16] + s0 + words[k - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let k = 0; k < 64; k++) {
      const t1 =
        (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + constants[k] + words[k]) | 0;
      const t2 = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, k) => (hash[k] = (hash[k] + x) | 0));
  }
  return hash.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}
