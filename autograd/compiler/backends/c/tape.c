/* An interpreter of tapes: scalar operations one after the other, each result in the slot behind the last one.
 *
 * A tape is whole numbers in a row: an operation, how many operands it has where that is not fixed, and the slots of
 * these. A slot below zero is a constant. Whoever writes a tape has checked that every operand lies before its result;
 * nothing is checked here.
 */

#include "operands.h"

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

#define LOAD(k) (v[a[k]])
#define f_exp alone_exp
#define f_sigmoid alone_sigmoid
#define f_softplus alone_softplus
void NAME(run_tape)(const Tape *tape) {
    double *restrict v = tape->values;
    memcpy(v, tape->parameters, (size_t)tape->parameter_count * sizeof *v);
    memcpy(v + tape->parameter_count, tape->others, (size_t)tape->other_count * sizeof *v);
    double *y = v + tape->parameter_count + tape->other_count;
    const int32_t *a = tape->code, *end = tape->end;
    /* Each operation jumps to the next by itself: from one place, as out of a switch, the processor would have to guess
       where to, and a tape took half as long again. Labels are values in gcc and clang. */
#define LABEL(name) [OPERATION_##name] = &&do_##name,
#define SHORT_LABEL(products, plus, minus) LABEL(total_##products##_##plus##_##minus)
    static const void *const labels[] = {
        FUNCTIONS_OF_ONE(LABEL) FUNCTIONS_OF_MANY(LABEL) FUNCTIONS_OF_TWO(LABEL) FUNCTIONS_OF_THREE(LABEL)
        SHORT_SUMS(SHORT_LABEL) LONG_OPERATIONS(LABEL)
    };
#undef LABEL
#undef SHORT_LABEL
#define JUMP                                                                                                           \
    if (a == end)                                                                                                      \
        goto done;                                                                                                     \
    goto *labels[*a++]
#define NEXT(read)                                                                                                     \
    a += read;                                                                                                         \
    y++;                                                                                                               \
    JUMP
    JUMP;
#define ONE(name)                                                                                                      \
    do_##name:                                                                                                         \
        *y = f_##name(LOAD(0));                                                                                        \
        NEXT(1);
#define TWO(name)                                                                                                      \
    do_##name:                                                                                                         \
        *y = f_##name(LOAD(0), LOAD(1));                                                                               \
        NEXT(2);
#define THREE(name)                                                                                                    \
    do_##name:                                                                                                         \
        *y = f_##name(LOAD(0), LOAD(1), LOAD(2));                                                                      \
        NEXT(3);
#define SHORT(products, plus, minus)                                                                                   \
    do_total_##products##_##plus##_##minus:                                                                            \
        *y = short_sum(v, a, products, plus, minus);                                                                   \
        NEXT(2 * products + plus + minus);
        FUNCTIONS_OF_ONE(ONE)
        FUNCTIONS_OF_MANY(ONE)
        FUNCTIONS_OF_TWO(TWO)
        FUNCTIONS_OF_THREE(THREE)
        SHORT_SUMS(SHORT)
    do_total:
    do_negative_total: {
        int32_t n = a[0], plus = a[1], minus = a[2];
        const int32_t *more = a + 3 + 2 * n;
        double s = products(v, a + 3, a + 3 + n, n);
        s = a[-1] == OPERATION_total ? s + terms(v, more, plus) : terms(v, more, plus) - s;
        *y = s - terms(v, more + plus, minus);
        a = more;
        NEXT(plus + minus);
    }
    do_sum:
        *y = terms(v, a + 1, a[0]);
        NEXT(1 + a[0]);
    do_prod:
        *y = product_of(v, a + 1, a[0]);
        NEXT(1 + a[0]);
    do_dot:
        *y = products(v, a + 1, a + 1 + a[0] / 2, a[0] / 2);
        NEXT(1 + a[0]);
    do_norm:
        *y = norm_of(v, a + 1, a[0]);
        NEXT(1 + a[0]);
    do_logsumexp:
        *y = logsumexp_of(v, a + 1, a[0]);
        NEXT(1 + a[0]);
done:
    for (int which = 0; which < 2; which++)
        for (int64_t k = 0; k < tape->result_counts[which]; k++)
            tape->results[which][k] = v[tape->result_slots[which][k]];
}
#undef JUMP
#undef NEXT
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
