/* Operations over lanes: a few dozen examples side by side, each operation on all of them.
 *
 * A slot has room for as many numbers as a tile has lanes, a multiple of BLOCK. Whoever writes a program has checked that
 * all slots are there; nothing is checked here.
 */

#include "points.h"
#include "vectors.h"

/* How many vectors are taken at a time. */
enum { BLOCK = 8, WIDE = 4, MOST_SHARED = 3 };

/* Sums of so few terms have an operation of their own: of products that are added, of products that are subtracted, of
 * what else is added and of what is subtracted. */
#define LANE_SUMS(F)                                                                                                   \
    F(0, 0, 2, 0) F(0, 0, 3, 0) F(0, 0, 4, 0) F(0, 0, 1, 1) F(0, 0, 1, 2) F(0, 0, 2, 1) F(0, 0, 0, 2)                  \
    F(1, 0, 1, 0) F(1, 0, 2, 0) F(1, 0, 3, 0) F(1, 0, 0, 1) F(1, 0, 0, 2) F(1, 0, 1, 1)                                \
    F(0, 1, 0, 0) F(0, 1, 1, 0) F(0, 1, 2, 0) F(0, 1, 0, 1) F(0, 1, 1, 1)                                              \
    F(2, 0, 0, 0) F(2, 0, 1, 0) F(2, 0, 2, 0) F(2, 0, 0, 1) F(1, 1, 0, 0) F(1, 1, 1, 0) F(1, 1, 0, 1)                  \
    F(0, 2, 0, 0) F(0, 2, 1, 0) F(3, 0, 0, 0) F(3, 0, 1, 0) F(2, 1, 0, 0) F(2, 1, 1, 0) F(1, 2, 0, 0) F(1, 2, 1, 0)    \
    F(0, 3, 0, 0) F(4, 0, 0, 0) F(4, 0, 1, 0) F(3, 1, 0, 0) F(2, 2, 0, 0) F(1, 3, 0, 0)

/* What lanes have beside the functions of rows. */
#define LANE_OPERATIONS(F) F(batch_sum) F(batch_dot) F(sin_and_cos) F(sum_of_any) F(dots)

#define ONE(name) LANES_##name,
#define SHORT(products, less, plus, minus) LANES_sum_##products##_##less##_##plus##_##minus,
enum { BEFORE_LANES = OPERATION_logsumexp, LANE_OPERATIONS(ONE) LANE_SUMS(SHORT) };
#undef ONE
#undef SHORT

/* An operation, where its results go, and where its operands stand in the list; how many, unless that is fixed: of a sum
 * in the order of LANE_SUMS, and else the first. */
typedef struct {
    int32_t operation, target, second, first, products, less, plus, minus;
} Operation;

/* A sum of known length in one lane. */
INLINE double lane_sum(const double *const *x, int64_t l, int products, int less, int plus, int minus) {
    double s = 0.0;
    for (int k = 0; k < products; k++)
        s = k ? s + x[2 * k][l] * x[2 * k + 1][l] : x[2 * k][l] * x[2 * k + 1][l];
    x += 2 * products;
    for (int k = 0; k < less; k++)
        s = products || k ? s - x[2 * k][l] * x[2 * k + 1][l] : -(x[2 * k][l] * x[2 * k + 1][l]);
    x += 2 * less;
    for (int k = 0; k < plus; k++)
        s = products || less || k ? s + x[k][l] : x[k][l];
    x += plus;
    for (int k = 0; k < minus; k++)
        s = products || less || plus || k ? s - x[k][l] : -x[k][l];
    return s;
}

/* A sum of any length in some vectors; it begins with its first term, for 0.0 + -0.0 is another zero. */
INLINE void sum_in_vectors(const Operation *s, const int32_t *slots, const double *v, double *y, int64_t n, int vectors) {
    const int32_t *less = slots + 2 * s->products, *plus = less + 2 * s->less, *minus = plus + s->plus;
    const int32_t *end = minus + s->minus, *x = slots;
    Vector sum[WIDE];
#define AT(slot, k) (((const Vector *)(v + (slot)*n))[k])
#define VECTORS _Pragma("GCC unroll 4") for (int k = 0; k < vectors; k++)
    if (s->products) {
        VECTORS sum[k] = AT(x[0], k) * AT(x[1], k);
        x += 2;
    } else if (s->less) {
        VECTORS sum[k] = -(AT(x[0], k) * AT(x[1], k));
        x += 2;
    } else if (s->plus) {
        VECTORS sum[k] = AT(x[0], k);
        x += 1;
    } else if (s->minus) {
        VECTORS sum[k] = -AT(x[0], k);
        x += 1;
    } else
        VECTORS sum[k] = (Vector){0.0};
    for (; x < less; x += 2)
        VECTORS sum[k] += AT(x[0], k) * AT(x[1], k);
    for (; x < plus; x += 2)
        VECTORS sum[k] -= AT(x[0], k) * AT(x[1], k);
    for (; x < minus; x++)
        VECTORS sum[k] += AT(x[0], k);
    for (; x < end; x++)
        VECTORS sum[k] -= AT(x[0], k);
    VECTORS ((Vector *)y)[k] = sum[k];
#undef AT
#undef VECTORS
}

INLINE void sum_of_any(const Operation *s, const int32_t *slots, const double *v, double *y, int64_t n, int64_t used) {
    int64_t start = 0;
    for (; start + WIDE * WIDTH <= used; start += WIDE * WIDTH)
        sum_in_vectors(s, slots, v + start, y + start, n, WIDE);
    for (; start < used; start += WIDTH)
        sum_in_vectors(s, slots, v + start, y + start, n, 1);
}

