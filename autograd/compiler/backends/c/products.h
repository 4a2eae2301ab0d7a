/* Products of small matrices, for the interpreter of array programs. */

#ifndef PRODUCTS_H
#define PRODUCTS_H

#include <stdint.h>

#define JOIN(name, variant) name##variant
#define EXPANDED(name, variant) JOIN(name, variant)
#define NAME(name) EXPANDED(name, VARIANT)

/* What becomes of a result: it is the target, is added to it, or subtracted. */
enum { SET, ADD, SUBTRACT };

/* Up to four rows of a target with lanes: numbers that all examples share, a row of them each, times numbers of each
 * example; the sum over depth, to which ``start`` is added, a number for each row, unless it is null. */
void NAME(strip)(double *const *target, int count, const double *const *shared, int64_t shared_step, const double *each,
                 int64_t each_step, int64_t depth, int64_t lanes, const double *const *start, int mode);

/* Up to four rows by four columns of a target without: the sum over depth and over the lanes that are used. Lanes come in
 * eights, of which the others may be read, too, if there is ``room``. */
void NAME(block)(double found[4][4], int count, const double *const *left, int64_t left_step, const double *const *right,
                 int64_t right_step, int64_t depth, int64_t used, int room);

#endif
