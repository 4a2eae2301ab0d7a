// ── Numbers: three digits, a real minus sign ─────────────────────────────────────────────────────────────────────────

function number(x) {
  if (Number.isNaN(x)) return "nan";
  if (x === 0) return "0";
  const sign = x < 0 ? "−" : "", size = Math.abs(x);
  if (size === Infinity) return sign + "∞";
  const [digits, power] = size.toExponential(2).split("e");
  const exponent = Number(power);
  if (-4 < exponent && exponent < 3) return sign + String(Number(`${digits}e${exponent}`));
  if (3 <= exponent && exponent < 5) return sign + Math.round(size);
  return `${sign}${Number(digits)}·10${[...String(exponent)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;
}

const bracketed = (x) => (x < 0 ? `(${number(x)})` : number(x));
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

// From 0 to 1: a size beside the largest one, as a share of it, or over three decades.
const share = (x, largest) => (largest > 0 ? clamp(Math.abs(x) / largest, 0, 1) : 0);
const decades = (x, largest) => (x === 0 || !(largest > 0) ? 0 : clamp(1 + Math.log10(Math.abs(x) / largest) / 3, 0, 1));
