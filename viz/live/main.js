// ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const still = matchMedia("(prefers-reduced-motion: reduce)");
const inputs = FACTS.X[0].length;
const views = {};
const EXPLAINED = 120, CALM = 250; // milliseconds between two drawings of the chain rule; of anything, if less motion is wanted
let stale = true, before = 0, painted = 0, explained = 0, owed = 0;

function changed() {
  stale = true;
}

// ── Pointers and keys ────────────────────────────────────────────────────────────────────────────────────────────────

const placeOf = (row) =>
  inputs === 2 ? [planeX(row.x[0], views.view.width), planeY(row.x[1], views.view.height)] : [lineX(row.x[0], views.view.width), lineY(row.y[0], views.view.height)];

function nearestExample([x, y]) {
  if (inputs > 2) return now.rows.length ? outputsRow([x, y], views.view.height) : -1;
  let best = 18, found = -1;
  now.rows.forEach((row, k) => {
    const [u, v] = placeOf(row), distance = Math.hypot(u - x, v - y);
    if (distance < best) [best, found] = [distance, k];
  });
  return found;
}

// The row that stands at a place of the plane or the line.
function rowAt(place, row) {
  const { width, height } = views.view;
  if (inputs === 2) return { x: planeInput(place, width, height), y: row.y };
  const [x, y] = lineInput(place, width, height), { kind, classes } = FACTS.targets;
  const near = (a, b) => Math.abs(a[0] - y) - Math.abs(b[0] - y);
  return { x: [x], y: kind === "two" ? [...classes].sort(near)[0].slice() : row.y.map((old, k) => (k ? old : y)) };
}

function connectView() {
  const { canvas, at } = views.view;
  canvas.onpointerdown = (event) => {
    const place = at(event), k = nearestExample(place);
    if (tool === "remove") return removeExample(k);
    if (tool.startsWith("add") && inputs <= 2) {
      const { x, y } = rowAt(place, { x: [], y: newTarget() });
      return addExample(x, y);
    }
    if (k < 0) return;
    choose(k);
    if (inputs > 2) return;
    remember();
    dragged = "example";
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (dragged !== "example") return void (canvas.style.cursor = tool === "move" ? (nearestExample(at(event)) < 0 ? "default" : "grab") : "crosshair");
    Object.assign(now.rows[now.example], rowAt(at(event), now.rows[now.example]));
    now.edited = true;
    gather();
    showExample();
    changed();
  };
  canvas.onpointerup = canvas.onpointercancel = () => (dragged = null);
  canvas.onkeydown = (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") removeExample(now.example);
    else if (event.key === "a") $("add").click();
    else if (!move) return;
    else if (!event.shiftKey || inputs > 2) choose(now.example + (move[0] || -move[1]));
    else if (now.rows.length) nudge(move);
    event.preventDefault();
  };
}

function nudge([right, up]) {
  act(() => {
    const row = now.rows[now.example], range = inputs === 2 ? plane : line, size = [0, 1].map((k) => (range.high[k] - range.low[k]) / 50);
    now.edited = true;
    row.x[0] += right * size[0];
    if (inputs === 2) row.x[1] += up * size[1];
    else if (FACTS.targets.kind === "numbers") row.y[0] += up * size[1];
    else if (up) row.y = FACTS.targets.classes[up > 0 ? FACTS.targets.classes.length - 1 : 0].slice();
  });
}

function connectNetwork() {
  const { canvas, at } = views.network;
  let from = null;
  canvas.onpointerdown = (event) => {
    const k = nearestWeight(at(event));
    if (k < 0) return;
    remember();
    chooseParameter(k);
    [dragged, from] = ["weight", [event.clientY, theta[k]]];
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (dragged === "weight") {
      theta[now.parameter] = from[1] + (from[0] - event.clientY) / 50;
      return changed();
    }
    const k = nearestWeight(at(event));
    canvas.style.cursor = k < 0 ? "default" : "ns-resize";
    if (k === hovered) return;
    hovered = k;
    $("hint").textContent = k < 0 ? "" : `${FACTS.parameters.labels[k]} = ${number(theta[k])}, gradient ${number(gradient[k])}: drag up or down`;
    changed();
  };
  canvas.onpointerup = canvas.onpointercancel = () => (dragged = null);
  canvas.onkeydown = (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key], size = event.shiftKey ? 0.01 : 0.1;
    if (turn) chooseParameter(now.parameter + turn);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") act(() => (theta[now.parameter] += event.key === "ArrowUp" ? size : -size));
    else return;
    event.preventDefault();
  };
}

function connectKeys() {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=radio]):not([type=range]), select, textarea");
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) takeBack();
    else if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    else if (event.key === " " && !event.target.closest?.("button, input, summary")) play(!playing);
    else if (event.key === "s") takeStep();
    else if (event.key === "r") $("reset").click();
    else return;
    event.preventDefault();
  });
}

