/* Sums of products, in registers. This file alone is compiled so that a product and a sum may be rounded once. */

#include "products.h"

#define INLINE static inline __attribute__((always_inline))

/* Eight lanes: one register, two or four, as the processor has them. */
typedef double Lanes __attribute__((vector_size(64), aligned(8), may_alias));

typedef double Half __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t Bits __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t HalfBits __attribute__((vector_size(32)));

#define LOAD(x) (*(const Lanes *)(x))

INLINE void put(double *target, const Lanes *found, int mode) {
    Lanes *y = (Lanes *)target;
    if (mode == SET)
        *y = *found;
    else if (mode == ADD)
        *y += *found;
    else
        *y -= *found;
}

/* Some rows, for as many times eight lanes. */
INLINE void rows(double *const *target, int count, int wide, const double *const *shared, int64_t shared_step,
                 const double *each, int64_t each_step, int64_t depth, int64_t l, const double *const *start, int mode) {
    Lanes s[4][2], zero = {0.0};
    for (int r = 0; r < count; r++)
        for (int q = 0; q < wide; q++)
            s[r][q] = zero + (start ? *start[r] : 0.0);
    for (int64_t k = 0; k < depth; k++) {
        Lanes x[2];
        for (int q = 0; q < wide; q++)
            x[q] = LOAD(each + k * each_step + l + 8 * q);
        for (int r = 0; r < count; r++)
            for (int q = 0; q < wide; q++)
                s[r][q] += shared[r][k * shared_step] * x[q];
    }
    for (int r = 0; r < count; r++)
        for (int q = 0; q < wide; q++)
            put(target[r] + l + 8 * q, &s[r][q], mode);
}

INLINE void strip_of(int count, double *const *target, const double *const *shared, int64_t shared_step,
                     const double *each, int64_t each_step, int64_t depth, int64_t lanes, const double *const *start,
                     int mode) {
    int64_t l = 0;
#ifdef __AVX512F__ /* there are registers enough */
    for (; l + 16 <= lanes; l += 16)
        rows(target, count, 2, shared, shared_step, each, each_step, depth, l, start, mode);
#endif
    for (; l < lanes; l += 8)
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

/* The first n of eight lanes, and zeros; what lies beyond is read if there is ``room``. */
INLINE void read_first(Lanes *y, const double *x, int64_t n, int room) {
    if (room)
        *y = (Lanes)((Bits)LOAD(x) & ((Bits){0, 1, 2, 3, 4, 5, 6, 7} < n));
    else
        for (int l = 0; l < 8; l++)
            (*y)[l] = l < n ? x[l] : 0.0;
}

#ifdef __clang__
#define SHUFFLED(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define SHUFFLED(a, b, i, j, k, l) __builtin_shuffle(a, b, (HalfBits){i, j, k, l})
#endif

/* The sums of four times eight lanes. */
INLINE void sums_of(double *found, const Lanes *s) {
    double lanes[4][8]; /* by way of memory: the other sums stay in registers */
    Half half[4];
    for (int j = 0; j < 4; j++) {
        *(Lanes *)lanes[j] = s[j];
        half[j] = *(Half *)lanes[j] + *(Half *)(lanes[j] + 4);
    }
    Half first = SHUFFLED(half[0], half[1], 0, 4, 2, 6) + SHUFFLED(half[0], half[1], 1, 5, 3, 7);
    Half second = SHUFFLED(half[2], half[3], 0, 4, 2, 6) + SHUFFLED(half[2], half[3], 1, 5, 3, 7);
    *(Half *)found = SHUFFLED(first, second, 0, 1, 4, 5) + SHUFFLED(first, second, 2, 3, 6, 7);
}

INLINE void block_of(int count, double found[4][4], const double *const *left, int64_t left_step,
                     const double *const *right, int64_t right_step, int64_t depth, int64_t used, int room) {
    Lanes s[4][4], y[4], zero = {0.0};
    for (int i = 0; i < count; i++)
        for (int j = 0; j < 4; j++)
            s[i][j] = zero;
    for (int64_t k = 0; k < depth; k++) {
        int64_t l = 0;
        for (; l + 8 <= used; l += 8) {
            for (int j = 0; j < 4; j++)
                y[j] = LOAD(right[j] + k * right_step + l);
            for (int i = 0; i < count; i++)
                for (int j = 0; j < 4; j++)
                    s[i][j] += LOAD(left[i] + k * left_step + l) * y[j];
        }
        if (l < used) {
            for (int j = 0; j < 4; j++)
                read_first(&y[j], right[j] + k * right_step + l, used - l, room);
            for (int i = 0; i < count; i++) {
                Lanes x;
                read_first(&x, left[i] + k * left_step + l, used - l, room);
                for (int j = 0; j < 4; j++)
                    s[i][j] += x * y[j];
            }
        }
    }
    for (int i = 0; i < count; i++)
        sums_of(found[i], s[i]);
}

void NAME(block)(double found[4][4], int count, const double *const *left, int64_t left_step, const double *const *right,
                 int64_t right_step, int64_t depth, int64_t used, int room) {
    FOR_COUNT(block_of, found, left, left_step, right, right_step, depth, used, room)
}
