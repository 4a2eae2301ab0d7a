/* The functions that a row of the op table may call: autograd/floats.py in C.
 *
 * Each is within 1.5 units in the last place of the exact value over its whole domain, subnormal numbers included, and
 * infinite or not a number where IEEE 754 says so. What the C library does as well everywhere is left to it; the others
 * are made of pairs of doubles, rounded once. Next to a root of lgamma, digamma or polygamma below zero it is 1.5 units of
 * the larger side of their reflection, DLMF 5.5.
 */

#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "special.h"

#define PAIR(x) ((Pair){(x), 0.0})

/* ── Exponentials ─────────────────────────────────────────────────────────────────────────────────────────────────── */

INLINE double f_exp(double a) {
    double x = a > 710.0 ? 710.0 : a < -746.0 ? -746.0 : a;
    Exponential e = exponential(PAIR(x));
    double y = scaled(value_of(mantissa(e)), e.k);
    return a != a ? a : y;
}

INLINE double f_expm1(double a) {
    double x = a > 710.0 ? 710.0 : a < -60.0 ? -60.0 : a;
    double y = 2.0 * value_of(half_expm1(PAIR(x)));
    return a != a || a == 0.0 ? a : fabs(a) < 0x1p-60 ? a : y;
}

INLINE double f_tanh(double a) {
    double x = fabs(a), y = x > 22.0 ? 22.0 : x;
    Exponential e = exponential(PAIR(2.0 * y));
    double s = power_of_two(e.k), high = s * e.p.hi, low = s * e.p.lo;
    Pair less = quick_sum(s, -1.0), more = quick_sum(s, 1.0); /* and so e^2x - 1 and e^2x + 1 */
    Pair up = quick_sum(less.hi, high), down = quick_sum(more.hi, high);
    y = quotient((Pair){up.hi, up.lo + (less.lo + low)}, (Pair){down.hi, down.lo + (more.lo + low)});
    return a != a ? a : copysign(x < 0x1p-60 ? x : y, a);
}

/* e^-|a| and 1 + e^-|a|; what is below 2^-1022 counts as that, for it is lost beside the 1. */
INLINE double f_sigmoid(double a) {
    double x = fabs(a) > 746.0 ? -746.0 : -fabs(a);
    Exponential e = exponential(PAIR(x));
    Pair above = mantissa(e), small = scale(above, power_of_two(e.k < -1000.0 ? -1000.0 : e.k));
    Pair below = one_and(small);
    Pair one = {a >= 0.0 ? 1.0 : above.hi, a >= 0.0 ? 0.0 : above.lo};
    double y = quotient(one, below);
    return a != a ? a : scaled(y, a >= 0.0 ? 0.0 : e.k);
}

INLINE double f_softplus(double a) {
    double x = fabs(a) > 746.0 ? -746.0 : -fabs(a);
    Exponential e = exponential(PAIR(x));
    Pair above = mantissa(e);
    Pair log = logarithm_of_one_and(scale(above, power_of_two(e.k < -1000.0 ? -1000.0 : e.k)));
    double y = e.k < -500.0 ? scaled(value_of(above), e.k) : value_of(log); /* e^a is its own logarithm there */
    return a != a ? a : a > 0.0 ? value_of(add(log, a > 1e300 ? 0.0 : a)) + (a > 1e300 ? a : 0.0) : y;
}

/* log(e^a + e^b): what the smaller adds to the larger is at most ln 2. */
INLINE double f_logsumexp(double a, double b) {
    double top = a > b ? a : b, other = a > b ? b : a;
    Pair below = two_sum(other < top - 800.0 ? top - 800.0 : other, -top);
    Exponential e = exponential(below);
    Pair small = mantissa(e);
    small = (Pair){scaled(small.hi, e.k), scaled(small.lo, e.k)};
    double y = value_of(add(logarithm_of_one_and(small), top));
    return a != a || b != b ? NAN : fabs(top) > 0x1.fffffffffffffp1023 ? top : y;
}

/* e^|a| = 2^k times the first, e^-|a| = 2^k times the second. */
INLINE double f_cosh(double a) {
    double x = fabs(a) > 712.0 ? 712.0 : fabs(a);
    Exponential e = exponential(PAIR(x));
    Pair up = mantissa(e), down = scale(divide(PAIR(1.0), up), power_of_two(e.k > 500.0 ? -1000.0 : -2.0 * e.k));
    Pair sum = two_sum(up.hi, down.hi);
    double y = scaled(sum.hi + (sum.lo + up.lo + down.lo), e.k - 1.0);
    return a != a ? a : y;
}

