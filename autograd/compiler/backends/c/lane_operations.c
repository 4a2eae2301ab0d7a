/* Operations over lanes: a few dozen examples side by side, each operation on all of them.
 *
 * A slot is as many numbers as there are lanes, a multiple of BLOCK. Whoever writes a program has checked that all slots
 * are there; nothing is checked here.
 */

#include "functions.h"

enum { BLOCK = 8, WIDE = 4 };
typedef double Block __attribute__((vector_size(64), may_alias));
enum { BATCH_SUM = OPERATION_logsumexp + 1, BATCH_DOT };

/* An operation, where its result goes, and where its operands stand in the list; how many, unless that is fixed: a sum
 * of products, of what is added and of what is subtracted, and else the first. */
typedef struct {
    int32_t operation, target, first, products, plus, minus;
} Operation;

/* A sum of known length in one lane. */
INLINE double lane_sum(const double *const *x, int64_t l, int products, int plus, int minus) {
    double s = 0.0;
    for (int k = 0; k < products; k++)
        s = k ? s + x[k][l] * x[products + k][l] : x[k][l] * x[products + k][l];
    x += 2 * products;
    for (int k = 0; k < plus; k++)
        s = products || k ? s + x[k][l] : x[k][l];
    x += plus;
    for (int k = 0; k < minus; k++)
        s = products || plus || k ? s - x[k][l] : -x[k][l];
    return s;
}

/* A sum of any length in some blocks; it begins with its first term. */
INLINE void sum_in_blocks(const Operation *s, const int32_t *slots, const double *v, double *y, int64_t n, int blocks) {
    const int32_t *left = slots, *right = left + s->products, *plus = right + s->products, *minus = plus + s->plus;
    Block sum[WIDE];
    int32_t product = 0, added = 0, subtracted = 0;
#define AT(slot, k) (((const Block *)(v + (slot)*n))[k])
#define BLOCKS _Pragma("GCC unroll 4") for (int k = 0; k < blocks; k++)
    if (s->products) {
        BLOCKS sum[k] = AT(left[0], k) * AT(right[0], k);
        if (s->operation == OPERATION_negative_total)
            BLOCKS sum[k] = -sum[k];
        product = 1;
    } else if (s->plus) {
        BLOCKS sum[k] = AT(plus[0], k);
        added = 1;
    } else {
        BLOCKS sum[k] = s->minus ? -AT(minus[0], k) : (Block){0.0};
        subtracted = 1;
    }
    if (s->operation == OPERATION_negative_total)
        for (; product < s->products; product++)
            BLOCKS sum[k] -= AT(left[product], k) * AT(right[product], k);
    else
        for (; product < s->products; product++)
            BLOCKS sum[k] += AT(left[product], k) * AT(right[product], k);
    for (; added < s->plus; added++)
        BLOCKS sum[k] += AT(plus[added], k);
    for (; subtracted < s->minus; subtracted++)
        BLOCKS sum[k] -= AT(minus[subtracted], k);
    BLOCKS((Block *)y)[k] = sum[k];
#undef AT
#undef BLOCKS
}

static void long_sum(const Operation *s, const int32_t *slots, const double *v, double *y, int64_t n) {
    int64_t start = 0;
    for (; start + WIDE * BLOCK <= n; start += WIDE * BLOCK)
        sum_in_blocks(s, slots, v + start, y + start, n, WIDE);
    for (; start < n; start += BLOCK)
        sum_in_blocks(s, slots, v + start, y + start, n, 1);
}

/* A function of any number of operands, one lane after the other. */
static void for_each_lane(const Operation *s, const int32_t *slots, const double *v, double *y, int64_t n) {
    int32_t count = s->products, at[count + 1];
    for (int64_t l = 0; l < n; l++) {
        for (int32_t k = 0; k < count; k++)
            at[k] = k;
        double x[count + 1];
        for (int32_t k = 0; k < count; k++)
            x[k] = v[slots[k] * n + l];
        switch (s->operation) {
        case OPERATION_prod:
            y[l] = product_of(x, at, count);
            break;
        case OPERATION_norm:
            y[l] = norm_of(x, at, count);
            break;
        case OPERATION_logsumexp:
            y[l] = logsumexp_of(x, at, count);
            break;
        }
    }
}