/* A sum of so many products in some vectors, of factors that are there and of others; the bits of ``signs`` say which
 * are subtracted. */
INLINE void dot_in_vectors(Vector shared[][WIDE], const int32_t *slots, const double *v, double *y, int64_t n,
                          const int products, const int vectors, const int signs) {
    Vector sum[WIDE];
#define AT(slot, k) (((const Vector *)(v + (slot)*n))[k])
#define VECTORS _Pragma("GCC unroll 4") for (int k = 0; k < vectors; k++)
#define PRODUCTS _Pragma("GCC unroll 3") for (int j = 0; j < products; j++)
    PRODUCTS VECTORS {
        Vector term = shared[j][k] * AT(slots[j], k);
        if (j)
            sum[k] = signs >> j & 1 ? sum[k] - term : sum[k] + term;
        else
            sum[k] = signs & 1 ? -term : term;
    }
    VECTORS ((Vector *)y)[k] = sum[k];
}

/* Sums that share a factor of each product. In the list are those factors, and for each sum its target, which products
 * are subtracted, and the other factors. No target is an operand. */
INLINE void dots_in_vectors(const int32_t *slots, int32_t sums, double *v, int64_t n, const int products, const int vectors) {
    Vector shared[MOST_SHARED][WIDE];
    PRODUCTS VECTORS shared[j][k] = AT(slots[j], k);
    slots += products;
    for (int32_t s = 0; s < sums; s++, slots += 2 + products) {
        switch (slots[1]) {
#define SIGNS(signs)                                                                                                   \
    case signs:                                                                                                        \
        if (signs < 1 << products)                                                                                     \
            dot_in_vectors(shared, slots + 2, v, v + slots[0] * n, n, products, vectors, signs);                         \
        break;
            SIGNS(0) SIGNS(1) SIGNS(2) SIGNS(3) SIGNS(4) SIGNS(5) SIGNS(6) SIGNS(7)
#undef SIGNS
        }
    }
#undef AT
#undef VECTORS
#undef PRODUCTS
}

INLINE void dots(const int32_t *slots, int32_t sums, double *v, int64_t n, int64_t used, const int products) {
    int64_t start = 0;
    for (; start + WIDE * WIDTH <= used; start += WIDE * WIDTH)
        dots_in_vectors(slots, sums, v + start, n, products, WIDE);
    for (; start < used; start += WIDTH)
        dots_in_vectors(slots, sums, v + start, n, products, 1);
}

INLINE void dots_of_some(const Operation *s, const int32_t *slots, double *v, int64_t n, int64_t used) {
    switch (s->products) {
    case 1:
        dots(slots, s->less, v, n, used, 1);
        break;
    case 2:
        dots(slots, s->less, v, n, used, 2);
        break;
    case 3:
        dots(slots, s->less, v, n, used, 3);
        break;
    }
}

/* A function of any number of operands, one lane after the other. */
static void for_each_lane(const Operation *s, const int32_t *slots, const double *v, double *y, int64_t n,
                          int64_t used) {
    int32_t count = s->products, at[count + 1];
    for (int64_t l = 0; l < used; l++) {
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

/* Operations on slots of ``n`` numbers, of which the first so many blocks are computed; ``used`` lanes are examples. */
INLINE void operate(const Operation *s, const Operation *end, const int32_t *operands, double *v, const int64_t n,
                    const int64_t blocks, int64_t used, double *sums) {
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
#define SHORT(products, less, plus, minus)                                                                             \
    case LANES_sum_##products##_##less##_##plus##_##minus: {                                                           \
        const double *x[2 * products + 2 * less + plus + minus];                                                       \
        double *y = AT(s->target);                                                                                     \
        for (int k = 0; k < 2 * products + 2 * less + plus + minus; k++)                                               \
            x[k] = AT(slots[k]);                                                                                       \
        LANES y[l] = lane_sum(x, l, products, less, plus, minus);                                                      \
        break;                                                                                                         \
    }
            SHORT_OF_ONE(ONE)
            SHORT_OF_TWO(TWO)
            FUNCTIONS_OF_THREE(THREE)
            LANE_SUMS(SHORT)
#undef ONE
#undef TWO
#undef THREE
#undef SHORT
#define CASE(name) case OPERATION_##name:
            LONG_OF_ONE(CASE)
            FUNCTIONS_OF_MANY(CASE)
            at_points(s->operation, blocks * BLOCK, AT(slots[0]), 0, 0, AT(s->target));
            break;
            LONG_OF_TWO(CASE)
            at_points(s->operation, blocks * BLOCK, AT(slots[0]), AT(slots[1]), 0, AT(s->target));
            break;
#undef CASE
        case LANES_sum_of_any:
            sum_of_any(s, slots, v, AT(s->target), n, blocks * BLOCK);
            break;
        case LANES_dots:
            dots_of_some(s, slots, v, n, blocks * BLOCK);
            break;
        case LANES_sin_and_cos:
            many_sin_and_cos(AT(slots[0]), AT(s->target), AT(s->second), blocks * BLOCK);
            break;
        case OPERATION_prod:
        case OPERATION_norm:
        case OPERATION_logsumexp:
            for_each_lane(s, slots, v, AT(s->target), n, blocks * BLOCK);
            break;
        case LANES_batch_sum:
            sums[s->target] = over_lanes(AT(slots[0]), 0, used);
            break;
        case LANES_batch_dot:
            sums[s->target] = over_lanes(AT(slots[0]), AT(slots[1]), used);
            break;
        }
    }
#undef AT
#undef LANES
}
