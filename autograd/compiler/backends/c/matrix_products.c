/* Products of matrices: which of the two differ by example, and in what order the rows and columns of a block are read.
 * Sums over more than a number at a time are those of products.c. */

#include "arrays.h"

enum { PANEL = 16 };

static void product_for_each(const Program *program, const Statement *s, const Tile *tile) {
    const View *v = program->views + s->view;
    int64_t lanes = tile->lanes, depth = s->reduced[0];
    int swapped = v[1].batched; /* which of the two is shared */
    const View *shared = v + 1 + swapped, *each = v + 2 - swapped;
    int64_t rows_of = s->shape[1 + swapped], columns = s->shape[2 - swapped];
    for (int64_t h = 0; h < s->shape[0]; h++)
        for (int64_t j = 0; j < columns; j++) {
            const double *x = program->places[each->place] + (each->offset + h * each->strides[0] + j * each->strides[1]) * lanes;
            for (int64_t i = 0; i < rows_of; i += 4) {
                int count = rows_of - i < 4 ? (int)(rows_of - i) : 4;
                double *target[4] = {0};
                const double *w[4] = {0}, *start[4] = {0};
                for (int r = 0; r < count; r++) {
                    int64_t index[AXES] = {h, swapped ? j : i + r, swapped ? i + r : j, 0};
                    if (s->views > 3)
                        start[r] = at(program, v + 3, lanes, index);
                    int64_t slot = v[0].offset + h * v[0].strides[0] + (i + r) * v[0].strides[1 + swapped] +
                                   j * v[0].strides[2 - swapped];
                    target[r] = program->places[v[0].place] + slot * lanes;
                    w[r] = program->places[shared->place] + shared->offset + h * shared->strides[0] +
                           (i + r) * shared->strides[1];
                }
                NAME(strip)(target, count, w, shared->strides[2], x, each->strides[2] * lanes, depth, lanes,
                            s->views > 3 ? start : 0, s->mode);
            }
        }
}

/* Sums over what lies side by side: the examples, or without ``lanes`` what is summed over. */
static void product_in_blocks(const Program *program, const Statement *s, int64_t lanes, int64_t used, int mode) {
    const View *v = program->views + s->view;
    int64_t height = s->shape[1], width = s->shape[2], apart = lanes ? lanes : 1;
    int64_t depth = lanes ? s->reduced[0] : 1, side_by_side = lanes ? used : s->reduced[0];
    for (int64_t h = 0; h < s->shape[0]; h++) {
        int64_t index[AXES] = {h, 0, 0, 0};
        double *target = at(program, v, 1, index);
        const double *first = at(program, v + 1, apart, index), *second = at(program, v + 2, apart, index);
        for (int64_t i = 0; i < height; i += 4)
            for (int64_t j = 0; j < width; j += 4) {
                const double *left[4], *right[4];
                double found[4][4];
                int count = height - i < 4 ? (int)(height - i) : 4;
                for (int p = 0; p < 4; p++) {
                    left[p] = first + (p < count ? i + p : i) * v[1].strides[1] * apart;
                    right[p] = second + (j + p < width ? j + p : j) * v[2].strides[1] * apart;
                }
                NAME(block)(found, count, left, v[1].strides[2] * apart, right, v[2].strides[2] * apart, depth, side_by_side,
                            lanes != 0);
                for (int p = 0; p < count; p++) {
                    double *row = target + (i + p) * v[0].strides[1] + j * v[0].strides[2];
                    if (v[0].strides[2] == 1 && j + 4 <= width)
                        put(row, found[p], 4, mode);
                    else
                        for (int q = 0; q < 4 && j + q < width; q++)
                            put_one(row + q * v[0].strides[2], found[p][q], mode);
                }
            }
    }
}

/* Without examples: rows of the left matrix, number by number, times a few columns of the product at a time, for which
 * what the right one has is put side by side unless it lies so. */
static void product_of_shared(const Program *program, const Statement *s) {
    const View *v = program->views + s->view;
    int64_t height = s->shape[1], width = s->shape[2], depth = s->reduced[0];
    for (int64_t h = 0; h < s->shape[0]; h++) {
        int64_t index[AXES] = {h, 0, 0, 0};
        double *target = at(program, v, 1, index);
        const double *left = at(program, v + 1, 1, index), *right = at(program, v + 2, 1, index);
        for (int64_t j = 0; j < width; j += PANEL) {
            int64_t columns = width - j < PANEL ? width - j : PANEL, padded = (columns + 7) / 8 * 8;
            const double *each = right + j * v[2].strides[1];
            int64_t each_step = v[2].strides[2];
            double panel[depth][PANEL], found[4][PANEL];
            if (v[2].strides[1] != 1 || columns != padded) {
                for (int64_t k = 0; k < depth; k++)
                    for (int64_t c = 0; c < padded; c++)
                        panel[k][c] = c < columns ? each[c * v[2].strides[1] + k * v[2].strides[2]] : 0.0;
                each = panel[0];
                each_step = PANEL;
            }
            int direct = v[0].strides[2] == 1 && columns == padded;
            for (int64_t i = 0; i < height; i += 4) {
                int count = height - i < 4 ? (int)(height - i) : 4;
                double *rows[4] = {0};
                const double *w[4] = {0};
                for (int r = 0; r < count; r++) {
                    rows[r] = direct ? target + (i + r) * v[0].strides[1] + j : found[r];
                    w[r] = left + (i + r) * v[1].strides[1];
                }
                NAME(strip)(rows, count, w, v[1].strides[2], each, each_step, depth, padded, 0, direct ? s->mode : SET);
                for (int r = 0; r < count && !direct; r++)
                    for (int64_t c = 0; c < columns; c++)
                        put_one(target + (i + r) * v[0].strides[1] + (j + c) * v[0].strides[2], found[r][c], s->mode);
            }
        }
    }
}

/* Any other: one number after the other. */
static void product(const Program *program, const Statement *s, const Tile *tile, int mode) {
    const View *v = program->views + s->view;
    int64_t lanes = tile->lanes, index[AXES];
    int over = !v[0].batched && (v[1].batched || v[2].batched); /* the sum takes the examples in */
    int64_t results = v[0].batched ? lanes : 1, terms = over ? tile->used : 1;
    FOR_EACH(index, s->shape) {
        double *target = at(program, v, lanes, index);
        for (int64_t l = 0; l < results; l++) {
            double total = 0.0;
            for (int64_t k = 0; k < s->reduced[0]; k++) {
                int64_t at_left[AXES] = {index[0], index[1], k, 0}, at_right[AXES] = {index[0], index[2], k, 0};
                const double *a = at(program, v + 1, lanes, at_left), *b = at(program, v + 2, lanes, at_right);
                for (int64_t m = 0; m < terms; m++)
                    total += a[v[1].batched ? l + m : 0] * b[v[2].batched ? l + m : 0];
            }
            put_one(target + l, total, mode);
        }
    }
}
