/* Functions of many numbers, in vectors, where a loop over that of one number is not the quickest way. */

#ifndef MANY_H
#define MANY_H

#include "functions.h"

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

#ifdef __AVX512F__
#include <immintrin.h>

/* e^(j s) for j from 0 to 15, where s is ln 2 / 16 as a double: as doubles, and the rest. They stay in registers. */
static const double sixteenths[2][16] = {
    {0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0, 0x1.306fe0a31b715p+0,
     0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0, 0x1.6a09e667f3bccp+0, 0x1.7a11473eb0187p+0,
     0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0, 0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0,
     0x1.ea4afa2a490d9p+0},
    {0x0.0p+0, 0x1.8367fabe98167p-54, -0x1.362c3781fc1d8p-55, 0x1.8431fd5a03cbfp-54, 0x1.2faf56d9116d3p-55,
     0x1.5a9e75f47cd90p-55, 0x1.042f4068029b4p-56, 0x1.23c75e256ccf3p-54, 0x1.f68d3de197eeap-54,
     -0x1.f306e518f5252p-55, 0x1.0789792c6c7b8p-54, -0x1.1e2af90b68969p-60, 0x1.e66e45d439393p-55,
     -0x1.018abf76e9286p-58, -0x1.437b55d82dca3p-58, 0x1.5637975851ec3p-54},
};

typedef __m512d Eight;

#define ALL(x) _mm512_set1_pd(x)
#define PLUS(a, b) _mm512_add_pd(a, b)
#define MINUS(a, b) _mm512_sub_pd(a, b)
#define TIMES(a, b) _mm512_mul_pd(a, b)
#define TIMES_PLUS(a, b, c) _mm512_fmadd_pd(a, b, c)

/* With k and j so that 2 |a| = (16 k + j) s + r, and p = e^r - 1, tanh |a| is the quotient of e^(j s) (1 + p) - 2^-k
 * and of that and 2 2^-k. What is rounded in both, and in the quotient, is added last: within a unit. That 16 s is not
 * quite ln 2 makes no difference of a tenth of a unit, for the larger k, the less does the power matter. */
INLINE Eight eight_tanh(Eight a, const Eight table[4]) {
    Eight x = _mm512_min_pd(ALL(20.0), _mm512_abs_pd(a)); /* not a number stays so */
    Eight shifted = TIMES_PLUS(x, ALL(0x1.71547652b82fep+5), ALL(WHOLE)), whole = MINUS(shifted, ALL(WHOLE));
    __m512i index = _mm512_castpd_si512(shifted);
    Eight r = TIMES_PLUS(whole, ALL(-0x1.62e42fefa39efp-5), PLUS(x, x)), u = TIMES(r, r); /* r exactly */
    Eight first = TIMES_PLUS(r, ALL(0x1.5555555555556p-3), ALL(0.5)); /* through Chebyshev's points, to 2^-53 */
    Eight second = TIMES_PLUS(r, ALL(0x1.11111110e1059p-7), ALL(0x1.55555554e93b7p-5));
    Eight third = TIMES_PLUS(r, ALL(0x1.a01b0c3c80bbcp-13), ALL(0x1.6c17ed5c1f49ep-10));
    Eight rest = TIMES(TIMES_PLUS(TIMES_PLUS(third, u, second), u, first), u);
    Eight high = _mm512_permutex2var_pd(table[0], index, table[1]), low = _mm512_permutex2var_pd(table[2], index, table[3]);
    __m512i exponent = _mm512_and_si512(_mm512_slli_epi64(index, 48), _mm512_set1_epi64(-(INT64_C(1) << 52)));
    Eight apart = _mm512_castsi512_pd(_mm512_sub_epi64(_mm512_set1_epi64(INT64_C(1) << 62), exponent)); /* 2 2^-k */
    Eight less = TIMES_PLUS(apart, ALL(-0.5), high), part = TIMES(high, r);
    rest = TIMES_PLUS(low, r, TIMES_PLUS(high, rest, low));
    Eight above = PLUS(less, PLUS(part, rest)), above_rest = PLUS(PLUS(MINUS(less, above), part), rest);
    /* Exactly for k up to 1, from where on it matters less and less. */
    Eight below = PLUS(apart, above), below_rest = PLUS(MINUS(above, MINUS(below, apart)), above_rest);
    Eight inverse = _mm512_div_pd(ALL(1.0), below), y = TIMES(above, inverse);
    Eight left = PLUS(_mm512_fnmadd_pd(y, below, above), _mm512_fnmadd_pd(y, below_rest, above_rest));
    __m512i found = _mm512_castpd_si512(TIMES_PLUS(left, inverse, y)), sign = _mm512_set1_epi64(INT64_MIN);
    return _mm512_castsi512_pd(_mm512_ternarylogic_epi64(found, _mm512_castpd_si512(a), sign, 0xf8)); /* found, or a and sign */
}

static void many_tanh(const double *a, double *y, int64_t n) {
    Eight table[4];
    int64_t k = 0;
    for (int i = 0; i < 4; i++)
        table[i] = _mm512_loadu_pd(sixteenths[i / 2] + i % 2 * 8);
    for (; k + 8 <= n; k += 8)
        _mm512_storeu_pd(y + k, eight_tanh(_mm512_loadu_pd(a + k), table));
    if (k < n) {
        __mmask8 left = (__mmask8)((1 << (n - k)) - 1);
        _mm512_mask_storeu_pd(y + k, left, eight_tanh(_mm512_maskz_loadu_pd(left, a + k), table));
    }
}
#else
static void many_tanh(const double *a, double *y, int64_t n) {
    _Pragma("GCC ivdep") for (int64_t k = 0; k < n; k++) y[k] = f_tanh(a[k]);
}
#endif

/* They stand in lists of their own. */
#define FUNCTIONS_OF_MANY(F) F(sin) F(cos) F(tanh)

#endif
