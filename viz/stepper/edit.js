// ── Leaves given other numbers: both passes anew ─────────────────────────────────────────────────────────────────────

const first = { values: values.slice(), partials: partials.slice(), forward: forward.slice(), largest };

function give(leaf, x) {
  values[leaf] = x;
  let edge = 0;
  order.forEach((node, row) => {
    const [place, operands, call] = program[row], given = operandsOf(operands);
    values[node] = operations[place].value(given);
    const found = operations[place].partials(given, values[node]);
    for (; edges[edge]?.[1] === node; edge++) partials[edge] = found[placeOf[edge]];
    const symbols = operands.map((one) => (Array.isArray(one) ? number(Number(one[0])) : names[one]));
    const texts = [symbols, given.map(number)].map((all) => called(call, all));
    forward[node] = [names[node], ...new Set(texts), number(values[node])].join(" = ");
  });
  renewed();
  largest = Math.max(0, ...passes(data, partials).derivative.filter(Number.isFinite).map(Math.abs));
  element("reset").hidden = false;
  go(now);
}

function restore() {
  Object.assign(values, first.values);
  Object.assign(partials, first.partials);
  Object.assign(forward, first.forward);
  renewed();
  largest = first.largest;
  element("reset").hidden = true;
  go(now);
}

// What follows from other values and partials: the steps, and the texts of the picture.
function renewed() {
  ({ steps, computed, completed } = passes(data, partials));
  answered.clear();
  Object.assign(shown, { boxes: [], edges: [] });
  element("slider").max = steps.length - 1;
  boxes.forEach((box, i) => {
    box.querySelector("title").textContent = `${names[i]} = ${exact(values[i])}`;
    showNumbers(box, i);
  });
  lines.forEach(entitle);
  choose(Number(element("leaf").value));
}

function choose(leaf) {
  element("leaf").value = leaf;
  element("given").value = String(values[leaf]);
  element("given").setCustomValidity("");
}

function entered() {
  const field = element("given"), text = field.value.trim().replace("−", "-"), x = Number(text);
  const wrong = text === "" || !Number.isFinite(x);
  field.setCustomValidity(wrong ? `A leaf holds a number, got ${text || "nothing"}: write one, such as 0.5 or 1e-3` : "");
  if (!wrong) give(Number(element("leaf").value), x);
  else field.reportValidity();
}

element("edit").hidden = !computable;
element("leaf").append(...names.flatMap((name, i) => (leaves[i] ? [new Option(name, i)] : [])));
choose(leaves.indexOf(true));
element("leaf").addEventListener("change", () => choose(Number(element("leaf").value)));
element("given").addEventListener("change", entered);
element("given").addEventListener("input", () => element("given").setCustomValidity(""));
element("edit").addEventListener("submit", (event) => event.preventDefault());
element("reset").addEventListener("click", restore);
boxes.forEach((box, i) => leaves[i] && box.addEventListener("click", () => choose(i)));

