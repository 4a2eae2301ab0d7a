// ── The reader's own program beside the graph, where it is known which line made what ────────────────────────────────

const { lines: source, of: madeBy } = data.code;

// Lines without what all of them begin with, so that each fits.
const indent = Math.min(...source.map(([, text]) => text.search(/\S/)));
element("code").hidden = !source.length;
element("code").append(...source.map(([line, text], k) => {
  const item = document.createElement("li"), label = document.createElement("span");
  const [before] = source[k - 1] ?? [line - 1];
  item.className = line === before + 1 ? "" : "gap";
  label.className = "line-number";
  label.textContent = line;
  item.append(label, document.createElement("code"));
  item.lastChild.textContent = text.slice(indent);
  return item;
}));

// What a step is about: of the backward pass it is the operation that hands its derivative on.
function showCode(step) {
  if (!source.length) return;
  const place = madeBy[step.source ?? step.node];
  [...element("code").children].forEach((item, k) => {
    const code = item.lastChild, text = source[k][1], at = place && place[0] === k;
    item.classList.toggle("now", Boolean(at));
    code.textContent = text.slice(indent);
    if (!at) return;
    const [start, end] = place.slice(1).map((letter) => [...text].slice(0, letter).join("").length);
    const mark = document.createElement("mark");
    mark.textContent = text.slice(Math.max(start, indent), end);
    code.replaceChildren(text.slice(indent, start), mark, text.slice(end));
    const list = element("code");
    if (item.offsetTop < list.scrollTop) list.scrollTop = item.offsetTop;
    const below = item.offsetTop + item.offsetHeight - list.clientHeight;
    if (below > list.scrollTop) list.scrollTop = below;
  });
}
