/* Operations of any number of operands, which are in slots: sums, products, lengths. */

#include "many.h"

/* The sum of products, four at a time: the machine adds while it multiplies. */
INLINE double products(const double *restrict v, const int32_t *left, const int32_t *right, int32_t n) {
    double s[4] = {0.0, 0.0, 0.0, 0.0};
    int32_t k = 0;
    for (; k + 4 <= n; k += 4)
        for (int j = 0; j < 4; j++)
            s[j] += v[left[k + j]] * v[right[k + j]];
    double total = (s[0] + s[1]) + (s[2] + s[3]);
    for (; k < n; k++)
        total += v[left[k]] * v[right[k]];
    return total;
}

INLINE double terms(const double *restrict v, const int32_t *slots, int32_t n) {
    double s[4] = {0.0, 0.0, 0.0, 0.0};
    int32_t k = 0;
    for (; k + 4 <= n; k += 4)
        for (int j = 0; j < 4; j++)
            s[j] += v[slots[k + j]];
    double total = (s[0] + s[1]) + (s[2] + s[3]);
    for (; k < n; k++)
        total += v[slots[k]];
    return total;
}

/* A sum of known length; it begins with its first term, for 0.0 + -0.0 is another zero. */
INLINE double short_sum(const double *restrict v, const int32_t *slots, int products, int plus, int minus) {
    double s = 0.0;
    for (int k = 0; k < products; k++)
        s = k ? s + v[slots[k]] * v[slots[products + k]] : v[slots[k]] * v[slots[products + k]];
    slots += 2 * products;
    for (int k = 0; k < plus; k++)
        s = products || k ? s + v[slots[k]] : v[slots[k]];
    slots += plus;
    for (int k = 0; k < minus; k++)
        s = products || plus || k ? s - v[slots[k]] : -v[slots[k]];
    return s;
}

static double product_of(const double *v, const int32_t *slots, int32_t n) {
    double y = 1.0;
    for (int32_t k = 0; k < n; k++)
        y *= v[slots[k]];
    return y;
}

/* The square root of the sum of squares; scaled, for squares overflow, and in pairs, for they round. */
static double norm_of(const double *v, const int32_t *slots, int32_t n) {
    double top = 0.0;
    int undefined = 0;
    for (int32_t k = 0; k < n; k++) {
        double a = fabs(v[slots[k]]);
        undefined |= a != a;
        top = a > top ? a : top;
    }
    if (top > 0x1.fffffffffffffp1023 || undefined)
        return top > 0x1.fffffffffffffp1023 ? INFINITY : NAN;
    if (top == 0.0)
        return 0.0;
    int exponent;
    frexp(top, &exponent);
    Pair s = {0.0, 0.0};
    for (int32_t k = 0; k < n; k++) {
        double a = ldexp(v[slots[k]], -exponent);
        Pair square = two_product(a, a), sum = two_sum(s.hi, square.hi);
        s = quick_sum(sum.hi, sum.lo + (s.lo + square.lo));
    }
    return ldexp(value_of(square_root(s)), exponent);
}

/* log(1 + x) by the C library, to which what is left of x is added. */
INLINE Pair near_logarithm(Pair x) { return quick_sum(log1p(x.hi), x.lo / (1.0 + x.hi)); }

/* What is added to the largest, four exponentials at a time, summed in pairs. */
static double logsumexp_of(const double *v, const int32_t *slots, int32_t n) {
    enum { LANES = 4 };
    double top = -INFINITY;
    int undefined = 0;
    int32_t largest = 0;
    for (int32_t k = 0; k < n; k++) {
        double a = v[slots[k]];
        undefined |= a != a;
        largest = a > top ? k : largest;
        top = a > top ? a : top;
    }
    if (undefined || fabs(top) > 0x1.fffffffffffffp1023)
        return undefined ? NAN : top;
    Pair s = {0.0, 0.0};
    for (int32_t k = 0; k < n; k += LANES) {
        double x[LANES], high[LANES], low[LANES];
        for (int j = 0; j < LANES; j++)
            x[j] = k + j < n && k + j != largest ? v[slots[k + j]] : -INFINITY;
        for (int j = 0; j < LANES; j++) {
            Pair below = two_sum(x[j] < top - 800.0 ? top - 800.0 : x[j], -top);
            Exponential e = exponential(below);
            Pair term = mantissa(e);
            high[j] = scaled(term.hi, e.k);
            low[j] = scaled(term.lo, e.k);
        }
        for (int j = 0; j < LANES; j++) {
            Pair sum = two_sum(s.hi, high[j]);
            s = (Pair){sum.hi, s.lo + (sum.lo + low[j])};
        }
    }
    return value_of(add(near_logarithm(quick_sum(s.hi, s.lo)), top));
}
