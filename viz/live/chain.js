// ── One example by the chain rule: a map of its graph, and one node of it with all that it touches ───────────────────

const MOST_TERMS = 3;
const NAMES = [...FACTS.parameters.labels, ...FACTS.example.names],
  FIRST = FACTS.example.counts.reduce((a, b) => a + b, 0),
  PARAMETERS = FACTS.example.counts[0];

// For each node what uses it: [node, which of its operands].
const users = NAMES.map(() => []);
FACTS.example.steps.forEach(([, args], k) => args.forEach((a, i) => a >= 0 && users[a].push([FIRST + k, i])));

const examined = () => {
  const row = now.rows[now.example];
  return row && chainRule(FACTS.example, OPERATIONS, theta, row.x, row.y);
};

function mapPlace({ width, height }) {
  const { width: wide, height: tall } = FACTS.example.drawing,
    size = Math.min((width - 8) / wide, (height - 8) / tall, 1.4);
  return { size, place: ([x, y]) => [(width - size * wide) / 2 + size * x, (height - size * tall) / 2 + size * y] };
}

function drawMap(view, { adjoints }) {
  const context = view.begin(),
    { box, places } = FACTS.example.drawing,
    { size, place } = mapPlace(view);
  const largest = Math.max(...adjoints.filter(Number.isFinite).map(Math.abs));
  const tint = (x) => (x > 0 ? ink.raises : x < 0 ? ink.lowers : ink["zero-line"]);
  const w = box[0] * size,
    h = box[1] * size;
  context.lineWidth = 1;
  FACTS.example.steps.forEach(([, args], k) => {
    const [x1, y1] = place(places[FIRST + k - PARAMETERS]),
      adjoint = adjoints[FIRST + k];
    for (const a of args) {
      if (a < PARAMETERS) continue;
      const [x0, y0] = place(places[a - PARAMETERS]),
        near = a === now.node || FIRST + k === now.node;
      context.beginPath();
      context.moveTo(x0 + w / 2, y0);
      context.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1 - w / 2, y1);
      context.strokeStyle = near ? css(ink.accent) : css(tint(adjoint), 0.12 + 0.5 * decades(adjoint, largest));
      context.stroke();
    }
  });
  places.forEach((middle, k) => {
    const [x, y] = place(middle),
      node = k + PARAMETERS;
    context.beginPath();
    context.roundRect(x - w / 2, y - h / 2, w, h, Math.min(4, h / 3));
    context.fillStyle = css(mixed(ink.panel, tint(adjoints[node]), 0.15 + 0.75 * decades(adjoints[node], largest)));
    context.fill();
    context.strokeStyle = css(node === now.node ? ink.accent : mixed(ink.panel, ink.text, 0.4));
    context.lineWidth = node === now.node ? 2.5 : 0.8;
    context.stroke();
    if (h < 16) return;
    context.fillStyle = css(ink.text);
    context.font = `${Math.min(13, Math.round(h * 0.6))}px ${ink.sans}`;
    context.textAlign = "center";
    context.fillText(NAMES[node], x, y + h * 0.2, w - 4);
  });
}

function mapNode(view, [x, y]) {
  const { place } = mapPlace(view),
    distances = FACTS.example.drawing.places.map((middle) => Math.hypot(place(middle)[0] - x, place(middle)[1] - y));
  const nearest = distances.indexOf(Math.min(...distances));
  return distances[nearest] < 30 ? nearest + PARAMETERS : -1;
}

// ── The node in focus, in words and symbols ──────────────────────────────────────────────────────────────────────────

const safe = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const symbol = (node) => typeset(NAMES[node]);

// A name with its raised and lowered digits set as such, one above the other.
function typeset(name) {
  const digits = (text, from) => [...text].map((c) => "0123456789()"[from.indexOf(c)] ?? c).join("");
  const [, base, above, below] = /^(.*?)([⁽⁰¹²³⁴-⁹⁾]*)([₀-₉,]*)$/u.exec(name);
  const up = digits(above, "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾"),
    down = digits(below, "₀₁₂₃₄₅₆₇₈₉");
  return `<span class="symbol"><i>${safe(base)}</i>${up || down ? `<span class="scripts"><span>${up}</span><span>${down}</span></span>` : ""}</span>`;
}
const fraction = (of, by) => `<span class="fraction"><span>∂${of}</span><span>∂${by}</span></span>`;
const signed = (x) => `<span class="${x > 0 ? "raises" : x < 0 ? "lowers" : "zero"}">${number(x)}</span>`;
const LOSS = "<i>L</i>";

