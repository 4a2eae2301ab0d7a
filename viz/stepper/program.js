// ── The forward pass, and the rule of each partial, by the operations of the table ───────────────────────────────────

const operandsOf = (operands) => operands.map((operand) => (Array.isArray(operand) ? Number(operand[0]) : values[operand]));
const nameOf = (node) => differentials[node].slice(1);
const factor = (text) => (text.startsWith("−") || text.includes("·") ? `(${text})` : text);

// The call of an operation with its operands written as these texts.
function called(call, texts) {
  return call.replace(/(!?)⟦(\d+)⟧/g, (_, beside, k) => (beside ? factor(texts[k]) : texts[k]));
}

// The rule by which the partial of an edge comes about: ∂tanh/∂z = 1 − tanh² = 0.42.
function ruleOf(edge) {
  if (!computable) return "";
  const [operand, result] = edges[edge], row = order.indexOf(result);
  const [place, operands, call] = program[row], { called: name, rules } = operations[place];
  const names = operands.map((one) => (Array.isArray(one) ? factor(number(Number(one[0]))) : nameOf(one)));
  const of = name || `(${called(call, names)})`;
  const rule = rules(operandsOf(operands), values[result], names, of)[placeOf[edge]];
  const found = number(partials[edge]);
  return `∂${of}/∂${nameOf(operand)} = ${rule}${rule === found ? "" : ` = ${found}`}`;
}

// Which operand of its result each edge comes from.
const placeOf = program.flatMap(([, operands]) =>
  operands.map((one, k) => (Array.isArray(one) ? -1 : k)).filter((k) => k >= 0));

// Whether the operations, written as JavaScript, give what the engine gave: an operation of the user's own that chooses
// by an `if` does not, and then no rule is said and no leaf can be edited.
const near = (a, b) => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
const computable = program.length === order.length && reproduces();

function reproduces() {
  let edge = 0;
  return order.every((node, row) => {
    const [place, operands] = program[row], given = operandsOf(operands);
    const found = operations[place].partials(given, values[node]);
    let same = near(operations[place].value(given), values[node]);
    for (; edges[edge]?.[1] === node; edge++) same &&= near(found[placeOf[edge]], partials[edge]);
    return same;
  });
}
