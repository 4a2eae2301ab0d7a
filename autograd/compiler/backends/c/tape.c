/* An interpreter of tapes: scalar operations one after the other, each result in the slot behind the last one.
 *
 * A tape is whole numbers in a row: an operation, how many operands it has where that is not fixed, and the slots of
 * these. A slot below zero is a constant. Whoever writes a tape has checked that every operand lies before its result;
 * nothing is checked here.
 */

#include "many.h"

/* Sums of so few terms have an operation of their own: products, what is added and what is subtracted. */
#define SHORT_SUMS(F)                                                                                                  \
    F(0, 2, 0) F(0, 3, 0) F(0, 4, 0) F(0, 1, 1) F(0, 1, 2) F(0, 2, 1) F(0, 0, 2) F(0, 0, 3) F(0, 0, 4) F(1, 1, 0)      \
    F(1, 2, 0) F(1, 3, 0) F(1, 0, 1) F(1, 0, 2) F(1, 1, 1) F(2, 0, 0) F(2, 1, 0) F(2, 2, 0) F(2, 0, 1) F(3, 0, 0) F(3, 1, 0)      \
    F(4, 0, 0) F(4, 1, 0)

/* Operations of any number of operands; a sum says how many products, added and subtracted terms there are. */
#define LONG_OPERATIONS(F) F(total) F(negative_total) F(sum) F(prod) F(dot) F(norm) F(logsumexp)

#define ONE(name) OPERATION_##name,
#define SHORT(products, plus, minus) OPERATION_total_##products##_##plus##_##minus,
enum {
    FUNCTIONS_OF_ONE(ONE) FUNCTIONS_OF_MANY(ONE) FUNCTIONS_OF_TWO(ONE) FUNCTIONS_OF_THREE(ONE) SHORT_SUMS(SHORT) LONG_OPERATIONS(ONE)
};
#undef ONE
#undef SHORT

typedef struct {
    const int32_t *code, *end;         /* the tape */
    double *values;                    /* slot 0; constants lie before it */
    const double *parameters, *others; /* what the first slots are filled with */
    int64_t parameter_count, other_count;
    const int32_t *result_slots[2]; /* outputs, and derivatives */
    double *results[2];
    int64_t result_counts[2];
} Tape;

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

/* Where it stands alone, a number is quicker by the C library's tables, which a loop over many could not use. */
static double alone_exp(double a) { return exp(a); }

static double alone_sigmoid(double a) {
    if (!(fabs(a) < 700.0))
        return f_sigmoid(a);
    Exponential e = exponential(PAIR(-fabs(a)));
    Pair small = scale(mantissa(e), power_of_two(e.k));
    return quotient(a >= 0.0 ? PAIR(1.0) : small, one_and(small));
}

static double alone_softplus(double a) {
    if (!(a < 40.0 && a > -40.0))
        return f_softplus(a);
    Exponential e = exponential(PAIR(-fabs(a)));
    return value_of(add(near_logarithm(scale(mantissa(e), power_of_two(e.k))), a > 0.0 ? a : 0.0));
}

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

