/* Array programs over tiles: a few dozen examples at a time, side by side in what is called lanes.
 *
 * Numbers that differ by example stand in arrays of slots times lanes, which stay in the cache from one statement to
 * the next; all others in arrays of slots. A statement has loops over its members, in which views say how far each step
 * goes. Whoever writes a program has checked that every view stays inside its place; nothing is checked here.
 */

#ifndef ARRAYS_H
#define ARRAYS_H

#include "many.h"
#include "products.h"

enum { AXES = 4, REGISTERS = 16 };
enum { ELEMENTWISE, PRODUCT, TOTAL, COPY, SEGMENTS, RUNS, SUMS };

typedef struct {
    int32_t place, batched;
    int64_t offset, strides[AXES];
    int64_t step; /* along the innermost loop of what is elementwise */
} View;

/* Several functions at once: c - a b, (c - a b) d, and a b + c, each of which is rounded. */
enum { REST = 1000, REST_TIMES, TIMES_PLUS };

/* A function of registers, or of operands, which are the numbers from REGISTERS on. */
typedef struct {
    int32_t operation, target, a, b, c, d;
} Step;

typedef struct {
    int32_t kind, mode;
    int64_t shape[AXES], reduced[AXES]; /* loops over the target, and over what is summed, or the innermost of them */
    int64_t first, count;               /* steps, or entries of the list of slots */
    int64_t view, views;                /* the target and the operands */
} Statement;

typedef struct {
    const Statement *statements;
    int64_t ends[3]; /* of those before the tiles, those for each tile, and those after */
    const View *views;
    const Step *steps;
    const int32_t *slots;
    double **places;
    const double *const *examples; /* the batched arguments, one example after the other */
    const int64_t *widths;         /* numbers of one example */
    int64_t arguments, first_argument;
    int64_t lanes; /* of a tile; a multiple of 8 */
    const int32_t *result_slots; /* what is wanted of each example */
    int64_t result_place, result_count;
    double *results; /* one example after the other */
    const double *derivatives;
    int64_t derivative_count;
    int64_t finite; /* whether all derivatives are, which is found out after the last statement */
} Program;

/* Where a tile stands: how many of its lanes are examples, and whether it is the first. */
typedef struct {
    int64_t used, lanes;
    int first;
} Tile;

INLINE double *at(const Program *program, const View *v, int64_t lanes, const int64_t *index) {
    int64_t slot = v->offset;
    for (int axis = 0; axis < AXES; axis++)
        slot += index[axis] * v->strides[axis];
    return program->places[v->place] + slot * (v->batched ? lanes : 1);
}

#define FOR_EACH(index, shape)                                                                                         \
    for (index[0] = 0; index[0] < shape[0]; index[0]++)                                                                \
        for (index[1] = 0; index[1] < shape[1]; index[1]++)                                                            \
            for (index[2] = 0; index[2] < shape[2]; index[2]++)                                                        \
                for (index[3] = 0; index[3] < shape[3]; index[3]++)

INLINE void put(double *restrict target, const double *restrict found, int64_t n, int mode) {
    if (mode == SET)
        memcpy(target, found, (size_t)n * sizeof *found);
    else if (mode == ADD)
        for (int64_t l = 0; l < n; l++)
            target[l] += found[l];
    else
        for (int64_t l = 0; l < n; l++)
            target[l] -= found[l];
}

INLINE void put_one(double *target, double found, int mode) {
    *target = mode == SET ? found : mode == ADD ? *target + found : *target - found;
}

#endif