/* The sum over the lanes that are examples, of a number or of a product. */
INLINE double over_lanes(const double *x, const double *y, int64_t used) {
    double s[BLOCK] = {0.0};
    int64_t l = 0;
    for (; l + BLOCK <= used; l += BLOCK)
        for (int j = 0; j < BLOCK; j++)
            s[j] += y ? x[l + j] * y[l + j] : x[l + j];
    for (int j = 0; l + j < used; j++)
        s[j] += y ? x[l + j] * y[l + j] : x[l + j];
    return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

/* Operations on slots of some blocks. */
static void operate(const Operation *s, const Operation *end, const int32_t *operands, double *v, int64_t blocks,
                    int64_t used, double *sums) {
    const int64_t n = blocks * BLOCK;
#define AT(k) ((double *)__builtin_assume_aligned(v + (k)*n, 64))
#define LANES _Pragma("GCC ivdep") for (int64_t l = 0; l < blocks * BLOCK; l++)
    for (; s < end; s++) {
        const int32_t *slots = operands + s->first;
        switch (s->operation) {
#define ONE(name)                                                                                                      \
    case OPERATION_##name: {                                                                                           \
        double *y = AT(s->target), *a = AT(slots[0]);                                                                  \
        LANES y[l] = f_##name(a[l]);                                                                                   \
        break;                                                                                                         \
    }
#define TWO(name)                                                                                                      \
    case OPERATION_##name: {                                                                                           \
        double *y = AT(s->target), *a = AT(slots[0]), *b = AT(slots[1]);                                               \
        LANES y[l] = f_##name(a[l], b[l]);                                                                             \
        break;                                                                                                         \
    }
#define THREE(name)                                                                                                    \
    case OPERATION_##name: {                                                                                           \
        double *y = AT(s->target), *a = AT(slots[0]), *b = AT(slots[1]), *c = AT(slots[2]);                            \
        LANES y[l] = f_##name(a[l], b[l], c[l]);                                                                       \
        break;                                                                                                         \
    }
#define SHORT(products, plus, minus)                                                                                   \
    case OPERATION_total_##products##_##plus##_##minus: {                                                              \
        const double *x[2 * products + plus + minus];                                                                  \
        double *y = AT(s->target);                                                                                     \
        for (int k = 0; k < 2 * products + plus + minus; k++)                                                          \
            x[k] = AT(slots[k]);                                                                                       \
        LANES y[l] = lane_sum(x, l, products, plus, minus);                                                            \
        break;                                                                                                         \
    }
#define ANGLES(name)                                                                                                   \
    case OPERATION_##name:                                                                                             \
        many_##name(AT(slots[0]), AT(s->target), n);                                                                   \
        break;
            FUNCTIONS_OF_ONE(ONE)
            FUNCTIONS_OF_ANGLES(ANGLES)
            FUNCTIONS_OF_TWO(TWO)
            FUNCTIONS_OF_THREE(THREE)
            SHORT_SUMS(SHORT)
#undef ONE
#undef ANGLES
#undef TWO
#undef THREE
#undef SHORT
        case OPERATION_total:
        case OPERATION_negative_total:
            long_sum(s, slots, v, AT(s->target), n);
            break;
        case OPERATION_prod:
        case OPERATION_norm:
        case OPERATION_logsumexp:
            for_each_lane(s, slots, v, AT(s->target), n);
            break;
        case BATCH_SUM:
            sums[s->target] = over_lanes(AT(slots[0]), 0, used);
            break;
        case BATCH_DOT:
            sums[s->target] = over_lanes(AT(slots[0]), AT(slots[1]), used);
            break;
        }
    }
#undef AT
#undef LANES
}
