// ── Boxes and arrows: what all of them have is in the file once ──────────────────────────────────────────────────────

const boxes = [...document.querySelectorAll(".box")];
const lines = data.ways.map((way) => {
  const line = document.createElementNS(boxes[0].namespaceURI, "g"), [x, y] = way.match(/[-\d.]+/g).slice(-2);
  line.innerHTML = `<title></title><path class="line" d="${way}"/><path class="tip" d="M${x} ${y}l-7-3.2v6.4z"/>`;
  boxes[0].before(line);
  return line;
});
const sizeOf = (node) => [room.box[0], room.tall[node] ?? room.box[1]];
const numberOf = (one) => (Array.isArray(one) ? Number(one[0]) : values[one]);
const buttonOf = (box) => box.querySelector(".body"); // of a box: what keys and screen readers know
const pen = document.createElement("canvas").getContext("2d");
pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
const MOST_ROWS = 8; // the last of them stands for all others

boxes.forEach((box, i) => {
  const [width, height] = sizeOf(i), { title, derivative } = room, bottom = height - (room.box[1] - title);
  const split = width - derivative - 10, text = bottom + (height - bottom) * 0.68;
  box.querySelector("title").insertAdjacentHTML("afterend", `<rect class="body" width="${width}" height="${height}" rx="4"/>
    <path class="head" d="M0 ${title}V4a4 4 0 0 1 4-4H${width - 4}a4 4 0 0 1 4 4V${title}z"/>
    <path class="cell" d="M${split} ${bottom}H${width}V${height - 4}a4 4 0 0 1-4 4H${split}z"/>`);
  box.insertAdjacentHTML("beforeend", `${rowsOf(i, width, bottom)}<text class="number" x="7" y="${text}"></text>
    <text class="derivative" x="${width - 7}" y="${text}"></text>
    <rect class="frame" width="${width}" height="${height}" rx="4"/>`);
  for (const [kind, x] of [["name", 7], ["operation", width - 7]]) {
    const label = box.querySelector(`.${kind}`);
    label?.setAttribute("x", x);
    label?.setAttribute("y", 0.72 * title);
  }
  box.dataset.box = i;
  for (const text of box.querySelectorAll("text")) text.setAttribute("aria-hidden", "true"); // the button says it all
  buttonOf(box).setAttribute("role", "button");
  buttonOf(box).setAttribute("tabindex", "0");
  showNumbers(box, i);
});
lines.forEach(entitle);

// A dot is a sum of products: a row for each pair of factors, beside which the two of them come in.
function rowsOf(node, width, bottom) {
  const count = Math.min(data.pairs[node]?.length ?? 0, MOST_ROWS);
  if (!count) return "";
  const row = (k) => `<g class="pair"><rect x="1" y="${room.title + k * room.row}" width="${width - 2}" height="${room.row}"/>
    <text x="9" y="${room.title + (k + 0.74) * room.row}"></text></g>`;
  return `${Array.from({ length: count }, (_, k) => row(k)).join("")}<path class="rule" d="M0 ${bottom}H${width}"/>`;
}

// The row of a dot to which an arrow leads, or -1.
function rowOf(edge) {
  const [operand, result] = edges[edge], pairs = data.pairs[result];
  if (!pairs) return -1;
  const first = edges.findIndex(([, one]) => one === result);
  const factors = [0, 1].flatMap((k) => pairs.map((pair, row) => [pair[k], row]));
  const [, row] = factors.filter(([one]) => !Array.isArray(one))[edge - first];
  return Math.min(row, MOST_ROWS - 1);
}

// The texts that follow from values: the number of a box, and those of its pairs.
function showNumbers(box, i) {
  const text = box.querySelector(".number"), pairs = data.pairs[i] ?? [];
  text.textContent = number(values[i]);
  fit(text, room.number);
  box.querySelectorAll(".pair text").forEach((one, k, all) => {
    const rest = pairs.length - k, [a, b] = pairs[k].map(numberOf);
    const cut = k === all.length - 1 && rest > 1;
    one.textContent = cut ? `and ${rest} more` : `${k ? "+ " : ""}${factor(number(a))} · ${factor(number(b))}`;
    fit(one, room.box[0] - 16);
  });
}

function entitle(line, i) {
  const [operand, result] = edges[i];
  line.querySelector("title").textContent = `${differentials[result]}/${differentials[operand]} = ${exact(partials[i])}`;
}

// Squeeze a text that would leave its cell. (Measured on a canvas: to measure each would lay the picture out each time.)
function fit(text, room) {
  const long = pen.measureText(text.textContent).width > room;
  for (const [name, value] of [["lengthAdjust", "spacingAndGlyphs"], ["textLength", room]]) {
    if (long) text.setAttribute(name, value);
    else text.removeAttribute(name);
  }
}

// What boxes and arrows show already: of five hundred, a step changes a few.
const shown = { boxes: [], edges: [] };

function isShown(list, i, ...facts) {
  const text = facts.join();
  if (list[i] === text) return true;
  list[i] = text;
  return false;
}

function showBox(box, i, state, step) {
  const at = step.kind === "term" && step.source === i && data.pairs[i] ? rowOf(step.edge) : -1;
  const [current, source] = [step.node === i, step.source === i];
  if (isShown(shown.boxes, i, state.valued[i], state.derivative[i], state.missing[i], current, source, at)) return;
  const derivative = state.derivative[i];
  const known = derivative !== null;
  const part = known && state.missing[i] > 0;
  const cell = box.querySelector(".cell");
  const text = box.querySelector(".derivative");
  const sign = known && !part ? signOf(derivative) : "";
  box.classList.toggle("ahead", !state.valued[i]);
  box.classList.toggle("part", part);
  box.classList.toggle("zero", sign === "zero");
  box.classList.toggle("broken", sign === "broken");
  box.classList.toggle("current", current);
  box.classList.toggle("source", source);
  for (const shape of [cell, text]) {
    shape.setAttribute("class", `${shape === cell ? "cell" : "derivative"} ${known ? "known" : ""} ${sign}`);
    shape.style.setProperty("--strength", `${100 * strength(derivative ?? 0)}%`);
  }
  text.textContent = !known ? "" : part ? `${number(derivative)} + …` : `∂ ${number(derivative)}`;
  fit(text, room.derivative);
  const value = box.querySelector("title").textContent.split("\n")[0];
  const rest = !known ? "" : `\n${ratio(i)} = ${exact(derivative)}${part ? " + …" : ""}`;
  box.querySelector("title").textContent = value + rest;
  buttonOf(box).setAttribute("aria-label", value + rest.replace("\n", ", "));
  box.dataset.derivative = known ? String(derivative) : "";
  box.dataset.missing = state.missing[i];
  box.querySelectorAll(".pair").forEach((row, k) => row.classList.toggle("at", k === at));
}

function showEdge(line, i, state, step) {
  const flow = state.flow[i];
  const sign = flow === null ? "" : `flown ${signOf(flow)}`;
  const ahead = state.valued[edges[i][1]] ? "" : "ahead";
  const current = step.edge === i || (step.kind === "forward" && edges[i][1] === step.node) ? "current" : "";
  if (isShown(shown.edges, i, flow, ahead, current)) return;
  line.setAttribute("class", `edge ${sign} ${ahead} ${current}`);
  line.style.setProperty("--width", `${(0.8 + 2.8 * strength(flow ?? 0)).toFixed(1)}px`);
}
