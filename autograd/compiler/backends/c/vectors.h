/* Vectors as wide as a register of the level that is compiled: of wider ones GCC keeps half in memory. */

#ifndef VECTORS_H
#define VECTORS_H

#include <stdint.h>

#if defined(__AVX512F__)
#define WIDTH 8
#elif defined(__AVX__)
#define WIDTH 4
#else
#define WIDTH 2
#endif

typedef double Vector __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
typedef double Four __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t Bits __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));

#define VECTOR_AT(x) (*(const Vector *)(x))

#if WIDTH == 8
#define NUMBERED ((Bits){0, 1, 2, 3, 4, 5, 6, 7})
#elif WIDTH == 4
#define NUMBERED ((Bits){0, 1, 2, 3})
#else
#define NUMBERED ((Bits){0, 1})
#endif

/* Those of the numbers of two vectors, counted through both; a pair of pairs has a name of its own. */
typedef int64_t FourBits __attribute__((vector_size(32)));
typedef int64_t TwoBits __attribute__((vector_size(16)));
#ifdef __clang__
#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define SHUFFLED_PAIRS SHUFFLED
#else
#define SHUFFLED(a, b, ...) __builtin_shuffle(a, b, (FourBits){__VA_ARGS__})
#define SHUFFLED_PAIRS(a, b, ...) __builtin_shuffle(a, b, (TwoBits){__VA_ARGS__})
#endif

#endif
