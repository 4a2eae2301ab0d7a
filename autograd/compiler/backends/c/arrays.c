/* An interpreter of array programs over tiles: a few dozen examples at a time, side by side in what is called lanes.
 *
 * Numbers that differ by example stand in arrays of slots times lanes, which stay in the cache from one statement to
 * the next; all others in arrays of slots. A statement has loops over its members, in which views say how far each step
 * goes. Whoever writes a program has checked that every view stays inside its place; nothing is checked here.
 */

#include "functions.h"
#include "products.h"

enum { AXES = 4, REGISTERS = 16, CHUNK = 128, PANEL = 16 };
enum { ELEMENTWISE, PRODUCT, TOTAL, COPY, SEGMENTS };
enum { BEFORE = 1, AFTER = 2 };

typedef struct {
    int32_t place, batched;
    int64_t offset, strides[AXES];
    int64_t step; /* along the innermost loop of what is elementwise */
} View;

/* A function of registers, or of operands, which are the numbers from REGISTERS on. */
typedef struct {
    int32_t operation, target, a, b, c;
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

/* ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void step_over(const Step *step, double *y, const double *a, const double *b, const double *c,
                      int64_t n) {
    switch (step->operation) {
#define ONE(name)                                                                                                      \
    case OPERATION_##name:                                                                                             \
        _Pragma("GCC ivdep") for (int64_t l = 0; l < n; l++) y[l] = f_##name(a[l]);                                    \
        break;
#define TWO(name)                                                                                                      \
    case OPERATION_##name:                                                                                             \
        _Pragma("GCC ivdep") for (int64_t l = 0; l < n; l++) y[l] = f_##name(a[l], b[l]);                              \
        break;
#define THREE(name)                                                                                                    \
    case OPERATION_##name:                                                                                             \
        _Pragma("GCC ivdep") for (int64_t l = 0; l < n; l++) y[l] = f_##name(a[l], b[l], c[l]);                        \
        break;
#define ANGLES(name)                                                                                                   \
    case OPERATION_##name:                                                                                             \
        many_##name(a, y, n);                                                                                          \
        break;
        FUNCTIONS_OF_ONE(ONE)
        FUNCTIONS_OF_ANGLES(ANGLES)
        FUNCTIONS_OF_TWO(TWO)
        FUNCTIONS_OF_THREE(THREE)
        TWO(logsumexp)
#undef ONE
#undef ANGLES
#undef TWO
#undef THREE
    }
}

/* Numbers of an operand: in a row, the same again and again, or some steps apart. */
enum { ROW, SAME, APART };

static void elementwise(const Program *program, const Statement *s, const Tile *tile) {
    const View *views = program->views + s->view, *operand = views + 1;
    int64_t lanes = tile->lanes, n = s->reduced[AXES - 1] * (views[0].batched ? lanes : 1), index[AXES] = {0};
    int64_t room = n < CHUNK ? n : CHUNK;
    double registers[REGISTERS][CHUNK], copies[s->views][room]; /* of operands that are no row */
    const double *base[s->views], *operands[s->views], *same[s->views];
    int how[s->views], direct = s->mode == SET && (views[0].batched || views[0].step == 1 || n == 1);
    for (int64_t v = 0; v + 1 < s->views; v++) {
        int64_t step = operand[v].batched ? 1 : views[0].batched ? 0 : operand[v].step;
        how[v] = step == 1 || n == 1 ? ROW : step == 0 ? SAME : APART;
        same[v] = 0;
    }
    FOR_EACH(index, s->shape) {
        double *target = at(program, views, lanes, index);
        for (int64_t v = 0; v + 1 < s->views; v++)
            base[v] = at(program, operand + v, lanes, index);
        for (int64_t start = 0; start < n; start += CHUNK) {
            int64_t length = n - start < CHUNK ? n - start : CHUNK;
            for (int64_t v = 0; v + 1 < s->views; v++) {
                operands[v] = how[v] == ROW ? base[v] + start : copies[v];
                if (how[v] == SAME && same[v] != base[v]) {
                    for (int64_t l = 0; l < room; l++)
                        copies[v][l] = *base[v];
                    same[v] = base[v];
                } else if (how[v] == APART)
                    for (int64_t l = 0; l < length; l++)
                        copies[v][l] = base[v][(start + l) * operand[v].step];
            }
            const double *found = 0;
            for (const Step *step = program->steps + s->first, *end = step + s->count; step < end; step++) {
#define READ(r) ((r) < REGISTERS ? registers[r] : operands[(r) - REGISTERS])
                double *y = direct && step + 1 == end ? target + start : registers[step->target];
                step_over(step, y, READ(step->a), READ(step->b), READ(step->c), length);
#undef READ
                found = y;
            }
            if (views[0].batched || views[0].step == 1 || n == 1) {
                if (!direct)
                    put(target + start, found, length, s->mode);
            } else
                for (int64_t l = 0; l < length; l++)
                    put_one(target + (start + l) * views[0].step, found[l], s->mode);
        }
    }
}

/* ── Products of matrices ─────────────────────────────────────────────────────────────────────────────────────────── */

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
                for (int p = 0; p < count; p++)
                    for (int q = 0; q < 4 && j + q < width; q++)
                        put_one(target + (i + p) * v[0].strides[1] + (j + q) * v[0].strides[2], found[p][q], mode);
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

/* ── Sums, and copies of slots ────────────────────────────────────────────────────────────────────────────────────── */

static void total(const Program *program, const Statement *s, const Tile *tile, int mode) {
    const View *v = program->views + s->view; /* the target, the source by target axes, and by those it is summed over */
    int64_t lanes = tile->lanes, index[AXES], inner[AXES];
    int64_t results = v[0].batched ? lanes : 1, outer[AXES] = {s->reduced[0], s->reduced[1], s->reduced[2], 1};
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

/* ── Programs ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

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
        }
    }
}

/* What comes before all tiles, with BEFORE; the examples from ``start`` to ``end``, those from ``origin`` on being
 * summed up; and what comes after the last, with AFTER. */
void NAME(run_arrays)(const Program *program, int64_t start, int64_t end, int64_t origin, int64_t beside) {
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
            for (int64_t l = 0; l < lanes; l++) { /* lanes without an example repeat the last one */
                const double *example = program->examples[k] + (row + (l < tile.used ? l : tile.used - 1)) * width;
                for (int64_t i = 0; i < width; i++)
                    x[i * lanes + l] = example[i];
            }
        }
        run_statements(program, program->ends[0], program->ends[1], &tile);
        hand_out(program, row, &tile);
    }
    if (beside & AFTER)
        run_statements(program, program->ends[1], program->ends[2], &tile);
}
