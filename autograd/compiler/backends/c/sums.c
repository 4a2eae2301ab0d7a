/* Sums that are not part of a product, and copies of slots. */

#include "arrays.h"

/* The sum of some numbers in a fixed order: by eight, and then what is left. */
INLINE double sum_of(const double *restrict x, int64_t n) {
    double s[8] = {0.0};
    int64_t l = 0;
    for (; l + 8 <= n; l += 8)
        for (int j = 0; j < 8; j++)
            s[j] += x[l + j];
    double total = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
    for (; l < n; l++)
        total += x[l];
    return total;
}

static void total(const Program *program, const Statement *s, const Tile *tile, int mode) {
    const View *v = program->views + s->view; /* the target, the source by target axes, and by those it is summed over */
    int64_t lanes = tile->lanes, index[AXES], inner[AXES];
    int64_t results = v[0].batched ? lanes : 1, outer[AXES] = {s->reduced[0], s->reduced[1], s->reduced[2], 1};
    if (!v[0].batched && v[1].batched && outer[0] * outer[1] * outer[2] * s->reduced[AXES - 1] == 1) {
        FOR_EACH(index, s->shape) /* over the examples and nothing else */
            put_one(at(program, v, lanes, index), sum_of(at(program, v + 1, lanes, index), tile->used), mode);
        return;
    }
    double found[results];
    FOR_EACH(index, s->shape) {
        const double *source = at(program, v + 1, lanes, index);
        for (int64_t l = 0; l < results; l++)
            found[l] = 0.0;
        FOR_EACH(inner, outer) {
            const double *x = source;
            int64_t step = v[2].strides[AXES - 1] * (v[2].batched ? lanes : 1);
            for (int axis = 0; axis < AXES; axis++)
                x += inner[axis] * v[2].strides[axis] * (v[2].batched ? lanes : 1);
            if (!v[1].batched && !v[0].batched && step == 1)
                found[0] += sum_of(x, s->reduced[AXES - 1]);
            else
                for (int64_t k = 0; k < s->reduced[AXES - 1]; k++, x += step)
                    if (v[0].batched)
                        for (int64_t l = 0; l < lanes; l++)
                            found[l] += x[v[1].batched ? l : 0];
                    else
                        found[0] += v[1].batched ? sum_of(x, tile->used) : *x;
        }
        put(at(program, v, lanes, index), found, results, mode);
    }
}

/* Slots of the source into slots of the target, in pairs. */
static void copy(const Program *program, const Statement *s, const Tile *tile) {
    const View *v = program->views + s->view;
    const int32_t *slots = program->slots + s->first;
    int64_t lanes = tile->lanes, n = v[0].batched ? lanes : 1;
    if (n == 1) {
        double *target = program->places[v[0].place];
        const double *source = program->places[v[1].place];
        for (int64_t k = 0; k < s->count; k++)
            target[slots[2 * k]] = source[slots[2 * k + 1]];
        return;
    }
    for (int64_t k = 0; k < s->count; k++) {
        double *target = program->places[v[0].place] + slots[2 * k] * n;
        const double *source = program->places[v[1].place] + slots[2 * k + 1] * (v[1].batched ? lanes : 1);
        for (int64_t l = 0; l < n; l++)
            target[l] = source[v[1].batched ? l : 0];
    }
}

/* The same in runs: a slot of the target and those that follow it, a slot of the source, how many there are, and how far
 * apart those of the source are. */
static void copy_runs(const Program *program, const Statement *s, const Tile *tile) {
    const View *v = program->views + s->view;
    int64_t lanes = tile->lanes, n = v[0].batched ? lanes : 1, from = v[1].batched ? lanes : 1;
    for (const int32_t *run = program->slots + s->first, *end = run + 4 * s->count; run < end; run += 4) {
        double *target = program->places[v[0].place] + run[0] * n;
        const double *source = program->places[v[1].place] + run[1] * from;
        int64_t count = run[2], step = run[3] * from;
        if (n == 1 && step == 1)
            for (int64_t k = 0; k < count; k++)
                target[k] = source[k];
        else if (n == 1)
            for (int64_t k = 0; k < count; k++)
                target[k] = source[k * step];
        else
            for (int64_t k = 0; k < count; k++, target += n, source += step)
                for (int64_t l = 0; l < n; l++)
                    target[l] = source[v[1].batched ? l : 0];
    }
}

/* A slot of the target, how many products, and the slots of their two factors. */
static void sums_of_products(const Program *program, const Statement *s, const Tile *tile) {
    const View *v = program->views + s->view;
    const double *left = program->places[v[1].place], *right = program->places[v[2].place];
    int64_t lanes = tile->lanes, n = v[0].batched ? lanes : 1;
    int64_t of_left = v[1].batched ? lanes : 1, of_right = v[2].batched ? lanes : 1;
    double found[n];
    for (const int32_t *slot = program->slots + s->first, *end = slot + s->count; slot < end; slot += 2 + 2 * slot[1]) {
        const int32_t *pair = slot + 2, *last = pair + 2 * slot[1];
        if (n == 1) {
            double sum = 0.0;
            for (; pair < last; pair += 2)
                sum += left[pair[0]] * right[pair[1]];
            put_one(program->places[v[0].place] + slot[0], sum, s->mode);
            continue;
        }
        for (int64_t l = 0; l < n; l++)
            found[l] = 0.0;
        for (; pair < last; pair += 2) {
            const double *a = left + pair[0] * of_left, *b = right + pair[1] * of_right;
            for (int64_t l = 0; l < n; l++)
                found[l] += a[v[1].batched ? l : 0] * b[v[2].batched ? l : 0];
        }
        put(program->places[v[0].place] + slot[0] * n, found, n, s->mode);
    }
}

/* A slot of the target, how many slots of the source, and these. */
static void segments(const Program *program, const Statement *s, const Tile *tile) {
    const View *v = program->views + s->view;
    int64_t lanes = tile->lanes, n = v[0].batched ? lanes : 1;
    double found[n];
    if (n == 1) {
        double *target = program->places[v[0].place];
        const double *source = program->places[v[1].place];
        for (const int32_t *slot = program->slots + s->first, *end = slot + s->count; slot < end; slot += 2 + slot[1]) {
            double sum = 0.0;
            for (int64_t k = 0; k < slot[1]; k++)
                sum += source[slot[2 + k]];
            put_one(target + slot[0], sum, s->mode);
        }
        return;
    }
    for (const int32_t *slot = program->slots + s->first, *end = slot + s->count; slot < end; slot += 2 + slot[1]) {
        for (int64_t l = 0; l < n; l++)
            found[l] = 0.0;
        for (int64_t k = 0; k < slot[1]; k++) {
            const double *source = program->places[v[1].place] + slot[2 + k] * (v[1].batched ? lanes : 1);
            for (int64_t l = 0; l < n; l++)
                found[l] += source[v[1].batched ? l : 0];
        }
        put(program->places[v[0].place] + slot[0] * n, found, n, s->mode);
    }
}
