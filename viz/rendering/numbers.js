// ── Numbers: as the other pictures write them ────────────────────────────────────────────────────────────────────────

// The digits of x rounded to three, a tie to the even digit, and its exponent.
function rounded(x) {
  const digitsOf = (text) => [text.split("e")[0].replace(".", ""), Number(text.split("e")[1])];
  const [digits, exponent] = digitsOf(x.toExponential(2));
  if (!/^\d\.\d\d50*e/.test(x.toExponential(16))) return [digits, exponent]; // no tie, as nearly always
  const [every, unrounded] = digitsOf(x.toExponential(60));
  const tieToEven = /^50*$/.test(every.slice(3)) && Number(every[2]) % 2 === 0;
  return tieToEven ? [every.slice(0, 3), unrounded] : [digits, exponent];
}

function number(x) {
  if (Number.isNaN(x)) return "nan";
  if (x === 0) return "0";
  const sign = x < 0 ? "−" : "";
  x = Math.abs(x);
  if (x === Infinity) return sign + "∞";
  const [digits, exponent] = rounded(x);
  if (-4 < exponent && exponent < 3) return sign + Number(`${digits}e${exponent - 2}`);
  if (3 <= exponent && exponent < 5) return sign + (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
  const power = [...String(exponent)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
  return `${sign}${Number(digits) / 100}·10${power}`;
}

const exact = (x) => String(x).replaceAll("-", "−").replace("NaN", "nan").replace("Infinity", "∞");
