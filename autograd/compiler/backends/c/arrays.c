/* An interpreter of array programs over tiles: each statement of a tile, and one tile after the other. */

#include "arrays.h"

#include "elementwise.c"
#include "matrix_products.c"
#include "sums.c"

enum { BEFORE = 1, AFTER = 2 };

/* What is wanted of each example of a tile, a row of it each. */
static void hand_out(const Program *program, int64_t row, const Tile *tile) {
    int64_t n = program->result_count;
    double *results = program->results + row * n;
    for (int64_t k = 0; k < n; k++) {
        const double *found = program->places[program->result_place] + program->result_slots[k] * tile->lanes;
        for (int64_t l = 0; l < tile->used; l++)
            results[l * n + k] = found[l];
    }
}

static void run_statements(const Program *program, int64_t start, int64_t end, const Tile *tile) {
    for (const Statement *s = program->statements + start; s < program->statements + end; s++) {
        const View *v = program->views + s->view;
        /* What is summed over all examples is set by the first tile, and grows by the others. */
        int over = !v[0].batched && (s->kind == PRODUCT ? v[1].batched || v[2].batched : v[1].batched);
        int mode = over && s->mode == SET && !tile->first ? ADD : s->mode;
        switch (s->kind) {
        case ELEMENTWISE:
            elementwise(program, s, tile);
            break;
        case PRODUCT:
            if (v[0].batched && v[1].batched != v[2].batched)
                product_for_each(program, s, tile);
            else if (!v[0].batched && v[1].batched && v[2].batched)
                product_in_blocks(program, s, tile->lanes, tile->used, mode);
            else if (!v[0].batched && !v[1].batched && !v[2].batched)
                if (s->shape[1] < 4 && v[1].strides[2] == 1 && v[2].strides[2] == 1)
                    product_in_blocks(program, s, 0, 0, mode);
                else
                    product_of_shared(program, s);
            else
                product(program, s, tile, mode);
            break;
        case TOTAL:
            total(program, s, tile, mode);
            break;
        case COPY:
            copy(program, s, tile);
            break;
        case SEGMENTS:
            segments(program, s, tile);
            break;
        case RUNS:
            copy_runs(program, s, tile);
            break;
        case SUMS:
            sums_of_products(program, s, tile);
            break;
        }
    }
}

static int all_finite(const double *x, int64_t n) {
    int64_t others = 0;
    for (int64_t k = 0; k < n; k++)
        others += !(fabs(x[k]) <= 0x1.fffffffffffffp1023);
    return !others;
}

/* What comes before all tiles, with BEFORE; the examples from ``start`` to ``end``, those from ``origin`` on being
 * summed up; and what comes after the last, with AFTER. */
void NAME(run_arrays)(Program *program, int64_t start, int64_t end, int64_t origin, int64_t beside) {
    int64_t lanes = program->lanes;
    Tile tile = {0, lanes, 1};
    if (beside & BEFORE)
        run_statements(program, 0, program->ends[0], &tile);
    for (int64_t row = start; row < end; row += lanes) {
        tile.used = end - row < lanes ? end - row : lanes;
        tile.first = row == origin;
        for (int64_t k = 0; k < program->arguments; k++) {
            double *x = program->places[program->first_argument + k];
            int64_t width = program->widths[k];
            const double *example = program->examples[k] + row * width;
            for (int64_t i = 0; i < width; i++, x += lanes) {
                for (int64_t l = 0; l < tile.used; l++)
                    x[l] = example[l * width + i];
                for (int64_t l = tile.used; l < lanes; l++) /* lanes without an example repeat the last one */
                    x[l] = x[tile.used - 1];
            }
        }
        run_statements(program, program->ends[0], program->ends[1], &tile);
        hand_out(program, row, &tile);
    }
    if (beside & AFTER) {
        run_statements(program, program->ends[1], program->ends[2], &tile);
        program->finite = all_finite(program->derivatives, program->derivative_count);
    }
}
