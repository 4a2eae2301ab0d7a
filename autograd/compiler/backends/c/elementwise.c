/* What is computed number by number: some steps for each, over a piece of a row at a time. */

#include "arrays.h"
#include "points.h"

enum { CHUNK = 128 };

/* A step for some numbers: one function, or several at once. */
static void step_over(const Step *step, double *y, const double *a, const double *b, const double *c, const double *d,
                      int64_t n) {
    switch (step->operation) {
    case REST:
        _Pragma("GCC ivdep") for (int64_t l = 0; l < n; l++) y[l] = c[l] - a[l] * b[l];
        break;
    case REST_TIMES:
        _Pragma("GCC ivdep") for (int64_t l = 0; l < n; l++) y[l] = (c[l] - a[l] * b[l]) * d[l];
        break;
    case TIMES_PLUS:
        _Pragma("GCC ivdep") for (int64_t l = 0; l < n; l++) y[l] = a[l] * b[l] + c[l];
        break;
    default:
        at_points(step->operation, n, a, b, c, y);
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
                step_over(step, y, READ(step->a), READ(step->b), READ(step->c), READ(step->d), length);
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
