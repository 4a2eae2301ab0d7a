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

// The formulas of autograd.special.
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

// The power series of log Γ(2 + a): 1 - γ, and (-1)ⁿ (ζ(n) - 1) / n from n = 2 on, of which 26 terms do up to 0.5.
const LGAMMA = [
  0.42278433509846713, 0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
  0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-5,
  -4.492623673813314e-5, 2.050721277567069e-5, -9.439488275268397e-6, 4.374866789907488e-6, -2.039215753801366e-6,
  9.55141213040742e-7, -4.492469198764566e-7, 2.1207184805554665e-7, -1.0043224823968099e-7, 4.7698101693639804e-8,
  -2.2711094608943164e-8, 1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9,
  5.731367241678862e-10,
];

function lgamma_series(a) {
  let total = 0;
  for (let k = LGAMMA.length - 1; k >= 0; k--) total = total * a + LGAMMA[k];
  return a * total;
}

function lgamma(a) {
  if (a !== a) return NaN;
  if (a === Infinity || a === -Infinity || (a <= 0 && Number.isInteger(a))) return Infinity;
  if (a < -0.5) return Math.log(Math.PI / Math.abs(a * sine(a))) - lgamma(-a); // DLMF 5.5.3
  if (a < 0.5) return lgamma_series(a) - Math.log(Math.abs(a)) - Math.log1p(a);
  if (a < 1.5) return lgamma_series(a - 1) - Math.log1p(a - 1);
  let product = 1;
  if (a < 12) {
    while (a > 2.5) product *= --a;
    return lgamma_series(a - 2) + Math.log(product);
  }
  let series = 0, power = 1 / a;
  for (let k = 1; k <= BERNOULLI.length; k++, power /= a * a) series += BERNOULLI[k - 1] / (2 * k * (2 * k - 1)) * power;
  return a * (Math.log(a) - 1) + (0.5 * Math.log(2 * Math.PI / a) + series);
}

function sine(a) {
  return Math.sin(Math.PI * (a - Math.round(a)));
}

function digamma(a) {
  if (a <= 0) {
    if (a === 0) return 1 / -a;
    if (Number.isInteger(a) || a === -Infinity) return NaN;
    return digamma(1 - a) - Math.PI * cotangent(a, 0);
  }
  if (!(a < Infinity)) return a;
  const steps = Math.ceil(Math.max(12 - a, 0)), z = a + steps;
  const terms = [Math.log(z), -0.5 / z];
  for (let k = 0; k < steps; k++) terms.push(-1 / (a + k));
  for (let k = 0, power = 1; k < BERNOULLI.length; k++) {
    power /= z * z;
    terms.push(-BERNOULLI[k] / (2 * k + 2) * power);
  }
  return fsum(terms);
}

function fsum(terms) {
  let total = 0, lost = 0; // what rounding took from the total: Neumaier's sum
  for (const term of terms) {
    const next = total + term;
    lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + lost : total;
}

function polygamma(n, a) {
  if (!(n >= 0 && n <= 100 && Number.isInteger(n)) || a !== a) return NaN;
  if (n === 0) return digamma(a);
  const odd = n % 2 === 1;
  if (a > 0) return odd ? inverse_powers(n, a) : -inverse_powers(n, a);
  if (a === 0) return odd ? Infinity : 1 / -a;
  if (a === -Infinity || Number.isInteger(a)) return NaN;
  return -inverse_powers(n, 1 - a) - cotangent(a, n) * Math.pow(Math.PI, n + 1);
}

function inverse_powers(n, a) {
  const steps = Math.ceil(Math.max(12 + 2 * n - a, 0)), z = a + steps;
  // Far out, where a result below the normal numbers is rounded once, at the end.
  const unit = steps ? 1 : 2 ** 200;
  let tail = unit / z;
  for (let i = 1; i < n; i++) tail *= i / z;
  let total = tail + 0.5 * n * tail / z;
  for (let k = 0; k < BERNOULLI.length; k++) {
    const i = 2 * k + 1;
    tail *= (n + i - 1) * (n + i) / (i * (i + 1)) / z / z;
    total += BERNOULLI[k] * tail;
  }
  for (let k = steps - 1; k >= 0; k--) {
    let term = 1 / (a + k);
    for (let i = 1; i <= n; i++) term *= i / (a + k);
    total += term;
  }
  return total / unit;
}

function cotangent(a, n) {
  const c = 1 / Math.tan(Math.PI * (a - Math.round(a)));
  let powers = [0, 1];
  for (let step = 0; step < n; step++) {
    const next = new Array(powers.length + 1).fill(0);
    for (let k = 1; k < powers.length; k++) {
      next[k - 1] -= k * powers[k];
      next[k + 1] -= k * powers[k];
    }
    powers = next;
  }
  return powers.reduceRight((total, power) => total * c + power); // not 0 times an infinite cotangent
}

function mills(n, a) {
  if (!(n >= 0 && n <= 100 && Number.isInteger(n)) || a !== a) return NaN;
  if (a === Infinity) return 0;
  if (a * Math.sqrt(Math.max(n, 0.25)) > 1) return mills_fraction(n, a);
  const half = Math.exp(0.5 * a * a);
  if (half === Infinity) return Infinity;
  let before = Math.sqrt(Math.PI / 2) * half * erfc(a / Math.SQRT2), after = 1 - a * before;
  for (let k = 1; k <= n; k++) [before, after] = [after, k * before - a * after];
  return before;
}

function mills_fraction(n, a) {
  const last = 20 + Math.ceil((Math.sqrt(n) + 17 / a) ** 2);
  let part = 0.5 * (Math.hypot(a, 2 * Math.sqrt(last)) - a), product = 1;
  for (let k = last - 1; k > 0; k--) {
    part = k / (a + part);
    if (k <= n) product *= part;
  }
  return product / (a + part);
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