INLINE double f_sinh(double a) {
    double x = fabs(a) > 712.0 ? 712.0 : fabs(a);
    Exponential e = exponential(PAIR(x));
    Pair up = mantissa(e), down = scale(divide(PAIR(1.0), up), power_of_two(e.k > 500.0 ? -1000.0 : -2.0 * e.k));
    Pair sum = two_sum(up.hi, -down.hi);
    double large = scaled(sum.hi + (sum.lo + up.lo - down.lo), e.k - 1.0);
    Pair p = half_expm1(PAIR(x > 1.0 ? 1.0 : x)), same = divide(p, add(scale(p, 2.0), 1.0));
    Pair near = two_sum(p.hi, same.hi); /* (p + p / (1 + p)) / 2 where p = e^x - 1 */
    double small = near.hi + (near.lo + p.lo + same.lo);
    double y = x < 0x1p-60 ? x : x < 1.0 ? small : large;
    return a != a ? a : copysign(y, a);
}

/* ── Sine and cosine ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* A number between -NEAR and NEAR is k quarter turns and a rest of up to an eighth. Half of pi comes in four parts, of
 * 33 bits the first three, so that their products with k are exact; and where a sum of two is not, its second number
 * is the smaller one. */
#define NEAR 0x1p20

typedef struct {
    Pair rest;
    uint64_t quarters; /* in its last two bits */
} Angle;

INLINE Angle angle_of(double a) {
    double shifted = a * 0x1.45f306dc9c883p-1 + WHOLE, k = shifted - WHOLE;
    Pair s = quick_sum(a - k * 0x1.921fb544p+0, -(k * 0x1.0b4611a6p-34)), t = quick_sum(s.hi, -(k * 0x1.3198a2ep-69));
    return (Angle){quick_sum(t.hi, (s.lo + t.lo) - k * 0x1.b839a252049c1p-104), bits_of(shifted)};
}

/* Sine and cosine of the rest, by series through Chebyshev's points, to 2^-56; the quarters tell which it is, and of
 * which sign. */
typedef struct {
    double sine, cosine;
} SineAndCosine;

INLINE SineAndCosine sine_and_cosine(Angle a) {
    double t = a.rest.hi, u = t * t, odd = 0x1.5e0a4fc16be59p-33, even = 0x1.907cd8ff5ede7p-37;
    odd = multiply_add(odd, u, -0x1.ae6008d114485p-26);
    even = multiply_add(even, u, -0x1.1eeb67d026ec6p-29);
    odd = multiply_add(odd, u, 0x1.71de37946ed6dp-19);
    even = multiply_add(even, u, 0x1.27e4fa16cc2d1p-22);
    odd = multiply_add(odd, u, -0x1.a01a019e820aep-13);
    even = multiply_add(even, u, -0x1.a01a019f4ddfdp-16);
    odd = multiply_add(odd, u, 0x1.1111111110babp-7);
    even = multiply_add(even, u, 0x1.6c16c16c16963p-10);
    odd = multiply_add(odd, u, -0x1.5555555555555p-3);
    even = multiply_add(even, u, -0x1.5555555555555p-5);
    double sine = t + (odd * (u * t) + a.rest.lo * (1.0 - 0.5 * u));
    double half = 0.5 * u, most = 1.0 - half;
    double cosine = most + (((1.0 - most) - half) - (even * (u * u) + t * a.rest.lo));
    return (SineAndCosine){sine, cosine};
}

/* The sine of so many quarter turns more than an angle. */
INLINE double turned(SineAndCosine rest, uint64_t quarters) {
    return double_of(bits_of(quarters & 1 ? rest.cosine : rest.sine) ^ (quarters & 2) << 62);
}

INLINE double near_sin(double a) {
    Angle angle = angle_of(a);
    return a == 0.0 ? a : turned(sine_and_cosine(angle), angle.quarters);
}

INLINE double near_cos(double a) {
    Angle angle = angle_of(a);
    return turned(sine_and_cosine(angle), angle.quarters + 1);
}

/* ── Logarithms ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a logarithm is where there is none: of 0, of infinity, of what is below 0 and of what is no number. */
INLINE double logarithm_or_edge(double a, double y) {
    return a > 0.0 ? (a > 0x1.fffffffffffffp1023 ? a : y) : a == 0.0 ? -INFINITY : NAN;
}

INLINE double f_log(double a) { return logarithm_or_edge(a, value_of(logarithm(PAIR(a)))); }

