// ── Controls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SPEEDS = [1, 4, 15, 60, 240, 1000, Infinity]; // steps a second
let playing = false,
  tool = "move",
  dragged = null;

function status(text) {
  $("status").textContent = text;
}

function play(on) {
  if (on && !playing) remember();
  playing = on;
  $("play").setAttribute("aria-pressed", String(on));
  $("play").querySelector("span").textContent = on ? "Pause" : "Play";
  if (on) status("");
  changed();
}

function takeStep() {
  play(false);
  remember();
  status(step());
  changed();
}

// Every deliberate change can be undone; what was trained between two of them with it.
function act(change) {
  remember();
  change();
  takeUp();
}

function takeBack() {
  play(false);
  status(undo() ? "" : "There is nothing to undo.");
  takeUp();
}

// The state is another: everything follows.
function takeUp() {
  gather();
  showSettings();
  changed();
}

// ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const options = (select, values, current, text = String) => {
  const all = values.includes(current) ? values : [...values, current].sort((a, b) => a - b);
  select.replaceChildren(...all.map((x) => new Option(text(x), String(x), false, x === current)));
};

function showSettings() {
  options(
    $("rule"),
    FACTS.rules.offered.map((_, k) => k),
    now.rule,
    (k) => FACTS.rules.offered[k].label,
  );
  options($("rate"), [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10], now.rate);
  const { schedule } = FACTS.rules.offered[now.rule];
  if (schedule) {
    const name = schedule.kind.replace("Schedule", "").toLowerCase();
    $("rate").prepend(new Option(`${name} schedule`, "schedule", false, now.scheduled));
  }
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((size) => size < now.rows.length);
  options($("batch"), [...sizes, 0], now.batch < now.rows.length ? now.batch : 0, (size) =>
    size ? String(size) : "all",
  );
  $("seed").value = now.seed;
  showExample();
  showParameter();
}

function connectSettings() {
  $("rule").onchange = () => act(() => chooseRule(Number($("rule").value)));
  $("rate").onchange = () => {
    const scheduled = $("rate").value === "schedule",
      rate = scheduled ? now.rate : Number($("rate").value);
    act(() => Object.assign(now, { scheduled, rate }));
  };
  $("batch").onchange = () =>
    act(() => Object.assign(now, { batch: Number($("batch").value), position: 0, partial: 0 }));
  $("seed").onchange = () => {
    const seed = Math.max(0, Math.floor(Number($("seed").value)) || 0);
    act(() => {
      now.seed = seed;
      reset();
    });
  };
  $("play").onclick = () => play(!playing);
  $("step").onclick = takeStep;
  $("undo").onclick = takeBack;
  $("reset").onclick = () => {
    play(false);
    act(reset);
    status("");
  };
  for (const input of document.querySelectorAll("input[name=by]")) {
    input.onchange = () => {
      net.by = input.value;
      changed();
    };
  }
}
