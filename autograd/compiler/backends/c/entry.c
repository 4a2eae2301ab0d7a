/* The numbers of a call: read from Python's objects to where a program reads them, and derivatives handed out as such
   objects. What a written caller does in Python, for the arguments that occur most; all others it leaves to that.

   The stable interface alone, so that one binary serves every CPython from 3.11 on. What arrays of NumPy look like is
   told by its own headers to every extension, hence fixed; `learn` looks whether it is so before any is read. */
#include "entry_giving.h"
#include "entry_plans.h"
#include "entry_running.h"

enum { CONTIGUOUS = 0x0001, ALIGNED = 0x0100 };

/* An array of NumPy. */
typedef struct {
    PyObject_HEAD
    char *data;
    int dimensions;
    Py_ssize_t *shape, *strides;
    PyObject *base, *dtype;
    int flags;
} Numeric;

static PyTypeObject *array_type;
static PyObject *float64;

/* The words after those of a part; NULL if it is of another kind than the words say. No code of Python's runs here. */
static const int64_t *read_part(const Plan *plan, const int64_t *at, PyObject *x) {
    int64_t kind = *at++;
    if (kind == SAME) {
        PyObject *known = PyTuple_GetItem(plan->objects, *at++); /* an int, str or bool, or None, of no class of its own */
        return x == known || (Py_TYPE(x) == Py_TYPE(known) && PyObject_RichCompareBool(x, known, Py_EQ) == 1) ? at : NULL;
    }
    if (kind == LIST || kind == TUPLE) {
        int64_t count = *at++;
        if (kind == LIST ? !PyList_CheckExact(x) || PyList_Size(x) != count
                         : !PyTuple_CheckExact(x) || PyTuple_Size(x) != count)
            return NULL;
        for (int64_t k = 0; at && k < count; k++)
            at = read_part(plan, at, kind == LIST ? PyList_GetItem(x, k) : PyTuple_GetItem(x, k));
        return at;
    }
    if (kind == DICT) {
        int64_t count = *at++;
        PyObject *keys = PyTuple_GetItem(plan->objects, *at++), *key, *entry;
        if (!PyDict_CheckExact(x) || PyDict_Size(x) != count)
            return NULL;
        Py_ssize_t position = 0;
        for (int64_t k = 0; at && k < count; k++) {
            if (!PyDict_Next(x, &position, &key, &entry) || key != PyTuple_GetItem(keys, k))
                return NULL;
            at = read_part(plan, at, entry);
        }
        return at;
    }
    int64_t place = *at++, offset = *at++;
    double *to = place == LOOKED_AT ? NULL : (double *)plan->buffers[place].buf + offset;
    if (kind == NUMBER) {
        if (!PyFloat_CheckExact(x))
            return NULL;
        *to = PyFloat_AsDouble(x);
        return at;
    }
    if (kind == ARRAY) {
        const Numeric *array = (const Numeric *)x;
        int64_t dimensions = at[1];
        at += 2;
        if (Py_TYPE(x) != array_type || array->dtype != float64 || array->dimensions != dimensions)
            return NULL;
        size_t count = 1;
        for (int64_t d = 0; d < dimensions; d++) {
            if (array->shape[d] != at[d])
                return NULL;
            count *= (size_t)at[d];
        }
        if (to) {
            if ((array->flags & (CONTIGUOUS | ALIGNED)) != (CONTIGUOUS | ALIGNED))
                return NULL;
            memmove(to, array->data, count * sizeof *to);
        }
        return at + dimensions;
    }
    int64_t count = *at++;
    int is_list = kind == NUMBERS_IN_LIST;
    if (is_list ? !PyList_CheckExact(x) || PyList_Size(x) != count : !PyTuple_CheckExact(x) || PyTuple_Size(x) != count)
        return NULL;
    for (int64_t k = 0; k < count; k++) {
        PyObject *number = is_list ? PyList_GetItem(x, k) : PyTuple_GetItem(x, k);
        if (!PyFloat_CheckExact(number))
            return NULL;
        to[k] = PyFloat_AsDouble(number);
    }
    return at;
}

static PyObject *read_all(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const Plan *plan = PyCapsule_GetPointer(self, NULL);
    const int64_t *at = count == plan->arguments ? plan->words : NULL;
    for (Py_ssize_t k = 0; at && k < count; k++)
        at = read_part(plan, at, args[k]);
    return PyBool_FromLong(at != NULL);
}

static PyMethodDef read_method = {
    "read", (PyCFunction)(void (*)(void))read_all, METH_FASTCALL,
    "Copy the numbers of all arguments, and say whether these are what the plan is for; if not, some may be copied."};

static PyObject *reader(PyObject *Py_UNUSED(module), PyObject *args) { return planned(args, &read_method); }

/* -- Arrays of NumPy ------------------------------------------------------------------------------------------------ */

static PyObject *learn(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *sample, *dtype;
    Py_ssize_t address, rows, columns, down, across;
    int is_contiguous;
    if (!PyArg_ParseTuple(args, "OOn(nn)(nn)p", &sample, &dtype, &address, &rows, &columns, &down, &across,
                          &is_contiguous))
        return NULL;
    const Numeric *array = (const Numeric *)sample;
    int known = array->data == (char *)address && array->dimensions == 2 && array->dtype == dtype
        && array->shape[0] == rows && array->shape[1] == columns && array->strides[0] == down
        && array->strides[1] == across && (array->flags & ALIGNED) && (array->flags & CONTIGUOUS) == is_contiguous;
    if (known) {
        array_type = Py_TYPE(sample);
        float64 = dtype;
        Py_INCREF((PyObject *)array_type);
        Py_INCREF(float64);
    }
    return PyBool_FromLong(known);
}

static PyMethodDef methods[] = {
    {"reader", reader, METH_VARARGS, "From words, buffers, objects and the number of arguments to what reads these."},
    {"giver", giver, METH_VARARGS, "From the same to what hands out the numbers of the first buffer."},
    {"runner", runner, METH_VARARGS, "From the address of a function, what is to stay alive and arguments to a call."},
    {"learn", learn, METH_VARARGS, "Whether an array is laid out as it is thought to be; if so, such arrays are read."},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_entry", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__entry(void) {
    PyObject *module = PyModule_Create(&definition);
    if (module && PyModule_AddStringConstant(module, "SOURCES", SOURCES)) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