INLINE double f_log2(double a) {
    Pair y = multiply(logarithm(PAIR(a)), (Pair){0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56});
    return logarithm_or_edge(a, value_of(y));
}

INLINE double f_log10(double a) {
    Pair y = multiply(logarithm(PAIR(a)), (Pair){0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57});
    return logarithm_or_edge(a, value_of(y));
}

INLINE double f_log1p(double a) {
    double y = value_of(logarithm_of_one_and(PAIR(a)));
    return fabs(a) < 0x1p-60 ? a : logarithm_or_edge(1.0 + a, y);
}

INLINE double f_atanh(double a) {
    double x = fabs(a);
    Pair y = logarithm_of_one_and(divide(PAIR(2.0 * x), two_sum(1.0, -x)));
    double found = x < 1.0 ? (x < 0x1p-60 ? x : 0.5 * value_of(y)) : x == 1.0 ? INFINITY : NAN;
    return a != a ? a : copysign(found, a);
}

INLINE double f_asinh(double a) {
    double x = fabs(a), t = x > 0x1p30 ? 1.0 : x;
    Pair square = two_product(t, t), root = square_root(add(square, 1.0));
    Pair above = divide(square, add(root, 1.0)), sum = two_sum(t, above.hi);
    Pair y = logarithm_of_one_and(quick_sum(sum.hi, sum.lo + above.lo));
    Pair large = logarithm(PAIR(x)), ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
    Pair twice = two_sum(large.hi, ln2.hi); /* log 2x */
    double found = x > 0x1p30 ? twice.hi + (twice.lo + large.lo + ln2.lo) : x < 0x1p-60 ? x : value_of(y);
    return a != a ? a : fabs(a) > 0x1.fffffffffffffp1023 ? a : copysign(found, a);
}

INLINE double f_acosh(double a) {
    double x = a > 0x1p30 ? 2.0 : a;
    Pair t = two_sum(x, -1.0), root = square_root(multiply(t, add(t, 2.0)));
    Pair sum = two_sum(t.hi, root.hi), y = logarithm_of_one_and(quick_sum(sum.hi, sum.lo + t.lo + root.lo));
    Pair large = logarithm(PAIR(a)), ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
    Pair twice = two_sum(large.hi, ln2.hi);
    double found = a > 0x1p30 ? twice.hi + (twice.lo + large.lo + ln2.lo) : value_of(y);
    return a >= 1.0 ? (a > 0x1.fffffffffffffp1023 ? a : found) : NAN;
}

/* ── Others that C libraries do not do as well ────────────────────────────────────────────────────────────────────── */

/* Without a branch, for loops: by the series of erf in the middle, and elsewhere from the tail on one side. */
INLINE double f_erfc(double a) {
    double x = fabs(a) > 30.0 ? 30.0 : fabs(a) > 0.4375 ? fabs(a) : 0.4375, t = (x - 4.0) / (x + 4.0);
    /* (1 + 2 x) e^(x x) erfc(x) over t, by Chebyshev's points, to 2e-19. */
    static const double series[] = {
        0x1.b0f2786d572f1p-30, 0x1.4a74b84095e99p-29, -0x1.ffd4704ee379cp-27, -0x1.52da2c3d5ae9fp-26,
        0x1.dc212f3379ab0p-24, 0x1.4b47e4046f236p-24, -0x1.bb589fe1fb610p-21, 0x1.396061876bea9p-22,
        0x1.7f2d063e62482p-18, -0x1.78846170b89a0p-17, -0x1.9959a102c8767p-16, 0x1.3be03d78d76d1p-13,
        -0x1.a1df22c91e37ep-13, -0x1.8d4a99f916871p-11, 0x1.49c672830092dp-8, -0x1.09623884f73adp-6,
        0x1.3079edf68c080p-5, -0x1.0fb06dfe49e0fp-4, 0x1.7fee004e1216fp-4, -0x1.9ddb23c3e9071p-4,
        0x1.16ecefcfa53adp-4, 0x1.f7f5df66fd7afp-7, -0x1.1df1ad154a28ep-3,
    };
    double q = series[0];
    _Pragma("GCC unroll 32") for (int k = 1; k < (int)(sizeof series / sizeof *series); k++)
        q = multiply_add(q, t, series[k]);
    Pair sum = quick_sum(0x1.3ba5916e9fd7fp+0, multiply_add(q, t, -0x1.aa18ccc93ccc0p-55));
    Pair square = two_product(x, x);
    Exponential e = exponential((Pair){-square.hi, -square.lo});
    double tail = scaled(quotient(multiply(sum, mantissa(e)), add(PAIR(2.0 * x), 1.0)), e.k);
    /* erf(a) / a over a a, by Taylor's series */
    static const double taylor[] = {
        0x1.9e6ad5e55a730p-34, -0x1.51d7181c5d36dp-30, 0x1.fcc5720624c1cp-27, -0x1.5f742ec43e71ap-23,
        0x1.b9e6c9dc651a3p-20, -0x1.f4d25c3e0c2ebp-17, 0x1.f9a326f9b89b7p-14, -0x1.c02db40040b86p-11,
        0x1.565bcd0e6a53fp-8, -0x1.b82ce31288b51p-6, 0x1.ce2f21a042be2p-4, -0x1.812746b0379e7p-2,
    };
    double near = fabs(a) > 0.4375 ? 0.0 : a, p = taylor[0];
    _Pragma("GCC unroll 32") for (int k = 1; k < (int)(sizeof taylor / sizeof *taylor); k++)
        p = multiply_add(p, near * near, taylor[k]);
    double middle = 1.0 - near * (0x1.20dd750429b6dp+0 + near * near * p);
    return a != a ? a : a > 0.4375 ? tail : a < -0.4375 ? 2.0 - tail : middle;
}

