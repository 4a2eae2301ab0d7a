/* tanh of many numbers, by a table of powers that stays in registers: four of them in AVX2, sixteen in AVX-512. */

#ifndef MANY_TANH_H
#define MANY_TANH_H

#include <immintrin.h>
#include "functions.h"
#include "vectors.h"

#define ALL(x) ((Vector){0.0} + (x))

/* e^(j s) for each j below POWERS, where s is ln 2 / POWERS as a double: as doubles, and the rest. Of the last bits of a
 * number j is chosen, and with them put in the place of the exponent it is k where the number is k POWERS + j. */
#if WIDTH == 8
enum { POWERS = 16, BITS_OF_J = 4 };
#define TIMES_PLUS(a, b, c) _mm512_fmadd_pd(a, b, c)
#define LESSER(a, b) _mm512_min_pd(a, b)
#define CHOSEN(j, table) _mm512_permutex2var_pd((table)[0], (__m512i)(j), (table)[1])

static const double powers[2][POWERS] = {
    {0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0, 0x1.306fe0a31b715p+0,
     0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0, 0x1.6a09e667f3bccp+0, 0x1.7a11473eb0187p+0,
     0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0, 0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0,
     0x1.ea4afa2a490d9p+0},
    {0x0.0p+0, 0x1.8367fabe98167p-54, -0x1.362c3781fc1d8p-55, 0x1.8431fd5a03cbfp-54, 0x1.2faf56d9116d3p-55,
     0x1.5a9e75f47cd90p-55, 0x1.042f4068029b4p-56, 0x1.23c75e256ccf3p-54, 0x1.f68d3de197eeap-54,
     -0x1.f306e518f5252p-55, 0x1.0789792c6c7b8p-54, -0x1.1e2af90b68969p-60, 0x1.e66e45d439393p-55,
     -0x1.018abf76e9286p-58, -0x1.437b55d82dca3p-58, 0x1.5637975851ec3p-54},
};

/* (e^r - 1 - r) / r^2 through Chebyshev's points, to 2^-53. */
static const double series[] = {0.5,
                                0x1.5555555555556p-3,
                                0x1.55555554e93b7p-5,
                                0x1.11111110e1059p-7,
                                0x1.6c17ed5c1f49ep-10,
                                0x1.a01b0c3c80bbcp-13};
#else
enum { POWERS = 4, BITS_OF_J = 2 };
#define TIMES_PLUS(a, b, c) _mm256_fmadd_pd(a, b, c)
#define LESSER(a, b) _mm256_min_pd(a, b)

/* By the last bit of j from two of the four, and of these by the bit before, which has the place of the sign. */
INLINE Vector chosen(Bits j, const Vector *table) {
    __m256i last = (__m256i)(j << 1), before = (__m256i)(j << 62);
    __m256d low = _mm256_permutevar_pd(_mm256_permute2f128_pd(table[0], table[0], 0x00), last);
    __m256d high = _mm256_permutevar_pd(_mm256_permute2f128_pd(table[0], table[0], 0x11), last);
    return _mm256_blendv_pd(low, high, (__m256d)before);
}
#define CHOSEN(j, table) chosen(j, table)

static const double powers[2][POWERS] = {
    {0x1.0000000000000p+0, 0x1.306fe0a31b715p+0, 0x1.6a09e667f3bccp+0, 0x1.ae89f995ad3adp+0},
    {0x0.0p+0, 0x1.2faf56d9116d3p-55, 0x1.f68d3de197eeap-54, 0x1.e66e45d439393p-55},
};

static const double series[] = {0.5,
                                0x1.5555555555555p-3,
                                0x1.55555555565cbp-5,
                                0x1.111111111170dp-7,
                                0x1.6c16c11687dc2p-10,
                                0x1.a01a0161e0e10p-13,
                                0x1.a02bcbc2b61c1p-16,
                                0x1.71eb2a6462280p-19};
#endif

enum { IN_A_VECTOR = POWERS / WIDTH, TERMS = sizeof series / sizeof *series };

/* With k and j so that 2 |a| = (POWERS k + j) s + r, and p = e^r - 1, tanh |a| is the quotient of e^(j s) (1 + p) - 2^-k
 * and of that and 2 2^-k. What is rounded in both, and in the quotient, is added last: within a unit. That POWERS s is
 * not quite ln 2 makes no difference of a tenth of a unit, for the larger k, the less does the power matter. */
INLINE Vector vector_tanh(Vector a, const Vector table[2][IN_A_VECTOR]) {
    const double s = 0x1.62e42fefa39efp-1 / POWERS;
    const Bits sign = (Bits){0} + INT64_MIN, exponents = (Bits){0} - (INT64_C(1) << 52);
    Vector x = LESSER(ALL(20.0), (Vector)((Bits)a & ~sign)); /* not a number stays so */
    Vector shifted = TIMES_PLUS(x, ALL(2.0 * POWERS * 0x1.71547652b82fep+0), ALL(WHOLE)), whole = shifted - WHOLE;
    Vector r = TIMES_PLUS(whole, ALL(-s), x + x), u = r * r; /* r exactly */
    Vector rest = TIMES_PLUS(r, ALL(series[TERMS - 1]), ALL(series[TERMS - 2]));
    _Pragma("GCC unroll 8") for (int k = TERMS - 4; k >= 0; k -= 2)
        rest = TIMES_PLUS(rest, u, TIMES_PLUS(r, ALL(series[k + 1]), ALL(series[k])));
    rest *= u;
    Bits j = (Bits)shifted;
    Vector high = CHOSEN(j, table[0]), low = CHOSEN(j, table[1]);
    Vector apart = (Vector)((INT64_C(1) << 62) - ((j << (52 - BITS_OF_J)) & exponents)); /* 2 2^-k */
    Vector less = TIMES_PLUS(apart, ALL(-0.5), high), part = high * r;
    rest = TIMES_PLUS(low, r, TIMES_PLUS(high, rest, low));
    Vector above = less + (part + rest), above_rest = ((less - above) + part) + rest;
    /* Exactly for k up to 1, from where on it matters less and less. */
    Vector below = apart + above, below_rest = (above - (below - apart)) + above_rest;
    Vector inverse = 1.0 / below, y = above * inverse;
    Vector left = TIMES_PLUS(-y, below, above) + TIMES_PLUS(-y, below_rest, above_rest);
    Bits found = (Bits)TIMES_PLUS(left, inverse, y);
    return (Vector)(found | ((Bits)a & sign));
}

static void many_tanh(const double *a, double *y, int64_t n) {
    Vector table[2][IN_A_VECTOR];
    int64_t k = 0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < IN_A_VECTOR; j++)
            table[i][j] = VECTOR_AT(powers[i] + j * WIDTH);
    for (; k + WIDTH <= n; k += WIDTH)
        *(Vector *)(y + k) = vector_tanh(VECTOR_AT(a + k), table);
    if (k < n) {
        double some[WIDTH] = {0.0};
        for (int64_t l = 0; k + l < n; l++)
            some[l] = a[k + l];
        *(Vector *)some = vector_tanh(VECTOR_AT(some), table);
        for (int64_t l = 0; k + l < n; l++)
            y[k + l] = some[l];
    }
}

#endif
