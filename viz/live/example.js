// ── One example: its scalar graph, forward and backward ──────────────────────────────────────────────────────────────

// Values of all nodes, their adjoints, and of each operation its partials. A zero adjoint is not handed on.
function chainRule({ counts, others, constants, steps, root }, operations, theta, x, y) {
  const leaves = [...theta, ...x, ...y, ...others.map(Number)];
  const first = counts[0] + counts[1] + counts[2] + counts[3];
  const values = new Float64Array(first + steps.length),
    adjoints = new Float64Array(values.length);
  values.set(leaves);
  const operands = steps.map(([operation, args], k) => {
    const given = args.map((a) => (a < 0 ? Number(constants[-1 - a]) : values[a]));
    values[first + k] = operations[operation].value(given);
    return given;
  });
  const partials = steps.map(([operation], k) => operations[operation].partials(operands[k], values[first + k]));
  adjoints[root] = 1;
  for (let k = steps.length - 1; k >= 0; k--) {
    const adjoint = adjoints[first + k];
    if (adjoint === 0) continue;
    const [, args, flat] = steps[k];
    args.forEach((a, i) => {
      if (a >= 0) adjoints[a] += handed(adjoint, partials[k][i], flat.includes(i));
    });
  }
  return { values, adjoints, partials, operands, first };
}
