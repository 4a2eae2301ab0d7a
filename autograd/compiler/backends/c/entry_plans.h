/* The structure of a call's arguments in words, and a function that goes by them: checked once, when it is made. */
#ifndef ENTRY_PLANS_H
#define ENTRY_PLANS_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* A structure is written in prefix order; words that follow each kind:
   NUMBER place offset | NUMBERS_IN_LIST, _TUPLE place offset count | ARRAY place offset copy dimensions size...
   LIST, TUPLE count | DICT count keys | SAME object */
enum { NUMBER, NUMBERS_IN_LIST, NUMBERS_IN_TUPLE, ARRAY, LIST, TUPLE, DICT, SAME };

enum { DEPTH = 64, LOOKED_AT = -1 };

typedef struct {
    int64_t *words;
    Py_ssize_t length, arguments, places, floats, arrays;
    Py_buffer *buffers;
    PyObject *objects; /* a tuple: keys of dicts, what is the same in each call, methods that copy */
} Plan;

/* The words after a part that are all right; NULL if one would lead outside. */
static const int64_t *checked(Plan *plan, const int64_t *at, const int64_t *end, int depth) {
    if (at == end || depth == DEPTH)
        return NULL;
    Py_ssize_t objects = PyTuple_Size(plan->objects);
    int64_t kind = *at++, count = 1;
    switch (kind) {
    case LIST: case TUPLE: case DICT:
        if (end - at < 1 + (kind == DICT) || at[0] < 0 || at[0] > end - at)
            return NULL;
        count = *at++;
        if (kind == DICT) {
            if (*at < 0 || *at >= objects)
                return NULL;
            PyObject *keys = PyTuple_GetItem(plan->objects, *at++);
            if (!PyTuple_CheckExact(keys) || PyTuple_Size(keys) != count)
                return NULL;
        }
        for (int64_t k = 0; at && k < count; k++)
            at = checked(plan, at, end, depth + 1);
        return at;
    case SAME:
        return end - at >= 1 && at[0] >= 0 && at[0] < objects ? at + 1 : NULL;
    case NUMBER: case NUMBERS_IN_LIST: case NUMBERS_IN_TUPLE: case ARRAY:
        break;
    default:
        return NULL;
    }
    if (end - at < 2)
        return NULL;
    int64_t place = *at++, offset = *at++;
    if (kind == ARRAY) {
        if (end - at < 2 || at[0] < LOOKED_AT || at[0] >= objects || at[1] < 0 || at[1] > end - at - 2)
            return NULL;
        int64_t dimensions = at[1];
        at += 2;
        for (int64_t d = 0; d < dimensions; d++) {
            if (at[d] < 0 || at[d] > INT32_MAX || (count *= at[d]) > INT32_MAX)
                return NULL;
        }
        at += dimensions;
        plan->arrays++;
        if (place == LOOKED_AT)
            return at;
    } else {
        if (kind != NUMBER && end == at)
            return NULL;
        count = kind == NUMBER ? 1 : *at++;
        plan->floats += 1;
    }
    if (place < 0 || place >= plan->places || count < 0 || offset < 0)
        return NULL;
    return offset <= plan->buffers[place].len / (Py_ssize_t)sizeof(double) - count ? at : NULL;
}

static void release(Plan *plan) {
    for (Py_ssize_t k = 0; k < plan->places; k++)
        PyBuffer_Release(&plan->buffers[k]);
    Py_XDECREF(plan->objects);
    PyMem_Free(plan->buffers);
    PyMem_Free(plan->words);
    PyMem_Free(plan);
}

static void drop(PyObject *capsule) { release(PyCapsule_GetPointer(capsule, NULL)); }

/* A function whose plan is (words, buffers, objects, arguments): bytes of int64, a tuple of writable arrays of float64. */
static PyObject *planned(PyObject *args, PyMethodDef *method) {
    const char *words;
    Py_ssize_t size, arguments;
    PyObject *buffers, *objects;
    if (!PyArg_ParseTuple(args, "y#O!O!n", &words, &size, &PyTuple_Type, &buffers, &PyTuple_Type, &objects, &arguments))
        return NULL;
    Plan *plan = PyMem_Calloc(1, sizeof *plan);
    if (!plan)
        return PyErr_NoMemory();
    Py_INCREF(objects);
    plan->objects = objects;
    plan->arguments = arguments;
    plan->length = size / (Py_ssize_t)sizeof *plan->words;
    plan->words = PyMem_Malloc(size + 1);
    plan->buffers = PyMem_Calloc(PyTuple_Size(buffers) + 1, sizeof *plan->buffers);
    if (!plan->words || !plan->buffers) {
        release(plan);
        return PyErr_NoMemory();
    }
    memcpy(plan->words, words, size);
    for (Py_ssize_t k = 0; k < PyTuple_Size(buffers); k++, plan->places++) {
        if (PyObject_GetBuffer(PyTuple_GetItem(buffers, k), &plan->buffers[k], PyBUF_WRITABLE)) {
            release(plan);
            return NULL;
        }
    }
    const int64_t *at = plan->words, *end = at + plan->length;
    for (Py_ssize_t k = 0; at && k < arguments; k++)
        at = checked(plan, at, end, 0);
    if (at != end) {
        release(plan);
        PyErr_SetString(PyExc_ValueError, "a plan that would lead outside of its buffers");
        return NULL;
    }
    PyObject *capsule = PyCapsule_New(plan, NULL, drop);
    if (!capsule) {
        release(plan);
        return NULL;
    }
    PyObject *function = PyCFunction_NewEx(method, capsule, NULL);
    Py_DECREF(capsule);
    return function;
}

#endif
