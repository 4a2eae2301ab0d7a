/* Numbers as the unevaluated sum of two doubles, and exp and log to some 57 bits: what the functions are made of.
 *
 * An argument or result of 106 bits is what it takes to round the final result once, and so to stay well within 1.5
 * units in the last place. Without branches, so that a loop over numbers becomes vector code. Series are in Horner's
 * form; their coefficients are those of Taylor, cut where the next term is below 2^-60 of the sum.
 */

#ifndef DOUBLE_DOUBLE_H
#define DOUBLE_DOUBLE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef struct {
    double hi, lo;
} Pair;

INLINE uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

INLINE double double_of(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The sum of two numbers, exactly; the second is the quicker one, for |a| >= |b|. */
INLINE Pair two_sum(double a, double b) {
    double s = a + b, c = s - a;
    return (Pair){s, (a - (s - c)) + (b - c)};
}

INLINE Pair quick_sum(double a, double b) {
    double s = a + b;
    return (Pair){s, b - (s - a)};
}

/* a b + c, rounded once where the machine has an instruction for that; for series, where it does not matter. */
INLINE double multiply_add(double a, double b, double c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return __builtin_fma(a, b, c);
#else
    return a * b + c;
#endif
}

/* The product of two numbers below 2^990, exactly; without an instruction for that by Dekker's halves. */
INLINE Pair two_product(double a, double b) {
    double p = a * b;
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return (Pair){p, __builtin_fma(a, b, -p)};
#else
    double s = a * 134217729.0, t = b * 134217729.0;
    double a1 = s - (s - a), a2 = a - a1, b1 = t - (t - b), b2 = b - b1;
    return (Pair){p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2};
#endif
}

INLINE Pair add(Pair a, double b) {
    Pair s = two_sum(a.hi, b);
    return quick_sum(s.hi, s.lo + a.lo);
}

INLINE Pair multiply(Pair a, Pair b) {
    Pair p = two_product(a.hi, b.hi);
    return quick_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/* With one division of doubles; the reciprocal of the divisor must not overflow, nor be subnormal. */
INLINE Pair divide(Pair a, Pair b) {
    double reciprocal = 1.0 / b.hi, q = a.hi * reciprocal;
    Pair p = two_product(q, b.hi);
    return quick_sum(q, ((a.hi - p.hi) - p.lo + (a.lo - q * b.lo)) * reciprocal);
}

/* The same as one double: what a function ends with. */
INLINE double quotient(Pair a, Pair b) {
    double reciprocal = 1.0 / b.hi, q = a.hi * reciprocal;
    Pair p = two_product(q, b.hi);
    return q + ((a.hi - p.hi) - p.lo + (a.lo - q * b.lo)) * reciprocal;
}

INLINE Pair square_root(Pair a) {
    double s = sqrt(a.hi);
    Pair p = two_product(s, s);
    return quick_sum(s, a.hi == 0.0 ? 0.0 : ((a.hi - p.hi) - p.lo + a.lo) / (2.0 * s));
}

INLINE Pair scale(Pair a, double power_of_two) { return (Pair){a.hi * power_of_two, a.lo * power_of_two}; }

INLINE double value_of(Pair a) { return a.hi + a.lo; }

/* Adding this leaves a whole number below 2^51 in the last bits. */
#define WHOLE 6755399441055744.0

/* 2^k for whole k from -1022 to 1023. */
INLINE double power_of_two(double k) { return double_of((bits_of(k + WHOLE) + 1023) << 52); }

/* x 2^k with one rounding, for k from -2044 to 2046: in two steps, for 2^k alone may be no number. */
INLINE double scaled(double x, double k) {
    double half = (k * 0.5 + WHOLE) - WHOLE;
    return x * power_of_two(half) * power_of_two(k - half);
}

/* e^x = 2^k (1 + p) for |x| up to 1,000. */
typedef struct {
    Pair p;
    double k;
} Exponential;

INLINE Exponential exponential(Pair x) {
    /* ln 2 in two parts; the first has 32 bits, so that its product with k is exact. */
    const double first = 0x1.62e42feep-1, second = 0x1.a39ef35793c76p-33;
    double k = (x.hi * 0x1.71547652b82fep+0 + WHOLE) - WHOLE;
    /* Where the second number is the larger, k is not 0, and what gets lost is below 2^-76. */
    Pair r = quick_sum(x.hi - k * first, x.lo - k * second);
    double t = r.hi, u = t * t, odd = 0x1.6124613a86d09p-33, even = 0x1.93974a8c07c9dp-37; /* 1/13!, 1/14! */
    odd = multiply_add(odd, u, 0x1.ae64567f544e4p-26);
    even = multiply_add(even, u, 0x1.1eed8eff8d898p-29);
    odd = multiply_add(odd, u, 0x1.71de3a556c734p-19);
    even = multiply_add(even, u, 0x1.27e4fb7789f5cp-22);
    odd = multiply_add(odd, u, 0x1.a01a01a01a01ap-13);
    even = multiply_add(even, u, 0x1.a01a01a01a01ap-16);
    odd = multiply_add(odd, u, 0x1.1111111111111p-7);
    even = multiply_add(even, u, 0x1.6c16c16c16c17p-10);
    odd = multiply_add(odd, u, 0x1.5555555555555p-3);
    even = multiply_add(even, u, 0x1.5555555555555p-5);
    even = multiply_add(even, u, 0.5);
    return (Exponential){quick_sum(t, multiply_add(multiply_add(odd, t, even), u, r.lo + r.lo * t)), k};
}

/* 1 + x for |x| up to 1. */
INLINE Pair one_and(Pair x) {
    double s = 1.0 + x.hi;
    return (Pair){s, (x.hi - (s - 1.0)) + x.lo};
}

INLINE Pair mantissa(Exponential e) { return one_and(e.p); }

/* e^x - 1, halved so that it does not overflow before its double does; x from -60 to 710. */
INLINE Pair half_expm1(Pair x) {
    Exponential e = exponential(x);
    double s = power_of_two(e.k - 1.0);
    Pair above = two_sum(s, -0.5), sum = two_sum(above.hi, s * e.p.hi);
    return quick_sum(sum.hi, sum.lo + (above.lo + s * e.p.lo));
}

/* The natural logarithm of a number above zero. */
INLINE Pair logarithm(Pair x) {
    const double first = 0x1.62e42feep-1, second = 0x1.a39ef35793c76p-33;
    const uint64_t root = 0x3fe6a09e00000000; /* sqrt(1/2): what is left after 2^k lies from there to its double */
    double tiny = x.hi < 0x1p-1022 ? 0x1p54 : 1.0;
    uint64_t bits = bits_of(x.hi * tiny), exponent = (bits + (0x3ff0000000000000 - root)) >> 52;
    double k = double_of(exponent | 0x4330000000000000) - (4503599627370496.0 + 1023.0);
    double f = double_of(bits - ((exponent - 1023) << 52)) - 1.0;
    double rest = x.lo * (exponent > 2045 ? 0.0 : double_of((2046 - exponent) << 52)); /* of 2^1023 there is none */
    k -= x.hi < 0x1p-1022 ? 54.0 : 0.0;
    /* log(1 + f) = 2 artanh(s) where s = f / (2 + f) */
    Pair s = divide((Pair){f, rest}, add((Pair){f, rest}, 2.0));
    double t = s.hi, u = t * t, q = 0x1.642c8590b2164p-5; /* 1/23 */
    q = multiply_add(q, u, 0x1.8618618618618p-5);
    q = multiply_add(q, u, 0x1.af286bca1af28p-5);
    q = multiply_add(q, u, 0x1.e1e1e1e1e1e1ep-5);
    q = multiply_add(q, u, 0x1.1111111111111p-4);
    q = multiply_add(q, u, 0x1.3b13b13b13b14p-4);
    q = multiply_add(q, u, 0x1.745d1745d1746p-4);
    q = multiply_add(q, u, 0x1.c71c71c71c71cp-4);
    q = multiply_add(q, u, 0x1.2492492492492p-3);
    q = multiply_add(q, u, 0x1.999999999999ap-3);
    q = multiply_add(q, u, 0x1.5555555555555p-2);
    Pair sum = two_sum(k * first, 2.0 * t);
    return quick_sum(sum.hi, sum.lo + (2.0 * (q * u * t + s.lo) + k * second));
}

/* log(1 + x) for x above -1; what is so small that it is its own logarithm stays as it is. */
INLINE Pair logarithm_of_one_and(Pair x) {
    Pair sum = two_sum(1.0, x.hi), found = logarithm(quick_sum(sum.hi, sum.lo + x.lo));
    int small = fabs(x.hi) < 0x1p-60;
    return (Pair){small ? x.hi : found.hi, small ? x.lo : found.lo};
}

#endif
