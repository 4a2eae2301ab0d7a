// The functions of autograd.floats. These are Math's own, with the values of IEEE 754 at every edge; what follows Math
// does not have, or has otherwise. A module gets those it calls.
const {
  abs, acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, exp, expm1, hypot, log, log10, log1p, log2, sin, sinh,
  sqrt, tan, tanh,
} = Math;

function check(name, array, length) {
  if (array?.length !== length) throw new RangeError(`${name} holds ${length} numbers, got ${array?.length}`);
}

function compare(a, b) {
  return a > b ? 1 : a < b ? -1 : a === b ? 0 : NaN;
}

function dot(...args) {
  const half = args.length / 2;
  let total = 0;
  for (let k = 0; k < half; k++) total += args[k] * args[half + k];
  return total;
}

// exp(x²) erfc(x) (1 + 2x) from 0.5 on, as a Chebyshev series in (x - 3.5) / (x + 3.5), of which 26 terms do.
const ERFC = [
  1.17763273163612392, -0.00163017728341462906, -0.0873368257346314598, 0.058009748370293265, -0.0243401153961822253,
  0.00752948371563574874, -0.00174388175771125219, 0.000282698298165555855, -0.0000231849116112634997,
  -2.11176669813304092e-6, 8.76576015689282158e-7, -6.10570263508611802e-8, -1.7116664716341917e-8,
  3.39136026861125878e-9, 2.54661619366045984e-10, -1.24827840795162941e-10, -2.21227577534337939e-12,
  4.42726036382302978e-12, -3.36726612803101252e-14, -1.65192560009235764e-13, 1.90241030445388348e-15,
  6.60118793717283235e-15, 2.88028244940900374e-17, -2.77917096357432963e-16, -1.07644657403326421e-17,
  1.18851442039988132e-17,
];

// 2/√π (-1)ⁿ / (n! (2n + 1)): the power series of erf, of which 12 terms do below 0.5.
const ERF = [
  1.12837916709551257, -0.376126389031837525, 0.112837916709551257, -0.0268661706451312518, 0.00522397762544218784,
  -0.000854832702345085283, 0.000120553329817896643, -0.000014925650358406251, 1.64621143658892474e-6,
  -1.63658446912349243e-7, 1.48071928158792172e-8, -1.22905553017179274e-9,
];

function erf_series(a) {
  let total = 0;
  for (let k = ERF.length - 1; k >= 0; k--) total = total * a * a + ERF[k];
  return a * total;
}

function erfc_series(a) {
  if (a > 28) return 0;
  const t = 2 * (a - 3.5) / (a + 3.5);
  let b = 0, c = 0;
  for (let k = ERFC.length - 1; k > 0; k--) [b, c] = [t * b - c + ERFC[k], b];
  const high = Math.fround(a), half = Math.exp(-high * high / 2); // exact squares: exp(-a²) magnifies their rounding
  return half * (Math.exp((high - a) * (high + a)) * (0.5 * t * b - c + ERFC[0]) / (1 + 2 * a)) * half;
}

function erf(a) {
  return a > 0.5 ? 1 - erfc_series(a) : a < -0.5 ? erfc_series(-a) - 1 : erf_series(a);
}

function erfc(a) {
  return a > 0.5 ? erfc_series(a) : a < -0.5 ? 2 - erfc_series(-a) : 1 - erf_series(a);
}

function logsumexp(...args) {
  let top = -Infinity, at = 0;
  for (let k = 0; k < args.length; k++) {
    if (args[k] !== args[k]) return NaN;
    if (args[k] > top) [top, at] = [args[k], k];
  }
  if (top === Infinity || top === -Infinity) return top;
  let others = 0; // log1p keeps what they add to the largest
  for (let k = 0; k < args.length; k++) if (k !== at) others += Math.exp(args[k] - top);
  return top + Math.log1p(others);
}

function maximum(a, b) {
  return a >= b || a !== a ? a : b;
}

function minimum(a, b) {
  return a <= b || a !== a ? a : b;
}

function mul_no_nan(a, b) {
  return a === 0 ? 0 : a * b;
}

function norm(...args) {
  return Math.hypot(...args);
}

function pow(a, b) {
  return a === 1 || (a === -1 && (b === Infinity || b === -Infinity)) ? 1 : Math.pow(a, b); // C99's; Math has NaN there
}

function prod(...args) {
  let product = 1;
  for (const a of args) product *= a;
  return product;
}

function sigmoid(a) {
  const e = Math.exp(-Math.abs(a));
  return (a >= 0 ? 1 : e) / (1 + e);
}

function softplus(a) {
  return Math.log1p(Math.exp(-Math.abs(a))) + maximum(a, 0);
}

function step(a) {
  return a > 0 ? 1 : a <= 0 ? 0 : NaN;
}

function stop_gradient(a) {
  return a;
}

function sum(...args) {
  let total = 0;
  for (const a of args) total += a;
  return total;
}

function where(condition, a, b) {
  return condition === 0 ? b : a; // nan counts as true, as in Python
}
