// ── The two passes ───────────────────────────────────────────────────────────────────────────────────────────────────

// Every step, and for each node the step that computes it and the one that completes its derivative.
function passes({ root, order, names, edges, flat }, partials) {
  const never = new Set(flat); // along which nothing flows
  const steps = [{ kind: "start" }];
  const computed = names.map(() => 0);
  const completed = names.map(() => order.length + 1);
  for (const node of order) computed[node] = steps.push({ kind: "forward", node }) - 1;
  const derivative = names.map(() => 0);
  const into = names.map(() => []);
  edges.forEach(([, result], edge) => into[result].push(edge));
  derivative[root] += 1;
  steps.push({ kind: "seed", node: root, sum: derivative[root] });
  for (const source of [...order].reverse()) {
    const of = derivative[source];
    if (of === 0) steps.push({ kind: "nothing", node: source, edges: into[source] });
    for (const edge of into[source]) {
      const node = edges[edge][0];
      if (of !== 0) {
        const before = derivative[node];
        const term = handed(of, partials[edge], never.has(edge));
        derivative[node] += term;
        steps.push({ kind: "term", node, source, edge, of, before, term, sum: derivative[node] });
      }
      completed[node] = steps.length - 1;
    }
  }
  return { steps, computed, completed, derivative };
}