function focusText({ values, adjoints, partials, operands }) {
  const node = now.node,
    adjoint = adjoints[node];
  const what =
    node < PARAMETERS
      ? "parameter"
      : node < FIRST
        ? "given"
        : safe(OPERATIONS[FACTS.example.steps[node - FIRST][0]].name.replace(/_/g, " "));
  const lines = [`<p class="what">${symbol(node)} = <b>${number(values[node])}</b> <small>${what}</small></p>`];
  const into = users[node],
    terms = into.map(([user, i]) => [adjoints[user], partials[user - FIRST][i], user]);
  if (node === FACTS.example.root) lines.push(`<p class="rule">${fraction(LOSS, LOSS)} = ${signed(1)}</p>`);
  else if (!terms.length)
    lines.push(`<p class="rule">${fraction(LOSS, symbol(node))} = ${signed(0)} <small>nothing uses it</small></p>`);
  else {
    const shown = terms.slice(0, MOST_TERMS),
      more = terms.length - shown.length,
      rest = more ? ` + <small>${more} more</small>` : "";
    const symbols = shown
      .map(([, , user]) => `${fraction(LOSS, symbol(user))}${fraction(symbol(user), symbol(node))}`)
      .join(" + ");
    const numbers = shown.map(([a, p]) => `${bracketed(a)} · ${bracketed(p)}`).join(" + ");
    lines.push(
      `<p class="rule">${fraction(LOSS, symbol(node))} = ${symbols}${rest}</p><p class="rule">= ${numbers}${rest} = ${signed(adjoint)}</p>`,
    );
  }
  if (node < PARAMETERS && now.rows.length > 1) {
    lines.push(`<p class="note">The mean over all ${now.rows.length} examples is ${signed(gradient[node])}</p>`);
  }
  const [operation, operandsOf] = node >= FIRST ? FACTS.example.steps[node - FIRST] : [0, []];
  if (operandsOf.length === 1 && operandsOf[0] >= 0) {
    const names = [symbol(operandsOf[0]), symbol(node)],
      rule = OPERATIONS[operation].rules(operands[node - FIRST], values[node], [names[0]], names[1])[0];
    if (names.some((name) => rule.includes(name))) {
      lines.push(
        `<p class="note">${fraction(names[1], names[0])} = <span>${rule.replace(/> 0/g, "&gt; 0")}</span> = ${number(partials[node - FIRST][0])}</p>`,
      );
    }
  }
  return lines.join("");
}

function neighbours(list, values, label) {
  if (!list.length) return `<p class="note">${label === "from" ? "a leaf" : "the end"}</p>`;
  return list
    .map(
      ([node, partial]) =>
        `<button data-node="${node}">${symbol(node)}<b>${number(values[node])}</b><span>× ${number(partial)}</span></button>`,
    )
    .join("");
}

// What is shown of the chosen node: its operands, itself, and what uses it.
function drawFocus(found) {
  const { node } = now,
    step = node >= FIRST ? FACTS.example.steps[node - FIRST] : [0, []];
  const operands = step[1].map((a, i) => [a, found.partials[node - FIRST]?.[i]]).filter(([a]) => a >= 0);
  const using = users[node].map(([user, i]) => [user, found.partials[user - FIRST][i]]);
  write("focus-text", focusText(found));
  write("operands", neighbours(operands, found.values, "from"));
  write("users", neighbours(using, found.values, "to"));
}

// Only what is new is written, so that nothing loses the keyboard's focus between two frames.
const written = {};

function write(id, markup) {
  if (written[id] === markup) return;
  const place = $(id),
    inside = document.activeElement?.dataset?.node;
  const held = inside !== undefined && place.contains(document.activeElement);
  written[id] = markup;
  place.innerHTML = markup;
  if (held) place.querySelector(`[data-node="${inside}"]`)?.focus();
}
