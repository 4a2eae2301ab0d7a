const inputs = FACTS.X[0].length,
  views = {};

// ── Pointers and keys ────────────────────────────────────────────────────────────────────────────────────────────────

const placeOf = (row) =>
  inputs === 2
    ? [planeX(row.x[0], views.view.width), planeY(row.x[1], views.view.height)]
    : [lineX(row.x[0], views.view.width), lineY(row.y[0], views.view.height)];

function nearestExample([x, y]) {
  if (inputs > 2) return now.rows.length ? outputsRow([x, y], views.view.height) : -1;
  let best = matchMedia("(pointer: coarse)").matches ? 28 : 18,
    found = -1;
  now.rows.forEach((row, k) => {
    const [u, v] = placeOf(row),
      distance = Math.hypot(u - x, v - y);
    if (distance < best) [best, found] = [distance, k];
  });
  return found;
}

// The row that stands at a place of the plane or the line.
function rowAt(place, row) {
  const { width, height } = views.view;
  if (inputs === 2) return { x: planeInput(place, width, height), y: row.y };
  const [x, y] = lineInput(place, width, height),
    { kind, classes } = FACTS.targets;
  const near = (a, b) => Math.abs(a[0] - y) - Math.abs(b[0] - y);
  return { x: [x], y: kind === "two" ? [...classes].sort(near)[0].slice() : row.y.map((old, k) => (k ? old : y)) };
}

// What is dragged can be put back where it was, in one go.
let moved = false;

function drag(change) {
  if (!moved) remember();
  moved = true;
  change();
  changed();
}

// A finger scrolls the page, unless it is on something that can be dragged.
function holdsTouch(canvas, holds) {
  canvas.addEventListener(
    "touchstart",
    (event) => {
      const { left, top } = canvas.getBoundingClientRect(),
        [{ clientX, clientY }] = event.touches;
      if (event.touches.length === 1 && holds([clientX - left, clientY - top])) event.preventDefault();
    },
    { passive: false },
  );
}

function connectView() {
  const { canvas, at } = views.view;
  canvas.onpointerdown = (event) => {
    const place = at(event),
      k = nearestExample(place);
    if (tool === "remove") return removeExample(k);
    if (tool.startsWith("add") && inputs <= 2) {
      const { x, y } = rowAt(place, { x: [], y: newTarget() });
      return addExample(x, y);
    }
    if (k < 0) return;
    choose(k);
    if (inputs > 2) return;
    [dragged, moved] = ["example", false];
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (dragged !== "example")
      return void (canvas.style.cursor =
        tool === "move" ? (nearestExample(at(event)) < 0 ? "default" : "grab") : "crosshair");
    drag(() => {
      Object.assign(now.rows[now.example], rowAt(at(event), now.rows[now.example]));
      now.edited = true;
      gather();
      showExample();
    });
  };
  holdsTouch(canvas, (place) => tool !== "move" || (inputs <= 2 && nearestExample(place) >= 0));
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
    const row = now.rows[now.example],
      range = inputs === 2 ? plane : line,
      size = [0, 1].map((k) => (range.high[k] - range.low[k]) / 50);
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
    chooseParameter(k);
    [dragged, moved, from] = ["weight", false, [event.clientY, theta[k]]];
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (dragged === "weight") return drag(() => (theta[now.parameter] = from[1] + (from[0] - event.clientY) / 50));
    const k = nearestWeight(at(event));
    canvas.style.cursor = k < 0 ? "default" : "ns-resize";
    if (k === hovered) return;
    hovered = k;
    $("hint").textContent =
      k < 0
        ? ""
        : `${FACTS.parameters.labels[k]} = ${number(theta[k])}, gradient ${number(gradient[k])}: drag up or down`;
    changed();
  };
  holdsTouch(canvas, (place) => nearestWeight(place) >= 0);
  canvas.onpointerup = canvas.onpointercancel = () => (dragged = null);
  canvas.onkeydown = (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key],
      size = event.shiftKey ? 0.01 : 0.1;
    if (turn) chooseParameter(now.parameter + turn);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown")
      act(() => (theta[now.parameter] += event.key === "ArrowUp" ? size : -size));
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
      status(
        alone
          ? "The link is in the clipboard; it holds the whole state."
          : "Save the page as a file; this goes behind its address.",
      );
    } catch {
      status(alone ? "The address above holds the whole state." : "Save the page as a file to have links to it.");
    }
  };
  $("python").onclick = () => download("network.py", pythonScript());
  $("json").onclick = () => download("network.json", modelFile());
}
