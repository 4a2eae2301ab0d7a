// ── The chosen example ───────────────────────────────────────────────────────────────────────────────────────────────

function buildExample() {
  const inputs = FACTS.X[0].map(
    (_, k) => `<label><i>x${sub(k)}</i><input type="number" step="0.05" data-input="${k}"></label>`,
  );
  const { kind, names } = FACTS.targets;
  const targets =
    kind === "numbers"
      ? asRow(FACTS.y[0]).map(
          (_, k) =>
            `<label><i>y${asRow(FACTS.y[0]).length > 1 ? sub(k) : ""}</i><input type="number" step="0.05" data-target="${k}"></label>`,
        )
      : [
          `<label>class<select data-class>${names.map((name, k) => `<option value="${k}">${name}</option>`).join("")}</select></label>`,
        ];
  $("fields").innerHTML = [...inputs, ...targets].join("");
  for (const field of $("fields").querySelectorAll("input, select")) {
    field.onchange = () => {
      const x = Number(field.value),
        row = now.rows[now.example];
      if (!row || field.value === "" || !Number.isFinite(x)) return showExample();
      act(() => {
        now.edited = true;
        if (field.dataset.input) row.x[field.dataset.input] = x;
        else if (field.dataset.target) row.y[field.dataset.target] = x;
        else row.y = FACTS.targets.classes[x].slice();
      });
    };
  }
  $("tools").innerHTML = toolsOf(kind, names)
    .map(
      ([value, label, text], k) =>
        `<label title="${text}"><input type="radio" name="tool" value="${value}" ${k ? "" : "checked"}><span>${label}</span></label>`,
    )
    .join("");
  for (const input of $("tools").querySelectorAll("input")) input.onchange = () => (tool = input.value);
  $("add").onclick = () => addExample(besides(now.rows[now.example]?.x ?? FACTS.X[0]));
  $("remove").onclick = () => removeExample(now.example);
}

const sub = (k) => [...String(k)].map((c) => "₀₁₂₃₄₅₆₇₈₉"[c]).join("");

function toolsOf(kind, names) {
  const adding =
    kind === "numbers"
      ? [["add", "Add", "A click adds an example"]]
      : names.map((name, k) => [
          `add-${k}`,
          `<svg viewBox="-8 -8 16 16" class="c${hueOf(k)}">${mark(k)}</svg>${name}`,
          `A click adds an example of class ${name}`,
        ]);
  return [["move", "Move", "Drag an example"], ...adding, ["remove", "Remove", "A click removes an example"]];
}

const mark = (k) =>
  shapeOf(k) in CORNERS
    ? `<polygon points="${CORNERS[shapeOf(k)].map(([x, y]) => `${5 * x},${5 * y}`).join(" ")}"/>`
    : '<circle r="5"/>';

function showExample() {
  const row = now.rows[now.example];
  $("which").textContent = row ? `Example ${now.example + 1} of ${now.rows.length}` : "No examples";
  for (const field of $("fields").querySelectorAll("input, select")) {
    field.disabled = !row;
    if (!row || field === document.activeElement) continue;
    if (field.dataset.input) field.value = Number(row.x[field.dataset.input].toPrecision(6));
    else if (field.dataset.target) field.value = Number(row.y[field.dataset.target].toPrecision(6));
    else field.value = String(Math.max(0, classOf(row.y)));
  }
  const words = row ? row.x.map((x, k) => `x${k} = ${number(x)}`).join(", ") : "";
  const label = row && FACTS.targets.kind !== "numbers" ? `, class ${FACTS.targets.names[classOf(row.y)]}` : "";
  for (const [name, x] of Object.entries({
    min: 1,
    max: Math.max(1, now.rows.length),
    now: now.example + 1,
    text: `example ${now.example + 1}: ${words}${label}`,
  })) {
    $("view").setAttribute(`aria-value${name}`, x);
  }
}

function choose(example) {
  now.example = clamp(example, 0, Math.max(0, now.rows.length - 1));
  showExample();
  changed();
}

const newTarget = () => {
  const { kind, classes } = FACTS.targets,
    row = now.rows[now.example];
  if (kind !== "numbers")
    return classes[tool.startsWith("add-") ? Number(tool.slice(4)) : Math.max(0, row ? classOf(row.y) : 0)].slice();
  return row ? row.y.slice() : asRow(FACTS.y[0]).slice();
};

// A little to the right of another, so that both are seen.
const besides = (x) =>
  inputs > 2
    ? x.slice()
    : x.map((one, k) =>
        k ? one : one + ((inputs === 2 ? plane : line).high[0] - (inputs === 2 ? plane : line).low[0]) / 40,
      );

function addExample(x, y = newTarget()) {
  act(() => {
    now.rows.push({ x, y });
    Object.assign(now, { edited: true, example: now.rows.length - 1 });
  });
}

function removeExample(k) {
  if (!now.rows[k]) return;
  act(() => {
    now.rows.splice(k, 1);
    Object.assign(now, { edited: true, example: Math.min(now.example, now.rows.length - 1) });
  });
}

// ── The chosen parameter ─────────────────────────────────────────────────────────────────────────────────────────────

function buildParameters() {
  $("parameter").replaceChildren(...FACTS.parameters.labels.map((label, k) => new Option(label, String(k))));
  $("parameter").onchange = () => chooseParameter(Number($("parameter").value));
  $("number").onchange = () => {
    const x = Number($("number").value);
    if ($("number").value !== "" && Number.isFinite(x)) act(() => (theta[now.parameter] = x));
    else showParameter();
  };
}

// Where there is no network to draw: every parameter with its number and its gradient.
function listParameters() {
  write(
    "listing",
    FACTS.parameters.labels
      .map(
        (label, k) =>
          `<button data-node="${k}">${typeset(label)}<b>${number(theta[k])}</b><span>∂ ${number(gradient[k])}</span></button>`,
      )
      .join(""),
  );
}

function chooseParameter(k) {
  now.parameter = clamp(k, 0, theta.length - 1);
  now.node = now.parameter;
  showParameter();
  changed();
}

function showParameter() {
  const k = now.parameter;
  $("parameter").value = String(k);
  if ($("number") !== document.activeElement) $("number").value = Number(theta[k].toPrecision(6));
  write(
    "slope",
    `<span class="fraction"><span>∂<i>L</i></span><span>∂${typeset(FACTS.parameters.labels[k])}</span></span> = ${signed(gradient[k])}`,
  );
  for (const [name, x] of Object.entries({
    min: 0,
    max: theta.length - 1,
    now: k,
    text: `${FACTS.parameters.labels[k]} = ${number(theta[k])}, gradient ${number(gradient[k])}`,
  })) {
    $("network")?.setAttribute(`aria-value${name}`, x);
  }
}
