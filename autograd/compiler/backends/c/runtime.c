/* The runtime: no more than the interpreters, and what tells a caller which of them to use.
 *
 * It is compiled once for each level of vector units that an x86 processor may have, with VARIANT appended to the names,
 * and once for all others. Calls of Python are nowhere in it: it is handed numbers and addresses.
 */

#include "products.h"

#include "tape.c"
#include "arrays.c"
#include "lanes.c"

/* A function at many points. */
void NAME(evaluate)(int32_t operation, int64_t n, const double *a, const double *b, const double *c, double *y) {
    at_points(operation, n, a, b, c, y);
}

#ifdef LOWEST
/* The operations by number: those of the same list are of as many operands, and lists end at a bar. */
const char *runtime_operations(void) {
#define ONE(name) #name " "
#define SHORT(products, plus, minus) "total_" #products "_" #plus "_" #minus " "
    return FUNCTIONS_OF_ONE(ONE) FUNCTIONS_OF_MANY(ONE) "| " FUNCTIONS_OF_TWO(ONE) "| " FUNCTIONS_OF_THREE(ONE) "| " SHORT_SUMS(SHORT) "| "
        LONG_OPERATIONS(ONE);
#undef SHORT
}

/* Those that lanes have beside them, by the numbers that follow. */
const char *runtime_lane_operations(void) {
#define SHORT(products, less, plus, minus) "sum_" #products "_" #less "_" #plus "_" #minus " "
    return LANE_OPERATIONS(ONE) LANE_SUMS(SHORT);
#undef ONE
#undef SHORT
}

/* What the library was made of. */
const char *runtime_sources(void) { return SOURCES; }

/* The highest level of vector units that this processor has: 0, 3 or 4, as in x86-64-v3. */
int runtime_level(void) {
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return 0;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 4;
    return 3;
#else
    return 0;
#endif
}
#endif
