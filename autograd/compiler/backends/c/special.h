/* Functions of the gamma function and of the normal distribution's tail: autograd/special.py in C.
 *
 * Sums are taken in pairs of doubles. What has powers of a hundred is computed between 2^-1000 and 2^1000, and scaled
 * last. Next to a root, of which there are some below zero, what is lost is a few units in the last place of the
 * largest term.
 */

#ifndef SPECIAL_H
#define SPECIAL_H

#include "double_double.h"

/* The sum of a series whose coefficients end with that of the lowest power. */
INLINE double series_of(const double *coefficients, int n, double x) {
    double y = 0.0;
    for (int k = 0; k < n; k++)
        y = multiply_add(y, x, coefficients[k]);
    return y;
}

#define SERIES(coefficients, x) series_of(coefficients, (int)(sizeof coefficients / sizeof *coefficients), x)

INLINE Pair plus(Pair a, Pair b) {
    Pair s = two_sum(a.hi, b.hi), t = two_sum(a.lo, b.lo);
    s = quick_sum(s.hi, s.lo + t.hi);
    return quick_sum(s.hi, s.lo + t.lo);
}

/* p 2^k, of any size. */
typedef struct {
    Pair p;
    double k;
} Scaled;

static double rounded(Scaled a) {
    double k = a.k > 4000.0 ? 4000.0 : a.k < -4000.0 ? -4000.0 : a.k;
    return ldexp(value_of(a.p), (int)k);
}

static Scaled normalised(Pair a) {
    int k;
    double hi = frexp(a.hi, &k);
    return (Scaled){{hi, ldexp(a.lo, -k)}, k};
}

static Pair power(Pair a, int n) {
    Pair y = {1.0, 0.0};
    for (; n; n >>= 1, a = multiply(a, a))
        if (n & 1)
            y = multiply(y, a);
    return y;
}

/* n! a^-m, for a > 0. */
static Scaled factorial_over_power(int n, Pair a, int m) {
    Scaled below = normalised(a);
    Pair y = power(divide((Pair){1.0, 0.0}, below.p), m);
    for (int i = 2; i <= n; i++)
        y = multiply(y, (Pair){i, 0.0});
    return (Scaled){y, -below.k * m};
}

typedef struct {
    Pair sin, cos;
} Turn;

/* Sine and cosine of pi times a number from 0 to 1/2. */
static Turn half_turn(double a) {
    static const double odd[] = {
        -0x1.2f49b46814157p-57, 0x1.952c77030ad4ap-49, -0x1.ae7f3e733b81fp-41, 0x1.6124613a86d09p-33,
        -0x1.ae64567f544e4p-26, 0x1.71de3a556c734p-19, -0x1.a01a01a01a01ap-13, 0x1.1111111111111p-7,
        -0x1.5555555555555p-3,
    };
    static const double even[] = {
        -0x1.6827863b97d97p-53, 0x1.ae7f3e733b81fp-45, -0x1.93974a8c07c9dp-37, 0x1.1eed8eff8d898p-29,
        -0x1.27e4fb7789f5cp-22, 0x1.a01a01a01a01ap-16, -0x1.6c16c16c16c17p-10, 0x1.5555555555555p-5,
    };
    int beyond = a > 0.25;
    Pair t = multiply((Pair){beyond ? 0.5 - a : a, 0.0}, (Pair){0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53});
    Pair square = multiply(t, t);
    double u = square.hi;
    Pair sin = quick_sum(t.hi, t.lo - 0.5 * u * t.lo + t.hi * u * SERIES(odd, u));
    Pair cos = plus(quick_sum(1.0, u * u * SERIES(even, u)), scale(square, -0.5));
    return beyond ? (Turn){cos, sin} : (Turn){sin, cos};
}

/* ── The gamma function ───────────────────────────────────────────────────────────────────────────────────────────── */

