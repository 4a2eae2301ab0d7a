/* Functions of many numbers, in vectors, where a loop over that of one number is not the quickest way. */

#ifndef MANY_H
#define MANY_H

#include "functions.h"
#include "vectors.h"

/* Where all angles are near, in vectors; the C library has those that are not. */
#define OF_MANY(name)                                                                                                  \
    static void many_##name(const double *a, double *y, int64_t n) {                                                   \
        int64_t far = 0;                                                                                               \
        for (int64_t k = 0; k < n; k++)                                                                                \
            far += fabs(a[k]) > NEAR;                                                                                  \
        if (far)                                                                                                       \
            for (int64_t k = 0; k < n; k++)                                                                            \
                y[k] = fabs(a[k]) > NEAR ? f_##name(a[k]) : near_##name(a[k]);                                         \
        else                                                                                                           \
            _Pragma("GCC ivdep") for (int64_t k = 0; k < n; k++) y[k] = near_##name(a[k]);                             \
    }
OF_MANY(sin)
OF_MANY(cos)

/* Both of the same numbers, for little more than one of them; these may lie where one of them goes. */
static void many_sin_and_cos(const double *a, double *sines, double *cosines, int64_t n) {
    int64_t far = 0;
    for (int64_t k = 0; k < n; k++)
        far += fabs(a[k]) > NEAR;
    if (far)
        for (int64_t k = 0; k < n; k++) {
            double x = a[k];
            sines[k] = fabs(x) > NEAR ? f_sin(x) : near_sin(x);
            cosines[k] = fabs(x) > NEAR ? f_cos(x) : near_cos(x);
        }
    else
        _Pragma("GCC ivdep") for (int64_t k = 0; k < n; k++) {
            double x = a[k];
            Angle angle = angle_of(x);
            SineAndCosine rest = sine_and_cosine(angle);
            sines[k] = x == 0.0 ? x : turned(rest, angle.quarters);
            cosines[k] = turned(rest, angle.quarters + 1);
        }
}

#if WIDTH > 2
#include "many_tanh.h"
#else
static void many_tanh(const double *a, double *y, int64_t n) {
    _Pragma("GCC ivdep") for (int64_t k = 0; k < n; k++) y[k] = f_tanh(a[k]);
}
#endif

/* They stand in lists of their own. */
#define FUNCTIONS_OF_MANY(F) F(sin) F(cos) F(tanh)

#endif
