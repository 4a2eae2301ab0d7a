// ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const still = matchMedia("(prefers-reduced-motion: reduce)");
const EXPLAINED = 120,
  CALM = 250; // milliseconds between two drawings of the chain rule; of anything, if less motion is wanted
let stale = true,
  before = 0,
  painted = 0,
  explained = 0,
  even = false, // a frame in two, which is enough for hundreds of lines
  owed = 0,
  allowed = 8; // milliseconds of a frame in which steps are taken
const SMOOTH = [18, 28]; // milliseconds between frames: below, more steps fit; above, there are too many

function changed() {
  stale = true;
}

// ── Drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

// The panel with the chain rule, which nobody reads at sixty frames a second.
function explain() {
  const found = examined();
  if (!found) {
    for (const id of ["focus-text", "operands", "users"]) write(id, "");
    return views.map?.begin();
  }
  if (views.map?.shown) drawMap(views.map, found);
  drawFocus(found);
}

function paint(time = 0) {
  even = !even;
  const loss = evaluate(),
    row = now.rows[now.example];
  if (inputs === 2 && (views.view.shown || views.network?.shown)) drawPlane(views.view, playing || dragged);
  else if (inputs === 1) drawLine(views.view);
  else if (inputs > 2) drawOutputs(views.view);
  if (!FACTS.layers) listParameters();
  else if (views.network.shown && (even || !playing))
    drawNetwork(views.network, row && activations(Float64Array.from(row.x), 1));
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
  const seen = activations(X, now.rows.length),
    each = seen.length / now.rows.length;
  const right = now.rows.filter(
    (row, k) => decision(seen.subarray(k * each, (k + 1) * each), each - FACTS.outputs)[0] === classOf(row.y),
  ).length;
  return `${right}<small> of ${now.rows.length}</small>`;
}

// As many steps as are due since the last frame, as far as they fit in it.
function train(time) {
  const since = time - before;
  if (since > SMOOTH[1]) allowed = Math.max(4, 0.8 * allowed);
  else if (since < SMOOTH[0]) allowed = Math.min(12, allowed + 0.5);
  const speed = SPEEDS[$("speed").value],
    until = performance.now() + allowed;
  owed = speed === Infinity ? Infinity : Math.min(owed + (speed * Math.min(250, since)) / 1000, speed);
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
  for (const id of ["view", "loss", ...(FACTS.layers ? ["network"] : []), ...(FACTS.example.drawing ? ["map"] : [])])
    views[id] = surface(id, changed);
  if (!FACTS.layers) {
    $("model-title").textContent = "Parameters";
    $("network").closest("figure").outerHTML = '<div id="listing" class="list"></div>';
    $("listing").addEventListener("click", (event) =>
      chooseParameter(Number(event.target.closest("button")?.dataset.node ?? now.parameter)),
    );
  }
  if (!FACTS.example.drawing) $("map").remove();
  else
    views.map.canvas.onpointerdown = (event) => {
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
  addEventListener("hashchange", () => {
    if (location.hash.length < 2) return;
    const before = copy();
    if (!decode(location.hash.slice(1))) return status("That link belongs to another page.");
    past.push(before);
    play(false);
    takeUp();
  });
  matchMedia("(prefers-color-scheme: dark)").onchange = () => {
    readColours();
    changed();
  };
  // For paper all is drawn at once, what has not been scrolled to as well; there it is scaled and not drawn again.
  for (const event of ["beforeprint", "afterprint"])
    addEventListener(event, () => {
      document.documentElement.classList.toggle("paper", event === "beforeprint");
      readColours();
      for (const view of Object.values(views)) {
        view.fixed = false;
        view.fit();
        view.fixed = event === "beforeprint";
        view.shown = true;
      }
      paint(performance.now());
    });
  requestAnimationFrame(frame);
}

function examine(node) {
  now.node = node;
  if (node < PARAMETERS) now.parameter = node;
  changed();
}

// For those who look under the bonnet.
globalThis.live = {
  FACTS,
  now,
  theta,
  gradient,
  step,
  evaluate,
  undo,
  remember,
  reset,
  gather,
  orderOf,
  chooseRule,
  encoded,
  decode,
  modelFile,
  pythonScript,
  python,
  examined,
  act,
  changed,
  paint,
  placeOf,
  placeOfWeight,
  placeOfNeuron: (layer, k) => net.columns[layer + 1][k],
};
begin();