/* The logarithm of the gamma function at 2 + z, for |z| up to 1/2: DLMF 5.7.3. */
static Pair log_gamma_near_two(double z) {
    static const double series[] = {
        0x1.11116e693ed98p-35, -0x1.1a7c26ec2523cp-34, 0x1.24932a337434cp-33, -0x1.2f69a9fabe3e0p-32,
        0x1.3b15d2b2fc10cp-31, -0x1.47b1679258d0ep-30, 0x1.555a877ffd2c3p-29, -0x1.6434a8447aeadp-28,
        0x1.7469daccfadcdp-27, -0x1.862c734df3eacp-26, 0x1.99b93c2070b0fp-25, -0x1.af5a6cbbf8a97p-24,
        0x1.c76bbb3f07a4dp-23, -0x1.e2600d93cfd2fp-22, 0x1.0064cdeb22f0fp-20, -0x1.11b2eb7679541p-19,
        0x1.2597a39f34aacp-18, -0x1.3cbc963ce2243p-17, 0x1.580dcee66eb02p-16, -0x1.78de5bd7c81efp-15,
        0x1.a127b0f17d65ap-14, -0x1.d3fd4c76d2fc8p-13, 0x1.0b36af86396e9p-11, -0x1.38ac5c2bf8e08p-10,
        0x1.7add6eadb6c30p-9, -0x1.e404fc218f5f2p-8, 0x1.51322ac7d8483p-6, -0x1.13e001a557607p-4,
    };
    const Pair first = {0x1.b0ee6072093cep-2, 0x1.6cb90701fbfabp-58}; /* 1 less Euler's constant */
    const Pair second = {0x1.4a34cc4a60fa6p-2, 0x1.1873d8912200cp-56};
    Pair y = add(second, z * SERIES(series, z)), by = {z, 0.0};
    return multiply(by, plus(multiply(by, y), first));
}

/* The logarithm of the gamma function above zero: DLMF 5.11.1 from 12 on. */
static Pair log_gamma(double a) {
    static const double stirling[] = {
        0x1.6fe96381e0680p-3, -0x1.e4286cb0f5398p-6, 0x1.a41a41a41a41ap-8, -0x1.f6ab0d9993c7dp-10,
        0x1.b951e2b18ff23p-11, -0x1.3813813813814p-11, 0x1.a01a01a01a01ap-11, -0x1.6c16c16c16c17p-9,
        0x1.5555555555555p-4,
    };
    if (a < 0x1p-60)
        return scale(logarithm((Pair){a, 0.0}), -1.0);
    if (a < 0.5) /* at 2 + a */
        return plus(log_gamma_near_two(a), scale(plus(logarithm((Pair){a, 0.0}), logarithm_of_one_and((Pair){a, 0.0})), -1.0));
    if (a < 1.5)
        return plus(log_gamma_near_two(a - 1.0), scale(logarithm_of_one_and((Pair){a - 1.0, 0.0}), -1.0));
    if (a < 2.5)
        return log_gamma_near_two(a - 2.0);
    Pair z = {a, 0.0}, product = {1.0, 0.0};
    for (; z.hi < 12.0; z = add(z, 1.0))
        product = multiply(product, z);
    double r = 1.0 / z.hi;
    Pair log = logarithm(z), y = add(log, -1.0);
    y = multiply(add(z, -0.5), y); /* (z - 1/2)(log z - 1) - 1/2 + 1/2 log 2 pi */
    y = add(plus(y, (Pair){0x1.acfe390c97d69p-2, 0x1.3494bc9001442p-56}), r * SERIES(stirling, r * r));
    return product.hi > 1.0 ? plus(y, scale(logarithm(product), -1.0)) : y;
}

static double f_lgamma(double a) {
    double x = fabs(a);
    if (a != a || x > 0x1.fffffffffffffp1023)
        return x;
    if (a <= 0.0 && floor(a) == a)
        return INFINITY;
    if (a > 0x1p600) /* a (log a - 1) */
        return a > 0x1p1018 ? INFINITY : scaled(value_of(multiply((Pair){a * 0x1p-100, 0.0}, add(logarithm((Pair){a, 0.0}), -1.0))), 100.0);
    if (a > 0.0)
        return value_of(log_gamma(a));
    if (x < 0x1p-60)
        return -value_of(logarithm((Pair){x, 0.0}));
    /* log(pi / (x |sin pi x|)) - log Gamma(x): DLMF 5.5.3 */
    Pair sin = half_turn(fabs(x - floor(x + 0.5))).sin;
    Pair log = plus(logarithm(multiply(sin, (Pair){x, 0.0})), log_gamma(x));
    return value_of(plus((Pair){0x1.250d048e7a1bdp+0, 0x1.7abf2ad8d5088p-57}, scale(log, -1.0)));
}