function connectFiles() {
  $("link").onclick = async () => {
    const hash = `#${encoded()}`;
    const alone = location.protocol !== "about:";
    if (alone) history.replaceState(null, "", hash);
    try {
      await navigator.clipboard.writeText(alone ? location.href : hash);
      status(alone ? "The link is in the clipboard; it holds the whole state." : "Save the page as a file; this goes behind its address.");
    } catch {
      status(alone ? "The address above holds the whole state." : "Save the page as a file to have links to it.");
    }
  };
  $("python").onclick = () => download("network.py", pythonScript());
  $("json").onclick = () => download("network.json", modelFile());
}

// ── Drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

// The panel with the chain rule, which nobody reads at sixty frames a second.
function explain() {
  const found = examined();
  if (!found) return;
  if (views.map?.shown) drawMap(views.map, found);
  drawFocus(found);
}

function paint(time = 0) {
  const loss = evaluate(), row = now.rows[now.example];
  if (inputs === 2 && (views.view.shown || views.network?.shown)) drawPlane(views.view, playing || dragged);
  else if (inputs === 1) drawLine(views.view);
  else if (inputs > 2) drawOutputs(views.view);
  if (!FACTS.layers) listParameters();
  else if (views.network.shown) drawNetwork(views.network, row && activations(Float64Array.from(row.x), 1));
  if (views.loss.shown) drawLoss(views.loss, loss);
  if (!playing || time - explained > EXPLAINED) {
    explained = time;
    explain();
  }
  write("loss-now", number(loss));
  write("steps", String(now.steps));
  write("right", rightOnes());
  write("chain-title", row ? `Example ${now.example + 1}` : "No example");
  showParameter();
  $("undo").disabled = !past.length;
}

function rightOnes() {
  if (FACTS.targets.kind === "numbers" || !now.rows.length) return "";
  const seen = activations(X, now.rows.length), each = seen.length / now.rows.length;
  const right = now.rows.filter((row, k) => decision(seen.subarray(k * each, (k + 1) * each), each - FACTS.outputs)[0] === classOf(row.y)).length;
  return `${right}<small> of ${now.rows.length}</small>`;
}

// As many steps as are due since the last frame, as far as they fit in it.
function train(time) {
  const speed = SPEEDS[$("speed").value], until = performance.now() + 9;
  owed = speed === Infinity ? Infinity : Math.min(owed + (speed * Math.min(250, time - before)) / 1000, speed);
  while (owed >= 1 && playing) {
    const trouble = step();
    if (trouble) {
      play(false);
      status(trouble);
    }
    owed -= 1;
    stale = true;
    if (performance.now() > until) owed = 0;
  }
  if (owed === Infinity) owed = 0;
}

function frame(time) {
  if (playing) train(time);
  else owed = 1;
  before = time;
  if (stale && (!still.matches || !playing || time - painted > CALM)) {
    stale = false;
    painted = time;
    paint(time);
  }
  requestAnimationFrame(frame);
}

function begin() {
  readColours();
  const { width, height } = FACTS.example.drawing ?? { width: 1, height: 1 };
  document.body.style.setProperty("--tall", height / width);
  if (inputs === 2) planeRange();
  if (inputs === 1) lineRange();
  const linked = location.hash.length > 1;
  if (linked && !decode(location.hash.slice(1))) status("That link belongs to another page; this is its beginning.");
  for (const id of ["view", "loss", ...(FACTS.layers ? ["network"] : []), ...(FACTS.example.drawing ? ["map"] : [])]) views[id] = surface(id, changed);
  if (!FACTS.layers) {
    $("model-title").textContent = "Parameters";
    $("network").closest("figure").outerHTML = '<div id="listing" class="list"></div>';
    $("listing").addEventListener("click", (event) => chooseParameter(Number(event.target.closest("button")?.dataset.node ?? now.parameter)));
  }
  if (!FACTS.example.drawing) $("map").remove();
  else views.map.canvas.onpointerdown = (event) => {
    const node = mapNode(views.map, views.map.at(event));
    if (node >= 0) examine(node);
  };
  $("chain").addEventListener("click", (event) => {
    const button = event.target.closest("[data-node]");
    if (button) examine(Number(button.dataset.node));
  });
  buildExample();
  buildParameters();
  gather();
  connectView();
  if (FACTS.layers) connectNetwork();
  connectSettings();
  connectKeys();
  connectFiles();
  evaluate();
  showSettings();
  matchMedia("(prefers-color-scheme: dark)").onchange = () => {
    readColours();
    changed();
  };
  requestAnimationFrame(frame);
}

function examine(node) {
  now.node = node;
  if (node < PARAMETERS) now.parameter = node;
  changed();
}

// For those who look under the bonnet.
globalThis.live = {
  FACTS, now, theta, gradient, step, evaluate, undo, remember, reset, gather, orderOf, chooseRule, encoded, decode,
  modelFile, pythonScript, python, examined, act, changed, paint, placeOf, placeOfWeight,
};
begin();
