// ── Training ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const bound = new Map(); // the program on buffers for so many rows; a few of them
let X = new Float64Array(0),
  Y = new Float64Array(0);

function onRows(count) {
  if (!bound.has(count)) {
    if (bound.size > 6) bound.delete(bound.keys().next().value);
    bound.set(count, TRAINED.bind(theta, gradient, FACTS.fixed[0], count));
  }
  return bound.get(count);
}

// Rows were changed: the arrays that programs read follow.
function gather() {
  X = Float64Array.from(now.rows.flatMap((row) => row.x));
  Y = Float64Array.from(now.rows.flatMap((row) => row.y));
  now.example = clamp(now.example, 0, Math.max(0, now.rows.length - 1));
}

// Loss of all rows; their gradient is left in `gradient`.
const evaluate = () => (now.rows.length ? onRows(now.rows.length).value_and_grad(X, Y) : NaN);

function chosen(array, places) {
  const width = array.length / now.rows.length;
  return Float64Array.from(places.flatMap((k) => [...array.subarray(k * width, (k + 1) * width)]));
}

let known = { order: [] }; // the order of an epoch

function orderOf(epoch) {
  const key = [now.rows.length, now.seed, epoch].join();
  if (known.key !== key) known = { key, order: shuffled(now.rows.length, now.seed, epoch) };
  return known.order;
}

// The rate of the next step: by the schedule that was given, or by hand.
function rateNow() {
  const { schedule } = FACTS.rules.offered[now.rule];
  return now.scheduled && schedule ? SCHEDULES[schedule.kind](schedule, now.moves) : now.rate;
}

// One step of the optimiser. What went wrong, in words, or nothing.
function step() {
  const count = now.rows.length,
    rule = FACTS.rules.offered[now.rule];
  if (!count) return "There are no examples to learn from; add one.";
  const size = now.batch > 0 && now.batch < count ? now.batch : count;
  if (now.position >= count) now.position = 0;
  const end = Math.min(now.position + size, count);
  const places = size < count ? orderOf(now.epoch).slice(now.position, end) : null;
  const loss = onRows(end - now.position).value_and_grad(
    places ? chosen(X, places) : X,
    places ? chosen(Y, places) : Y,
  );
  if (!Number.isFinite(loss) || !gradient.every(Number.isFinite)) {
    return `Step ${now.steps + 1} was not taken: the loss is ${number(loss)} or its gradient is not finite. Undo, or lower the rate.`;
  }
  MOVES[rule.kind](theta, gradient, now.memory, rateNow(), now.moves + 1, rule.settings);
  now.steps += 1;
  now.moves += 1;
  now.partial += (loss * (end - now.position)) / count;
  now.position = end;
  if (end === count) {
    if (now.epoch % now.every === 0) now.curve.push(now.partial);
    Object.assign(now, { epoch: now.epoch + 1, position: 0, partial: 0 });
    if (now.curve.length > LONGEST_CURVE) {
      now.curve = now.curve.filter((_, k) => k % 2 === 0);
      now.every *= 2;
    }
  }
  return "";
}

// Another optimiser begins without memory.
function chooseRule(rule) {
  const offered = FACTS.rules.offered[rule];
  Object.assign(now, {
    rule,
    rate: offered.settings.learning_rate,
    scheduled: Boolean(offered.schedule),
    moves: 0,
    memory: freshMemory(offered, theta.length),
  });
}

// Back to the beginning: the given parameters for the given seed; for another, layers begin as nn's do.
function reset() {
  theta.set(FACTS.parameters.start.map(Number));
  if (now.seed !== FACTS.seed && FACTS.layers) draw(generator(now.seed, 0x5eed));
  const memory = freshMemory(FACTS.rules.offered[now.rule], theta.length);
  Object.assign(now, { steps: 0, moves: 0, epoch: 0, position: 0, partial: 0, every: 1, curve: [], memory });
}

function draw(next) {
  const relus = ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus"];
  for (const { activation, neurons } of FACTS.layers) {
    const inputs = neurons[0].weights.length,
      bound = Math.sqrt(6 / (inputs + neurons.length));
    const weight = relus.includes(activation)
      ? () => Math.sqrt(2 / inputs) * normal(next)
      : () => bound * (2 * next() - 1);
    for (const { weights, bias } of neurons) {
      for (const k of weights) theta[k] = weight();
      if (bias >= 0) theta[bias] = 0;
    }
  }
}

// ── What the model gives ─────────────────────────────────────────────────────────────────────────────────────────────

const seenOn = new Map();

// All activations of many inputs, a row each, the outputs last.
function activations(inputs, count) {
  if (!seenOn.has(count)) {
    if (seenOn.size > 6) seenOn.delete(seenOn.keys().next().value);
    seenOn.set(count, SEEN.bind(theta, new Float64Array(SEEN.program.derivatives), FACTS.fixed[1], count));
  }
  return seenOn.get(count).value(inputs);
}

// An output as a class and how sure that is, from 0 to 1; for numbers, where it lies between the targets.
function decision(row, from) {
  const { kind, threshold, scale, classes } = FACTS.targets,
    outputs = FACTS.outputs;
  if (kind === "two") {
    const low = classes[0][0],
      above = row[from] - threshold;
    const t = scale === "probability" ? clamp((2 * above) / (1 - low), -1, 1) : Math.tanh(above / 2);
    return [t >= 0 ? 1 : 0, Math.abs(t)];
  }
  let best = 0,
    second = -1;
  for (let k = 1; k < outputs; k++) {
    if (row[from + k] > row[from + best]) [best, second] = [k, best];
    else if (second < 0 || row[from + k] > row[from + second]) second = k;
  }
  const lead = outputs > 1 ? row[from + best] - row[from + second] : 1;
  return [best, scale === "probability" ? clamp(lead, 0, 1) : Math.tanh(lead / 2)];
}

const classOf = (y) => FACTS.targets.classes.findIndex((one) => one.every((t, k) => t === y[k]));