/* The derivative of that, from 2^-60 on: DLMF 5.5.2, 5.11.2. */
static Pair digamma_of(Pair z) {
    static const double bernoulli[] = {
        0x1.86e7f9b9fe6e8p+1, -0x1.c5e5e5e5e5e5ep-2, 0x1.5555555555555p-4, -0x1.5995995995996p-6,
        0x1.f07c1f07c1f08p-8, -0x1.1111111111111p-8, 0x1.0410410410410p-8, -0x1.1111111111111p-7,
        0x1.5555555555555p-4,
    };
    Pair lower = {0.0, 0.0};
    for (; z.hi < 12.0; z = add(z, 1.0))
        lower = plus(lower, divide((Pair){-1.0, 0.0}, z));
    double r = 1.0 / z.hi, u = r * r;
    Pair y = add(plus(logarithm(z), divide((Pair){-0.5, 0.0}, z)), -u * SERIES(bernoulli, u));
    return plus(y, lower);
}

static double f_digamma(double a) {
    /* About its root, which is no double: 1.4616... */
    static const double series[] = {
        0x1.2e23345f79aafp-9, -0x1.b9afc7cee8a14p-9, 0x1.42e1acf81d8dcp-8, -0x1.d828079282eb8p-8,
        0x1.5955caaa962f3p-7, -0x1.f970508e1b6a2p-7, 0x1.723d6807edcc0p-6, -0x1.0fa7ec36a7d8fp-5,
        0x1.8fce02b239ca7p-5, -0x1.27baba261cc2cp-4, 0x1.b9a5b6370f3abp-4, -0x1.4fc1317257da8p-3,
        0x1.08b4294d50381p-2, -0x1.c563b54aa1a35p-2,
    };
    double x = fabs(a);
    if (a != a || a == INFINITY)
        return a;
    if (a == 0.0)
        return copysign(INFINITY, -a);
    if (a < 0.0 && floor(a) == a)
        return NAN;
    if (x < 0x1p-60)
        return -1.0 / a;
    if (a > 0x1p60)
        return value_of(logarithm((Pair){a, 0.0}));
    Pair d = quick_sum(a - 0x1.762d86356be3fp+0, -0x1.b86a722197829p-54);
    if (fabs(d.hi) < 0.0625) {
        Pair y = add((Pair){0x1.ef72bc8ee38acp-1, -0x1.3879eb97bf58dp-55}, d.hi * SERIES(series, d.hi));
        return value_of(multiply(d, y));
    }
    if (a > 0.0)
        return value_of(digamma_of((Pair){a, 0.0}));
    double r = x - floor(x + 0.5); /* at 1 + x, and then pi cot(pi x): DLMF 5.5.4 */
    Turn turn = half_turn(fabs(r));
    Pair cotangent = multiply(divide(turn.cos, turn.sin), (Pair){0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53});
    return value_of(plus(digamma_of(two_sum(1.0, x)), scale(cotangent, r < 0.0 ? -1.0 : 1.0)));
}

/* (s - 1)! times the sum of (a + k)^-s over k = 0, 1, 2, ... for a > 0: DLMF 25.11.43's sum and its tail. */
static Scaled inverse_powers(int s, Pair a) {
    /* Bernoulli's numbers over factorials */
    static const double bernoulli[] = {
        0x1.5555555555555p-4, -0x1.6c16c16c16c17p-10, 0x1.1566abc011567p-15, -0x1.bbd779334ef0bp-21,
        0x1.66a8f2bf70ebep-26, -0x1.22805d644267fp-31, 0x1.d6db2c4e09162p-37, -0x1.7da4e1f79955cp-42,
    };
    if (a.hi > 0x1p70) { /* an integral */
        Scaled y = factorial_over_power(s - 1, a, s - 1);
        return (Scaled){divide(y.p, (Pair){s - 1, 0.0}), y.k};
    }
    double steps = ceil(10.0 + 2.0 * s - a.hi);
    steps = steps > 0.0 ? steps : 0.0;
    Pair z = add(a, steps);
    double tail = 0.0, rising = s, below = z.hi;
    for (int k = 0; k < 8; k++) {
        tail += bernoulli[k] * rising / below;
        rising *= (s + 2.0 * k + 1.0) * (s + 2.0 * k + 2.0);
        below *= z.hi * z.hi;
    }
    Pair sum = add(add(divide(z, (Pair){s - 1, 0.0}), 0.5), tail);
    sum = multiply(sum, power(divide(a, z), s));
    for (double k = steps - 1.0; k >= 0.0; k--) /* relative to the first of them */
        sum = plus(sum, k > 0.0 ? power(divide(a, add(a, k)), s) : (Pair){1.0, 0.0});
    Scaled y = factorial_over_power(s - 1, a, s);
    return (Scaled){multiply(y.p, sum), y.k};
}

