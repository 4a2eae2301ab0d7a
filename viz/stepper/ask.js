// ── "What is the gradient here?": asked before it is shown, and the answer is checked ────────────────────────────────

let asking = false;
const answered = new Set(); // steps whose number has been found, or shown

// Whether the step that one is at keeps its number to itself.
function hidden(step = steps[now]) {
  return asking && !answered.has(now) && (step.kind === "term" || step.kind === "seed");
}

function ask(wanted) {
  asking = wanted;
  answered.clear();
  element("ask").setAttribute("aria-pressed", String(asking));
  element("play").disabled = asking;
  if (asking) pause();
  if (asking && now < turn - 1 && turn > 1) go(turn - 1); // where the backward pass is about to begin
  else show();
}

function showQuestion(step) {
  const open = hidden(step);
  element("question").hidden = !open;
  if (element("verdict").dataset.step !== String(now)) verdict("");
  if (!open) return element("answer").blur(); // so that keys are those of the page at once
  const first = step.kind === "seed" || stateAfter(now).terms[step.node] === 1;
  element("asked").textContent = first ? `What is ${ratio(step.node)} here?`
    : `Another way leads to ${names[step.node]}. What does it add to ${ratio(step.node)}?`;
  element("answer").value = "";
  if (matchMedia("(hover: hover)").matches) element("answer").focus({ preventScroll: true });
}

function verdict(text, right = false) {
  element("verdict").textContent = text;
  element("verdict").classList.toggle("right", right);
  element("verdict").dataset.step = now;
}

// A number as people write it, a fraction or a product too; or undefined.
function read(text) {
  const plain = text.trim().toLowerCase().replaceAll("−", "-").replaceAll("·", "*").replaceAll(",", ".");
  const named = { nan: NaN, inf: Infinity, "∞": Infinity, "-inf": -Infinity, "-∞": -Infinity };
  if (plain in named) return named[plain];
  const [first, ...rest] = plain.split(/([*/])/), numberIn = (part) => (part.trim() === "" ? NaN : Number(part));
  let found = numberIn(first);
  for (let k = 0; k < rest.length; k += 2) found = rest[k] === "*" ? found * numberIn(rest[k + 1]) : found / numberIn(rest[k + 1]);
  return Number.isFinite(found) ? found : undefined;
}

// Right is what is within half a percent, or reads the same to three digits.
const close = (a, b) => Object.is(a, b) || Math.abs(a - b) <= 0.005 * Math.abs(b) || number(a) === number(b);

function reveal(said) {
  answered.add(now);
  show();
  verdict(said, true);
}

function check() {
  const step = steps[now], text = element("answer").value, given = read(text);
  const truth = step.kind === "seed" ? 1 : step.term;
  if (given === undefined) return verdict(`Write a number, such as 0.5, −1/3 or 1e-3; got ${text.trim() || "nothing"}.`);
  if (close(given, truth)) return reveal(`Right: ${number(truth)}.`);
  return verdict(hint(step, given, truth));
}

// What the answer would be an answer to.
function hint(step, given, truth) {
  if (step.kind === "seed") return `Not ${number(given)}: how much does ${names[root]} move when it moves by itself?`;
  const partial = partials[step.edge], { of } = step;
  const [upper, lower] = [names[step.source], names[step.node]];
  if (close(given, -truth)) return "The size is right, its sign is not.";
  if (close(given, step.sum)) return "That is the sum so far; asked is what this way adds to it.";
  if (close(given, of)) return `That is what arrives at ${upper}; it is still to be multiplied by how ${upper} moves with ${lower}.`;
  if (close(given, partial)) return `That is how ${upper} moves with ${lower}; it is still to be multiplied by what arrives, ${number(of)}.`;
  if (close(given, of + partial)) return "Along a way derivatives multiply; they add up where ways meet.";
  return `Not ${number(given)}: ${number(of)} arrives at ${upper}. How much does ${upper} move when ${lower} does?`;
}

element("ask").addEventListener("click", () => ask(!asking));
element("question").addEventListener("submit", (event) => { event.preventDefault(); check(); });
element("reveal").addEventListener("click", () => reveal(""));