/* ── Arithmetic and choices ───────────────────────────────────────────────────────────────────────────────────────── */

INLINE double f_add(double a, double b) { return a + b; }
INLINE double f_sub(double a, double b) { return a - b; }
INLINE double f_mul(double a, double b) { return a * b; }
INLINE double f_div(double a, double b) { return a / b; }
INLINE double f_neg(double a) { return -a; }
INLINE double f_abs(double a) { return fabs(a); }
INLINE double f_stop_gradient(double a) { return a; }
INLINE double f_maximum(double a, double b) { return a >= b || a != a ? a : b; }
INLINE double f_minimum(double a, double b) { return a <= b || a != a ? a : b; }
INLINE double f_where(double condition, double a, double b) { return condition != 0.0 ? a : b; }
INLINE double f_step(double a) { return a > 0.0 ? 1.0 : a <= 0.0 ? 0.0 : NAN; }
INLINE double f_compare(double a, double b) { return a > b ? 1.0 : a < b ? -1.0 : a == b ? 0.0 : NAN; }
INLINE double f_mul_no_nan(double a, double b) { return a != 0.0 ? a * b : 0.0; } /* a zero wins, also over infinity */

/* ── By the C library: correctly rounded, or within a unit in the last place everywhere ───────────────────────────── */

INLINE double f_sqrt(double a) { return sqrt(a); }
INLINE double f_pow(double a, double b) { return pow(a, b); }
INLINE double f_hypot(double a, double b) { return hypot(a, b); }
INLINE double f_sin(double a) { return sin(a); }
INLINE double f_cos(double a) { return cos(a); }
INLINE double f_tan(double a) { return tan(a); }
INLINE double f_asin(double a) { return asin(a); }
INLINE double f_acos(double a) { return acos(a); }
INLINE double f_atan(double a) { return atan(a); }
INLINE double f_atan2(double a, double b) { return atan2(a, b); }
INLINE double f_erf(double a) { return erf(a); }

/* Every function of so many operands, for lists of them, but those of many.h: first those that take no longer than a call. */
#define SHORT_OF_ONE(F) F(neg) F(abs) F(stop_gradient) F(step) F(sqrt)
#define LONG_OF_ONE(F)                                                                                                 \
    F(exp) F(expm1) F(log) F(log1p) F(log2) F(log10) F(tan) F(asin) F(acos) F(atan) F(sinh) F(cosh) F(asinh) F(acosh)  \
    F(atanh) F(erf) F(erfc) F(sigmoid) F(softplus) F(lgamma) F(digamma)
#define SHORT_OF_TWO(F) F(add) F(sub) F(mul) F(div) F(maximum) F(minimum) F(compare) F(mul_no_nan)
#define LONG_OF_TWO(F) F(pow) F(hypot) F(atan2) F(polygamma) F(mills)
#define FUNCTIONS_OF_ONE(F) SHORT_OF_ONE(F) LONG_OF_ONE(F)
#define FUNCTIONS_OF_TWO(F) SHORT_OF_TWO(F) LONG_OF_TWO(F)
#define FUNCTIONS_OF_THREE(F) F(where)

#endif