static int is_order(double order) { return order >= 0.0 && order <= 100.0 && floor(order) == order; }

static double f_polygamma(double order, double a) {
    if (!is_order(order) || a != a)
        return NAN;
    if (order == 0.0)
        return f_digamma(a);
    int n = (int)order, odd = n % 2;
    if (a == 0.0)
        return odd ? INFINITY : copysign(INFINITY, -a);
    if (a > 0.0) {
        double y = a > 0x1.fffffffffffffp1023 ? 0.0 : rounded(inverse_powers(n + 1, (Pair){a, 0.0}));
        return odd ? y : -y;
    }
    if (floor(a) == a)
        return NAN;
    /* The terms from the pole below on downwards, without those that are too many, and from the pole above on upwards. */
    double x = -a, below = floor(x);
    Scaled near = inverse_powers(n + 1, (Pair){x - below, 0.0}), far = inverse_powers(n + 1, two_sum(x, 1.0));
    Scaled above = inverse_powers(n + 1, two_sum(1.0, -(x - below)));
    double top = near.k > above.k ? near.k : above.k;
    top = far.k > top ? far.k : top;
    Pair down = scale(near.p, ldexp(1.0, (int)(near.k - top))), up = scale(above.p, ldexp(1.0, (int)(above.k - top)));
    down = plus(down, scale(far.p, -ldexp(1.0, (int)(far.k - top))));
    return rounded((Scaled){plus(down, scale(up, odd ? 1.0 : -1.0)), top});
}

/* ── The normal distribution ──────────────────────────────────────────────────────────────────────────────────────── */

/* The ratio of Mills by Laplace's continued fraction, DLMF 7.9.2, whose parts are the ratios of each order to the last;
 * without it far out. */
static Scaled mills_fraction(int n, double a) {
    if (a > 0x1p40)
        return factorial_over_power(n, (Pair){a, 0.0}, n + 1);
    double root = sqrt(n) + 17.0 / a;
    int last = 20 + (int)ceil(root * root);
    Pair part = {0.5 * (hypot(a, 2.0 * sqrt(last)) - a), 0.0};
    Scaled product = {{1.0, 0.0}, 0.0};
    for (int k = last - 1; k > 0; k--) {
        part = divide((Pair){k, 0.0}, add(part, a));
        if (k <= n) {
            Scaled next = normalised(multiply(product.p, part));
            product = (Scaled){next.p, product.k + next.k};
        }
    }
    product.p = divide(product.p, add(part, a));
    return product;
}

/* The same for a up to 1/2, times 2^-k where e^(a a / 2) has 2^k. */
static Scaled mills_ratio(double a) {
    const Pair root = {0x1.40d931ff62706p+0, -0x1.a6a0d6f814637p-54}; /* of pi / 2 */
    Pair square = two_product(a, a);
    Exponential e = exponential(scale(square, 0.5));
    Pair whole = multiply(mantissa(e), root);
    if (a < -6.0) { /* twice that, without the other side's */
        Scaled other = mills_fraction(0, -a);
        return (Scaled){plus(scale(whole, 2.0), scale(other.p, -ldexp(1.0, (int)(other.k - e.k)))), e.k};
    }
    Pair x = {fabs(a), 0.0}, term = x, sum = x; /* e^(a a / 2) times the integral from 0 on */
    for (int k = 3; term.hi > 0x1p-60 * sum.hi; k += 2) {
        term = divide(multiply(term, square), (Pair){k, 0.0});
        sum = plus(sum, term);
    }
    return (Scaled){plus(whole, scale(sum, (a < 0.0 ? 1.0 : -1.0) * ldexp(1.0, -(int)e.k))), e.k};
}

static double f_mills(double order, double a) {
    if (!is_order(order) || a != a)
        return NAN;
    int n = (int)order;
    if (a > 0x1.fffffffffffffp1023)
        return 0.0;
    if (a < -40.0)
        return INFINITY;
    if (a > 0.5 || (a > 0.0 && a * a * n > 1.0))
        return rounded(mills_fraction(n, a));
    Scaled ratio = mills_ratio(a);
    Pair x = {a, 0.0}, before = ratio.p, after = plus((Pair){ldexp(1.0, -(int)ratio.k), 0.0}, scale(multiply(x, before), -1.0));
    for (int k = 1; k <= n; k++) { /* integrated by parts */
        Pair next = plus(multiply((Pair){k, 0.0}, before), scale(multiply(x, after), -1.0));
        before = after, after = next;
    }
    return rounded((Scaled){before, ratio.k});
}

#endif
