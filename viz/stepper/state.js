"use strict";
// The page is given names, numbers, local derivatives and the order of the forward pass. The backward pass is carried
// out here, one += at a time, and every step of it is kept: going to a step repeats the sums up to it.

const data = JSON.parse(document.getElementById("data").textContent);
const { root, order, names, differentials, leaves, forward, edges, decades, room, program } = data;
const [values, partials] = [data.values, data.partials].map((given) => given.map(Number)); // "NaN" comes as text
let { largest } = data;
let now = 0;
let timer = null;
const element = (id) => document.getElementById(id);
let { steps, computed, completed } = passes(data, partials);
const turn = order.length + 1; // the first step of the backward pass

// What is known after a step: which values, and of each derivative its sum so far and how many terms are missing.
function stateAfter(last) {
  const state = {
    valued: leaves.slice(),
    derivative: names.map(() => null),
    missing: names.map(() => 0),
    terms: names.map(() => 0),
    flow: edges.map(() => null),
  };
  edges.forEach(([operand]) => (state.missing[operand] += 1));
  for (const step of steps.slice(0, last + 1)) {
    if (step.kind === "forward") state.valued[step.node] = true;
    if (step.kind === "seed") state.derivative[root] = step.sum;
    if (step.kind === "term") {
      state.derivative[step.node] = step.sum;
      state.flow[step.edge] = step.term;
      state.terms[step.node] += 1;
      state.missing[step.node] -= 1;
    }
    if (step.kind === "nothing") {
      for (const edge of step.edges) {
        const operand = edges[edge][0];
        state.flow[edge] = 0;
        state.missing[operand] -= 1;
        if (state.missing[operand] === 0) state.derivative[operand] ??= 0;
      }
    }
  }
  return state;
}

const bracketed = (x) => `(${number(x)})`;

function signOf(x) {
  return !Number.isFinite(x) ? "broken" : x === 0 ? "zero" : x > 0 ? "raises" : "lowers";
}

// From 0 (a thousandth of the largest derivative, or less) to 1.
function strength(x) {
  if (!Number.isFinite(x)) return 1;
  if (x === 0 || largest === 0) return 0;
  return Math.min(1, Math.max(0, 1 + (Math.log10(Math.abs(x)) - Math.log10(largest)) / decades));
}
