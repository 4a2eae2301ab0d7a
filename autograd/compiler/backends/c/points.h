/* Functions at many points: one copy of each, for whatever computes more than a few numbers at a time. */

#ifndef POINTS_H
#define POINTS_H

#include "many.h"

/* A function of the numbers of some rows; what it gives may lie where one of them is. */
static void at_points(int32_t operation, int64_t n, const double *a, const double *b, const double *c, double *y) {
#define POINTS _Pragma("GCC ivdep") for (int64_t k = 0; k < n; k++)
    switch (operation) {
#define ONE(name)                                                                                                      \
    case OPERATION_##name:                                                                                             \
        POINTS y[k] = f_##name(a[k]);                                                                                  \
        break;
#define TWO(name)                                                                                                      \
    case OPERATION_##name:                                                                                             \
        POINTS y[k] = f_##name(a[k], b[k]);                                                                            \
        break;
#define THREE(name)                                                                                                    \
    case OPERATION_##name:                                                                                             \
        POINTS y[k] = f_##name(a[k], b[k], c[k]);                                                                      \
        break;
#define MANY(name)                                                                                                     \
    case OPERATION_##name:                                                                                             \
        many_##name(a, y, n);                                                                                          \
        break;
        FUNCTIONS_OF_ONE(ONE)
        FUNCTIONS_OF_MANY(MANY)
        FUNCTIONS_OF_TWO(TWO)
        FUNCTIONS_OF_THREE(THREE)
        TWO(logsumexp)
#undef ONE
#undef MANY
#undef TWO
#undef THREE
    }
#undef POINTS
}

#endif
