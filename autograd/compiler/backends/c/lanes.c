/* An interpreter of scalar operations over lanes: a few dozen examples side by side, each operation on all of them.
 *
 * A slot is as many numbers as there are lanes, a multiple of BLOCK. What all examples share has slots of BLOCK lanes,
 * all equal, so that one loop computes it too: before the tiles what needs no sum over the examples, after them the
 * rest. Whoever writes a program has checked that all slots are there; nothing is checked here.
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

typedef struct {
    const Operation *operations;
    int64_t ends[3]; /* of those before the tiles, those for each tile, and those after */
    const int32_t *operands;
    double *shared; /* numbers of all examples: parameters, others, counts, constants, sums, and what is computed */
    const double *parameters, *others, *counts;
    int64_t parameter_count, other_count;
    const int32_t *spread; /* which of them lanes read: the first slots of a tile */
    int64_t spread_count;
    const double *const *examples; /* the batched arguments, one example after the other */
    const int64_t *widths;         /* numbers of one example */
    const int32_t *argument_slots; /* of each of them, -1 where nothing reads it */
    int64_t arguments;
    double *sums; /* those of each tile */
    const int32_t *sum_slots;
    int64_t sum_count;
    const int32_t *result_slots[2]; /* of what all examples share: outputs, and derivatives */
    double *results[2];
    int64_t result_counts[2];
    const int32_t *row_slots; /* what is wanted of each example, one example after the other */
    double *rows;
    int64_t row_count;
    int64_t lanes, count; /* of a tile, and of all examples */
} LaneProgram;

/* ── Operations ───────────────────────────────────────────────────────────────────────────────────────────────────── */

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

/* ── Tiles ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void share(double *slot, double x, int64_t n) {
    for (int64_t l = 0; l < n; l++)
        slot[l] = x;
}

/* Four rows of four numbers are stored as columns. */
typedef double Four __attribute__((vector_size(32), may_alias, aligned(8)));
typedef int64_t Order __attribute__((vector_size(32)));
#if defined(__clang__)
#define CHOOSE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define CHOOSE(a, b, ...) __builtin_shuffle(a, b, (Order){__VA_ARGS__})
#endif

INLINE void transpose(const double *const *rows, double *const *columns) {
    Four a = *(const Four *)rows[0], b = *(const Four *)rows[1], c = *(const Four *)rows[2], d = *(const Four *)rows[3];
    Four ab = CHOOSE(a, b, 0, 4, 2, 6), cd = CHOOSE(c, d, 0, 4, 2, 6);
    *(Four *)columns[0] = CHOOSE(ab, cd, 0, 1, 4, 5);
    *(Four *)columns[2] = CHOOSE(ab, cd, 2, 3, 6, 7);
    ab = CHOOSE(a, b, 1, 5, 3, 7), cd = CHOOSE(c, d, 1, 5, 3, 7);
    *(Four *)columns[1] = CHOOSE(ab, cd, 0, 1, 4, 5);
    *(Four *)columns[3] = CHOOSE(ab, cd, 2, 3, 6, 7);
}

enum { FOUR = 4 };

/* The numbers of a tile of examples, those of each slot side by side; lanes without an example repeat the last one. */
static void read_examples(const LaneProgram *p, double *v, int64_t row, int64_t used) {
    const int32_t *slots = p->argument_slots;
    for (int64_t k = 0; k < p->arguments; slots += p->widths[k++])
        for (int64_t l = 0; l < p->lanes; l += FOUR) { /* each example from its first number to its last */
            int64_t width = p->widths[k], start = 0;
            const double *x[FOUR];
            for (int64_t i = 0; i < FOUR; i++)
                x[i] = p->examples[k] + (row + (l + i < used ? l + i : used - 1)) * width;
            for (; start + FOUR <= width; start += FOUR) {
                double nowhere[FOUR], *lanes[FOUR];
                const double *numbers[FOUR] = {x[0] + start, x[1] + start, x[2] + start, x[3] + start};
                for (int64_t i = 0; i < FOUR; i++)
                    lanes[i] = slots[start + i] < 0 ? nowhere : v + slots[start + i] * p->lanes + l;
                transpose(numbers, lanes);
            }
            for (; start < width; start++)
                for (int64_t i = 0; i < FOUR && slots[start] >= 0; i++)
                    v[slots[start] * p->lanes + l + i] = x[i][start];
        }
}

/* What is wanted of each example. */
static void write_rows(const LaneProgram *p, const double *v, int64_t row, int64_t used) {
    for (int64_t l = 0; l < used; l += FOUR) {
        int64_t width = p->row_count, start = 0;
        double *rows = p->rows + (row + l) * width;
        for (; l + FOUR <= used && start + FOUR <= width; start += FOUR) {
            double *numbers[FOUR] = {rows + start, rows + width + start, rows + 2 * width + start, rows + 3 * width + start};
            const double *lanes[FOUR];
            for (int64_t i = 0; i < FOUR; i++)
                lanes[i] = v + p->row_slots[start + i] * p->lanes + l;
            transpose(lanes, numbers);
        }
        for (; start < width; start++)
            for (int64_t i = 0; i < FOUR && l + i < used; i++)
                rows[i * width + start] = v[p->row_slots[start] * p->lanes + l + i];
    }
}

/* What comes before the first tile. */
void NAME(lanes_before)(const LaneProgram *p) {
    double *x = p->shared;
    for (int64_t k = 0; k < p->parameter_count; k++, x += BLOCK)
        share(x, p->parameters[k], BLOCK);
    for (int64_t k = 0; k < p->other_count; k++, x += BLOCK)
        share(x, p->others[k], BLOCK);
    for (int64_t k = 0; k < 2; k++, x += BLOCK)
        share(x, p->counts[k], BLOCK);
    operate(p->operations, p->operations + p->ends[0], p->operands, p->shared, 1, 0, 0);
}

/* Some tiles, in memory of their own. */
void NAME(lanes_each)(const LaneProgram *p, double *v, int64_t start, int64_t end) {
    for (int64_t k = 0; k < p->spread_count; k++)
        share(v + k * p->lanes, p->shared[p->spread[k] * BLOCK], p->lanes);
    for (int64_t tile = start; tile < end; tile++) {
        int64_t row = tile * p->lanes, used = p->count - row < p->lanes ? p->count - row : p->lanes;
        read_examples(p, v, row, used);
        operate(p->operations + p->ends[0], p->operations + p->ends[1], p->operands, v, p->lanes / BLOCK, used,
                p->sums + tile * p->sum_count);
        write_rows(p, v, row, used);
    }
}

/* What comes after the last tile, the sums over all of them first; and the results. */
void NAME(lanes_after)(const LaneProgram *p, int64_t tiles) {
    for (int64_t k = 0; k < p->sum_count; k++) {
        double sum = 0.0;
        for (int64_t tile = 0; tile < tiles; tile++)
            sum += p->sums[tile * p->sum_count + k];
        share(p->shared + p->sum_slots[k] * BLOCK, sum, BLOCK);
    }
    operate(p->operations + p->ends[1], p->operations + p->ends[2], p->operands, p->shared, 1, 0, 0);
    for (int which = 0; which < 2; which++)
        for (int64_t k = 0; k < p->result_counts[which]; k++)
            p->results[which][k] = p->shared[p->result_slots[which][k] * BLOCK];
}

/* All of it, where nobody waits for a part. */
void NAME(lanes_whole)(const LaneProgram *p, double *v, int64_t tiles) {
    NAME(lanes_before)(p);
    NAME(lanes_each)(p, v, 0, tiles);
    NAME(lanes_after)(p, tiles);
}
