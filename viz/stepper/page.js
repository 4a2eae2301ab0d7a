// Shows one step at a time, and listens to keys and clicks.

// ── Showing a step ───────────────────────────────────────────────────────────────────────────────────────────────────

function show() {
  const step = steps[now];
  const open = hidden(step), state = stateAfter(open ? now - 1 : now);
  boxes.forEach((box, i) => showBox(box, i, state, step));
  lines.forEach((line, i) => showEdge(line, i, state, step));
  const parts = open ? questionOf(step) : lineOf(step);
  const said = open ? "" : noteOf(step, state);
  element("line").replaceChildren(...parts.map(drawn));
  const rule = step.kind === "term" && !open ? ruleOf(step.edge) : "";
  element("rule").textContent = rule;
  element("note").textContent = said;
  element("spoken").textContent = parts.map((part) => part.over ? `${part.over}/${part.under}` : part.text ?? part)
    .join(" ").replaceAll(") · (", ")·(") + (rule ? `; ${rule}` : "") + (said ? `; ${said}` : "");
  const where = now === 0 ? "start" : now < turn ? `forward ${now} of ${turn - 1}`
    : `backward ${now - turn} of ${steps.length - 1 - turn}`;
  element("place").textContent = where;
  element("slider").value = now;
  element("slider").setAttribute("aria-valuetext", where);
  showCode(step);
  showQuestion(step);
  follow(step);
  mask(open ? step.edge : undefined);
  if (location.protocol === "about:") return; // a frame has no address
  try {
    history.replaceState(null, "", link());
  } catch {
    // too often for this browser; the address follows with the next step
  }
}

// ── What is said about a step ────────────────────────────────────────────────────────────────────────────────────────

const by = (node, of = root) => ({ over: differentials[of], under: differentials[node] });
const ratio = (node) => `${differentials[root]}/${differentials[node]}`;
const result = (x, text = number(x)) => ({ text, result: x });

function lineOf(step) {
  if (step.kind === "start") return [`The numbers ${names[root]} is made of`];
  if (step.kind === "forward") return [forward[step.node]];
  if (step.kind === "seed") return [by(root), "=", result(1)];
  if (step.kind === "nothing") return [by(step.node), "=", result(0)];
  return [by(step.node), "+=", by(step.source), "·", by(step.node, step.source), "=",
    `${bracketed(step.of)} · ${bracketed(partials[step.edge])}`, "=", result(step.term)];
}

function questionOf(step) {
  if (step.kind === "seed") return [by(root), "=", "?"];
  return [by(step.node), "+=", by(step.source), "·", by(step.node, step.source), "=", "?"];
}

// The arrow whose tooltip keeps its number to itself.
let masked;
function mask(edge) {
  if (masked !== undefined) entitle(lines[masked], masked);
  masked = edge;
  if (edge !== undefined) {
    const title = lines[edge].querySelector("title");
    title.textContent = title.textContent.replace(/=.*$/s, "= ?");
  }
}

function noteOf(step, state) {
  const end = now + 1 === steps.length ? " This completes the backward pass." : "";
  if (step.kind === "start" && data.stale.length) {
    return "Some Values were given other numbers since this was computed. Compute it again to see how it is now.";
  }
  if (step.kind === "forward" && data.stale.includes(step.node)) {
    return "It was computed before these, or it, were given other numbers.";
  }
  if (step.kind === "start") return turn > 1 ? "Forward: one operation a step." : "";
  if (step.kind === "forward" && now + 1 < turn) return "";
  if (step.kind === "forward") return `${names[root]} is known. Backward: what does each number do to it?`;
  if (step.kind === "seed") return end ? "It is a leaf: nothing is below it." : "The backward pass begins here.";
  if (step.kind === "nothing") return `Exactly zero, so nothing flows on to what it is made of.${end}`;
  const missing = state.missing[step.node];
  const terms = state.terms[step.node];
  const term = step.term < 0 ? bracketed(step.term) : number(step.term);
  const sum = (terms > 1 ? `${number(step.before)} + ${term} = ` : "") + number(step.sum);
  const ready = missing === 0 ? "complete" : `not complete: ${missing} more to come`;
  const none = data.flat.includes(step.edge) && !Number.isFinite(step.of)
    ? `${names[step.source]} does not depend on ${names[step.node]}, so nothing flows. ` : "";
  return `${none}${ratio(step.node)} = ${sum}${missing ? " + …" : ""}, ${ready}.${end}`;
}

function drawn(part) {
  const span = document.createElement("span");
  if (part.over) {
    span.className = "fraction";
    span.append(drawn(part.over), drawn(part.under));
  } else if (part.text) {
    span.className = `result ${signOf(part.result)}`;
    span.style.setProperty("--strength", `${100 * strength(part.result)}%`);
    span.textContent = part.text;
  } else {
    span.className = /^[+=·]+$/.test(part) ? "sign" : "";
    span.textContent = part;
  }
  return span;
}

// ── Going to a step ──────────────────────────────────────────────────────────────────────────────────────────────────

function go(step) {
  now = Math.min(Math.max(Math.trunc(step) || 0, 0), steps.length - 1);
  show();
}

function play() {
  if (timer) return pause();
  if (now === steps.length - 1) go(0);
  element("play").textContent = "Pause";
  timer = setInterval(() => (now < steps.length - 1 ? go(now + 1) : pause()), 700);
}

function pause() {
  clearInterval(timer);
  timer = null;
  element("play").textContent = "Play";
}

// In the forward pass to where a box is computed, in the backward pass to where it is complete; once more: the other.
function visit(node) {
  const [here, there] = now < turn ? [computed[node], completed[node]] : [completed[node], computed[node]];
  go(now === here ? there : here);
}

const actions = {
  first: () => go(0),
  back: () => go(now - 1),
  next: () => (hidden() ? reveal("") : go(now + 1)),
  turn: () => go(turn),
  last: () => go(steps.length - 1),
};
const keys = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last" };

for (const [id, action] of Object.entries(actions)) element(id).addEventListener("click", () => { pause(); action(); });
for (const button of document.querySelectorAll("button")) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the space bar stays that of the page
}
element("play").addEventListener("click", play);
element("slider").max = steps.length - 1;
element("slider").addEventListener("input", (event) => { pause(); go(Number(event.target.value)); });
boxes.forEach((box, i) => box.addEventListener("click", () => { pause(); visit(i); }));
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("dialog")) return;
  const blank = event.target.id === "answer" && event.target.value === "" && event.key in keys;
  if (event.target.closest?.("form") && !blank) return;
  const box = event.target.closest?.(".box");
  if (event.key in keys) {
    pause();
    actions[keys[event.key]]();
  } else if (event.key in zoomKeys) {
    zooms[zoomKeys[event.key]]();
  } else if (event.key === " " && event.target.tagName !== "BUTTON") {
    if (!asking) play();
    else actions.next();
  } else if (event.key === "Enter" && box) {
    visit(boxes.indexOf(box));
    if (leaves[boxes.indexOf(box)]) choose(boxes.indexOf(box));
  } else {
    return;
  }
  event.preventDefault();
});
addEventListener("hashchange", openLink);
new ResizeObserver(() => follow(steps[now])).observe(element("main"));

function openLink() {
  const found = /^#step=(\d+)(&ask)?$/.exec(location.hash);
  if (Boolean(found?.[2]) !== asking) {
    now = found ? Number(found[1]) : 0;
    ask(!asking);
  }
  go(found ? Number(found[1]) : 0);
}
