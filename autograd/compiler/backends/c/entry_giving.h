/* Derivatives handed out in the structure of the arguments.

   All copies of arrays, then all numbers, before any container is made: to make one may start the collector of garbage,
   hence a finalizer, hence another call of the same function, which overwrites them. */
#include "entry_plans.h"

/* Where it is in a plan, with what was copied. */
typedef struct {
    const Plan *plan;
    const int64_t *at;
    PyObject **arrays;
    const double *numbers; /* of place 0 */
} Given;

static int copy_arrays(const Plan *plan, PyObject **arrays) {
    const int64_t *at = plan->words, *end = at + plan->length;
    while (at < end) {
        switch (*at++) {
        case NUMBER: at += 2; break;
        case LIST: case TUPLE: case SAME: at += 1; break;
        case DICT: at += 2; break;
        case ARRAY:
            *arrays = PyObject_CallNoArgs(PyTuple_GetItem(plan->objects, at[2]));
            if (!*arrays++)
                return 0;
            at += 4 + at[3];
            break;
        default: at += 3;
        }
    }
    return 1;
}

static PyObject *give_part(Given *given) {
    const Plan *plan = given->plan;
    int64_t kind = *given->at++, count, keys = 0;
    if (kind == ARRAY) {
        given->at += 4 + given->at[3];
        PyObject *array = *given->arrays;
        *given->arrays++ = NULL;
        return array;
    }
    const double *numbers = NULL;
    if (kind == NUMBER || kind == NUMBERS_IN_LIST || kind == NUMBERS_IN_TUPLE) {
        numbers = given->numbers + given->at[1];
        given->at += 2;
        if (kind == NUMBER)
            return PyFloat_FromDouble(*numbers);
    }
    if (kind == SAME) {
        PyErr_SetString(PyExc_ValueError, "what is the same in each call has no derivative");
        return NULL;
    }
    count = *given->at++;
    if (kind == DICT)
        keys = *given->at++;
    int is_list = kind == LIST || kind == NUMBERS_IN_LIST;
    PyObject *made = kind == DICT ? PyDict_New() : is_list ? PyList_New(count) : PyTuple_New(count);
    for (int64_t k = 0; made && k < count; k++) {
        PyObject *part = numbers ? PyFloat_FromDouble(numbers[k]) : give_part(given);
        int failed = !part;
        if (part && kind == DICT) {
            failed = PyDict_SetItem(made, PyTuple_GetItem(PyTuple_GetItem(plan->objects, keys), k), part);
            Py_DECREF(part);
        } else if (part)
            failed = is_list ? PyList_SetItem(made, k, part) : PyTuple_SetItem(made, k, part);
        if (failed)
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *give_all(PyObject *self, PyObject *Py_UNUSED(nothing)) {
    const Plan *plan = PyCapsule_GetPointer(self, NULL);
    size_t size = plan->floats ? (size_t)plan->buffers[0].len : 0;
    PyObject **arrays = PyMem_Calloc(plan->arrays + 1, sizeof *arrays), *made = NULL;
    double *numbers = PyMem_Malloc(size + 1);
    if (!arrays || !numbers) {
        PyErr_NoMemory();
    } else if (copy_arrays(plan, arrays)) {
        memcpy(numbers, plan->buffers[0].buf, size);
        Given given = {plan, plan->words, arrays, numbers};
        made = PyTuple_New(plan->arguments);
        for (Py_ssize_t k = 0; made && k < plan->arguments; k++) {
            PyObject *part = give_part(&given);
            if (!part || PyTuple_SetItem(made, k, part))
                Py_CLEAR(made);
        }
    }
    for (Py_ssize_t k = 0; arrays && k < plan->arrays; k++)
        Py_XDECREF(arrays[k]);
    PyMem_Free(arrays);
    PyMem_Free(numbers);
    return made;
}

static PyMethodDef give_method = {
    "give", give_all, METH_NOARGS,
    "A tuple of the arguments of the plan, with the numbers of the first buffer."};

static PyObject *giver(PyObject *Py_UNUSED(module), PyObject *args) { return planned(args, &give_method); }