#define LOAD(k) (v[a[k]])
#define f_exp alone_exp
#define f_sigmoid alone_sigmoid
#define f_softplus alone_softplus
void NAME(run_tape)(const Tape *tape) {
    double *restrict v = tape->values;
    memcpy(v, tape->parameters, (size_t)tape->parameter_count * sizeof *v);
    memcpy(v + tape->parameter_count, tape->others, (size_t)tape->other_count * sizeof *v);
    double *y = v + tape->parameter_count + tape->other_count;
    for (const int32_t *a = tape->code, *end = tape->end; a < end; y++) {
        switch (*a++) {
#define ONE(name)                                                                                                      \
    case OPERATION_##name:                                                                                             \
        *y = f_##name(LOAD(0));                                                                                        \
        a += 1;                                                                                                        \
        break;
#define TWO(name)                                                                                                      \
    case OPERATION_##name:                                                                                             \
        *y = f_##name(LOAD(0), LOAD(1));                                                                               \
        a += 2;                                                                                                        \
        break;
#define THREE(name)                                                                                                    \
    case OPERATION_##name:                                                                                             \
        *y = f_##name(LOAD(0), LOAD(1), LOAD(2));                                                                      \
        a += 3;                                                                                                        \
        break;
#define SHORT(products, plus, minus)                                                                                   \
    case OPERATION_total_##products##_##plus##_##minus:                                                                \
        *y = short_sum(v, a, products, plus, minus);                                                                   \
        a += 2 * products + plus + minus;                                                                              \
        break;
            FUNCTIONS_OF_ONE(ONE)
            FUNCTIONS_OF_MANY(ONE)
            FUNCTIONS_OF_TWO(TWO)
            FUNCTIONS_OF_THREE(THREE)
            SHORT_SUMS(SHORT)
        case OPERATION_total:
        case OPERATION_negative_total: {
            int32_t n = a[0], plus = a[1], minus = a[2];
            const int32_t *more = a + 3 + 2 * n;
            double s = products(v, a + 3, a + 3 + n, n);
            s = a[-1] == OPERATION_total ? s + terms(v, more, plus) : terms(v, more, plus) - s;
            *y = s - terms(v, more + plus, minus);
            a = more + plus + minus;
            break;
        }
        case OPERATION_sum:
            *y = terms(v, a + 1, a[0]);
            a += 1 + a[0];
            break;
        case OPERATION_prod:
            *y = product_of(v, a + 1, a[0]);
            a += 1 + a[0];
            break;
        case OPERATION_dot:
            *y = products(v, a + 1, a + 1 + a[0] / 2, a[0] / 2);
            a += 1 + a[0];
            break;
        case OPERATION_norm:
            *y = norm_of(v, a + 1, a[0]);
            a += 1 + a[0];
            break;
        case OPERATION_logsumexp:
            *y = logsumexp_of(v, a + 1, a[0]);
            a += 1 + a[0];
            break;
        }
    }
    for (int which = 0; which < 2; which++)
        for (int64_t k = 0; k < tape->result_counts[which]; k++)
            tape->results[which][k] = v[tape->result_slots[which][k]];
}
#undef ONE
#undef TWO
#undef THREE
#undef SHORT
#undef LOAD
#undef f_exp
#undef f_sigmoid
#undef f_softplus

/* How many slots a tape fills, given how many are filled before it; -1 if anything in it is not as it has to be: an
 * operation there is none of, a count below zero, an operand that is neither a constant nor filled before, an end in
 * the middle of an operation. The first part of it ends where ``forward`` says. */
int64_t NAME(check_tape)(const int32_t *code, int64_t length, int64_t forward, int64_t constants, int64_t filled) {
    static const int32_t arities[] = {
#define ONE(name) 1,
#define TWO(name) 2,
#define THREE(name) 3,
#define SHORT(products, plus, minus) 2 * products + plus + minus,
        FUNCTIONS_OF_ONE(ONE) FUNCTIONS_OF_MANY(ONE) FUNCTIONS_OF_TWO(TWO) FUNCTIONS_OF_THREE(THREE) SHORT_SUMS(SHORT)
#undef ONE
#undef TWO
#undef THREE
#undef SHORT
    };
    int64_t at = 0, ends = forward == 0;
    while (at < length) {
        int32_t operation = code[at++];
        int64_t counts = operation == OPERATION_total || operation == OPERATION_negative_total ? 3 : 1, n = 0;
        if (operation < 0 || operation > OPERATION_logsumexp)
            return -1;
        if (operation < OPERATION_total)
            n = arities[operation];
        else {
            if (at + counts > length || code[at] < 0 || (counts == 3 && (code[at + 1] < 0 || code[at + 2] < 0)))
                return -1;
            n = counts == 3 ? 2 * (int64_t)code[at] + code[at + 1] + code[at + 2] : code[at];
            at += counts;
        }
        if (at + n > length)
            return -1;
        for (int64_t end = at + n; at < end; at++)
            if (code[at] < -constants || code[at] >= filled)
                return -1;
        filled++;
        ends |= at == forward;
    }
    return ends ? filled : -1;
}
