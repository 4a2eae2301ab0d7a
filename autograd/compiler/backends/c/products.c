/* Sums of products, in registers. This file alone is compiled so that a product and a sum may be rounded once. */

#include "products.h"

#define INLINE static inline __attribute__((always_inline))

/* Eight lanes: one register, two or four, as the processor has them. */
typedef double Lanes __attribute__((vector_size(64), aligned(8), may_alias));

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

INLINE double sum(const double *s) { return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])); }

INLINE void rows(double *const *target, int count, const double *const *shared, int64_t shared_step, const double *each,
                 int64_t each_step, int64_t depth, int64_t l, int mode) {
    Lanes s[4] = {{0.0}, {0.0}, {0.0}, {0.0}};
    for (int64_t k = 0; k < depth; k++) {
        Lanes x = LOAD(each + k * each_step + l);
        for (int r = 0; r < count; r++)
            s[r] += shared[r][k * shared_step] * x;
    }
    for (int r = 0; r < count; r++)
        put(target[r] + l, &s[r], mode);
}

/* The same for sixteen lanes. */
INLINE void wide_rows(double *const *target, int count, const double *const *shared, int64_t shared_step,
                      const double *each, int64_t each_step, int64_t depth, int64_t l, int mode) {
    Lanes s[4] = {{0.0}, {0.0}, {0.0}, {0.0}}, t[4] = {{0.0}, {0.0}, {0.0}, {0.0}};
    for (int64_t k = 0; k < depth; k++) {
        Lanes x = LOAD(each + k * each_step + l), y = LOAD(each + k * each_step + l + 8);
        for (int r = 0; r < count; r++) {
            double w = shared[r][k * shared_step];
            s[r] += w * x;
            t[r] += w * y;
        }
    }
    for (int r = 0; r < count; r++) {
        put(target[r] + l, &s[r], mode);
        put(target[r] + l + 8, &t[r], mode);
    }
}

void NAME(strip)(double *const *target, int count, const double *const *shared, int64_t shared_step, const double *each,
                 int64_t each_step, int64_t depth, int64_t lanes, int mode) {
    int64_t l = 0;
    if (count == 4) {
#ifdef __AVX512F__ /* there are registers enough */
        for (; l + 16 <= lanes; l += 16)
            wide_rows(target, 4, shared, shared_step, each, each_step, depth, l, mode);
#endif
        for (; l < lanes; l += 8)
            rows(target, 4, shared, shared_step, each, each_step, depth, l, mode);
    }
    for (; l < lanes; l += 8)
        for (int r = 0; r < count; r++)
            rows(target + r, 1, shared + r, shared_step, each, each_step, depth, l, mode);
}

void NAME(block)(double found[2][4], const double *const *left, int64_t left_step, const double *const *right,
                 int64_t right_step, int64_t depth, int64_t used) {
    Lanes s[2][4] = {{{0.0}, {0.0}, {0.0}, {0.0}}, {{0.0}, {0.0}, {0.0}, {0.0}}};
    double rest[2][4] = {{0.0}};
    for (int64_t k = 0; k < depth; k++) {
        int64_t l = 0;
        for (; l + 8 <= used; l += 8)
            for (int i = 0; i < 2; i++) {
                Lanes x = LOAD(left[i] + k * left_step + l);
                for (int j = 0; j < 4; j++)
                    s[i][j] += x * LOAD(right[j] + k * right_step + l);
            }
        for (; l < used; l++)
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 4; j++)
                    rest[i][j] += left[i][k * left_step + l] * right[j][k * right_step + l];
    }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++)
            found[i][j] = sum((const double *)&s[i][j]) + rest[i][j];
}
