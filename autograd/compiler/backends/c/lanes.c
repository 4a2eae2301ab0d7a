/* An interpreter of scalar operations over lanes: one tile of examples after the other.
 *
 * What all examples share has slots of BLOCK lanes, all equal, so that one loop computes it too: before the tiles what
 * needs no sum over the examples, after them the rest. Whoever writes a program has checked that all slots are there;
 * nothing is checked here.
 */

#include "lane_operations.c"

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
    int64_t *finite; /* whether those of each tile are, and after them whether all are */
    int64_t lanes, count; /* of a tile, and of all examples */
} LaneProgram;

/* How many lanes tiles have, but where there are fewer examples: few if there are many slots. */
enum { MANY_LANES = 64, FEW_LANES = 32 };

static void share(double *slot, double x, int64_t n) {
    for (int64_t l = 0; l < n; l++)
        slot[l] = x;
}

/* Four rows of four numbers are stored as columns. */
INLINE void transpose(const double *const *rows, double *const *columns) {
    Four a = *(const Four *)rows[0], b = *(const Four *)rows[1], c = *(const Four *)rows[2], d = *(const Four *)rows[3];
    Four ab = SHUFFLED(a, b, 0, 4, 2, 6), cd = SHUFFLED(c, d, 0, 4, 2, 6);
    *(Four *)columns[0] = SHUFFLED(ab, cd, 0, 1, 4, 5);
    *(Four *)columns[2] = SHUFFLED(ab, cd, 2, 3, 6, 7);
    ab = SHUFFLED(a, b, 1, 5, 3, 7), cd = SHUFFLED(c, d, 1, 5, 3, 7);
    *(Four *)columns[1] = SHUFFLED(ab, cd, 0, 1, 4, 5);
    *(Four *)columns[3] = SHUFFLED(ab, cd, 2, 3, 6, 7);
}

enum { FOUR = 4 };

/* The numbers of a tile of examples, those of each slot side by side; lanes without an example repeat the last one. */
static void read_examples(const LaneProgram *p, double *v, int64_t row, int64_t used) {
    const int32_t *slots = p->argument_slots;
    int64_t lanes = (used + BLOCK - 1) / BLOCK * BLOCK;
    for (int64_t k = 0; k < p->arguments; slots += p->widths[k++])
        for (int64_t l = 0; l < lanes; l += FOUR) { /* each example from its first number to its last */
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

/* What is wanted of each example, and whether all of it is finite: else a number less itself is no zero. */
static int64_t write_rows(const LaneProgram *p, const double *v, int64_t row, int64_t used) {
    int64_t width = p->row_count, whole = used / FOUR * FOUR, fours = width / FOUR * FOUR;
    double *rows = p->rows + row * width;
    FourBits others = {0};
    for (int64_t l = 0; l < whole; l += FOUR) { /* four rows from their first number to their last */
        double *y = rows + l * width;
        for (int64_t start = 0; start < fours; start += FOUR, y += FOUR) {
            const double *lanes[FOUR];
            double *numbers[FOUR] = {y, y + width, y + 2 * width, y + 3 * width};
            for (int64_t i = 0; i < FOUR; i++) {
                lanes[i] = v + p->row_slots[start + i] * p->lanes + l;
                Four x = *(const Four *)lanes[i];
                others |= (FourBits)(x - x);
            }
            transpose(lanes, numbers);
        }
    }
    for (int64_t l = 0; l < used; l++)
        for (int64_t k = l < whole ? fours : 0; k < width; k++) {
            double x = rows[l * width + k] = v[p->row_slots[k] * p->lanes + l];
            others[0] |= !(x - x == 0.0);
        }
    return !(others[0] | others[1] | others[2] | others[3]);
}

static void operate_on_some(const Operation *s, const Operation *end, const int32_t *operands, double *v, int64_t n,
                            int64_t used, double *sums) {
    operate(s, end, operands, v, n, (used + BLOCK - 1) / BLOCK, used, sums);
}

static void operate_on_shared(const LaneProgram *p, int64_t start, int64_t end) {
    operate_on_some(p->operations + start, p->operations + end, p->operands, p->shared, BLOCK, BLOCK, 0);
}

/* Loops over whole tiles have a length that the compiler knows, and a tenth of the time is saved. */
static void operate_on_tile(const LaneProgram *p, double *v, int64_t used, double *sums) {
    const Operation *s = p->operations + p->ends[0], *end = p->operations + p->ends[1];
    if (used == MANY_LANES && p->lanes == MANY_LANES)
        operate(s, end, p->operands, v, MANY_LANES, MANY_LANES / BLOCK, MANY_LANES, sums);
    else if (used == FEW_LANES && p->lanes == FEW_LANES)
        operate(s, end, p->operands, v, FEW_LANES, FEW_LANES / BLOCK, FEW_LANES, sums);
    else
        operate_on_some(s, end, p->operands, v, p->lanes, used, sums);
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
    operate_on_shared(p, 0, p->ends[0]);
}

/* Some tiles, in memory of their own. */
void NAME(lanes_each)(const LaneProgram *p, double *v, int64_t start, int64_t end) {
    for (int64_t k = 0; k < p->spread_count; k++)
        share(v + k * p->lanes, p->shared[p->spread[k] * BLOCK], p->lanes);
    for (int64_t tile = start; tile < end; tile++) {
        int64_t row = tile * p->lanes, used = p->count - row < p->lanes ? p->count - row : p->lanes;
        read_examples(p, v, row, used);
        operate_on_tile(p, v, used, p->sums + tile * p->sum_count);
        p->finite[tile] = write_rows(p, v, row, used);
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
    operate_on_shared(p, p->ends[1], p->ends[2]);
    for (int which = 0; which < 2; which++)
        for (int64_t k = 0; k < p->result_counts[which]; k++)
            p->results[which][k] = p->shared[p->result_slots[which][k] * BLOCK];
    p->finite[tiles] = 1;
    for (int64_t tile = 0; tile < tiles; tile++)
        p->finite[tiles] &= p->finite[tile];
}

/* All of it, where nobody waits for a part. */
void NAME(lanes_whole)(const LaneProgram *p, double *v, int64_t tiles) {
    NAME(lanes_before)(p);
    NAME(lanes_each)(p, v, 0, tiles);
    NAME(lanes_after)(p, tiles);
}
