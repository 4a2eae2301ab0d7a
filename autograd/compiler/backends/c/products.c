/* Sums of products, in registers. This file alone is compiled so that a product and a sum may be rounded once. */

#include "products.h"

#define INLINE static inline __attribute__((always_inline))

#include "vectors.h"

/* How many sums of a block are taken at a time, four by so many, and stay in registers with what they are made of. */
enum { ROWS = WIDTH == 8 ? 4 : 2 };

INLINE void put(double *target, const Vector *found, int mode) {
    Vector *y = (Vector *)target;
    if (mode == SET)
        *y = *found;
    else if (mode == ADD)
        *y += *found;
    else
        *y -= *found;
}

/* Some rows, for as many registers of lanes. */
INLINE void rows(double *const *target, int count, int wide, const double *const *shared, int64_t shared_step,
                 const double *each, int64_t each_step, int64_t depth, int64_t l, const double *const *start, int mode) {
    Vector s[4][2], zero = {0.0};
    for (int r = 0; r < count; r++)
        for (int q = 0; q < wide; q++)
            s[r][q] = zero + (start ? *start[r] : 0.0);
    for (int64_t k = 0; k < depth; k++) {
        Vector x[2];
        for (int q = 0; q < wide; q++)
            x[q] = VECTOR_AT(each + k * each_step + l + WIDTH * q);
        for (int r = 0; r < count; r++)
            for (int q = 0; q < wide; q++)
                s[r][q] += shared[r][k * shared_step] * x[q];
    }
    for (int r = 0; r < count; r++)
        for (int q = 0; q < wide; q++)
            put(target[r] + l + WIDTH * q, &s[r][q], mode);
}

INLINE void strip_of(int count, double *const *target, const double *const *shared, int64_t shared_step,
                     const double *each, int64_t each_step, int64_t depth, int64_t lanes, const double *const *start,
                     int mode) {
    int64_t l = 0;
    for (; l + 2 * WIDTH <= lanes; l += 2 * WIDTH)
        rows(target, count, 2, shared, shared_step, each, each_step, depth, l, start, mode);
    for (; l < lanes; l += WIDTH)
        rows(target, count, 1, shared, shared_step, each, each_step, depth, l, start, mode);
}

#define FOR_COUNT(f, ...)                                                                                              \
    switch (count) {                                                                                                   \
    case 1:                                                                                                            \
        f(1, __VA_ARGS__);                                                                                             \
        break;                                                                                                         \
    case 2:                                                                                                            \
        f(2, __VA_ARGS__);                                                                                             \
        break;                                                                                                         \
    case 3:                                                                                                            \
        f(3, __VA_ARGS__);                                                                                             \
        break;                                                                                                         \
    default:                                                                                                           \
        f(4, __VA_ARGS__);                                                                                             \
    }

void NAME(strip)(double *const *target, int count, const double *const *shared, int64_t shared_step, const double *each,
                 int64_t each_step, int64_t depth, int64_t lanes, const double *const *start, int mode) {
    FOR_COUNT(strip_of, target, shared, shared_step, each, each_step, depth, lanes, start, mode)
}

/* The first n lanes, and zeros; what lies beyond is read if there is ``room``. */
INLINE void read_first(Vector *y, const double *x, int64_t n, int room) {
    *y = (Vector){0.0};
    if (room)
        *y = (Vector)((Bits)VECTOR_AT(x) & (NUMBERED < n));
    else
        for (int l = 0; l < n; l++)
            (*y)[l] = x[l];
}

/* The sums of four registers of lanes. */
INLINE void sums_of(double *found, const Vector *s) {
#if WIDTH == 2
    for (int j = 0; j < 4; j += 2)
        *(Vector *)(found + j) = SHUFFLED_PAIRS(s[j], s[j + 1], 0, 2) + SHUFFLED_PAIRS(s[j], s[j + 1], 1, 3);
#else
    Four four[4];
    for (int j = 0; j < 4; j++) {
#if WIDTH == 8
        double lanes[8]; /* by way of memory: the other sums stay in registers */
        *(Vector *)lanes = s[j];
        four[j] = *(Four *)lanes + *(Four *)(lanes + 4);
#else
        four[j] = s[j];
#endif
    }
    Four first = SHUFFLED(four[0], four[1], 0, 4, 2, 6) + SHUFFLED(four[0], four[1], 1, 5, 3, 7);
    Four second = SHUFFLED(four[2], four[3], 0, 4, 2, 6) + SHUFFLED(four[2], four[3], 1, 5, 3, 7);
    *(Four *)found = SHUFFLED(first, second, 0, 1, 4, 5) + SHUFFLED(first, second, 2, 3, 6, 7);
#endif
}

INLINE void rows_of_block(int count, double found[4][4], const double *const *left, int64_t left_step,
                          const double *const *right, int64_t right_step, int64_t depth, int64_t used, int room) {
    Vector s[ROWS][4], y[4], zero = {0.0};
    for (int i = 0; i < count; i++)
        for (int j = 0; j < 4; j++)
            s[i][j] = zero;
    for (int64_t k = 0; k < depth; k++) {
        int64_t l = 0;
        for (; l + WIDTH <= used; l += WIDTH) {
            for (int j = 0; j < 4; j++)
                y[j] = VECTOR_AT(right[j] + k * right_step + l);
            for (int i = 0; i < count; i++)
                for (int j = 0; j < 4; j++)
                    s[i][j] += VECTOR_AT(left[i] + k * left_step + l) * y[j];
        }
        if (l < used) {
            for (int j = 0; j < 4; j++)
                read_first(&y[j], right[j] + k * right_step + l, used - l, room);
            for (int i = 0; i < count; i++) {
                Vector x;
                read_first(&x, left[i] + k * left_step + l, used - l, room);
                for (int j = 0; j < 4; j++)
                    s[i][j] += x * y[j];
            }
        }
    }
    for (int i = 0; i < count; i++)
        sums_of(found[i], s[i]);
}

INLINE void block_of(int count, double found[4][4], const double *const *left, int64_t left_step,
                     const double *const *right, int64_t right_step, int64_t depth, int64_t used, int room) {
    for (int i = 0; i < count; i += ROWS)
        rows_of_block(count - i < ROWS ? count - i : ROWS, found + i, left + i, left_step, right, right_step, depth,
                      used, room);
}

void NAME(block)(double found[4][4], int count, const double *const *left, int64_t left_step, const double *const *right,
                 int64_t right_step, int64_t depth, int64_t used, int room) {
    FOR_COUNT(block_of, found, left, left_step, right, right_step, depth, used, room)
}
